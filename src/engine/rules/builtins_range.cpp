// builtins_range.cpp - how points and ranges lie to each other (DMN 1.5, table 78), and range().
#include "builtins.hpp"
#include "code.hpp"
#include "parser.hpp"

#include <algorithm>

namespace jx::rules {
namespace {

/// One end of a range, or a point. Without a value it lies beyond everything.
struct End {
  const Value* value;
  bool closed;
  int infinity;  // -1, 1 where there is no value
};

struct Span2 {
  End low, high;
  bool point;
};

Span2 span_of(const Value& value) {
  if (!value.is(Kind::range)) return {{&value, true, 0}, {&value, true, 0}, true};
  const auto& range = value.range();
  return {{&range.low, range.low_closed, range.low_unbounded ? -1 : 0}, {&range.high, range.high_closed, range.high_unbounded ? 1 : 0}, false};
}

/// Collects comparisons; one that is impossible makes the whole unknown.
struct Judge {
  bool possible = true;
  int compare(const End& a, const End& b) {
    if (a.infinity != 0 || b.infinity != 0) return a.infinity < b.infinity ? -1 : a.infinity > b.infinity ? 1 : 0;
    const auto result = order(*a.value, *b.value);
    possible &= result.has_value();
    return result.value_or(0);
  }
  bool less(const End& a, const End& b) { return compare(a, b) < 0; }
  bool same(const End& a, const End& b) { return compare(a, b) == 0; }
};

using Relation = bool (*)(Judge&, const Span2&, const Span2&);

bool before(Judge& j, const Span2& a, const Span2& b) {
  return j.less(a.high, b.low) || (j.same(a.high, b.low) && (a.point && b.point ? false : !a.high.closed || !b.low.closed));
}
bool after(Judge& j, const Span2& a, const Span2& b) { return before(j, b, a); }
bool meets(Judge& j, const Span2& a, const Span2& b) { return a.high.closed && b.low.closed && j.same(a.high, b.low); }
bool met_by(Judge& j, const Span2& a, const Span2& b) { return meets(j, b, a); }
bool reaches(Judge& j, const End& high, const End& low) { return j.less(low, high) || (j.same(high, low) && high.closed && low.closed); }
bool overlaps(Judge& j, const Span2& a, const Span2& b) { return reaches(j, a.high, b.low) && reaches(j, b.high, a.low); }
bool overlaps_before(Judge& j, const Span2& a, const Span2& b) {
  return (j.less(a.low, b.low) || (j.same(a.low, b.low) && a.low.closed && !b.low.closed)) && reaches(j, a.high, b.low) &&
         (j.less(a.high, b.high) || (j.same(a.high, b.high) && (!a.high.closed || b.high.closed)));
}
bool overlaps_after(Judge& j, const Span2& a, const Span2& b) {
  return (j.less(b.low, a.low) || (j.same(b.low, a.low) && b.low.closed && !a.low.closed)) && reaches(j, b.high, a.low) &&
         (j.less(b.high, a.high) || (j.same(b.high, a.high) && (!b.high.closed || a.high.closed)));
}
bool finishes(Judge& j, const Span2& a, const Span2& b) {
  if (a.point) return b.high.closed && j.same(a.high, b.high);
  return a.high.closed == b.high.closed && j.same(a.high, b.high) &&
         (j.less(b.low, a.low) || (j.same(a.low, b.low) && (!a.low.closed || b.low.closed)));
}
bool finished_by(Judge& j, const Span2& a, const Span2& b) { return finishes(j, b, a); }
bool includes(Judge& j, const Span2& a, const Span2& b) {
  return (j.less(a.low, b.low) || (j.same(a.low, b.low) && (a.low.closed || (!b.point && !b.low.closed)))) &&
         (j.less(b.high, a.high) || (j.same(a.high, b.high) && (a.high.closed || (!b.point && !b.high.closed))));
}
bool during(Judge& j, const Span2& a, const Span2& b) { return includes(j, b, a); }
bool starts(Judge& j, const Span2& a, const Span2& b) {
  if (a.point) return b.low.closed && j.same(a.low, b.low);
  return a.low.closed == b.low.closed && j.same(a.low, b.low) &&
         (j.less(a.high, b.high) || (j.same(a.high, b.high) && (!a.high.closed || b.high.closed)));
}
bool started_by(Judge& j, const Span2& a, const Span2& b) { return starts(j, b, a); }
bool coincides(Judge& j, const Span2& a, const Span2& b) {
  return a.low.closed == b.low.closed && a.high.closed == b.high.closed && j.same(a.low, b.low) && j.same(a.high, b.high);
}

enum Shapes : unsigned { points = 1, point_range = 2, range_point = 4, ranges = 8 };

template <Relation relation, unsigned shapes>
Value call_relation(const Call& call) {
  if (call[0].is_null()) return call.wrong_type(0);
  if (call[1].is_null()) return call.wrong_type(1);
  const auto a = span_of(call[0]), b = span_of(call[1]);
  const unsigned shape = a.point ? (b.point ? points : point_range) : b.point ? range_point : ranges;
  if ((shapes & shape) == 0) return call.wrong_type(a.point ? 0 : 1);
  Judge judge;
  const bool result = relation(judge, a, b);
  return judge.possible ? Value(result) : call.refuse(DiagnosticCode::type, {"these cannot be compared", "两者不能比较"});
}

bool literal_end(const Ast& ast) {
  if (ast.op == Op::literal) return true;
  if (ast.op == Op::negate) return ast.kids[0]->op == Op::literal;
  if (ast.op != Op::call || ast.kids[0]->op != Op::builtin) return false;
  const auto name = ast.kids[0]->builtin->name;
  const bool constructor = name == "date" || name == "time" || name == "date and time" || name == "duration";
  return constructor && std::all_of(ast.kids.begin() + 1, ast.kids.end(), [](const AstPtr& kid) { return kid->op == Op::literal; });
}

/// range("[1..10)"): ends are literals only, and in order.
Value call_range(const Call& call) {
  const Value* from = call.want(0, Kind::string);
  if (!from) return {};
  Environment nothing;
  Names names(nothing);
  const auto parsed = parse_expression(from->string(), names);
  if (!parsed || (*parsed)->op != Op::range || !literal_end(*(*parsed)->kids[0]) || !literal_end(*(*parsed)->kids[1])) return call.refuse_value();
  const Site site{"range()", std::string(from->string())};
  const auto code = compile(**parsed, site);
  const Value* range = code->constant();
  if (!range || !range->is(Kind::range)) return call.refuse_value();
  const auto ordering = order(range->range().low, range->range().high);
  return ordering && *ordering <= 0 ? *range : call.refuse_value();
}

template <Relation relation, unsigned shapes>
Builtin relation_builtin(std::string_view name) {
  Builtin builtin{name, call_relation<relation, shapes>, {}, false, TypeKind::boolean};
  if constexpr ((shapes & points) != 0) builtin.signatures.push_back({{"point1", "point2"}, 2});
  if constexpr ((shapes & point_range) != 0) builtin.signatures.push_back({{"point", "range"}, 2});
  if constexpr ((shapes & range_point) != 0) builtin.signatures.push_back({{"range", "point"}, 2});
  if constexpr ((shapes & ranges) != 0) builtin.signatures.push_back({{"range1", "range2"}, 2});
  return builtin;
}

}  // namespace

void add_range_builtins(std::vector<Builtin>& table) {
  table.push_back({"range", call_range, {{{"from"}, 1}}, false, TypeKind::range});
  table.push_back(relation_builtin < before, points | point_range | range_point | ranges > ("before"));
  table.push_back(relation_builtin < after, points | point_range | range_point | ranges > ("after"));
  table.push_back(relation_builtin<meets, ranges>("meets"));
  table.push_back(relation_builtin<met_by, ranges>("met by"));
  table.push_back(relation_builtin<overlaps, ranges>("overlaps"));
  table.push_back(relation_builtin<overlaps_before, ranges>("overlaps before"));
  table.push_back(relation_builtin<overlaps_after, ranges>("overlaps after"));
  table.push_back(relation_builtin < finishes, point_range | ranges > ("finishes"));
  table.push_back(relation_builtin < finished_by, range_point | ranges > ("finished by"));
  table.push_back(relation_builtin < includes, range_point | ranges > ("includes"));
  table.push_back(relation_builtin < during, point_range | ranges > ("during"));
  table.push_back(relation_builtin < starts, point_range | ranges > ("starts"));
  table.push_back(relation_builtin < started_by, range_point | ranges > ("started by"));
  table.push_back(relation_builtin < coincides, points | ranges > ("coincides"));
}

}  // namespace jx::rules
