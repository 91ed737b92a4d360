#include <jx/crypto.hpp>

#include <argon2.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

namespace jx::crypto {
namespace {

std::string hex(ByteView bytes) { return to_hex(bytes); }
Bytes unhex(std::string_view text) { return *from_hex(text); }

// ---- hashes -------------------------------------------------------------------------------------------------------------------------

TEST(Sha256, agrees_with_the_examples_of_fips_180) {
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(bytes_of("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(bytes_of(std::string(1'000'000, 'a')))), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, is_the_same_in_one_piece_and_in_parts_at_every_length_around_the_blocks) {
  Bytes data;
  Sha256 whole;
  for (std::size_t size = 0; size <= 1200; ++size) {
    const auto parts = sha256(ByteView(data).first(size / 3), ByteView(data).subspan(size / 3));
    EXPECT_EQ(sha256(data), parts) << size;
    EXPECT_EQ(whole.update(data).finish(), parts) << size;
    data.push_back(static_cast<std::uint8_t>(size * 7));
  }
}

TEST(Sha256, hashes_leaves_and_nodes_under_their_prefixes) {
  const auto a = sha256_leaf(bytes_of("a"));
  const auto b = sha256_leaf(Bytes(1000, 'b'));
  EXPECT_EQ(a, sha256(unhex("0061")));
  EXPECT_EQ(b, Sha256().update(Bytes{0}).update(Bytes(1000, 'b')).finish());
  EXPECT_EQ(sha256_node(a, b), Sha256().update(Bytes{1}).update(a).update(b).finish());
}

TEST(Sm3, agrees_with_the_examples_of_gb_t_32905) {
  EXPECT_EQ(hex(sm3(bytes_of("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string text;
  for (int i = 0; i < 16; ++i) text += "abcd";
  EXPECT_EQ(hex(sm3(bytes_of(text))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  Sm3 parts;
  parts.update(bytes_of(text.substr(0, 5))).update(bytes_of(text.substr(5)));
  EXPECT_EQ(parts.finish(), sm3(bytes_of(text)));
  EXPECT_EQ(parts.finish(), sm3({})) << "finish begins anew";
}

TEST(Hmac, agrees_with_rfc_4231) {
  EXPECT_EQ(hex(hmac_sha256(Bytes(20, 0x0b), bytes_of("Hi There"))), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(Bytes(131, 0xaa), bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hmac, of_sm3_is_what_rfc_2104_defines) {
  const auto padded = [](ByteView key, std::uint8_t pad) {
    Bytes block(64, pad);
    for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
    return block;
  };
  const auto key = bytes_of("0123456789abcdef");
  const auto inner = Sm3().update(padded(key, 0x36)).update(bytes_of("message")).finish();
  EXPECT_EQ(hmac_sm3(key, bytes_of("message")), Sm3().update(padded(key, 0x5c)).update(inner).finish());
}

TEST(Equal, compares_length_and_content) {
  EXPECT_TRUE(equal(bytes_of("abc"), bytes_of("abc")));
  EXPECT_TRUE(equal({}, {}));
  EXPECT_FALSE(equal(bytes_of("abc"), bytes_of("abd")));
  EXPECT_FALSE(equal(bytes_of("abc"), bytes_of("abcd")));
}

// ---- signatures ---------------------------------------------------------------------------------------------------------------------

TEST(Ed25519, agrees_with_rfc_8032) {
  struct Vector {
    std::string_view seed, public_key, message, signature;
  };
  const Vector vectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
  };
  for (const auto& vector : vectors) {
    const auto key = Ed25519Key::from_seed(unhex(vector.seed));
    ASSERT_TRUE(key);
    EXPECT_EQ(hex(key->public_key().raw()), vector.public_key);
    auto message = unhex(vector.message);
    auto signature = key->sign(message);
    EXPECT_EQ(hex(signature), vector.signature);
    EXPECT_TRUE(key->public_key().verify(message, signature));
    message.push_back(0);
    EXPECT_FALSE(key->public_key().verify(message, signature));
    message.pop_back();
    signature[63] ^= 1;
    EXPECT_FALSE(key->public_key().verify(message, signature));
    EXPECT_FALSE(key->public_key().verify(message, ByteView(signature).first(63)));
  }
}

TEST(Ed25519, goes_through_pem_and_raw_forms) {
  const auto key = Ed25519Key::generate();
  const auto again = Ed25519Key::from_pem(key.pem().text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key(), key.public_key());
  EXPECT_EQ(Ed25519PublicKey::from_pem(key.public_key().pem()), key.public_key());
  EXPECT_EQ(Ed25519PublicKey::from_raw(key.public_key().raw()), key.public_key());
  EXPECT_EQ(Ed25519PublicKey::from_raw(Bytes(31)).error().code, ErrorCode::invalid);
  EXPECT_EQ(Ed25519Key::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").error().code, ErrorCode::invalid);
  EXPECT_EQ(Ed25519Key::from_pem(Sm2Key::generate().pem().text()).error().code, ErrorCode::invalid) << "a key of another kind";
  EXPECT_NE(Ed25519Key::generate().public_key(), key.public_key());
}

// GB/T 32918.5-2017, annex A.2: the example on the recommended curve.
TEST(Sm2, agrees_with_the_example_of_gb_t_32918) {
  const auto key = Sm2Key::from_scalar(unhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"));
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(hex(key->public_key().raw()),
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  const auto signature =
      unhex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa");
  EXPECT_TRUE(key->public_key().verify(bytes_of("message digest"), signature));
  EXPECT_FALSE(key->public_key().verify(bytes_of("message digests"), signature));
  EXPECT_FALSE(key->public_key().verify(bytes_of("message digest"), signature, "another id"));
}

TEST(Sm2, signs_and_goes_through_pem_raw_and_der_forms) {
  const auto key = Sm2Key::generate();
  const auto again = Sm2Key::from_pem(key.pem().text());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->public_key(), key.public_key());
  const auto public_key = Sm2PublicKey::from_raw(key.public_key().raw());
  ASSERT_TRUE(public_key);
  EXPECT_EQ(Sm2PublicKey::from_pem(key.public_key().pem()), *public_key);
  for (int i = 0; i < 40; ++i) {  // r and s with leading zeros come about once in 128
    const auto signature = again->sign(bytes_of("document"), "unit-1");
    EXPECT_TRUE(public_key->verify(bytes_of("document"), signature, "unit-1"));
    EXPECT_FALSE(public_key->verify(bytes_of("document"), signature));
    EXPECT_EQ(sm2_signature_from_der(sm2_signature_to_der(signature)), signature);
  }
}

TEST(Sm2, refuses_keys_and_signatures_that_are_none) {
  const auto raw = Sm2Key::generate().public_key().raw();
  auto off_curve = raw;
  off_curve[64] ^= 1;
  EXPECT_EQ(Sm2PublicKey::from_raw(off_curve).error().code, ErrorCode::invalid);
  EXPECT_EQ(Sm2PublicKey::from_raw(ByteView(raw).first(64)).error().code, ErrorCode::invalid);
  EXPECT_EQ(Sm2Key::from_scalar(Bytes(32)).error().code, ErrorCode::invalid);
  EXPECT_EQ(Sm2Key::from_scalar(unhex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122")).error().code, ErrorCode::invalid) << "n-1";
  EXPECT_TRUE(Sm2Key::from_scalar(unhex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121"))) << "n-2";
  EXPECT_FALSE(Sm2PublicKey::from_raw(raw)->verify(bytes_of("x"), Signature{}));
  auto der = sm2_signature_to_der(Sm2Key::generate().sign(bytes_of("x")));
  der.push_back(0);
  EXPECT_EQ(sm2_signature_from_der(der).error().code, ErrorCode::invalid);
  EXPECT_EQ(sm2_signature_from_der({}).error().code, ErrorCode::invalid);
}

// ---- passwords ----------------------------------------------------------------------------------------------------------------------

TEST(Argon2, agrees_with_the_example_of_rfc_9106) {
  Bytes password(32, 1), salt(16, 2), secret(8, 3), associated(12, 4), tag(32);
  argon2_context context{};
  context.out = tag.data(), context.outlen = 32;
  context.pwd = password.data(), context.pwdlen = 32;
  context.salt = salt.data(), context.saltlen = 16;
  context.secret = secret.data(), context.secretlen = 8;
  context.ad = associated.data(), context.adlen = 12;
  context.t_cost = 3, context.m_cost = 32, context.lanes = 4, context.threads = 4;
  context.version = ARGON2_VERSION_13;
  ASSERT_EQ(argon2id_ctx(&context), ARGON2_OK);
  EXPECT_EQ(hex(tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

TEST(Passwords, are_hashed_with_a_new_salt_and_recognised) {
  PasswordHasher hasher;
  const auto phc = hasher.hash("青山 correct horse");
  ASSERT_TRUE(phc);
  EXPECT_TRUE(phc->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *phc;
  EXPECT_NE(*hasher.hash("青山 correct horse"), *phc);
  EXPECT_EQ(hasher.verify("青山 correct horse", *phc), true);
  EXPECT_EQ(hasher.verify("青山 correct horsE", *phc), false);
  EXPECT_EQ(hasher.verify_nobody("青山 correct horse"), false);
  EXPECT_FALSE(PasswordHasher::outdated(*phc));
}

TEST(Passwords, of_the_reference_implementation_are_read) {
  PasswordHasher hasher;
  const auto* phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_EQ(hasher.verify("password", phc), true);
  EXPECT_TRUE(PasswordHasher::outdated(phc));
}

TEST(Passwords, are_refused_beyond_the_limits) {
  PasswordHasher hasher;
  EXPECT_EQ(hasher.hash(std::string(1025, 'x')).error().code, ErrorCode::too_large);
  for (const auto* bad : {"", "secret", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFh", "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFh",
                          "$argon2id$v=19$m=19456,t=99,p=1$c29tZXNhbHQ$CTFh", "$argon2id$v=19$m=19456,t=2,p=1$"}) {
    EXPECT_EQ(hasher.verify("x", bad).error().code, ErrorCode::corrupt) << bad;
  }
}

TEST(Passwords, wait_for_their_turn_and_are_turned_away_when_too_many_wait) {
  PasswordHasher hasher({.running_max = 1, .waiting_max = 0, .wait_ms_max = std::chrono::milliseconds(10'000)});
  const auto crowd = [&] {
    int limited = 0;
    std::atomic<int> done = 0;
    {
      std::vector<std::jthread> people;
      for (int i = 0; i < 4; ++i) {
        people.emplace_back([&] {
          for (int k = 0; k < 3; ++k) done += hasher.verify_nobody("x") ? 1 : 0;
        });
      }
    }
    limited = 12 - done;
    return limited;
  };
  EXPECT_GT(crowd(), 0);
  PasswordHasher patient({.running_max = 1, .waiting_max = 64, .wait_ms_max = std::chrono::milliseconds(600'000)});
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < 4; ++i) people.emplace_back([&] { done += patient.verify_nobody("x") ? 1 : 0; });
  }
  EXPECT_EQ(done, 4);
}

// ---- secrets at rest ----------------------------------------------------------------------------------------------------------------

class SealedSecrets : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("jx-crypto-" + to_hex(random_bytes(8)));
    std::filesystem::create_directory(folder_);
    path_ = folder_ / "keys";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

TEST_F(SealedSecrets, open_where_they_belong_and_nowhere_else) {
  const auto ring = KeyRing::create(path_);
  ASSERT_TRUE(ring) << ring.error().text();
  for (const std::string secret : {"", "hunter2", "密码"}) {
    const auto sealed = *ring->seal(bytes_of(secret), "sources/population/password");
    EXPECT_TRUE(sealed.starts_with("jxs1." + ring->current_id() + "."));
    EXPECT_EQ(ring->open(sealed, "sources/population/password")->text(), secret);
    EXPECT_EQ(ring->open(sealed, "sources/enterprises/password").error().code, ErrorCode::corrupt);
    EXPECT_NE(*ring->seal(bytes_of(secret), "sources/population/password"), sealed) << "a nonce is used once";
  }
}

TEST_F(SealedSecrets, are_refused_after_any_change) {
  const auto ring = KeyRing::create(path_);
  const auto sealed = *ring->seal(bytes_of("hunter2"), "here");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(ring->open(changed, "here")) << i;
    EXPECT_FALSE(ring->open(sealed.substr(0, i), "here")) << i;
  }
}

TEST_F(SealedSecrets, survive_the_rotation_of_keys) {
  const auto first = KeyRing::create(path_);
  const auto sealed = *first->seal(bytes_of("hunter2"), "here");
  const auto second = KeyRing::rotate(path_);
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(second->ids().size(), 2U);
  EXPECT_EQ(second->open(sealed, "here")->text(), "hunter2");
  const auto again = second->reseal(sealed, "here");
  ASSERT_TRUE(again && *again);
  EXPECT_EQ(sealing_key_id(**again), second->current_id());
  EXPECT_EQ(second->reseal(**again, "here"), std::nullopt);
  EXPECT_EQ(first->open(**again, "here").error().code, ErrorCode::not_found);

  EXPECT_EQ(KeyRing::retire(path_, second->current_id()).error().code, ErrorCode::conflict);
  EXPECT_EQ(KeyRing::retire(path_, "0000000000000000").error().code, ErrorCode::not_found);
  const auto third = KeyRing::retire(path_, first->current_id());
  ASSERT_TRUE(third);
  EXPECT_EQ(third->open(sealed, "here").error().code, ErrorCode::not_found);
  EXPECT_EQ(KeyRing::load(path_)->open(**again, "here")->text(), "hunter2");
}

TEST_F(SealedSecrets, have_a_key_file_that_only_its_owner_may_use) {
  ASSERT_TRUE(KeyRing::create(path_));
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(KeyRing::create(path_).error().code, ErrorCode::conflict);
  for (const mode_t mode : {0640, 0604, 0660}) {
    ::chmod(path_.c_str(), mode);
    EXPECT_EQ(KeyRing::load(path_).error().code, ErrorCode::forbidden);
  }
  EXPECT_EQ(KeyRing::load(folder_ / "none").error().code, ErrorCode::not_found);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "no draft is left behind";
}

TEST_F(SealedSecrets, name_the_line_of_a_broken_key_file) {
  const std::string good_line = "0123456789abcdef " + to_base64(Bytes(32, 7)) + "\n";
  const std::pair<std::string, std::string> cases[] = {{"", "line 1"},
                                                       {"junxian-keys 2\n" + good_line, "line 1"},
                                                       {"junxian-keys 1\n", "line 2"},
                                                       {"junxian-keys 1\n" + good_line + "x\n", "line 3"},
                                                       {"junxian-keys 1\n" + good_line + good_line, "line 3"},
                                                       {"junxian-keys 1\n" + good_line.substr(0, 40), "line 2"}};
  for (const auto& [text, where] : cases) {
    ASSERT_TRUE(write_secret_file(path_, bytes_of(text)));
    const auto ring = KeyRing::load(path_);
    ASSERT_FALSE(ring) << text;
    EXPECT_EQ(ring.error().code, ErrorCode::corrupt);
    EXPECT_NE(ring.error().message.en.find(where), std::string::npos) << ring.error().message.en;
  }
}

TEST(SecureBytes, are_empty_once_moved_or_wiped) {
  SecureBytes secret(bytes_of("hunter2"));
  SecureBytes other = std::move(secret);
  EXPECT_TRUE(secret.empty());  // NOLINT(*-use-after-move)
  EXPECT_EQ(other.text(), "hunter2");
  other.wipe();
  EXPECT_TRUE(other.empty());
}

}  // namespace
}  // namespace jx::crypto
