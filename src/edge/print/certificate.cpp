// A certificate on A4: border, title, what it says, the code to verify it by, and the seal of the unit over its name and the day.
#include "code.hpp"

#include <jx/print.hpp>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

namespace jx::print {
namespace {

// Points, 72 to the inch.
constexpr double page_width = 595.28;
constexpr double page_height = 841.89;
constexpr double margin = 42;
constexpr double inner = 92;  // of the text
constexpr double code_side = 134;
constexpr double seal_radius = 56;

struct Colour {
  double r, g, b;
};
constexpr Colour ink{0.11, 0.13, 0.13};
constexpr Colour soft{0.36, 0.40, 0.39};
constexpr Colour pine{0.12, 0.36, 0.31};
constexpr Colour gold{0.68, 0.56, 0.29};
constexpr Colour cinnabar{0.78, 0.13, 0.12};

struct Free {
  void operator()(cairo_surface_t* it) const { cairo_surface_destroy(it); }
  void operator()(cairo_t* it) const { cairo_destroy(it); }
  void operator()(PangoLayout* it) const { g_object_unref(it); }
  void operator()(PangoFontMap* it) const { g_object_unref(it); }
  void operator()(PangoContext* it) const { g_object_unref(it); }
  void operator()(PangoFontDescription* it) const { pango_font_description_free(it); }
};
template <class T>
using Held = std::unique_ptr<T, Free>;

struct Font {
  double size = 12;
  bool bold = false;
  bool serif = true;
  double spacing = 0;  // between letters, of the size
};

/// A page that is being drawn.
class Page {
 public:
  explicit Page(std::string& out, const Sheet& sheet)
      : surface_(cairo_pdf_surface_create_for_stream(&Page::write, &out, page_width, page_height)),
        cr_(cairo_create(surface_.get())),
        fonts_(pango_cairo_font_map_new()),
        context_(pango_font_map_create_context(fonts_.get())) {
    pango_context_set_language(context_.get(), pango_language_from_string("zh-CN"));
    pango_cairo_update_context(cr_.get(), context_.get());
    cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, (std::string(sheet.title.in("zh-CN")) + " " + sheet.number).c_str());
    // Its own day, not the moment of printing: the same certificate gives the same file.
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, (sheet.issued_on.text() + "T00:00:00Z").c_str());
  }

  [[nodiscard]] cairo_t* cr() const { return cr_.get(); }
  void colour(const Colour& c, double alpha = 1) const { cairo_set_source_rgba(cr(), c.r, c.g, c.b, alpha); }

  [[nodiscard]] Held<PangoLayout> layout(std::string_view text, const Font& font, double width = 0) const {
    Held<PangoLayout> made(pango_layout_new(context_.get()));
    const Held<PangoFontDescription> face(
        pango_font_description_from_string(font.serif ? "Noto Serif CJK SC, serif" : "Noto Sans CJK SC, sans-serif"));
    pango_font_description_set_absolute_size(face.get(), font.size * PANGO_SCALE);
    pango_font_description_set_weight(face.get(), font.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(made.get(), face.get());
    if (font.spacing > 0) {
      auto* attributes = pango_attr_list_new();
      pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(static_cast<int>(font.spacing * font.size * PANGO_SCALE)));
      pango_layout_set_attributes(made.get(), attributes);
      pango_attr_list_unref(attributes);
    }
    pango_layout_set_text(made.get(), text.data(), static_cast<int>(text.size()));
    if (width > 0) {
      pango_layout_set_width(made.get(), static_cast<int>(width * PANGO_SCALE));
      pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    }
    return made;
  }

  static std::pair<double, double> size_of(PangoLayout* layout) {
    int width = 0, height = 0;
    pango_layout_get_size(layout, &width, &height);
    return {static_cast<double>(width) / PANGO_SCALE, static_cast<double>(height) / PANGO_SCALE};
  }

  /// Returns the height.
  double at(double x, double y, PangoLayout* layout) const {
    cairo_move_to(cr(), x, y);
    pango_cairo_show_layout(cr(), layout);
    return size_of(layout).second;
  }

  /// In the middle of `x`; smaller where it is wider than `width`. Returns the height.
  double centred(double x, double y, std::string_view text, Font font, double width) const {
    auto made = layout(text, font);
    if (const auto wide = size_of(made.get()).first; wide > width) {
      font.size *= width / wide;
      made = layout(text, font);
    }
    return at(x - (size_of(made.get()).first - font.spacing * font.size) / 2, y, made.get());
  }

  [[nodiscard]] bool finish() const {
    cairo_show_page(cr());
    cairo_surface_finish(surface_.get());
    return cairo_status(cr()) == CAIRO_STATUS_SUCCESS && cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS;
  }

 private:
  static cairo_status_t write(void* closure, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);  // NOLINT(*-reinterpret-cast)
    return CAIRO_STATUS_SUCCESS;
  }

  Held<cairo_surface_t> surface_;
  Held<cairo_t> cr_;
  Held<PangoFontMap> fonts_;
  Held<PangoContext> context_;
};

