#include "state_codec.hpp"

#include <jx/cases.hpp>
#include <jx/rules/json.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

using rules::Kind;
using rules::Value;

enum class Tag : std::uint8_t { null, no, yes, integer, number, text, date, time, date_time, span, months, list, context, other, beside };

std::unexpected<Error> broken(const char* what) {
  return fail(ErrorCode::corrupt, {std::string("the stored state of the case cannot be read: ") + what, "办件的存储状态无法读取"});
}

// --- writing -------------------------------------------------------------------------------------------------------------

class Writer {
 public:
  explicit Writer(std::vector<Spilled>* beside) : beside_(beside) {}

  void byte(std::uint8_t value) { out_.push_back(value); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void whole(std::int64_t value) { number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63)); }
  void text(std::string_view value) {
    number(value.size());
    octets(bytes_of(value));
  }
  void octets(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }
  void tag(Tag value) { byte(static_cast<std::uint8_t>(value)); }
  void tagged(Tag value, std::string_view body) {
    tag(value);
    text(body);
  }

  void value(const Value& v) {
    switch (v.kind()) {
      case Kind::null: return tag(Tag::null);
      case Kind::boolean: return tag(v.boolean() ? Tag::yes : Tag::no);
      case Kind::number:
        if (const auto n = v.number().to_int(); n && v.number().exponent() == 0) {
          tag(Tag::integer);
          return whole(*n);
        }
        return tagged(Tag::number, v.number().text());
      case Kind::string: return tagged(Tag::text, v.string());
      case Kind::date: tag(Tag::date); return whole(v.date().days);
      case Kind::time: return tagged(Tag::time, v.time().text());
      case Kind::date_time: return tagged(Tag::date_time, v.date_time().text());
      case Kind::days_time_duration: return tagged(Tag::span, v.span().text());
      case Kind::years_months_duration: return tagged(Tag::months, v.months().text());
      case Kind::list:
        tag(Tag::list);
        number(v.items().size());
        for (const auto& item : v.items()) value(item);
        return;
      case Kind::context:
        tag(Tag::context);
        number(v.entries().size());
        for (const auto& entry : v.entries()) {
          text(entry.key);
          value(entry.value);
        }
        return;
      case Kind::range: return tagged(Tag::other, rules::json_text(v));
      case Kind::function: return tag(Tag::null);  // functions do not outlive an act
    }
  }

  /// A variable, beside the row if it is large.
  void variable(const Value& v) {
    Writer alone(beside_);
    alone.value(v);
    if (alone.out_.size() < spill_bytes_min) return octets(alone.out_);
    Spilled spilled{crypto::sha256(alone.out_), std::move(alone.out_)};
    tag(Tag::beside);
    octets(spilled.sha256);
    largest_ = std::max(largest_, spilled.octets.size());
    if (std::none_of(beside_->begin(), beside_->end(), [&](const Spilled& s) { return s.sha256 == spilled.sha256; }))
      beside_->push_back(std::move(spilled));
  }
  void variables(const Variables& list) {
    number(list.size());
    for (const auto& v : list) {
      text(v.name);
      variable(v.value);
    }
  }
  void done(const std::vector<Done>& list) {
    number(list.size());
    for (const auto& d : list) {
      number(d.node);
      variables(d.variables);
      done(d.inner);
    }
  }

  [[nodiscard]] std::size_t largest() const { return largest_; }
  [[nodiscard]] Bytes take() && { return std::move(out_); }
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  Bytes out_;
  std::vector<Spilled>* beside_;
  std::size_t largest_ = 0;
};

void write(Writer& w, const Scope& sc) {
  w.number(sc.id);
  w.byte(static_cast<std::uint8_t>(sc.kind));
  w.number(sc.node);
  w.number(sc.parent);
  w.number(sc.host);
  w.number(sc.serves);
  const bool counts = sc.total != 0 || sc.active != 0 || sc.completed != 0 || sc.terminated != 0 || sc.number != 0;
  w.byte(static_cast<std::uint8_t>((counts ? 1 : 0) | (sc.interrupted ? 2 : 0) | (sc.closing ? 4 : 0)));
  if (counts) {
    for (const auto n : {sc.total, sc.active, sc.completed, sc.terminated, sc.number}) w.number(n);
  }
  w.variables(sc.variables);
  w.number(sc.results.size());
  for (const auto& v : sc.results) w.variable(v);
  w.number(sc.pending.size());
  for (const auto n : sc.pending) w.number(n);
  w.done(sc.done);
}

