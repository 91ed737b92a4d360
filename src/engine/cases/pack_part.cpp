#include <jx/cases/pack_part.hpp>

#include "act.hpp"
#include "deadlines.hpp"
#include "bpmn_document.hpp"
#include "cases_sql.hpp"
#include "definition.hpp"
#include "form_pack.hpp"

#include <jx/cases/model.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <map>

namespace jx::cases {
namespace {

using pack::File;
using pack::Findings;
using pack::Names;
using pack::Pack;

using Library = std::map<std::string, const File*, std::less<>>;

std::vector<const File*> processes(const Pack& pack) { return pack.in("processes", ".bpmn"); }

/// What the processes and global tasks of the pack are called, and the files that hold them.
Library callables(const Pack& pack) {
  Library out;
  for (const auto* file : processes(pack)) {
    auto document = Document::parse(file->text);
    if (!document) continue;
    for (const auto& x : document->root().children) {
      if (x->is("process") || x->name.starts_with("global")) out.emplace(x->id(), file);
    }
  }
  return out;
}

class CasesPart final : public pack::Part {
 public:
  explicit CasesPart(const Registry* handlers) : handlers_(handlers) {}

  [[nodiscard]] std::string_view name() const override { return "cases"; }
  [[nodiscard]] bool owns(std::string_view path) const override {
    return (path.starts_with("processes/") && path.ends_with(".bpmn")) || (path.starts_with("forms/") && path.ends_with(".json"));
  }

  void declare(const Pack& pack, Names& names, Findings& findings) const override {
    declare_forms(pack, names, findings);
    for (const auto* file : processes(pack)) {
      auto document = Document::parse(file->text);
      if (!document) continue;  // check() says why
      for (const auto& x : document->root().children) {
        if (x->is("process") && x->flag("isExecutable", false)) names.declare(pack::Kind::process, x->id(), *file, x->line, findings);
      }
    }
  }

  void check(const Pack& pack, const Names& names, Findings& findings) const override {
    check_forms(pack, findings);
    const Library library = callables(pack);
    for (const auto* file : processes(pack)) {
      const auto compiled = compile_file(library, *file, &names);
      for (const auto& f : compiled.findings) {
        const std::string where = f.element.empty() ? "" : f.element + ": ";
        findings.error(*file, f.line, {where + f.message.en + " (" + f.rule + ")", where + f.message.zh + "（" + f.rule + "）"});
      }
      if (compiled.definition) check_names(*compiled.definition, *file, names, findings);
    }
  }

  [[nodiscard]] Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context&, const Pack& pack) const override {
    std::vector<pack::Change> changes;
    JX_TRY(rows, tx.all(sql::current_all));
    std::map<std::string, std::string> now;
    for (const auto& r : rows) now[r.text(0)] = to_hex(r.bytes(1));
    const Library library = callables(pack);
    for (const auto* file : processes(pack)) {
      const auto compiled = compile_file(library, *file, nullptr);
      if (!compiled.definition) continue;
      for (const auto& id : processes_of(*compiled.definition)) {
        const auto it = now.find(id);
        const bool same = it != now.end() && it->second == to_hex(hash_of(*compiled.definition));
        if (it == now.end())
          changes.push_back({pack::Kind::process, pack::Change::Action::add, id, {"adds the process '" + id + "'", "新增流程“" + id + "”"}});
        else if (!same)
          changes.push_back({pack::Kind::process,
                             pack::Change::Action::change,
                             id,
                             {"changes the process '" + id + "' for new cases", "更新流程“" + id + "”（适用于新办件）"}});
        if (it != now.end()) now.erase(it);
      }
    }
    for (const auto& [id, hash] : now)
      changes.push_back(
          {pack::Kind::process, pack::Change::Action::end, id, {"opens no more cases of the process '" + id + "'", "停用流程“" + id + "”"}});
    JX_CHECK(plan_forms(tx, pack, changes));
    return changes;
  }

  [[nodiscard]] Result<> apply(db::Tx& tx, const Context& ctx, const Pack& pack) const override {
    JX_CHECK(schedule_recount(tx, ctx, pack));
    JX_CHECK(apply_forms(tx, pack));
    JX_TRY(rows, tx.all(sql::current_all));
    std::map<std::string, std::string> now;
    for (const auto& r : rows) now[r.text(0)] = to_hex(r.bytes(1));
    JX_CHECK(tx.run(sql::starts_clear));
    const Library library = callables(pack);
    for (const auto* file : processes(pack)) {
      std::vector<const std::string*> called;
      const auto compiled = compile_file(library, *file, nullptr, &called);
      if (!compiled.definition)
        return fail(ErrorCode::invalid,
                    {file->path + ": " + compiled.findings.front().message.en, file->path + "：" + compiled.findings.front().message.zh});
      const auto& hash = hash_of(*compiled.definition);
      JX_CHECK(tx.run(sql::definition_insert, ByteView(hash), file->path, ctx.now()));
      JX_CHECK(tx.run(sql::part_insert, ByteView(hash), 0, file->text));
      for (std::size_t i = 0; i < called.size(); ++i)
        JX_CHECK(tx.run(sql::part_insert, ByteView(hash), static_cast<std::int64_t>(i + 1), *called[i]));
      for (const auto& id : processes_of(*compiled.definition)) {
        if (now[id] != to_hex(hash)) {
          JX_CHECK(tx.run(sql::current_set, id, ByteView(hash), ctx.now()));
          JX_TRY(last, tx.one(sql::version_last, id));
          JX_CHECK(tx.run(sql::version_insert, id, last && !last->null(0) ? last->integer(0) + 1 : 1, ByteView(hash), ctx.now()));
          JX_CHECK(apply_start_timers(tx, ctx, *compiled.definition, id, pack.manifest().zone));
        }
        now.erase(id);
      }
      JX_CHECK(apply_starts(tx, *compiled.definition));
    }
    for (const auto& [id, hash] : now) {
      JX_CHECK(tx.run(sql::current_end, id));
      JX_CHECK(tx.run(sql::start_jobs_delete, CaseId(), id));
    }
    return {};
  }

