#include "workbook.hpp"
#include "makers.hpp"
#include "workbook_values.hpp"

#include <jx/wire/utf8.hpp>

#include <pugixml.hpp>
#include <zip.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace jx::connectors {
namespace {

std::unexpected<Error> not_a_workbook(const std::string& why) {
  return fail(ErrorCode::invalid, {"the file is not an XLSX workbook that can be read: " + why, "文件不是可读取的 XLSX 工作簿：" + why});
}
std::unexpected<Error> too_much() {
  return fail(ErrorCode::too_large, {"a workbook holds at most 256 MiB unpacked, 16,384 columns, 1,048,576 rows and ten million cells",
                                     "工作簿解压后不得超过256MiB，每表至多16384列、1048576行、一千万个单元格"});
}

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

/// The name without its namespace's prefix, which writers choose.
std::string_view local(const char* name) {
  const std::string_view whole(name);
  const auto colon = whole.find(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}
pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (auto node = parent.first_child(); node; node = node.next_sibling()) {
    if (local(node.name()) == name) return node;
  }
  return {};
}
std::string_view attribute(const pugi::xml_node& node, std::string_view name) {
  for (auto one = node.first_attribute(); one; one = one.next_attribute()) {
    if (local(one.name()) == name) return one.value();
  }
  return {};
}
template <class F>
void each(const pugi::xml_node& parent, std::string_view name, F&& f) {
  for (auto node = parent.first_child(); node; node = node.next_sibling()) {
    if (local(node.name()) == name) f(node);
  }
}
std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}
bool is_true(std::string_view text) { return text == "1" || text == "true" || text == "on"; }

/// An XML part. pugixml passes a document type over and knows no entities but those of XML itself, so nothing is expanded.
class Document {
 public:
  static Result<Document> read(const ReadPart& parts, const std::string& name) {
    Document made;
    JX_TRY(text, parts(name));
    made.text_ = std::make_unique<std::string>(std::move(text));
    made.document_ = std::make_unique<pugi::xml_document>();
    const auto parsed =
        made.document_->load_buffer_inplace(made.text_->data(), made.text_->size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
    if (!parsed) return not_a_workbook(name + ": " + parsed.description());
    return made;
  }
  [[nodiscard]] pugi::xml_node root() const { return document_->document_element(); }

 private:
  std::unique_ptr<std::string> text_;  // the document points into it
  std::unique_ptr<pugi::xml_document> document_;
};

/// Target of a relationship as the name of a part: relative to `folder`, or from the root.
std::string part_of(const std::string& folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string base = folder;
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    const auto slash = base.rfind('/', base.empty() ? 0 : base.size() - 2);
    base = slash == std::string::npos ? "" : base.substr(0, slash + 1);
  }
  return base + std::string(target);
}

struct Book {
  struct Sheet {
    std::string name, part;
  };
  std::vector<Sheet> sheets;
  std::string strings, styles;  // parts; empty: there is none
  bool from_1904 = false;
};

Result<Book> read_book(const ReadPart& parts) {
  std::string workbook = "xl/workbook.xml";
  if (const auto links = Document::read(parts, "_rels/.rels")) {
    each(links->root(), "Relationship", [&](const auto& link) {
      if (attribute(link, "Type").ends_with("/officeDocument")) workbook = part_of("", attribute(link, "Target"));
    });
  }
  const auto slash = workbook.rfind('/');
  const auto folder = slash == std::string::npos ? "" : workbook.substr(0, slash + 1);
  JX_TRY(document, Document::read(parts, workbook));
  JX_TRY(links, Document::read(parts, folder + "_rels/" + workbook.substr(folder.size()) + ".rels"));
  Book book;
  std::map<std::string, std::string, std::less<>> sheet_parts;  // by the id of the relationship
  each(links.root(), "Relationship", [&](const auto& link) {
    const auto type = attribute(link, "Type");
    auto part = part_of(folder, attribute(link, "Target"));
    if (type.ends_with("/worksheet"))
      sheet_parts.emplace(attribute(link, "Id"), std::move(part));
    else if (type.ends_with("/sharedStrings"))
      book.strings = std::move(part);
    else if (type.ends_with("/styles"))
      book.styles = std::move(part);
  });
  book.from_1904 = is_true(attribute(child(document.root(), "workbookPr"), "date1904"));
  std::set<std::string_view> seen;
  each(child(document.root(), "sheets"), "sheet", [&](const auto& sheet) {
    const auto part = sheet_parts.find(attribute(sheet, "id"));  // r:id; a sheet's own number is called sheetId
    const auto name = attribute(sheet, "name");
    if (part != sheet_parts.end() && !name.empty() && !wire::find_invalid_utf8(name) && seen.insert(name).second)
      book.sheets.push_back({std::string(name), part->second});
  });
  if (book.sheets.empty()) return not_a_workbook("it has no worksheet");
  if (book.sheets.size() > sheets_max) return too_much();
  return book;
}

