#include "views_cases.hpp"

namespace jx::api {

Result<RequestView> request_view(db::Tx& tx, const Deps& deps, const Context& ctx, const cases::SideView& side, bool of_case) {
  Names names(tx, deps);
  JX_TRY(task, task_summary(names, ctx, side.task, of_case));
  JX_TRY(unit, names.unit(side.asked_unit));
  JX_TRY(by, names.staff(side.asked_by));
  RequestView view;
  view.task = std::move(task);
  view.asked_by = std::move(by);
  view.asked_unit = std::move(unit);
  view.asked_at = side.asked_at;
  view.note = side.question;
  view.binding = side.binding;
  if (!side.form.empty()) view.form = side.form;
  view.withdrawn = present(side.closed_reason);
  if (side.task.kind != cases::TaskKind::contribution) return view;
  JX_TRY(shown, attachments::shown(tx, side.task.id));
  for (const auto& id : shown) {
    JX_TRY(file, deps.attachments.attachment(tx, id));
    if (file.readable) view.files.push_back({id, file.name, std::string(attachments::media_type(file.type)), file.size});
  }
  return view;
}

Call::Answer comments_answer(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(comments, cases::comments_of(tx, id));
  CommentList list;
  Names names(tx, call.deps);
  for (const auto& comment : comments) {
    JX_TRY(by, names.staff(comment.account));
    JX_TRY(unit, names.unit(comment.unit));
    CommentView view;
    view.id = comment.id.uuid();
    if (!comment.task.nil()) view.task = comment.task;
    view.at = comment.at;
    view.by = std::move(by);
    view.unit = std::move(unit);
    view.body = comment.body;
    list.items.push_back(std::move(view));
  }
  return ok(list);
}

}  // namespace jx::api
