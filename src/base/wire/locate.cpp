// locate.cpp - on which line of a JSON text a pointer points. Only for messages, so it reads the text again instead of having kept offsets.
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <algorithm>

namespace jx::wire {
namespace {

// Walks a text that parse() has accepted; on another text it stops somewhere, and never reads past the end.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {
    space();
    begins_ = at_;
  }

  // Moves from a container to the member or item that `token` names; false leaves it inside the container.
  bool enter(std::string_view token) {
    const std::size_t start = at_;
    const bool object = peek() == '{';
    if (!object && peek() != '[') return false;
    ++at_;
    space();
    for (std::size_t index = 0; at_ < text_.size() && peek() != '}' && peek() != ']'; ++index) {
      std::string name = std::to_string(index);
      const std::size_t item = at_;
      if (object) {
        name = key();
        space();
        ++at_;  // the colon
        space();
      }
      if (name == token) {
        begins_ = item;
        return true;
      }
      skip();
      space();
      if (peek() == ',') ++at_;
      space();
    }
    at_ = start;
    return false;
  }
  // Where the item begins that was entered last: at its key, in an object.
  [[nodiscard]] std::size_t begins() const { return std::min(begins_, text_.size()); }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void space() {
    while (at_ < text_.size() && (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')) ++at_;
  }
  void string() {
    for (++at_; at_ < text_.size() && peek() != '"'; ++at_) {
      if (peek() == '\\') ++at_;
    }
    ++at_;
  }
  std::string key() {
    const std::size_t from = at_;
    string();
    const std::string_view raw = text_.substr(from, std::min(at_, text_.size()) - from);
    if (raw.find('\\') == std::string_view::npos)
      return std::string(raw.substr(std::min<std::size_t>(1, raw.size()), raw.size() < 2 ? 0 : raw.size() - 2));
    const auto value = parse(raw);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  }
  void skip() {
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        string();
        continue;
      }
      if (c == '{' || c == '[')
        ++depth;
      else if ((c == '}' || c == ']') && depth > 0)
        --depth;
      else if (depth == 0 && (c == ',' || c == '}' || c == ']'))
        return;
      ++at_;
    } while (at_ < text_.size() && (depth > 0 || (peek() != ',' && peek() != '}' && peek() != ']')));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begins_ = 0;
};

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size())
      out.push_back(token[++i] == '1' ? '/' : '~');
    else
      out.push_back(token[i]);
  }
  return out;
}

}  // namespace

int line_of(std::string_view json, std::string_view pointer) {
  Walker walker(json);
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    if (!walker.enter(unescaped(pointer.substr(1, end - 1)))) break;
    pointer.remove_prefix(end);
  }
  return 1 + static_cast<int>(std::count(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(walker.begins()), '\n'));
}

}  // namespace jx::wire
