#include "check_pieces.hpp"

#include "parser.hpp"

#include <algorithm>
#include <map>

namespace jx::rules {
namespace {

constexpr std::uint64_t steps_of_test = 8;  // a test takes about as long as this many steps of the search

/// One test of a cell whose values are constant.
struct Part {
  TestPtr test;
  std::vector<Value> constants;
};
struct Cell {
  bool known = true;
  bool negated = false;
  std::vector<Part> parts;
};

/// Adds a value and the ends of ranges within it.
void add_constant(const Value& value, std::vector<Value>& out) {
  if (value.is(Kind::range)) {
    if (!value.range().low_unbounded) add_constant(value.range().low, out);
    if (!value.range().high_unbounded) add_constant(value.range().high, out);
  } else if (value.is(Kind::list)) {
    for (const auto& item : value.items()) add_constant(item, out);
  } else if (!value.is_null()) {
    out.push_back(value);
  }
}

/// The constants of a test; false if something in it is not constant.
bool constants_of(const Ast& ast, const Site& site, std::vector<Value>& out) {
  switch (ast.op) {
    case Op::any_value: return true;
    case Op::unary_tests: return std::ranges::all_of(ast.kids, [&](const AstPtr& kid) { return constants_of(*kid, site, out); });
    case Op::test_compare:
    case Op::test_value: {
      if (ast.uses_input) return false;
      const auto node = compile(*ast.kids[0], site);
      if (!node->constant()) return false;
      add_constant(*node->constant(), out);
      return true;
    }
    default: return false;
  }
}

Cell cell_of(const Ast& ast) {
  static const Site nowhere;
  Cell cell;
  const auto part = [&](const Ast& test) {
    Part made;
    cell.known = cell.known && constants_of(test, nowhere, made.constants);
    if (cell.known) made.test = compile_test(test, nowhere, SIZE_MAX);
    cell.parts.push_back(std::move(made));
  };
  if (ast.op == Op::unary_tests) {
    cell.negated = ast.negated;
    for (const auto& kid : ast.kids) part(*kid);
  } else {
    part(ast);
  }
  return cell;
}

/// Of a text that was read once already; nothing where it cannot be.
std::optional<Cell> cell_of_text(const std::string& text) {
  Environment nothing;
  Names names(nothing);
  const std::size_t slot = names.declare("?", nullptr);
  if (const auto tests = parse_unary_tests(text, names, slot, nullptr)) return cell_of(**tests);
  return std::nullopt;
}

/// Values that have an order among themselves lie together.
using Group = std::pair<Kind, bool>;
Group group_of(const Value& value) {
  const bool zoned = value.is(Kind::time) ? !value.time().zone.none() : value.is(Kind::date_time) && !value.date_time().zone.none();
  return {value.kind(), zoned};
}

bool before(const Value& a, const Value& b) { return order(a, b).value_or(0) < 0; }
bool level(const Value& a, const Value& b) { return order(a, b) == 0; }

void sort_apart(std::vector<Value>& values) {
  std::erase_if(values, [](const Value& value) { return value.is_null(); });
  std::ranges::sort(values, before);
  values.erase(std::unique(values.begin(), values.end(), level), values.end());
}

/// Values just below, at and above a constant, and between neighbours: one for each piece of the line.
std::vector<Value> around(std::vector<Value> constants, Run& run) {
  sort_apart(constants);
  const Kind kind = constants.front().kind();
  std::vector<Value> values;
  if (kind == Kind::string) {
    values.emplace_back("");
    for (const auto& constant : constants) {
      values.push_back(constant);
      values.emplace_back(std::string(constant.string()) + "*");  // sorts right behind it
    }
  } else {
    const Value step = kind == Kind::number                  ? Value(1)
                       : kind == Kind::years_months_duration ? Value(Months{1})
                       : kind == Kind::date                  ? Value(Span{86'400, 0})
                                                             : Value(Span{1, 0});
    values.push_back(subtract_values(run, constants.front(), step, 0));
    for (std::size_t i = 0; i < constants.size(); ++i) {
      values.push_back(constants[i]);
      if (i + 1 < constants.size() && kind == Kind::number) {
        const auto sum = add(constants[i].number(), constants[i + 1].number());
        const auto middle = sum ? multiply(*sum, *Number::from_parts(false, 5, -1)) : std::nullopt;
        if (middle) values.emplace_back(*middle);
      } else {
        values.push_back(add_values(run, constants[i], step, 0));
      }
    }
  }
  std::erase_if(values, [&](const Value& value) { return group_of(value) != group_of(constants.front()); });
  sort_apart(values);
  return values;
}

class Cutter {
 public:
  Cutter(const TableNode& table, std::size_t column, Run& run, Budget& budget)
      : table_(table), input_(table.inputs[column]), column_(column), run_(run), budget_(budget) {}

  std::optional<Pieces> cut() {
    std::vector<Value> constants;
    const auto take = [&](const Cell& cell) {
      for (const auto& part : cell.parts) std::ranges::copy(part.constants, std::back_inserter(constants));
    };
    for (const auto& rule : table_.rules) {
      const auto& ast = rule.test_asts[column_];
      cells_.push_back(ast ? std::optional(cell_of(*ast)) : std::nullopt);
      if (ast) take(*cells_.back());
    }
    std::optional<Cell> allowed;
    if (!input_.allowed_text.empty()) allowed = cell_of_text(input_.allowed_text);
    if (allowed) take(*allowed);
    if (input_.type && input_.type->allowed)
      if (const auto of_type = cell_of_text(input_.type->allowed->text())) take(*of_type);
    if (!budget_.take(16 * constants.size() + cells_.size())) return std::nullopt;

    lay_out(constants);
    keep_allowed(allowed);
    Pieces pieces;
    if (kept_.back() == 0) {
      values_.assign(1, Value());
      groups_ = {{Group{}, 0, 1, true}};
      kept_ = {0, 1};
    }
    for (const auto& cell : cells_) {
      const bool known = !cell || cell->known;
      pieces.sides.push_back({renumbered(cell && known ? where(*cell) : everything()), known});
      if (budget_.spent()) return std::nullopt;
    }
    for (std::size_t i = 0; i < values_.size(); ++i)
      if (kept_[i + 1] > kept_[i]) pieces.values.push_back(std::move(values_[i]));
    if (run_.stopped() || budget_.spent()) return std::nullopt;
    return pieces;
  }

 private:
  struct Laid {
    Group group;
    std::uint32_t begin, end;
    bool singly = false;  // each piece is asked by itself
  };

  void lay_out(const std::vector<Value>& constants) {
    if (kind_of(input_.type) == TypeKind::boolean || (!constants.empty() && constants.front().is(Kind::boolean))) {
      values_ = {Value(true), Value(false)};
      groups_ = {{{Kind::boolean, false}, 0, 2, true}};
      return;
    }
    std::map<Group, std::vector<Value>> by_group;
    for (const auto& constant : constants)
      if (order(constant, constant)) by_group[group_of(constant)].push_back(constant);
    for (auto& [group, of_group] : by_group) {
      const auto begin = static_cast<std::uint32_t>(values_.size());
      std::ranges::move(around(std::move(of_group), run_), std::back_inserter(values_));
      groups_.push_back({group, begin, static_cast<std::uint32_t>(values_.size()), false});
    }
  }

  /// Fills kept_: how many of the pieces before each are allowed.
  void keep_allowed(const std::optional<Cell>& allowed) {
    const bool known = allowed && allowed->known;
    const Stretches out = known ? where_not(*allowed) : Stretches();
    const std::uint64_t cost = steps_of_test + (known ? 0 : input_.allowed_text.size() / 4) +
                               (input_.type && input_.type->allowed ? input_.type->allowed->text().size() / 4 : 0);
    kept_.assign(1, 0);
    auto next = out.begin();
    for (std::uint32_t i = 0; i < values_.size(); ++i) {
      if (!budget_.take(cost)) return kept_.resize(values_.size() + 1, kept_.back());
      while (next != out.end() && next->end <= i) ++next;
      const bool refused = known ? next != out.end() && next->begin <= i : input_.allowed && input_.allowed->holds(run_, values_[i]) == Truth::no;
      const bool fits = !refused && conforms(values_[i], input_.type) && !broken_constraint(run_, values_[i], input_.type);
      kept_.push_back(kept_.back() + (fits ? 1 : 0));
    }
  }

  [[nodiscard]] Stretches everything() const { return {{0, static_cast<std::uint32_t>(values_.size())}}; }

  /// Where the cell holds: any of its parts does, or, negated, each of them surely does not.
  Stretches where(const Cell& cell) {
    if (cell.negated) return where_parts(cell, [](Truth truth) { return truth != Truth::no; }, true);
    return where_parts(cell, [](Truth truth) { return truth == Truth::yes; }, false);
  }
  /// Where it surely does not hold.
  Stretches where_not(const Cell& cell) {
    if (cell.negated) return where_parts(cell, [](Truth truth) { return truth == Truth::yes; }, false);
    return where_parts(cell, [](Truth truth) { return truth != Truth::no; }, true);
  }

  template <class Counts>
  Stretches where_parts(const Cell& cell, Counts counts, bool opposite) {
    Stretches all;
    for (const auto& part : cell.parts) {
      for (const auto& laid : groups_) {
        for (const auto& stretch : asked(part, laid)) {
          if (!budget_.take(steps_of_test + part.constants.size())) return {};
          if (counts(part.test->holds(run_, values_[stretch.begin]))) all.push_back(stretch);
        }
      }
    }
    all = united(std::move(all));
    return opposite ? subtracted(everything(), all) : all;
  }

  /// Stretches of a group within which a test has one answer.
  Stretches asked(const Part& part, const Laid& laid) {
    Stretches out;
    if (laid.singly) {
      for (std::uint32_t i = laid.begin; i < laid.end; ++i) out.push_back({i, i + 1});
      return out;
    }
    std::vector<std::uint32_t> cuts{laid.begin, laid.end};
    const auto begin = values_.begin() + laid.begin, end = values_.begin() + laid.end;
    for (const auto& constant : part.constants) {
      if (group_of(constant) != laid.group) continue;
      const auto at = std::ranges::lower_bound(begin, end, constant, before);
      const auto behind = at != end && level(*at, constant) ? at + 1 : at;
      cuts.push_back(static_cast<std::uint32_t>(at - values_.begin()));
      cuts.push_back(static_cast<std::uint32_t>(behind - values_.begin()));
    }
    std::ranges::sort(cuts);
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i)
      if (cuts[i] < cuts[i + 1]) out.push_back({cuts[i], cuts[i + 1]});
    return out;
  }

  /// By the numbers of the pieces that are allowed.
  [[nodiscard]] Stretches renumbered(Stretches of) const {
    for (auto& stretch : of) stretch = {kept_[stretch.begin], kept_[stretch.end]};
    return united(std::move(of));
  }

  const TableNode& table_;
  const TableInput& input_;
  std::size_t column_;
  Run& run_;
  Budget& budget_;
  std::vector<std::optional<Cell>> cells_;  // by rule; nothing: any value
  std::vector<Value> values_;
  std::vector<Laid> groups_;
  std::vector<std::uint32_t> kept_;
};

}  // namespace

std::optional<Pieces> cut(const TableNode& table, std::size_t column, Run& run, Budget& budget) { return Cutter(table, column, run, budget).cut(); }

}  // namespace jx::rules
