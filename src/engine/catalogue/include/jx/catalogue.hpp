// catalogue.hpp - which data each department holds: sources and resources. Facts: Order 809 art. 13-15, 19; the catalogue guide of 2017.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/ledger/state.hpp>
#include <jx/pack.hpp>
#include <jx/wire.hpp>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jx::catalogue {

/// A clause that something rests on.
struct LawReference {
  LocalizedText law;
  std::optional<std::string> article;
  std::optional<std::string> clause;
};
BOOST_DESCRIBE_STRUCT(LawReference, (), (law, article, clause))

enum class SourceKind { sqlite, csv, xlsx, postgresql, mariadb, http };
BOOST_DESCRIBE_ENUM(SourceKind, sqlite, csv, xlsx, postgresql, mariadb, http)
/// Of the connection to a database server. verify: its certificate must be one for the host, by the system's authorities or `tls_ca`.
enum class SourceTls { off, require, verify };
BOOST_DESCRIBE_ENUM(SourceTls, off, require, verify)

struct SourceTable {
  std::string name;
  std::optional<std::string> path;                            // csv: below the data folder; http: below `url`, with {column} for what a look-up gives
  std::optional<std::string> sheet;                           // xlsx: where it is not `name`
  std::optional<std::map<std::string, std::string>> headers;  // csv, xlsx: what the file's head says -> the column's name
  std::optional<int> header_row;                              // csv, xlsx: from 1; what stands above is left out
  std::optional<std::string> delimiter;                       // csv: , ; | or tab
  std::optional<std::string> rows;                            // http: JSON Pointer to the rows, an array or one object; none: the whole body
  std::optional<std::map<std::string, std::string>> columns;  // http: column -> JSON Pointer into a row, or the name of a member
  std::optional<std::map<std::string, std::string>> lookup;   // http: column -> the query parameter that asks for equality
};
BOOST_DESCRIBE_STRUCT(SourceTable, (), (name, path, sheet, headers, header_row, delimiter, rows, columns, lookup))

/// Where a department's data lives. Wire form: README.md, sources/*.yaml. Never holds a password: that is sealed apart (catalogue/secrets.hpp).
struct Source {
  SourceId id;
  LocalizedText name;
  UnitId unit;
  SourceKind kind = SourceKind::sqlite;
  std::optional<std::string> path;                 // sqlite, xlsx
  std::optional<std::string> encoding;             // csv: utf-8, gb18030 or windows-1252
  std::optional<std::vector<SourceTable>> tables;  // csv, http; xlsx: nothing means every sheet
  std::optional<std::string> host;                 // postgresql, mariadb: a name or an address
  std::optional<int> port;
  std::optional<std::string> database;
  std::optional<std::string> schema;  // postgresql: public
  std::optional<std::string> user;
  std::optional<std::string> secret;  // the name of its sealed password or (http) bearer token
  std::optional<SourceTls> tls;       // verify, but off where `host` is this machine
  std::optional<std::string> tls_ca;  // PEM file below the data folder
  std::optional<std::string> url;     // http: https://..., or http:// to this machine
};
BOOST_DESCRIBE_STRUCT(Source, (),
                      (id, name, unit, kind, path, encoding, tables, host, port, database, schema, user, secret, tls, tls_ca, url))

/// Whether a host's name or address says that it is this machine: localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(std::string_view host);
/// What `tls` is where it is not said.
[[nodiscard]] SourceTls tls_of(const Source& source);
/// Where a source of another machine is, for people: postgresql://user@host:port/database, or its URL; empty for files.
[[nodiscard]] std::string address_of(const Source& source);

enum class FieldType { text, integer, number, date, boolean };
BOOST_DESCRIBE_ENUM(FieldType, text, integer, number, date, boolean)
enum class Sensitivity { open, general, personal, sensitive };
BOOST_DESCRIBE_ENUM(Sensitivity, open, general, personal, sensitive)
enum class ShareClass { unconditional, conditional, not_shared };
BOOST_DESCRIBE_ENUM(ShareClass, unconditional, conditional, not_shared)
enum class ShareMethod { interface, table, file };
BOOST_DESCRIBE_ENUM(ShareMethod, interface, table, file)
enum class Format { database, spreadsheet, file, interface };
BOOST_DESCRIBE_ENUM(Format, database, spreadsheet, file, interface)
enum class UpdateCycle { realtime, daily, weekly, monthly, quarterly, yearly, irregular };
BOOST_DESCRIBE_ENUM(UpdateCycle, realtime, daily, weekly, monthly, quarterly, yearly, irregular)
enum class Grade { general, important, core };
BOOST_DESCRIBE_ENUM(Grade, general, important, core)