void write(Writer& w, const State& s) {
  w.number(s.next);
  w.byte(static_cast<std::uint8_t>(s.ending));
  w.text(s.result);
  w.number(s.continued);
  w.number(s.scopes.size());
  for (const auto& sc : s.scopes) write(w, sc);
  w.number(s.tokens.size());
  for (const auto& t : s.tokens) {
    w.number(t.id);
    w.number(t.node);
    w.number(t.via == no_index ? 0 : t.via + 1U);
    w.number(t.scope);
    w.byte(static_cast<std::uint8_t>(static_cast<unsigned>(t.phase) << 2 | static_cast<unsigned>(t.resume)));
    w.number(t.serves);
  }
  w.number(s.waits.size());
  for (const auto& x : s.waits) {
    w.number(x.id);
    w.number(x.token);
    w.number(x.scope);
    w.number(x.node);
    w.byte(static_cast<std::uint8_t>(static_cast<unsigned>(x.kind) << 1 | (x.held ? 1U : 0U)));
    w.number(x.event);
    if (x.kind != WaitKind::timer) continue;
    w.whole(x.repeats);
    w.whole(x.due.micros);
  }
  w.number(s.compensations.size());
  for (const auto& c : s.compensations) {
    w.number(c.id);
    w.number(c.token);
    w.number(c.scope);
    w.number(c.outer);
    w.done(c.remaining);
  }
  for (const auto* list : {&s.ready, &s.deferred}) {
    w.number(list->size());
    for (const auto id : *list) w.number(id);
  }
}

// --- reading -------------------------------------------------------------------------------------------------------------

/// Reads what a Writer wrote. After a fault everything reads as empty, and ok() says so: checked once, at the end.
class Reader {
 public:
  Reader(ByteView in, const Fetch& fetch) : in_(in), fetch_(fetch) {}

  [[nodiscard]] bool ok() const { return !error_ && in_.empty(); }
  [[nodiscard]] Error error() const { return error_ ? *error_ : broken("there is more than expected").error(); }
  void wrong(const char* what) {
    if (!error_) error_ = broken(what).error();
    in_ = {};
  }

  std::uint8_t byte() {
    if (in_.empty()) return wrong("it ends too early"), std::uint8_t{0};
    const auto value = in_.front();
    in_ = in_.subspan(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto b = byte();
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if ((b & 0x80) == 0) return value;
    }
    return wrong("a number is too long"), 0;
  }
  std::int64_t whole() {
    const auto n = number();
    return static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1);
  }
  Ref ref() { return static_cast<Ref>(limited(UINT32_MAX)); }
  Index index() { return static_cast<Index>(limited(0xffff)); }
  std::size_t count() {  // of things that take at least one octet each
    const auto n = number();
    return n > in_.size() ? (wrong("a list is longer than its octets"), 0) : n;
  }
  std::string text() {
    const auto n = count();
    std::string value(text_of(in_.first(n)));
    in_ = in_.subspan(n);
    return value;
  }
  crypto::Digest digest() {
    crypto::Digest value{};
    if (in_.size() < value.size()) return wrong("it ends too early"), value;
    std::copy_n(in_.begin(), value.size(), value.begin());
    in_ = in_.subspan(value.size());
    return value;
  }
  template <class E>
  E kind(E last) {
    const auto b = byte();
    if (b > static_cast<std::uint8_t>(last)) wrong("an unknown kind");
    return static_cast<E>(std::min(b, static_cast<std::uint8_t>(last)));
  }

  Value value(unsigned depth = 0) {
    if (depth > rules::value_depth_max) return wrong("a value is too deep"), Value();
    const auto parsed = [&](auto made) { return made ? Value(*made) : (wrong("a value of the wrong form"), Value()); };
    switch (kind(Tag::beside)) {
      case Tag::null: return {};
      case Tag::no: return Value(false);
      case Tag::yes: return Value(true);
      case Tag::integer: return Value(whole());
      case Tag::number: return parsed(rules::Number::parse(text()));
      case Tag::text: return Value(text());
      case Tag::date: return Value(rules::Date{whole()});
      case Tag::time: return parsed(rules::Time::parse(text()));
      case Tag::date_time: return parsed(rules::DateTime::parse(text()));
      case Tag::span: return parsed(rules::Span::parse(text()));
      case Tag::months: return parsed(rules::Months::parse(text()));
      case Tag::list: {
        std::vector<Value> items(count());
        for (auto& item : items) item = value(depth + 1);
        return Value::list(std::move(items));
      }
      case Tag::context: {
        std::vector<rules::Entry> entries(count());
        for (auto& entry : entries) {
          entry.key = text();
          entry.value = value(depth + 1);
        }
        return Value::context(std::move(entries));
      }
      case Tag::other: return parsed(rules::parse_json(text()));
      case Tag::beside: return depth == 0 ? fetched() : (wrong("a part lies beside"), Value());
    }
    return {};
  }
  Variables variables() {
    Variables list(count());
    for (auto& v : list) {
      v.name = text();
      v.value = value();
    }
    return list;
  }
  std::vector<Done> done(unsigned depth = 0) {
    if (depth > scope_depth_max) return wrong("it nests too deeply"), std::vector<Done>{};
    std::vector<Done> list(count());
    for (auto& d : list) {
      d.node = index();
      d.variables = variables();
      d.inner = done(depth + 1);
    }
    return list;
  }

 private:
  std::uint64_t limited(std::uint64_t max) {
    const auto n = number();
    return n > max ? (wrong("a number is out of range"), 0) : n;
  }
  Value fetched() {
    const auto hash = digest();
    if (error_) return {};
    auto octets = fetch_(hash);
    if (!octets) return error_ = octets.error(), in_ = {}, Value();
    Reader inner(*octets, fetch_);
    Value value = inner.value(1);
    if (!inner.ok()) wrong("a value beside it is damaged");
    return value;
  }

  ByteView in_;
  const Fetch& fetch_;
  std::optional<Error> error_;
};

