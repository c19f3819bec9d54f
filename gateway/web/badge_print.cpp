// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/badge_print.h"

#include <cairo.h>
#include <qrencode.h>

#include <memory>

namespace gapura::gateway {
namespace {

constexpr int quiet = 4, pixels = 12;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

std::string escaped(const std::string& text) {
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
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_Q, QR_MODE_8, 1), QRcode_free);
  if (!code) return fail(ErrorKind::bug, "cannot encode the badge as a QR code");
  const int side = (code->width + 2 * quiet) * pixels;
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side), cairo_surface_destroy);
  const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> draw(cairo_create(surface.get()), cairo_destroy);
  cairo_set_source_rgb(draw.get(), 1, 1, 1);
  cairo_paint(draw.get());
  cairo_set_source_rgb(draw.get(), 0, 0, 0);
  cairo_set_antialias(draw.get(), CAIRO_ANTIALIAS_NONE);
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if (code->data[y * code->width + x] & 1)
        cairo_rectangle(draw.get(), (x + quiet) * pixels, (y + quiet) * pixels, pixels, pixels);
  cairo_fill(draw.get());
  std::string png;
  if (cairo_surface_write_to_png_stream(surface.get(), append, &png) != CAIRO_STATUS_SUCCESS)
    return fail(ErrorKind::bug, "cannot write the QR picture");
  return png;
}

std::string badge_page(const BadgePage& page) {
  const bool indonesian = page.language != "en";
  const bool special = page.category == "special";
  const bool staff = page.category == "staff";
  const std::string kind = staff     ? (indonesian ? "PEGAWAI" : "STAFF")
                           : special ? (indonesian ? "TAMU KHUSUS" : "SPECIAL GUEST")
                                     : (indonesian ? "TAMU UMUM" : "GUEST");
  const std::string title =
      staff ? (indonesian ? "Kartu pegawai" : "Staff badge") : (indonesian ? "Kartu tamu" : "Visitor badge");
  return "<!doctype html>\n<html lang=\"" + std::string(indonesian ? "id" : "en") +
         "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" + title +
         "</title><link rel=\"stylesheet\" href=\"/print.css\"></head>\n<body class=\"" +
         (special ? "special" : "general") + "\">\n<main>\n<header>" + escaped(page.site) +
         "</header>\n<p class=\"kind\">" + kind + "</p>\n<h1>" + escaped(page.name) +
         "</h1>\n<img src=\"qr.png\" alt=\"QR\">\n<p class=\"until\">" + (indonesian ? "Berlaku sampai " : "Valid until ") +
         escaped(page.valid_until) + "</p>\n<footer>" +
         (indonesian ? "Kembalikan kartu ini di pos jaga." : "Return this badge at the guard post.") +
         "</footer>\n</main>\n</body>\n</html>\n";
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