struct Field {
  std::string id;      // as people and FEEL call it
  std::string column;  // in the source's table
  LocalizedText name;
  FieldType type = FieldType::text;
  Sensitivity sensitivity = Sensitivity::general;
  std::optional<bool> designated;  // this is the one source of the datum (一数一源): others take it from here
};
BOOST_DESCRIBE_STRUCT(Field, (), (id, column, name, type, sensitivity, designated))

/// Whose data a row is: the field that holds the person's or firm's code.
struct Subject {
  std::string scheme;
  std::string field;
};
BOOST_DESCRIBE_STRUCT(Subject, (), (scheme, field))

enum class OpenTo { nobody, on_request, everyone };
BOOST_DESCRIBE_ENUM(OpenTo, nobody, on_request, everyone)
enum class InterfaceClass { query, verify, transfer, download, other };
BOOST_DESCRIBE_ENUM(InterfaceClass, query, verify, transfer, download, other)

/// Whether society may have it (guide of 2017: 是否向社会开放, 开放条件). Only fields of sensitivity `open` are ever given.
struct OpenTerms {
  OpenTo to = OpenTo::nobody;
  std::optional<LocalizedText> conditions;  // on_request: who may have it for what
  std::optional<std::string> license;       // everyone: an SPDX identifier, or an https address
};
BOOST_DESCRIBE_STRUCT(OpenTerms, (), (to, conditions, license))

/// What holds of a field's values, and is examined.
struct QualityRule {
  std::string field;
  LocalizedText words;
  std::optional<std::string> rule;  // FEEL over the resource's fields; true: the row is well
};
BOOST_DESCRIBE_STRUCT(QualityRule, (), (field, words, rule))

/// That the unit's head has assessed secrecy and personal information (Order 809 art. 13). Set by publication.
struct Assessment {
  LocalizedText head;  // name and post
  LocalDate on;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(Assessment, (), (head, on, note))

/// A catalogue entry. Wire form: README.md, resources/*.yaml.
struct Resource {
  ResourceId id;
  std::string code;
  LocalizedText name;
  LocalizedText summary;
  std::vector<std::string> classification;
  UnitId provider;
  SourceId source;
  std::string table;
  Format format = Format::database;
  UpdateCycle update_cycle = UpdateCycle::irregular;
  ShareClass share_class = ShareClass::not_shared;
  std::optional<LocalizedText> share_conditions;
  ShareMethod share_method = ShareMethod::interface;
  std::optional<std::vector<LawReference>> legal_basis;
  Grade grade = Grade::general;
  LocalDate published_on;
  std::optional<Subject> subject;
  std::vector<Field> fields;
  std::optional<OpenTerms> open;                    // nothing: to nobody
  std::optional<InterfaceClass> interface_class;    // of share method interface (DB37/T 3522-2019)
  std::optional<std::vector<std::string>> related;  // codes of other entries
  std::optional<std::vector<QualityRule>> quality;
  std::optional<Assessment> assessment;

  /// Null where there is no such field. Borrowed from this resource.
  [[nodiscard]] const Field* field(std::string_view id) const;
};
BOOST_DESCRIBE_STRUCT(Resource, (),
                      (id, code, name, summary, classification, provider, source, table, format, update_cycle, share_class, share_conditions,
                       share_method, legal_basis, grade, published_on, subject, fields, open, interface_class, related, quality, assessment))

/// The resources that the applied pack has, by id.
[[nodiscard]] Result<std::vector<Resource>> resources(db::Tx& tx);
/// Errors: not_found.
[[nodiscard]] Result<Resource> resource(db::Tx& tx, const ResourceId& id);
/// Errors: not_found.
[[nodiscard]] Result<Source> source(db::Tx& tx, const SourceId& id);
/// The sources that the applied pack has, by id.
[[nodiscard]] Result<std::vector<Source>> sources(db::Tx& tx);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();

/// sources/*.yaml and resources/*.yaml of a pack.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part();

}  // namespace jx::catalogue