Scope read_scope(Reader& r) {
  Scope sc;
  sc.id = r.ref();
  sc.kind = r.kind(ScopeKind::compensation);
  sc.node = r.index();
  sc.parent = r.ref();
  sc.host = r.ref();
  sc.serves = r.ref();
  const auto flags = r.byte();
  sc.interrupted = (flags & 2) != 0;
  sc.closing = (flags & 4) != 0;
  if ((flags & 1) != 0) {
    for (auto* n : {&sc.total, &sc.active, &sc.completed, &sc.terminated, &sc.number}) *n = r.ref();
  }
  sc.variables = r.variables();
  sc.results.resize(r.count());
  for (auto& v : sc.results) v = r.value();
  sc.pending.resize(r.count());
  for (auto& n : sc.pending) n = r.index();
  sc.done = r.done();
  return sc;
}

State read_state(Reader& r) {
  State s;
  s.next = r.ref();
  s.ending = r.kind(Ending::cancelled);
  s.result = r.text();
  s.continued = r.ref();
  s.scopes.resize(r.count());
  for (auto& sc : s.scopes) sc = read_scope(r);
  s.tokens.resize(r.count());
  for (auto& t : s.tokens) {
    t.id = r.ref();
    t.node = r.index();
    const auto via = r.index();
    t.via = via == 0 ? no_index : static_cast<Index>(via - 1);
    t.scope = r.ref();
    const auto both = r.byte();
    if (both >> 2 > static_cast<unsigned>(Phase::failed) || (both & 3) > static_cast<unsigned>(Resume::leave)) r.wrong("an unknown phase");
    t.phase = static_cast<Phase>(both >> 2);
    t.resume = static_cast<Resume>(both & 3);
    t.serves = r.ref();
  }
  s.waits.resize(r.count());
  for (auto& x : s.waits) {
    x.id = r.ref();
    x.token = r.ref();
    x.scope = r.ref();
    x.node = r.index();
    const auto both = r.byte();
    if (both >> 1 > static_cast<unsigned>(WaitKind::condition)) r.wrong("an unknown wait");
    x.kind = static_cast<WaitKind>(both >> 1);
    x.held = (both & 1) != 0;
    x.event = r.index();
    if (x.kind != WaitKind::timer) continue;
    x.repeats = r.whole();
    x.due.micros = r.whole();
  }
  s.compensations.resize(r.count());
  for (auto& c : s.compensations) {
    c.id = r.ref();
    c.token = r.ref();
    c.scope = r.ref();
    c.outer = r.ref();
    c.remaining = r.done();
  }
  for (auto* list : {&s.ready, &s.deferred}) {
    list->resize(r.count());
    for (auto& id : *list) id = r.ref();
  }
  return s;
}

bool done_fits(const std::vector<Done>& list, std::size_t nodes) {
  return std::all_of(list.begin(), list.end(), [&](const Done& d) { return d.node < nodes && done_fits(d.inner, nodes); });
}

