// check_form.cpp - POST /api/v1/forms/{form}/check (operation checkForm).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

namespace {

struct CheckForm {
  Json data;
};
BOOST_DESCRIBE_STRUCT(CheckForm, (), (data))

}  // namespace

Call::Answer check_form(Call& call) {
  JX_TRY(wanted, call.body<CheckForm>());
  if (!wanted.data.is_object()) return fail(ErrorCode::invalid, {"a form is an object", "表单须为对象"}, "/data");
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(check, cases::check_form(tx, call.ctx, call.deps.cases, call.request.param("form"), std::move(wanted.data.get_object())));
    return ok(form_check_view(check));
  });
}

}  // namespace jx::api
