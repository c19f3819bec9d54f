// SPDX-License-Identifier: Apache-2.0
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <memory>

#include "gateway/record/daily_sheet.h"

namespace gapura::gateway {
namespace {

constexpr double millimetre = 72 / 25.4;
constexpr double page_width = 210 * millimetre, page_height = 297 * millimetre, page_margin = 18 * millimetre;
constexpr double code_side = 62 * millimetre;
constexpr const char* sans = "DejaVu Sans, sans-serif";
constexpr const char* mono = "DejaVu Sans Mono, monospace";

cairo_status_t append_bytes(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

// Draws from the top down; `y` is where the next thing goes.
class Page {
 public:
  explicit Page(cairo_t* draw) : draw_(draw) {}
  double y = page_margin;

  // Returns the height that it took. `at` and `wide` in points; `grey` 0 is black.
  double text(const std::string& words, double at, double wide, double size, const char* font = sans, bool bold = false,
              double grey = 0, PangoAlignment align = PANGO_ALIGN_LEFT) {
    const std::unique_ptr<PangoLayout, decltype(&g_object_unref)> layout(pango_cairo_create_layout(draw_), g_object_unref);
    const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> description(
        pango_font_description_from_string(font), pango_font_description_free);
    pango_font_description_set_size(description.get(), static_cast<int>(size * PANGO_SCALE));
    if (bold) pango_font_description_set_weight(description.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout.get(), description.get());
    pango_layout_set_width(layout.get(), static_cast<int>(wide * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), align);
    pango_layout_set_text(layout.get(), words.c_str(), static_cast<int>(words.size()));
    cairo_set_source_rgb(draw_, grey, grey, grey);
    cairo_move_to(draw_, at, y);
    pango_cairo_show_layout(draw_, layout.get());
    int high = 0;
    pango_layout_get_size(layout.get(), nullptr, &high);
    return static_cast<double>(high) / PANGO_SCALE;
  }
  void rule(double from, double until, double thick) {
    cairo_set_source_rgb(draw_, 0, 0, 0);
    cairo_set_line_width(draw_, thick);
    cairo_move_to(draw_, from, y);
    cairo_line_to(draw_, until, y);
    cairo_stroke(draw_);
  }
  void box(double at, double wide, double high) {
    cairo_set_source_rgb(draw_, 0, 0, 0);
    cairo_set_line_width(draw_, 0.7);
    cairo_rectangle(draw_, at, y, wide, high);
    cairo_stroke(draw_);
  }
  bool code(const std::string& words, double at, double side) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> qr(QRcode_encodeString8bit(words.c_str(), 0, QR_ECLEVEL_M),
                                                             QRcode_free);
    if (!qr) return false;
    const double module = side / (qr->width + 8);  // four modules of quiet around
    cairo_set_source_rgb(draw_, 0, 0, 0);
    for (int row = 0; row < qr->width; ++row)
      for (int column = 0; column < qr->width; ++column)
        if (qr->data[row * qr->width + column] & 1)
          cairo_rectangle(draw_, at + (column + 4) * module, y + (row + 4) * module, module, module);
    cairo_fill(draw_);
    return true;
  }

 private:
  cairo_t* draw_;
};

void head(Page& page, const DailySheet& sheet) {
  page.y += page.text("Lembar harian catatan gerbang", page_margin, page_width - 2 * page_margin, 18, sans, true);
  page.y += page.text("Daily sheet of the gate record", page_margin, page_width - 2 * page_margin, 9, sans, false, 0.4) + 4;
  page.y += page.text(sheet.site + " · " + sheet.date, page_margin, page_width - 2 * page_margin, 13, sans, true) + 6;
  page.rule(page_margin, page_width - page_margin, 1.2);
  page.y += 8;
}

void lines(Page& page, const DailySheet& sheet) {
  const double column = (page_width - 2 * page_margin) / 2;
  for (std::size_t i = 0; i < sheet.lines.size(); i += 2) {
    for (std::size_t j = i; j < i + 2 && j < sheet.lines.size(); ++j) {
      const auto& line = sheet.lines[j];
      const double at = page_margin + static_cast<double>(j - i) * column;
      page.text(std::to_string(line.value), at, 42, 12, sans, true, 0, PANGO_ALIGN_RIGHT);
      page.text(line.indonesian, at + 50, column - 56, 10);
      page.y += 13;
      page.text(line.english, at + 50, column - 56, 7, sans, false, 0.4);
      page.y -= 13;
    }
    page.y += 27;
  }
  const std::string range = sheet.last < 0 ? "Tidak ada entri pada hari ini. / No entries on this day."
                                           : "Entri " + std::to_string(sheet.first) + " sampai " +
                                                 std::to_string(sheet.last) + " dalam jurnal / entries of the journal";
  page.y += page.text(range, page_margin, page_width - 2 * page_margin, 9) + 8;
  page.rule(page_margin, page_width - page_margin, 0.7);
  page.y += 8;
}

bool checkpoint(Page& page, const DailySheet& sheet) {
  page.y += page.text("Titik periksa / checkpoint", page_margin, page_width - 2 * page_margin, 12, sans, true) + 4;
  if (sheet.note.empty()) {
    page.y += page.text("Belum ada titik periksa yang mencakup hari ini. / No checkpoint covers this day yet.", page_margin,
                        page_width - 2 * page_margin, 10) +
              12;
    return true;
  }
  const double beside = page_margin + code_side + 12;
  const double top = page.y;
  if (!page.code(sheet.note, page_margin, code_side)) return false;
  page.y += page.text(sheet.note, beside, page_width - page_margin - beside, 7.5, mono) + 4;
  page.y += page.text("Kunci / verifier key", beside, page_width - page_margin - beside, 8, sans, true) + 1;
  page.y += page.text(sheet.verifier, beside, page_width - page_margin - beside, 7.5, mono) + 6;
  page.text(
      "Simpan lembar ini di luar gerbang. Kode dan teks di atas membuktikan kemudian bahwa tidak satu entri pun diubah, "
      "dihapus atau ditukar: gapura log verify --checkpoint BERKAS.\nKeep this sheet away from the gateway. Code and text "
      "prove "
      "later that no entry was changed, deleted or swapped.",
      beside, page_width - page_margin - beside, 7.5, sans, false, 0.3);
  page.y = top + code_side + 14;
  return true;
}

void signatures(Page& page) {
  const double gap = 14, wide = (page_width - 2 * page_margin - gap) / 2, high = 40 * millimetre;
  const double top = page.y;
  int which = 0;
  for (const auto& [indonesian, english] :
       {std::pair{"Komandan jaga", "Commander of the guard"}, {"Yang menerima", "Received by"}}) {
    const double at = page_margin + which++ * (wide + gap);
    page.y = top;
    page.box(at, wide, high);
    page.y += 5;
    page.y += page.text(indonesian, at + 7, wide - 14, 10, sans, true);
    page.text(english, at + 7, wide - 14, 7, sans, false, 0.4);
    page.y = top + high - 26;
    page.rule(at + 7, at + wide - 7, 0.5);
    page.y += 3;
    page.text("Nama, tanggal, jam, tanda tangan / name, date, time, signature", at + 7, wide - 14, 6.5, sans, false, 0.4);
  }
  page.y = top + high + 10;
}

}  // namespace

Result<std::string> to_pdf(const DailySheet& sheet) {
  std::string pdf;
  {
    const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
        cairo_pdf_surface_create_for_stream(append_bytes, &pdf, page_width, page_height), cairo_surface_destroy);
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                   ("Gapura " + sheet.site + " " + sheet.date).c_str());
    const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> draw(cairo_create(surface.get()), cairo_destroy);
    Page page(draw.get());
    head(page, sheet);
    lines(page, sheet);
    if (!checkpoint(page, sheet)) return fail(ErrorKind::bug, "cannot encode the checkpoint as a QR code");
    signatures(page);
    page.text("Dicetak / printed " + sheet.printed, page_margin, page_width - 2 * page_margin, 7, sans, false, 0.4);
    cairo_show_page(draw.get());
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return fail(ErrorKind::bug, "cannot write the PDF");
  }
  return pdf;
}

}  // namespace gapura::gateway
