#include <jx/search.hpp>
#include <jx/text.hpp>
#include <jx/text/search.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace jx::search {
namespace {

constexpr std::size_t syllables_max = 6;  // of a stretch of pinyin that is kept
constexpr char whole_mark = '\x02';       // before a text that is what people type, as a whole
constexpr std::size_t whole_bytes_max = 80;
constexpr char initials_mark = '\x01';   // before the initials of a stretch
constexpr std::size_t near_max = 2'000;  // terms that one word may be compared with letter by letter

// How sure a find is, beside one of the word itself.
constexpr double by_prefix = 0.8;
constexpr double by_synonym = 0.8;
constexpr double by_sound = 0.7;
constexpr double by_initials = 0.5;
constexpr double by_near_letters = 0.5;
constexpr double by_same_sound = 0.4;  // other characters that sound alike
constexpr double by_first_character = 0.3;

/// Words that say nothing of what is looked for.
constexpr std::array<std::string_view, 42> fillers{"a",    "an",   "the",  "of",     "to",   "in", "for",  "and",  "i",    "my",   "how",
                                                   "do",   "want", "need", "我",     "想",   "要", "我要", "我想", "怎么", "如何", "怎样",
                                                   "请问", "办理", "申请", "需要",   "一个", "个", "的",   "了",   "吗",   "呢",   "在",
                                                   "哪里", "可以", "办",   "怎么办", "一家", "家", "与",   "和",   "及"};

bool filler(std::string_view word) { return std::ranges::find(fillers, word) != fillers.end(); }

/// The characters of a text, each as its octets.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

std::vector<std::string> pairs(std::string_view run) {
  const auto each = characters(run);
  std::vector<std::string> out;
  for (std::size_t i = 0; i + 1 < each.size(); ++i) out.push_back(std::string(each[i]) + std::string(each[i + 1]));
  return out;
}

/// `lv` and `nv` are typed for ü.
std::string typed_sound(std::string_view word) {
  std::string out(word);
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i] == 'v' && (out[i - 1] == 'l' || out[i - 1] == 'n')) out[i] = 'u';
  }
  return out;
}

/// Whether one word becomes the other by at most `most` letters put in, left out, changed, or changed with their neighbour.
bool near(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return false;
  std::array<std::vector<std::size_t>, 3> rows;
  for (auto& row : rows) row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& [before, last, now] = rows;
    now[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
      least = std::min(least, now[j]);
    }
    if (least > most) return false;
    std::swap(before, last);
    std::swap(last, now);
  }
  return rows[1][b.size()] <= most;
}

std::size_t errors_allowed(std::string_view word) { return word.size() >= 8 ? 2 : word.size() >= 4 ? 1 : 0; }

/// Maximal runs of Chinese characters, and other words.
struct Piece {
  std::string text;
  bool han = false;
};
std::vector<Piece> pieces(std::string_view folded) {
  std::vector<Piece> out;
  std::size_t end = 0;
  for (const auto& word : text::words(folded)) {
    const bool han = text::is_han(word.text);
    if (han && !out.empty() && out.back().han && end == word.at) {
      out.back().text += word.text;
    } else {
      out.push_back({std::string(word.text), han});
    }
    end = word.at + word.text.size();
  }
  return out;
}

}  // namespace

Index::Index(const Synonyms& synonyms) {
  for (const auto& group : synonyms) {
    for (const auto& word : group) {
      auto& others = synonyms_[text::search_form(word)];
      for (const auto& other : group) {
        if (&other != &word) others.push_back(text::search_form(other));
      }
    }
  }
}

void Index::put(Postings& postings, std::string term, double weight) const {
  auto& list = postings[std::move(term)];
  if (!list.empty() && list.back().document == documents_) {
    list.back().weight = std::max(list.back().weight, weight) + std::min(list.back().weight, weight) / 10;
  } else {
    list.push_back({documents_, weight});
  }
}

void Index::add(std::span<const Part> parts) {
  for (const auto& part : parts) {
    const auto folded = text::search_form(part.text);
    if (part.weight >= 1 && folded.size() <= whole_bytes_max) put(words_, whole_mark + folded, part.weight);
    for (const auto& word : text::words(folded)) put(words_, std::string(word.text), part.weight);
    for (const auto& piece : pieces(folded)) {
      if (!piece.han) continue;
      for (auto& pair : pairs(piece.text)) put(words_, std::move(pair), part.weight);
      if (part.weight < 1) continue;
      const auto heard = text::syllables(piece.text);
      for (std::size_t from = 0; from < heard.size(); ++from) {
        std::string sound;
        std::string initials(1, initials_mark);
        for (std::size_t to = from; to < heard.size() && to < from + syllables_max; ++to) {
          sound += heard[to];
          initials += heard[to].front();
          put(sounds_, sound, part.weight);
          if (to > from) put(sounds_, initials, part.weight);
        }
      }
    }
  }
  ++documents_;
}

double Index::rarity(std::size_t documents) const { return std::log(1.0 + static_cast<double>(documents_) / static_cast<double>(documents)); }

/// Each document's best find of the word counts.
void Index::take(Scores& scores, const std::vector<Posting>& postings, double factor) const {
  const auto rare = rarity(postings.size());
  for (const auto& posting : postings) {
    auto& score = scores[posting.document];
    score = std::max(score, posting.weight * rare * factor);
  }
}