/// The runs of a text one after another; how it is read aloud (rPh) is not part of it.
std::string text_of_runs(const pugi::xml_node& node) {
  std::string text;
  for (auto part = node.first_child(); part; part = part.next_sibling()) {
    const auto name = local(part.name());
    if (name == "t") text += part.text().get();
    if (name == "r") text += child(part, "t").text().get();
  }
  return unescaped(text);
}

Result<std::vector<std::string>> read_strings(const ReadPart& parts, const Book& book) {
  std::vector<std::string> strings;
  if (book.strings.empty()) return strings;
  JX_TRY(document, Document::read(parts, book.strings));
  each(document.root(), "si", [&](const auto& item) { strings.push_back(text_of_runs(item)); });
  return strings;
}

/// How each style of cells shows a number.
Result<std::vector<Shown>> read_styles(const ReadPart& parts, const Book& book) {
  std::vector<Shown> styles;
  if (book.styles.empty()) return styles;
  JX_TRY(document, Document::read(parts, book.styles));
  std::map<std::size_t, Shown> own;
  each(child(document.root(), "numFmts"), "numFmt", [&](const auto& format) {
    if (const auto id = number(attribute(format, "numFmtId"))) own[*id] = shown_by(attribute(format, "formatCode"));
  });
  each(child(document.root(), "cellXfs"), "xf", [&](const auto& style) {
    const auto id = number(attribute(style, "numFmtId")).value_or(0);
    const auto found = own.find(id);
    styles.push_back(found != own.end() ? found->second : shown_by(static_cast<int>(std::min<std::size_t>(id, 1'000))));
  });
  return styles;
}

/// Makes rows of a sheet into a table.
class SheetReader {
 public:
  SheetReader(const Book& book, const std::vector<std::string>& strings, const std::vector<Shown>& styles, std::optional<int> header_row)
      : book_(book), strings_(strings), styles_(styles), header_row_(header_row) {}

  Result<Table> read(const pugi::xml_node& data) {
    std::size_t number_of_row = 0;
    for (auto row = data.first_child(); row; row = row.next_sibling()) {
      if (local(row.name()) != "row") continue;
      number_of_row = number(attribute(row, "r")).value_or(number_of_row + 1);
      if (number_of_row > sheet_rows_max || ++rows_ > sheet_rows_max) return too_much();
      if (header_row_ && number_of_row < static_cast<std::size_t>(*header_row_)) continue;
      JX_CHECK(take(row));
    }
    return std::move(table_);
  }

 private:
  Result<> take(const pugi::xml_node& row) {
    cells_.clear();
    std::size_t next = 0;
    bool any = false;
    for (auto cell = row.first_child(); cell; cell = cell.next_sibling()) {
      if (local(cell.name()) != "c") continue;
      const auto reference = attribute(cell, "r");
      const auto column = reference.empty() ? std::optional(next) : column_of(reference);
      if (!column || *column >= sheet_columns_max) return too_much();
      next = *column + 1;
      if (head_ && *column >= places_.size()) continue;
      auto text = value(cell);
      if (wire::find_invalid_utf8(text)) return not_a_workbook("a cell is not UTF-8");
      if (text.empty()) continue;
      any = true;
      if (cells_.size() <= *column) cells_.resize(*column + 1);
      cells_[*column] = std::move(text);
    }
    if (!any) return {};
    return head_ ? keep() : begin();
  }

  Result<> begin() {
    head_ = true;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      places_.push_back(cells_[i].empty() ? std::nullopt : std::optional(table_.columns.size()));
      if (cells_[i].empty()) continue;
      if (std::ranges::find(table_.columns, cells_[i]) != table_.columns.end())
        return fail(ErrorCode::invalid, {"the head has a column twice: " + cells_[i], "表头有重复的列：" + cells_[i]});
      table_.columns.push_back(std::move(cells_[i]));
    }
    return {};
  }

  Result<> keep() {
    held_ += table_.columns.size();
    if (held_ > sheet_cells_max) return too_much();
    std::vector<std::string> kept(table_.columns.size());
    bool any = false;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (!places_[i] || cells_[i].empty()) continue;
      kept[*places_[i]] = std::move(cells_[i]);
      any = true;
    }
    if (any) table_.rows.push_back(std::move(kept));
    return {};
  }

  [[nodiscard]] std::string value(const pugi::xml_node& cell) const {
    const auto type = attribute(cell, "t");
    if (type == "inlineStr") return text_of_runs(child(cell, "is"));
    const std::string_view text = child(cell, "v").text().get();
    if (type == "s") {
      const auto index = number(text);
      return index && *index < strings_.size() ? strings_[*index] : std::string();
    }
    if (type == "b") return text.empty() ? "" : is_true(text) ? "true" : "false";
    if (type == "str") return unescaped(text);
    if (type == "e" || type == "d" || text.empty()) return std::string(text);
    const auto style = number(attribute(cell, "s")).value_or(0);
    return shown(text, style < styles_.size() ? styles_[style] : Shown::number, book_.from_1904);
  }

  const Book& book_;
  const std::vector<std::string>& strings_;
  const std::vector<Shown>& styles_;
  std::optional<int> header_row_;
  Table table_;
  std::vector<std::optional<std::size_t>> places_;  // of the sheet's columns in the table
  std::vector<std::string> cells_;                  // of the row that is read
  std::size_t rows_ = 0;
  std::size_t held_ = 0;
  bool head_ = false;
};

class WorkbookConnector final : public FileConnector {
 public:
  using FileConnector::FileConnector;

 private:
  std::optional<std::string> file_of(const std::string& table) const override {
    if (source().tables && described(table) == nullptr) return std::nullopt;
    return source().path;
  }
  Result<std::vector<std::string>> names() override {
    std::vector<std::string> list;
    if (source().tables) {
      for (const auto& table : *source().tables) list.push_back(table.name);
      return list;
    }
    JX_TRY(octets, octets_of(source().path.value_or("")));
    JX_TRY(parts, open_parts(octets));
    return sheet_names(parts);
  }
  Result<Table> load(const std::string& name, const std::string& octets) const override {
    const auto* table = described(name);
    JX_TRY(parts, open_parts(octets));
    JX_TRY(read, read_sheet(parts, table != nullptr ? table->sheet.value_or(name) : name, table != nullptr ? table->header_row : std::nullopt));
    JX_CHECK(rename(read.columns, table));
    return std::move(read);
  }
};

}  // namespace

Result<ReadPart> open_parts(const std::string& octets) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(octets.data(), octets.size(), 0, &error);
  zip_t* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened == nullptr && source != nullptr) zip_source_free(source);
  zip_error_fini(&error);
  if (opened == nullptr) return not_a_workbook("it is no ZIP archive");
  const std::shared_ptr<zip_t> archive(opened, CloseZip());  // shared: the function that is answered is copied
  const auto count = zip_get_num_entries(opened, 0);
  if (count > parts_max) return too_much();
  std::uint64_t all = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(opened, static_cast<zip_uint64_t>(i), 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
      return not_a_workbook("a part has no size");
    all += std::min<std::uint64_t>(stat.size, unpacked_bytes_max + 1);
    if (all > unpacked_bytes_max) return too_much();
  }
  return ReadPart([archive](const std::string& name) -> Result<std::string> {
    zip_stat_t stat;
    if (zip_stat(archive.get(), name.c_str(), ZIP_FL_NOCASE, &stat) != 0)
      return fail(ErrorCode::invalid, {"the workbook has no part " + name, "工作簿缺少 " + name});
    const std::unique_ptr<zip_file_t, CloseZip> file(zip_fopen_index(archive.get(), stat.index, 0));
    if (!file) return not_a_workbook(name + " cannot be unpacked");
    std::string text(stat.size, '\0');
    std::size_t at = 0;
    while (at < text.size()) {
      const auto got = zip_fread(file.get(), text.data() + at, text.size() - at);
      if (got <= 0) return not_a_workbook(name + " cannot be unpacked");
      at += static_cast<std::size_t>(got);
    }
    char beyond = 0;
    if (zip_fread(file.get(), &beyond, 1) != 0) return too_much();  // more than it says, or its sum is wrong
    return text;
  });
}

