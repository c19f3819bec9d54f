// SPDX-License-Identifier: Apache-2.0
#include "gateway/print/badge_print.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "gateway/locale/words.h"

namespace gapura::gateway {
namespace {

constexpr int quiet = 4, pixels = 12;

using QrCode = std::unique_ptr<QRcode, decltype(&QRcode_free)>;
using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Canvas = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

QrCode encode(const std::string& text) {
  return {QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1), QRcode_free};
}

// The modules, black; the quiet zone is whatever is around them.
void draw_modules(cairo_t* draw, const QRcode& code, double left, double top, double module) {
  cairo_set_source_rgb(draw, 0, 0, 0);
  cairo_set_antialias(draw, CAIRO_ANTIALIAS_NONE);
  for (int y = 0; y < code.width; ++y)
    for (int x = 0; x < code.width; ++x)
      if (code.data[y * code.width + x] & 1) cairo_rectangle(draw, left + x * module, top + y * module, module, module);
  cairo_fill(draw);
}

std::string kind_text(const std::string& category, const Words& words) {
  if (category == "staff") return words("paper.guest_staff");
  if (category == "special") return words("paper.guest_special");
  return words("paper.guest_general");
}

// In the middle, at most as wide as the paper less its margins.
void draw_text(cairo_t* draw, const std::string& text, double width, double baseline, double size, bool bold) {
  cairo_set_antialias(draw, CAIRO_ANTIALIAS_DEFAULT);
  cairo_select_font_face(draw, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_text_extents_t extents{};
  cairo_set_font_size(draw, size);
  cairo_text_extents(draw, text.c_str(), &extents);
  if (const double most = width * 0.94; extents.width > most) {
    cairo_set_font_size(draw, size * most / extents.width);
    cairo_text_extents(draw, text.c_str(), &extents);
  }
  cairo_move_to(draw, (width - extents.width) / 2 - extents.x_bearing, baseline);
  cairo_show_text(draw, text.c_str());
}

// In units of a `mm`; the height that it takes. A special guest's category is white on black: no colour is needed.
double draw_badge(cairo_t* draw, const BadgePaper& paper, const QRcode& code, double width, double mm, double module) {
  const Words words(paper.language);
  cairo_set_source_rgb(draw, 0, 0, 0);
  draw_text(draw, paper.site, width, 5 * mm, 4 * mm, true);
  const bool inverted = paper.category == "special";
  if (inverted) {
    cairo_rectangle(draw, 0, 7 * mm, width, 8 * mm);
    cairo_fill(draw);
    cairo_set_source_rgb(draw, 1, 1, 1);
  }
  draw_text(draw, kind_text(paper.category, words), width, 13 * mm, 5 * mm, true);
  const double top = 15 * mm + quiet * module;
  draw_modules(draw, code, (width - code.width * module) / 2, top, module);
  const double below = top + (code.width + quiet) * module;
  draw_text(draw, paper.code.substr(0, 3) + " " + paper.code.substr(3), width, below + 7 * mm, 8 * mm, true);
  draw_text(draw, words({"badge.valid_until", "time"}, paper.valid_until), width, below + 13 * mm, 3.6 * mm, false);
  draw_text(draw, words("paper.return_badge"), width, below + 18 * mm, 3 * mm, false);
  return below + 20 * mm;
}

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

std::string html_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

Result<std::string> qr_png(const std::string& text) {
  const QrCode code = encode(text);
  if (!code) return fail(ErrorKind::bug, "cannot encode the badge as a QR code");
  const int side = (code->width + 2 * quiet) * pixels;
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side), cairo_surface_destroy);
  const Canvas draw(cairo_create(surface.get()), cairo_destroy);
  cairo_set_source_rgb(draw.get(), 1, 1, 1);
  cairo_paint(draw.get());
  draw_modules(draw.get(), *code, quiet * pixels, quiet * pixels, pixels);
  std::string png;
  if (cairo_surface_write_to_png_stream(surface.get(), append, &png) != CAIRO_STATUS_SUCCESS)
    return fail(ErrorKind::bug, "cannot write the QR picture");
  return png;
}

