// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/daily_sheet.h"
#include "gateway/record/pdf_page.h"

namespace gapura::gateway {
namespace {

constexpr double code_side = 62 * millimetre;

void head(PdfPage& page, const DailySheet& sheet) {
  page.y += page.text("Lembar harian catatan gerbang", page_margin, page_width - 2 * page_margin, 18, sans, true);
  page.y += page.text("Daily sheet of the gate record", page_margin, page_width - 2 * page_margin, 9, sans, false, 0.4) + 4;
  page.y += page.text(sheet.site + " · " + sheet.date, page_margin, page_width - 2 * page_margin, 13, sans, true) + 6;
  page.rule(page_margin, page_width - page_margin, 1.2);
  page.y += 8;
}

void lines(PdfPage& page, const DailySheet& sheet) {
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

bool checkpoint(PdfPage& page, const DailySheet& sheet) {
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

void signatures(PdfPage& page) {
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
    PdfPage page(draw.get());
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