/// A square meander, the ornament of a corner, drawn towards the middle of the page.
void corner(const Page& page, double x, double y, double dx, double dy) {
  constexpr double unit = 5.5;
  constexpr std::pair<double, double> way[] = {{0, 7}, {0, 0}, {7, 0}, {7, 5}, {2, 5}, {2, 2}, {5, 2}, {5, 3.5}};
  cairo_new_path(page.cr());
  for (const auto& [across, down] : way) cairo_line_to(page.cr(), x + dx * across * unit, y + dy * down * unit);
  cairo_stroke(page.cr());
}

void draw_border(const Page& page) {
  auto* cr = page.cr();
  const auto frame = [&](double inset, double width) {
    cairo_set_line_width(cr, width);
    cairo_rectangle(cr, inset, inset, page_width - 2 * inset, page_height - 2 * inset);
    cairo_stroke(cr);
  };
  page.colour(pine);
  frame(margin - 8, 2.6);
  page.colour(gold);
  frame(margin - 3, 0.7);
  frame(margin + 10, 0.7);
  cairo_set_line_width(cr, 1.1);
  constexpr double inset = margin + 17;
  corner(page, inset, inset, 1, 1);
  corner(page, page_width - inset, inset, -1, 1);
  corner(page, inset, page_height - inset, 1, -1);
  corner(page, page_width - inset, page_height - inset, -1, -1);
  // Between the two fine lines runs a chain of lozenges.
  cairo_set_line_width(cr, 0.5);
  const auto lozenge = [&](double x, double y) {
    cairo_move_to(cr, x - 4, y);
    cairo_line_to(cr, x, y - 4);
    cairo_line_to(cr, x + 4, y);
    cairo_line_to(cr, x, y + 4);
    cairo_close_path(cr);
  };
  constexpr double middle = margin + 3.5;
  const auto chain = [&](double from, double to, auto&& put) {
    const auto count = std::round((to - from) / 13.0);
    for (double i = 0; i <= count; ++i) put(from + (to - from) * i / count);
  };
  chain(middle, page_width - middle, [&](double x) { lozenge(x, middle), lozenge(x, page_height - middle); });
  chain(middle + 13, page_height - middle - 13, [&](double y) { lozenge(middle, y), lozenge(page_width - middle, y); });
  cairo_stroke(cr);
}

void draw_star(const Page& page, double x, double y, double radius) {
  auto* cr = page.cr();
  cairo_new_path(cr);
  for (int i = 0; i < 10; ++i) {
    const auto reach = i % 2 == 0 ? radius : radius * 0.382;
    const auto angle = -std::numbers::pi / 2 + i * std::numbers::pi / 5;
    cairo_line_to(cr, x + reach * std::cos(angle), y + reach * std::sin(angle));
  }
  cairo_close_path(cr);
  cairo_fill(cr);
}

std::vector<std::string_view> letters_of(std::string_view text) {
  std::vector<std::string_view> letters;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    letters.push_back(text.substr(at, end - at));
    at = end;
  }
  return letters;
}

/// The round seal: the unit's name along the ring, a star, what the seal is for.
void draw_seal(const Page& page, double x, double y, const LocalizedText& authority) {
  auto* cr = page.cr();
  page.colour(cinnabar, 0.86);
  cairo_set_line_width(cr, 3.2);
  cairo_new_path(cr);
  cairo_arc(cr, x, y, seal_radius, 0, 2 * std::numbers::pi);
  cairo_stroke(cr);
  draw_star(page, x, y - 2, 16);
  const auto name = authority.in("zh-CN");
  const auto letters = letters_of(name);
  const bool latin = name.size() == letters.size();
  Font font{latin ? 9.5 : std::clamp(150.0 / static_cast<double>(std::max<std::size_t>(letters.size(), 1)), 8.0, 13.5), true};
  constexpr double text_radius = seal_radius - 9;
  std::vector<double> widths;
  double total = 0;
  const double gap = latin ? 0.8 : font.size * 0.42;
  for (const auto letter : letters) {
    const auto made = page.layout(letter, font);
    widths.push_back(Page::size_of(made.get()).first + gap);
    total += widths.back();
  }
  const auto arc = std::min(total / (text_radius - font.size / 2), std::numbers::pi * 1.25);
  double angle = -std::numbers::pi / 2 - arc / 2;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto step = arc * widths[i] / total;
    const auto made = page.layout(letters[i], font);
    const auto [width, height] = Page::size_of(made.get());
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle + step / 2 + std::numbers::pi / 2);
    page.at(-width / 2, -text_radius - height * 0.16, made.get());
    cairo_restore(cr);
    angle += step;
  }
  page.centred(x, y + 22, latin ? "OFFICIAL SEAL" : "证照专用章", {latin ? 7.0 : 10.0, true, true, 0.1}, seal_radius * 1.3);
}

