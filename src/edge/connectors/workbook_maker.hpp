// workbook_maker.hpp - writes small workbooks, for tests.
#pragma once
#include <zip.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace jx::connectors::testing {

/// A ZIP archive of these parts.
inline std::string archive(const std::map<std::string, std::string>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  for (const auto& [name, text] : parts) zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
  if (zip_close(zip) != 0) std::abort();
  zip_source_open(target);
  zip_source_seek(target, 0, SEEK_END);
  std::string octets(static_cast<std::size_t>(zip_source_tell(target)), '\0');
  zip_source_seek(target, 0, SEEK_SET);
  zip_source_read(target, octets.data(), octets.size());
  zip_source_close(target);
  zip_source_free(target);
  return octets;
}

inline std::string xml(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

/// The parts of a workbook whose sheets hold this as their sheetData.
inline std::map<std::string, std::string> parts(const std::vector<std::pair<std::string, std::string>>& sheets, const std::string& properties = {}) {
  std::string listed, links;
  std::map<std::string, std::string> all;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const auto number = std::to_string(i + 1);
    listed += "<sheet name=\"" + xml(sheets[i].first) + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\"/>";
    links += "<Relationship Id=\"rId" + number + "\" Type=\"http://x/relationships/worksheet\" Target=\"worksheets/sheet" + number + ".xml\"/>";
    all["xl/worksheets/sheet" + number + ".xml"] = "<?xml version=\"1.0\"?><worksheet><sheetData>" + sheets[i].second + "</sheetData></worksheet>";
  }
  links += "<Relationship Id=\"s\" Type=\"http://x/relationships/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>";
  links += "<Relationship Id=\"t\" Type=\"http://x/relationships/styles\" Target=\"styles.xml\"/>";
  all["_rels/.rels"] = R"(<Relationships><Relationship Id="w" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
  all["xl/workbook.xml"] = "<workbook xmlns:r=\"r\">" + properties + "<sheets>" + listed + "</sheets></workbook>";
  all["xl/_rels/workbook.xml.rels"] = "<Relationships>" + links + "</Relationships>";
  all["xl/sharedStrings.xml"] =
      "<sst><si><t>shared</t></si><si><r><t>in </t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si><si><t xml:space=\"preserve\"> </t></si></sst>";
  all["xl/styles.xml"] =
      "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/><numFmt numFmtId=\"171\" "
      "formatCode=\"[Red]0.00&quot;d&quot;\"/><numFmt numFmtId=\"172\" formatCode=\"yyyy-mm-dd hh:mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf "
      "numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/><xf numFmtId=\"172\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>";
  return all;
}

/// Rows of texts as sheetData.
inline std::string rows_of(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += "<row>";
    for (const auto& cell : row) out += "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">" + xml(cell) + "</t></is></c>";
    out += "</row>";
  }
  return out;
}

}  // namespace jx::connectors::testing