Result<std::vector<std::string>> sheet_names(const ReadPart& parts) {
  JX_TRY(book, read_book(parts));
  std::vector<std::string> names;
  names.reserve(book.sheets.size());
  for (auto& sheet : book.sheets) names.push_back(std::move(sheet.name));
  return names;
}

Result<std::vector<std::string>> sheet_names(const std::string& octets) {
  JX_TRY(parts, open_parts(octets));
  return sheet_names(parts);
}

Result<Table> read_sheet(const ReadPart& parts, const std::string& name, const std::optional<int>& header_row) {
  JX_TRY(book, read_book(parts));
  const auto sheet = std::ranges::find(book.sheets, name, &Book::Sheet::name);
  if (sheet == book.sheets.end()) return fail(ErrorCode::not_found, {"the workbook has no sheet " + name, "工作簿中没有工作表 " + name});
  JX_TRY(strings, read_strings(parts, book));
  JX_TRY(styles, read_styles(parts, book));
  JX_TRY(document, Document::read(parts, sheet->part));
  return SheetReader(book, strings, styles, header_row).read(child(document.root(), "sheetData"));
}

std::unique_ptr<Connector> xlsx_connector(const catalogue::Source& source, const std::filesystem::path& data_folder) {
  return std::make_unique<WorkbookConnector>(source, data_folder);
}

}  // namespace jx::connectors