void draw_code(const Page& page, double x, double y, const Code& code) {
  auto* cr = page.cr();
  const auto unit = code_side / (code.modules + 2 * quiet_modules);
  page.colour({1, 1, 1});
  cairo_rectangle(cr, x, y, code_side, code_side);
  cairo_fill(cr);
  page.colour({0, 0, 0});
  for (const auto& run : code.runs)
    cairo_rectangle(cr, x + (run.x + quiet_modules) * unit, y + (run.y + quiet_modules) * unit, run.width * unit, unit);
  cairo_fill(cr);
}

/// The English words where they are others than the Chinese.
std::string_view english(const LocalizedText& text) {
  const auto words = text.in("en");
  return words == text.in("zh-CN") ? std::string_view() : words;
}

void draw_head(const Page& page, const Sheet& sheet) {
  constexpr double middle = page_width / 2;
  constexpr double width = page_width - 2 * inner;
  page.colour(soft);
  page.centred(middle, 108, sheet.authority.in("zh-CN"), {13, false, true, 0.12}, width);
  page.colour(pine);
  page.centred(middle, 138, sheet.title.in("zh-CN"), {38, true, true, 0.14}, width);
  page.colour(soft);
  page.centred(middle, 196, english(sheet.title), {14}, width);
  page.colour(ink);
  page.centred(middle, 226, (english(sheet.title).empty() ? "No. " : "编号  No. ") + sheet.number, {11, false, false}, width);
  page.colour(gold);
  cairo_set_line_width(page.cr(), 0.8);
  cairo_move_to(page.cr(), inner, 254);
  cairo_line_to(page.cr(), page_width - inner, 254);
  cairo_stroke(page.cr());
}

void draw_rows(const Page& page, const std::vector<SheetRow>& rows) {
  constexpr double top = 276;
  constexpr double bottom = 586;
  constexpr double label = 128;
  constexpr double width = page_width - 2 * inner - label;
  // Set smaller, all of them, until they fit.
  for (double scale = 1;; scale *= 0.92) {
    double height = 0;
    for (const auto& row : rows) {
      const auto made = page.layout(row.value, {16 * scale, true}, width);
      height += std::max(Page::size_of(made.get()).second, 34 * scale) + 12 * scale;
    }
    if (height > bottom - top && scale > 0.3) continue;
    double y = top;
    for (const auto& row : rows) {
      page.colour(soft);
      const auto name = page.layout(row.name.in("zh-CN"), {13 * scale}, label - 12);
      const auto down = page.at(inner, y + 1, name.get());
      const auto also = page.layout(english(row.name), {8.5 * scale, false, false}, label - 12);
      page.at(inner, y + down, also.get());
      page.colour(ink);
      const auto value = page.layout(row.value, {16 * scale, true}, width);
      y += std::max(page.at(inner + label, y - 2, value.get()), 34 * scale) + 12 * scale;
    }
    return;
  }
}

void draw_foot(const Page& page, const Sheet& sheet, const Code& code) {
  constexpr double top = 602;
  draw_code(page, inner - 6, top, code);
  page.colour(soft);
  page.centred(inner - 6 + code_side / 2, top + code_side + 2, "扫码核验 · Scan to verify", {8.5, false, false}, code_side + 20);
  constexpr double x = page_width - inner - 92;
  page.colour(ink);
  double y = top + 12;
  y += page.centred(x, y, sheet.authority.in("zh-CN"), {15, true}, 210);
  if (const auto words = english(sheet.authority); !words.empty()) y += page.centred(x, y, words, {9.5}, 210);
  const auto date = sheet.issued_on.ymd();
  const auto day = std::to_string(static_cast<int>(date.year())) + "年" + std::to_string(static_cast<unsigned>(date.month())) + "月" +
                   std::to_string(static_cast<unsigned>(date.day())) + "日";
  page.centred(x, y + 14, english(sheet.title).empty() ? sheet.issued_on.text() : day, {13}, 210);
  draw_seal(page, x, top + 66, sheet.authority);
  page.colour(soft);
  page.centred(page_width / 2, page_height - margin - 34,
               "本证照经电子签名，以二维码核验结果为准  ·  Signed electronically: the code tells whether it is genuine", {8, false, false},
               page_width - 2 * margin - 170);
}

}  // namespace

Result<std::string> certificate_pdf(const Sheet& sheet) {
  if (sheet.rows.size() > rows_max) return fail(ErrorCode::too_large, {"a sheet has at most 24 rows", "证照打印页最多24行"});
  JX_TRY(code, encode_code(sheet.code));
  std::string out;
  const Page page(out, sheet);
  draw_border(page);
  draw_head(page, sheet);
  draw_rows(page, sheet.rows);
  draw_foot(page, sheet, code);
  if (!page.finish()) return fail(ErrorCode::internal, {"the page could not be drawn", "无法生成证照页面"});
  return out;
}

}  // namespace jx::print