 private:
  [[nodiscard]] CompiledModel compile_file(const Library& library, const File& file, const Names* names,
                                           std::vector<const std::string*>* called = nullptr) const {
    ModelOptions options;
    options.library = [&](std::string_view id) -> const std::string* {
      const auto it = library.find(id);
      if (it == library.end()) return nullptr;
      const auto* text = &it->second->text;
      if (called != nullptr && it->second != &file && std::find(called->begin(), called->end(), text) == called->end()) called->push_back(text);
      return text;
    };
    if (handlers_ != nullptr) options.has_handler = [this](std::string_view handler) { return handlers_->has(handler); };
    if (names != nullptr) {
      options.has_decision = [names](std::string_view id) { return names->has(pack::Kind::decision, id); };
      options.has_form = [names](std::string_view id) { return names->has(pack::Kind::form, id); };
    }
    return compile(file.text, options);
  }

  static void check_names(const Definition& definition, const File& file, const Names& names, Findings& findings) {
    for (const auto& n : definition.nodes) {
      if (n.kind == NodeKind::process && !check_key(n.id))
        findings.error(file, n.line, {"the id of a process is a key: small letters, digits, - _ . /", "流程标识应由小写字母、数字和 - _ . / 组成"});
      if (n.kind == NodeKind::start) check_start(definition, n, file, findings);
      if (n.kind != NodeKind::user_task) continue;
      if (!n.unit.text.empty()) names.require(pack::Kind::unit, n.unit.text, file, n.line, findings);
      if (!n.post.text.empty()) names.require(pack::Kind::post, n.post.text, file, n.line, findings);
      if (!n.role.text.empty()) names.require(pack::Kind::role, n.role.text, file, n.line, findings);
      if (!n.escalation.empty()) names.require(pack::Kind::post, n.escalation, file, n.line, findings);
      if (n.unit.empty() && n.post.empty() && n.role.empty())
        findings.error(file, n.line,
                       {n.id + ": say who does this task: jx:unit, jx:post or jx:role", n.id + "：请用 jx:unit、jx:post 或 jx:role 指明办理人"});
    }
  }

  /// What a simulation can start by but a server does not (yet).
  static void check_start(const Definition& definition, const Node& n, const File& file, Findings& findings) {
    if (definition.nodes[n.parent].kind != NodeKind::process) return;
    if (n.parallel_multiple)
      findings.error(file, n.line, {n.id + ": a start by several events together is not supported", n.id + "：不支持由多个事件共同启动"});
    for (const auto& event : n.events) {
      if (event.kind == EventKind::conditional)
        findings.error(
            file, n.line,
            {n.id + ": a start by a condition is not supported: start by a message or a timer", n.id + "：不支持条件启动，请用消息或定时启动"});
      if (event.kind == EventKind::timer && event.when.expr != no_index)
        findings.error(file, n.line,
                       {n.id + ": the time of a start is written in ISO 8601, not in FEEL", n.id + "：启动时间应写为 ISO 8601，不得用 FEEL"});
      if (const auto d = parse_duration(event.when.text); event.kind == EventKind::timer && d && d->is_term)
        findings.error(file, n.line, {n.id + ": a start cannot be counted in working days", n.id + "：启动时间不能按工作日计"});
    }
  }

  /// A process that a timer starts has a job that opens its cases; one that changed begins to count anew.
  static Result<> apply_start_timers(db::Tx& tx, const Context& ctx, const Definition& definition, const std::string& process,
                                     std::string_view zone) {
    JX_CHECK(tx.run(sql::start_jobs_delete, CaseId(), process));
    for (const auto& trigger : start_triggers(definition)) {
      const EventDef& event = definition.nodes[trigger.node].events[trigger.event];
      if (event.kind != EventKind::timer || definition.nodes[trigger.process].id != process) continue;
      const auto first = first_start(event, ctx.now(), zone);
      if (!first) continue;
      JX_CHECK(tx.run(sql::job_insert, Uuid::make(ctx.clock, ctx.random).bytes(), CaseId(), trigger.node, static_cast<std::int64_t>(JobKind::start),
                      first->due, process,
                      wire::to_text(boost::json::object{{"event", trigger.event}, {"left", first->left}, {"due", first->due.micros}})));
    }
    return {};
  }

  static Result<> apply_starts(db::Tx& tx, const Definition& definition) {
    for (const auto& trigger : start_triggers(definition)) {
      const EventDef& event = definition.nodes[trigger.node].events[trigger.event];
      if (event.kind != EventKind::message && event.kind != EventKind::signal) continue;
      std::optional<std::int64_t> gateway;
      if (trigger.gateway != no_index) gateway = trigger.gateway;
      JX_CHECK(tx.run(sql::start_insert, event.kind == EventKind::message ? 2 : 3, event.name, definition.nodes[trigger.process].id, trigger.node,
                      gateway));
    }
    return {};
  }

  const Registry* handlers_;
};

}  // namespace

std::unique_ptr<pack::Part> pack_part(const Registry* handlers) { return std::make_unique<CasesPart>(handlers); }

}  // namespace jx::cases