/// Every index and reference leads to something: what a damaged or foreign state does not have.
bool fits(const State& s, const Definition& d) {
  const auto nodes = d.nodes.size();
  const auto has_scope = [&](Ref id) { return s.scope(id) != nullptr; };
  for (const auto& sc : s.scopes) {
    if (sc.node >= nodes || sc.id == 0 || sc.id >= s.next || !done_fits(sc.done, nodes)) return false;
    if ((sc.parent != 0 && (!has_scope(sc.parent) || sc.parent >= sc.id)) || (sc.parent == 0) != (&sc == &s.scopes.front())) return false;
    if (sc.host != 0 && s.token(sc.host) == nullptr) return false;
    if ((sc.kind == ScopeKind::loop || sc.kind == ScopeKind::instance) && d.nodes[sc.node].loop == no_index) return false;
    if (sc.kind == ScopeKind::loop && (sc.host == 0 || sc.parent == 0)) return false;
    if (sc.kind == ScopeKind::instance && (sc.parent == 0 || s.scope(sc.parent)->kind != ScopeKind::loop)) return false;
    if (std::any_of(sc.pending.begin(), sc.pending.end(), [&](Index n) { return n >= nodes; })) return false;
    if (std::any_of(sc.results.begin(), sc.results.end(), [&](const Value& v) { return v.is(Kind::function); })) return false;
  }
  for (const auto& t : s.tokens) {
    if (t.node >= nodes || !has_scope(t.scope) || t.id == 0 || t.id >= s.next || (t.via != no_index && t.via >= d.flows.size())) return false;
  }
  for (const auto& w : s.waits) {
    if (w.node >= nodes || w.id == 0 || w.id >= s.next) return false;
    if (w.token != 0 ? s.token(w.token) == nullptr : !has_scope(w.scope)) return false;
    const bool by_event = w.kind == WaitKind::message || w.kind == WaitKind::signal || w.kind == WaitKind::condition ||
                          (w.kind == WaitKind::timer && d.nodes[w.node].kind != NodeKind::script_task);
    if (by_event && w.event >= d.nodes[w.node].events.size()) return false;
  }
  return std::all_of(s.compensations.begin(), s.compensations.end(),
                     [&](const Compensation& c) { return has_scope(c.scope) && done_fits(c.remaining, nodes); }) &&
         (s.ended() || !s.scopes.empty());
}

}  // namespace

Result<EncodedState> encode_state(const State& state) {
  EncodedState out;
  Writer body(&out.beside);
  write(body, state);
  if (body.largest() > spilled_bytes_max) return fail(ErrorCode::too_large, {"a variable of the case is over 4 MiB", "办件的某个变量超过 4 MiB"});
  Writer whole(&out.beside);
  whole.byte(state_format);
  whole.octets(state.definition);
  if (body.size() + 34 <= state_bytes_max) {
    whole.byte(1);
    whole.octets(std::move(body).take());
  } else {
    Spilled all;
    all.octets = std::move(body).take();
    if (all.octets.size() > spilled_bytes_max) return fail(ErrorCode::too_large, {"the state of the case is over 4 MiB", "办件状态超过 4 MiB"});
    all.sha256 = crypto::sha256(all.octets);
    whole.byte(2);
    whole.octets(all.sha256);
    out.beside.push_back(std::move(all));
  }
  out.octets = std::move(whole).take();
  return out;
}

Result<crypto::Digest> definition_of(ByteView octets) {
  if (octets.size() < 34 || octets[0] != state_format) return broken("its format is not known");
  crypto::Digest digest{};
  std::copy_n(octets.begin() + 1, digest.size(), digest.begin());
  return digest;
}

Result<State> decode_state(ByteView octets, const Fetch& fetch, const Definition* definition) {
  JX_TRY(hash, definition_of(octets));
  Bytes beside;
  ByteView body = octets.subspan(34);
  if (octets[33] == 2) {
    crypto::Digest digest{};
    if (body.size() != digest.size()) return broken("the hash is cut");
    std::copy_n(body.begin(), digest.size(), digest.begin());
    JX_TRY(all, fetch(digest));
    beside = std::move(all);
    body = beside;
  } else if (octets[33] != 1) {
    return broken("an unknown form");
  }
  Reader reader(body, fetch);
  State state = read_state(reader);
  if (!reader.ok()) return std::unexpected(reader.error());
  state.definition = hash;
  if (definition != nullptr && (definition->hash != hash || !fits(state, *definition))) return broken("it does not fit its definition");
  return state;
}

}  // namespace jx::cases
