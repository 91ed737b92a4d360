// pack.hpp - a jurisdiction as a folder of files: read, checked by the parts that own its files, applied in one act, kept whole.
//
// The form of every file: docs/pack.md. A part (identity, decisions, cases, catalogue, exchange, services) owns some paths and
// implements Part for them; app hands the parts in the order in which they may refer to one another's names.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/db.hpp>
#include <jx/ledger.hpp>
#include <jx/wire.hpp>
#include <jx/wire/yaml.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jx::pack {

using crypto::Digest;

inline constexpr std::size_t files_max = 4'000;
inline constexpr std::size_t file_bytes_max = 8U << 20U;
inline constexpr std::size_t pack_bytes_max = 64U << 20U;
inline constexpr std::size_t path_bytes_max = 200;  // of `a-z A-Z 0-9 . _ -` in segments parted by `/`
inline constexpr std::size_t findings_max = 1'000;

/// A file that stands beside the pack and is fetched, not shipped: a department's own data.
struct Download {
  std::string path;    // below the data folder of the node, such as `businesses.csv`
  std::string url;     // https
  std::string sha256;  // 64 lower-case hexadecimal digits
  std::int64_t bytes = 0;
  LocalizedText about;  // what it is, from whom, under which licence
};
BOOST_DESCRIBE_STRUCT(Download, (), (path, url, sha256, bytes, about))

/// An account that a demo shows on its sign-in page; its password is in accounts.yaml.
struct DemoAccount {
  std::string username;
  LocalizedText about;
};
BOOST_DESCRIBE_STRUCT(DemoAccount, (), (username, about))

/// Somebody to be in a demonstration, and where that begins: a path of the web; absent: where she begins anyway.
struct TourPerson {
  std::string account;
  std::optional<std::string> to;
};
BOOST_DESCRIBE_STRUCT(TourPerson, (), (account, to))

/// A step of the way through it.
struct TourStep {
  LocalizedText words;
  std::optional<std::string> account;  // as whom; absent: on the first page itself
  std::optional<std::string> to;
};
BOOST_DESCRIBE_STRUCT(TourStep, (), (words, account, to))

/// What the first page of a demonstration says.
struct Tour {
  static constexpr std::size_t people_max = 8, steps_max = 12;
  LocalizedText heading, about;
  std::vector<TourPerson> people;
  std::vector<TourStep> path;
};
BOOST_DESCRIBE_STRUCT(Tour, (), (heading, about, people, path))

/// By which number people are known here, such as `cn.citizen-id`.
struct PersonCode {
  std::string scheme;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(PersonCode, (), (scheme, name))

/// pack.yaml
struct Manifest {
  std::string key;  // the folder's name
  LocalizedText name;
  std::string version;                              // of the pack, said by its authors
  std::vector<std::string> languages;               // BCP 47; every text for people has them all
  std::string zone;                                 // IANA time zone
  std::string calendar;                             // the working calendar of terms: a key below calendars/
  std::optional<std::vector<std::string>> extends;  // pack folders beside this one, whose files are taken where this one has none of that path
  std::optional<bool> demo;                         // may be shown with accounts and passwords
  std::optional<std::vector<DemoAccount>> demo_accounts;
  std::optional<Tour> tour;  // of a demo
  std::optional<std::vector<Download>> data;
  std::optional<PersonCode> person_code;  // what a counter and a mandate ask for; none: they are not offered
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (key, name, version, languages, zone, calendar, extends, demo, demo_accounts, tour, data, person_code))

struct File {
  std::string path;  // in the pack, such as `items/open-restaurant.yaml`
  std::string text;  // the octets
  Digest sha256{};
  std::string from;  // what a message calls it: `../common/calendars/cn.yaml` for an inherited one, else the path
};

/// A pack in memory; immutable. README.md files and the folders `silos/` and `data/` (other systems' data) are not part of it.
class Pack {
 public:
  /// Reads `folder` and what it extends. Errors: not_found; invalid (a symlink, a name, pack.yaml; says which file and line); too_large.
  [[nodiscard]] static Result<Pack> read(const std::string& folder);
  /// From files in memory: path -> octets. For tests and for stored packs. Errors: as read().
  [[nodiscard]] static Result<Pack> of(std::map<std::string, std::string> files);

