// sign_up.cpp - GET and POST /api/v1/sign-up, POST /api/v1/counter/accounts (operations getSignUp, signUp, confirmAccount): somebody asks for an
// account; a clerk opens it once she has seen the document.
#include "handlers.hpp"

#include <jx/identity/declarations.hpp>
#include <jx/text.hpp>

namespace jx::api {

namespace {

struct SignUpView {
  bool offered = false;
  std::int32_t days = identity::declaration_days;  // that an account waits
};
BOOST_DESCRIBE_STRUCT(SignUpView, (), (offered, days))

struct SignUp {
  std::string sign_in, password, name;
  Code code;
  std::string telephone;
};
BOOST_DESCRIBE_STRUCT(SignUp, (), (sign_in, password, name, code, telephone))

struct SignUpReceipt {
  std::string sign_in;
  LocalDate until;
};
BOOST_DESCRIBE_STRUCT(SignUpReceipt, (), (sign_in, until))

struct AccountSeen {
  std::string sign_in, name;
  Code code;
};
BOOST_DESCRIBE_STRUCT(AccountSeen, (), (sign_in, name, code))

struct AccountConfirmed {
  std::string sign_in;
};
BOOST_DESCRIBE_STRUCT(AccountConfirmed, (), (sign_in))

Result<> check_offered(const Call& call, db::Tx& tx, const Code& code) {
  JX_TRY(taken, identity::takes_declarations(tx));
  const auto here = call.deps.jurisdiction();
  if (!taken || !here->manifest.person_code) return fail(ErrorCode::conflict, {"accounts are opened at the counter here", "本地区在窗口开设账号"});
  if (code.scheme != here->manifest.person_code->scheme)
    return fail(ErrorCode::invalid, {"people are known by another number here", "本地区使用其他证件号码"}, "/code/scheme");
  return {};
}

/// The field as the body has it.
template <class T>
Result<T> as_written(Result<T> done) {
  if (!done && done.error().field == "/username") done.error().field = "/sign_in";
  return done;
}

}  // namespace

Call::Answer get_sign_up(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(taken, identity::takes_declarations(tx));
    return ok(SignUpView{taken && call.deps.jurisdiction()->manifest.person_code.has_value(), identity::declaration_days});
  });
}

Call::Answer sign_up(Call& call) {
  JX_TRY(wanted, call.body<SignUp>());
  const identity::NewDeclaration declared{text::case_fold(wanted.sign_in), wanted.name, wanted.code, wanted.telephone};
  const auto& from = call.request.peer().client;
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(check_offered(call, tx, declared.code));
    return as_written(identity::check_declaration(tx, call.ctx, declared, from));
  }));
  JX_TRY(phc, call.deps.sessions.hash(declared.username, wanted.password));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(as_written(identity::declare(tx, call.ctx, declared, from, phc)));
    return created("/api/v1/sign-up", SignUpReceipt{declared.username, call.today() + identity::declaration_days});
  });
}

Call::Answer confirm_account(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "accounts.confirm"));
    JX_TRY(seen, call.body<AccountSeen>());
    JX_CHECK(check_offered(call, tx, seen.code));
    const auto username = text::case_fold(seen.sign_in);
    const auto here = call.deps.jurisdiction();
    JX_CHECK(
        as_written(identity::confirm_declaration(tx, call.ctx, {username, seen.name, seen.code}, here->manifest.languages.front(), call.today())));
    return created("/api/v1/counter/accounts", AccountConfirmed{username});
  });
}

}  // namespace jx::api
