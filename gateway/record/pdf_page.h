// SPDX-License-Identifier: Apache-2.0
// An A4 page, drawn from the top down, for printed sheets. Only files that end in _pdf.cpp include this.
#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <memory>
#include <string>

namespace gapura::gateway {

inline constexpr double millimetre = 72 / 25.4;
inline constexpr double page_width = 210 * millimetre, page_height = 297 * millimetre, page_margin = 18 * millimetre;
inline constexpr const char* sans = "DejaVu Sans, sans-serif";
inline constexpr const char* mono = "DejaVu Sans Mono, monospace";

inline cairo_status_t append_bytes(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

// Draws from the top down; `y` is the position of the next item.
class PdfPage {
 public:
  explicit PdfPage(cairo_t* draw) : draw_(draw) {}
  double y = page_margin;

  // Returns the height used. `at` and `wide` in points; `grey` 0 is black.
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
    const double module = side / (qr->width + 8);  // a quiet zone of four modules
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

}  // namespace gapura::gateway