  [[nodiscard]] const Manifest& manifest() const { return manifest_; }
  /// SHA-256 of the lines `<sha256 in hex>  <path>\n` in the order of the paths' octets: what `sha256sum` prints.
  [[nodiscard]] const Digest& hash() const { return hash_; }
  /// All files, in the order of their paths.
  [[nodiscard]] const std::vector<File>& files() const { return files_; }
  /// Null if there is none.
  [[nodiscard]] const File* file(std::string_view path) const;
  /// The files directly in a folder (`items`) whose names end so (`.yaml`), in order.
  [[nodiscard]] std::vector<const File*> in(std::string_view folder, std::string_view suffix) const;

 private:
  Pack() = default;
  [[nodiscard]] static Pack finish(std::vector<File> files, Manifest manifest);
  Manifest manifest_;
  Digest hash_{};
  std::vector<File> files_;
};

/// What is wrong (or unwise) in a pack, and what to do. An error stops the pack from being applied; advice does not.
struct Finding {
  enum class Severity { error, advice };
  Severity severity = Severity::error;
  std::string file;
  int line = 1;  // counts from 1
  Words message;
};

/// Collects findings, at most findings_max.
class Findings {
 public:
  void error(const File& file, int line, Words message) { add({Finding::Severity::error, file.from, line, std::move(message)}); }
  void advice(const File& file, int line, Words message) { add({Finding::Severity::advice, file.from, line, std::move(message)}); }
  /// An error of a decoder, at the line of its field.
  void error(const File& file, const wire::Document& document, const Error& error);
  void add(Finding finding);

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  /// In the order of file and line.
  [[nodiscard]] std::vector<Finding> sorted() const;

 private:
  std::vector<Finding> list_;
  std::size_t errors_ = 0;
};

/// What a pack gives names to.
enum class Kind {
  division,
  unit,
  role,
  post,
  person,
  firm,
  mandate,
  account,
  calendar,
  decision,
  process,
  form,
  item,
  source,
  resource,
  grant,
  programme,
  certificate,
  text
};
BOOST_DESCRIBE_ENUM(Kind, division, unit, role, post, person, firm, mandate, account, calendar, decision, process, form, item, source, resource,
                    grant, programme, certificate, text)

/// Every name that the pack declares, and where: a name twice is a finding, and so is a reference to none.
class Names {
 public:
  /// A second declaration of the same name is a finding that says where the first is.
  void declare(Kind kind, std::string_view key, const File& file, int line, Findings& findings);
  [[nodiscard]] bool has(Kind kind, std::string_view key) const;
  /// A finding at `file:line` unless it is declared. Gives whether it is.
  bool require(Kind kind, std::string_view key, const File& file, int line, Findings& findings) const;