drivers::Raster badge_raster(const BadgePaper& paper, int dots) {
  const QrCode code = encode(paper.token);
  if (!code) return {};
  constexpr double mm = 8;  // dots
  const int module = std::min(12, dots / (code->width + 2 * quiet));
  const int height = static_cast<int>(15 * mm + (code->width + 2 * quiet) * module + 20 * mm);
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, dots, height), cairo_surface_destroy);
  const Canvas draw(cairo_create(surface.get()), cairo_destroy);
  cairo_set_source_rgb(draw.get(), 1, 1, 1);
  cairo_paint(draw.get());
  draw_badge(draw.get(), paper, *code, dots, mm, module);
  cairo_surface_flush(surface.get());
  drivers::Raster raster{dots, height, {}};
  raster.bits.resize(static_cast<std::size_t>(raster.stride()) * static_cast<std::size_t>(height));
  const unsigned char* pixel = cairo_image_surface_get_data(surface.get());
  const int pitch = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < dots; ++x)
      if (pixel[y * pitch + 4 * x] < 128)
        raster.bits[static_cast<std::size_t>(y) * static_cast<std::size_t>(raster.stride()) +
                    static_cast<std::size_t>(x / 8)] |= static_cast<std::uint8_t>(0x80 >> x % 8);
  return raster;
}

std::string badge_pdf(const BadgePaper& paper) {
  const QrCode code = encode(paper.token);
  if (!code) return "";
  constexpr double mm = 72 / 25.4;  // points
  std::string pdf;
  {
    const Surface surface(cairo_pdf_surface_create_for_stream(append, &pdf, 105 * mm, 148 * mm), cairo_surface_destroy);
    const Canvas draw(cairo_create(surface.get()), cairo_destroy);
    draw_badge(draw.get(), paper, *code, 105 * mm, mm, 2 * mm);
    cairo_show_page(draw.get());
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return "";
  }
  return pdf;
}

std::string badge_page(const BadgePage& page) {
  const Words words(page.language);
  const bool special = page.category == "special";
  const std::string title = page.category == "staff" ? words("kind.badge_staff") : words("paper.guest_badge");
  return "<!doctype html>\n<html lang=\"" + std::string(words.tag()) +
         "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
         html_escaped(title) + "</title><link rel=\"stylesheet\" href=\"/print.css\"></head>\n<body class=\"" +
         (special ? "special" : "general") + "\">\n<main>\n<header>" + html_escaped(page.site) +
         "</header>\n<p class=\"kind\">" + html_escaped(kind_text(page.category, words)) + "</p>\n<h1>" +
         html_escaped(page.name) + "</h1>\n<img src=\"qr.png\" alt=\"QR\">\n<p class=\"until\">" +
         html_escaped(words({"badge.valid_until", "time"}, page.valid_until)) + "</p>\n<footer>" +
         html_escaped(words("paper.return_badge")) + "</footer>\n</main>\n</body>\n</html>\n";
}

// 62 mm for at most 45 modules with their quiet zone (version 5): never below 1.3 mm a module; a camera needs 0.8.
const char* const print_css = R"(@page { size: 105mm 148mm; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #111; font-family: system-ui, sans-serif }
main { width: 105mm; height: 148mm; margin: 0 auto; padding: 0 8mm 6mm; display: flex; flex-direction: column;
  align-items: center; text-align: center; overflow: hidden }
header { width: 105mm; padding: 4mm 6mm 3mm; font-size: 12pt; font-weight: 600; color: #fff; background: #14532d;
  print-color-adjust: exact; -webkit-print-color-adjust: exact }
.special header { background: #7f1d1d }
.kind { margin: 3mm 0 0; font-size: 11pt; font-weight: 700; letter-spacing: .12em; color: #14532d }
.special .kind { color: #7f1d1d }
h1 { margin: 1mm 0 2mm; font-size: 20pt; line-height: 1.1; overflow-wrap: anywhere; max-height: 24mm; overflow: hidden }
img { width: 62mm; height: 62mm; image-rendering: pixelated }
.until { margin: 2mm 0 0; font-size: 12pt }
footer { margin-top: auto; font-size: 9pt; color: #444 }
@media screen { body { background: #e7e5e4 } main { background: #fff; margin: 8mm auto; box-shadow: 0 1mm 4mm #0003 } }
)";

}  // namespace gapura::gateway
