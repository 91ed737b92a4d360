// context.hpp - who acts, until when, at what time: passed explicitly to all domain code.
#pragma once
#include <jx/core/clock.hpp>
#include <jx/core/id.hpp>

#include <string>

namespace jx {

/// Who acts. Filled by engine/identity from a session; never from what a client claims.
struct Actor {
  enum class Kind { anonymous, person, machine, system };
  Kind kind = Kind::anonymous;
  AccountId account;  // nil for anonymous and system
  PersonId person;    // nil unless a person
  PostId post;        // the post held in this session; empty for a citizen
  UnitId unit;        // the unit of that post, or of the machine; empty for a citizen

  /// Where she holds that post only in another's place: who that is. An act is hers all the same: rules about people look at `person`.
  PersonId stand_in_for = {};
};

/// What an act needs beside its input. Lives as long as the request or job; holds no locks.
struct Context {
  Actor actor;
  Instant deadline = no_deadline;  // of the system clock, even where `clock` is virtual
  RequestId request;
  const Clock& clock;
  Random& random;
  std::string language = "zh-CN";  // BCP 47, of the answer

  [[nodiscard]] Instant now() const { return clock.now(); }
};

}  // namespace jx
