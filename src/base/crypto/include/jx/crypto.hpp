// crypto.hpp - hashes, signatures, passwords and sealed secrets, over OpenSSL 3 and libargon2.
// No algorithm is written here. Keys, salts and nonces come from OpenSSL's generator, never from a jx::Random: a seeded one would make keys that can
// be guessed.
#pragma once
#include <jx/crypto/chunks.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/crypto/password.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/crypto/secret.hpp>
#include <jx/crypto/sign.hpp>