Index::Scores Index::latin(std::string_view word) const {
  Scores scores;
  if (const auto found = words_.find(word); found != words_.end()) take(scores, found->second, 1);
  const auto sound = typed_sound(word);
  if (word.size() >= 2) {
    for (auto at = words_.lower_bound(word); at != words_.end() && at->first.starts_with(word); ++at) {
      take(scores, at->second, by_prefix * std::sqrt(static_cast<double>(word.size()) / static_cast<double>(at->first.size())));
    }
    for (auto at = sounds_.lower_bound(sound); at != sounds_.end() && at->first.starts_with(sound); ++at) {
      take(scores, at->second, by_sound * std::sqrt(static_cast<double>(word.size()) / static_cast<double>(at->first.size())));
    }
    if (const auto found = sounds_.find(initials_mark + sound); found != sounds_.end()) take(scores, found->second, by_initials);
  }
  if (!scores.empty()) return scores;
  const auto errors = errors_allowed(word);
  if (errors == 0) return scores;
  // The first letter is seldom wrong: only terms that share it, or the second, are compared.
  for (const auto* postings : {&words_, &sounds_}) {
    std::size_t compared = 0;
    for (const char first : {word[0], word[1]}) {
      for (auto at = postings->lower_bound(std::string_view(&first, 1)); at != postings->end() && at->first.front() == first && compared < near_max;
           ++at) {
        if (at->first.size() + errors < word.size() || at->first.size() > word.size() + errors) continue;
        ++compared;
        if (near(word, at->first, errors)) take(scores, at->second, by_near_letters);
      }
    }
  }
  return scores;
}

Index::Scores Index::chinese(std::string_view word) const {
  Scores scores;
  const auto two = pairs(word);
  if (two.empty()) {
    for (auto at = words_.lower_bound(word); at != words_.end() && at->first.starts_with(word); ++at) {
      take(scores, at->second, at->first == word ? 1 : by_first_character);
    }
    return scores;
  }
  for (const auto& pair : two) {
    const auto found = words_.find(pair);
    if (found == words_.end()) continue;
    const auto rare = rarity(found->second.size());
    for (const auto& posting : found->second) scores[posting.document] += posting.weight * rare / static_cast<double>(two.size());
  }
  std::string sound;
  for (const auto& syllable : text::syllables(word)) sound += syllable;
  if (const auto found = sounds_.find(sound); found != sounds_.end()) take(scores, found->second, by_same_sound);
  return scores;
}

Index::Scores Index::term(std::string_view word) const { return text::is_han(word) ? chinese(word) : latin(word); }

std::vector<Hit> Index::find(std::string_view query) const {
  auto rest = text::search_form(query.substr(0, query_bytes_max));
  std::vector<Scores> found;
  std::vector<double> sizes;
  const auto ask = [&](std::string_view word, Scores scores) {
    const auto letters = static_cast<double>(characters(word).size());
    sizes.push_back(text::is_han(word) ? std::max(letters, 0.5) : 2.0);
    found.push_back(std::move(scores));
  };
  const auto phrase = [&](std::string_view words) {
    Scores all;
    std::size_t parts = 0;
    for (const auto& word : text::words(words)) {
      if (filler(word.text)) continue;
      ++parts;
      for (const auto& [document, score] : term(word.text)) all[document] += score;
    }
    for (auto& [document, score] : all) score /= static_cast<double>(std::max<std::size_t>(parts, 1));
    return all;
  };

  Scores called;  // just so
  if (const auto same = words_.find(whole_mark + rest); same != words_.end()) take(called, same->second, 1);

  for (const auto& [word, others] : synonyms_) {
    const auto at = rest.find(word);
    if (at == std::string::npos) continue;
    const auto letter = [&](std::size_t i) {
      return i < rest.size() && (static_cast<unsigned char>(rest[i]) | 0x20U) >= 'a' && (static_cast<unsigned char>(rest[i]) | 0x20U) <= 'z';
    };
    if (!text::is_han(word) && ((at > 0 && letter(at - 1)) || letter(at + word.size()))) continue;
    auto scores = phrase(word);
    for (const auto& other : others) {
      for (const auto& [document, score] : phrase(other)) {
        auto& best = scores[document];
        best = std::max(best, score * by_synonym);
      }
    }
    ask(word, std::move(scores));
    rest.replace(at, word.size(), " ");
  }

  const auto words = text::words(rest);
  const bool only_fillers = std::ranges::all_of(words, [](const text::Word& word) { return filler(word.text); });
  for (const auto& word : words) {
    if (!filler(word.text) || (only_fillers && found.empty())) ask(word.text, term(word.text));
  }

  std::map<std::size_t, std::pair<double, double>> sums;  // document: score, how much of the query it has
  double whole = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    whole += sizes[i];
    for (const auto& [document, score] : found[i]) {
      sums[document].first += score * sizes[i];
      sums[document].second += sizes[i];
    }
  }
  std::vector<Hit> hits;
  for (const double share : {0.5, 0.25}) {  // what has less than half is shown only where nothing has more
    for (const auto& [document, sum] : sums) {
      if (sum.second < whole * share) continue;
      const auto same = called.find(document);
      hits.push_back({document, sum.first / whole * (sum.second / whole) + (same == called.end() ? 0 : same->second)});
    }
    if (!hits.empty()) break;
  }
  std::ranges::stable_sort(hits, std::ranges::greater(), &Hit::score);
  return hits;
}

}  // namespace jx::search