 private:
  struct Where {
    std::string file;
    int line;
  };
  std::map<std::pair<Kind, std::string>, Where, std::less<>> where_;
};

/// One thing that applying a pack would do.
struct Change {
  enum class Action { add, change, end };
  Kind kind;
  Action action;
  std::string key;
  Words words;  // such as: adds the post "Food permit clerk" to Market Regulation
};
/// A module's share in packs. Stateless but for references that app gives it; called by one thread at a time.
class Part {
 public:
  virtual ~Part() = default;
  /// Such as `identity`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Whether a path is this part's to read. A file that no part owns is a finding.
  [[nodiscard]] virtual bool owns(std::string_view path) const = 0;
  /// Says which names the part's files declare. Leaves faults of form to check(): what cannot be read declares nothing.
  virtual void declare(const Pack& pack, Names& names, Findings& findings) const = 0;
  /// Every fault of form and of reference. Knows no database.
  virtual void check(const Pack& pack, const Names& names, Findings& findings) const = 0;
  /// What apply() would do, against what is in the database. Only for a pack that was checked.
  [[nodiscard]] virtual Result<std::vector<Change>> plan(db::Tx& tx, const Context& context, const Pack& pack) const = 0;
  /// Makes the database hold what the pack says. A second call with the same pack changes nothing.
  [[nodiscard]] virtual Result<> apply(db::Tx& tx, const Context& context, const Pack& pack) const = 0;
};

using Parts = std::span<Part* const>;

/// All faults of a pack: those of the parts, files that nobody owns, texts that lack a language of the manifest (advice).
[[nodiscard]] Findings check(const Pack& pack, Parts parts);

struct Plan {
  std::optional<Digest> current;  // of the pack applied now
  bool same = false;              // it is this one: nothing to do
  std::vector<Change> changes;
};
/// Errors: invalid (check() finds errors: the message is the first of them); those of the database.
[[nodiscard]] Result<Plan> plan(db::Tx& tx, const Context& context, const Pack& pack, Parts parts);

struct Applied {
  Digest hash{};
  std::optional<ledger::EntryId> entry;  // nothing if the pack was the current one already
  std::vector<Change> changes;
};
/// Stores the pack whole, lets every part apply it, points to it and records `pack.applied`: all in `tx`, or nothing.
/// The actor must hold the permission `pack.apply`, which the caller checks. Errors: as plan(); conflict (the database is of another jurisdiction).
[[nodiscard]] Result<Applied> apply(db::Tx& tx, const Context& context, const Pack& pack, Parts parts);

struct Current {
  Digest hash{};
  std::string key;
  std::string version;
  Instant applied_at;
};
/// Nothing before the first pack.
[[nodiscard]] Result<std::optional<Current>> current(db::Tx& tx);

inline constexpr std::size_t history_max = 200;
struct AppliedOnce {
  Current current;
  std::int64_t files = 0;
};
/// What was applied, the newest first, at most history_max.
[[nodiscard]] Result<std::vector<AppliedOnce>> history(db::Tx& tx);
/// The files of an applied pack by path, each with its SHA-256. Errors: not_found.
[[nodiscard]] Result<std::map<std::string, Digest>> file_hashes(db::Tx& tx, const Digest& hash);

/// The whole pack as it was applied. Errors: not_found; corrupt (its files no longer have their hashes).
[[nodiscard]] Result<Pack> load(db::Tx& tx, const Digest& hash);

/// One file of an applied pack, for a case that is pinned to it. Errors: not_found; corrupt.
[[nodiscard]] Result<File> load_file(db::Tx& tx, const Digest& pack, std::string_view path);

/// Reads every pack that was ever applied and compares it with its hash: for `db check`. Gives how many. Errors: corrupt.
[[nodiscard]] Result<std::size_t> check_stored(db::Tx& tx);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();

// ---- for parts --------------------------------------------------------------------------------------------------------------------

template <class T>
struct Decoded {
  T value;
  wire::Document document;
  [[nodiscard]] int line_of(std::string_view pointer) const { return document.line_of(pointer); }
};

[[nodiscard]] std::optional<wire::Document> parse_yaml(const File& file, Findings& findings);

/// A YAML file as a described struct; what is wrong becomes a finding with its line.
template <class T>
[[nodiscard]] std::optional<Decoded<T>> decode_yaml(const File& file, Findings& findings) {
  auto document = parse_yaml(file, findings);
  if (!document) return std::nullopt;
  auto value = wire::decode<T>(document->value());
  if (!value) {
    findings.error(file, *document, value.error());
    return std::nullopt;
  }
  return Decoded<T>{std::move(*value), std::move(*document)};
}

}  // namespace jx::pack
