// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/daily_sheet.h"
#include "gateway/record/pdf_page.h"

namespace gapura::gateway {
namespace {

constexpr double code_side = 62 * millimetre;

void head(PdfPage& page, const DailySheet& sheet) {
  page.y += page.text(sheet.words("paper.sheet"), page_margin, page_width - 2 * page_margin, 18, sans, true);
  page.y +=
      page.text(sheet.words.second()("paper.sheet"), page_margin, page_width - 2 * page_margin, 9, sans, false, 0.4) + 4;
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
      page.text(sheet.words.number(line.value), at, 42, 12, sans, true, 0, PANGO_ALIGN_RIGHT);
      page.text(line.first, at + 50, column - 56, 10);
      page.y += 13;
      page.text(line.second, at + 50, column - 56, 7, sans, false, 0.4);
      page.y -= 13;
    }
    page.y += 27;
  }
  const std::string range = sheet.last < 0 ? sheet.words.both("paper.no_entries")
                                           : sheet.words.both({"paper.entries", "first", "last"},
                                                              std::to_string(sheet.first), std::to_string(sheet.last));
  page.y += page.text(range, page_margin, page_width - 2 * page_margin, 9) + 8;
  page.rule(page_margin, page_width - page_margin, 0.7);
  page.y += 8;
}

bool checkpoint(PdfPage& page, const DailySheet& sheet) {
  page.y += page.text(sheet.words.both("paper.checkpoint"), page_margin, page_width - 2 * page_margin, 12, sans, true) + 4;
  if (sheet.note.empty()) {
    page.y += page.text(sheet.words.both("paper.no_checkpoint"), page_margin, page_width - 2 * page_margin, 10) + 12;
    return true;
  }
  const double beside = page_margin + code_side + 12;
  const double top = page.y;
  if (!page.code(sheet.note, page_margin, code_side)) return false;
  page.y += page.text(sheet.note, beside, page_width - page_margin - beside, 7.5, mono) + 4;
  page.y += page.text(sheet.words.both("paper.verifier_key"), beside, page_width - page_margin - beside, 8, sans, true) + 1;
  page.y += page.text(sheet.verifier, beside, page_width - page_margin - beside, 7.5, mono) + 6;
  page.text(sheet.words("paper.keep") + "\n" + sheet.words.second()("paper.keep"), beside,
            page_width - page_margin - beside, 7.5, sans, false, 0.3);
  page.y = top + code_side + 14;
  return true;
}

void signatures(PdfPage& page, const Words& words) {
  const double gap = 14, wide = (page_width - 2 * page_margin - gap) / 2, high = 40 * millimetre;
  const double top = page.y;
  int which = 0;
  for (const Sentence<> who : {Sentence<>("paper.commander"), Sentence<>("paper.receiver")}) {
    const double at = page_margin + which++ * (wide + gap);
    page.y = top;
    page.box(at, wide, high);
    page.y += 5;
    page.y += page.text(words(who), at + 7, wide - 14, 10, sans, true);
    page.text(words.second()(who), at + 7, wide - 14, 7, sans, false, 0.4);
    page.y = top + high - 26;
    page.rule(at + 7, at + wide - 7, 0.5);
    page.y += 3;
    page.text(words.both("paper.sign"), at + 7, wide - 14, 6.5, sans, false, 0.4);
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
    signatures(page, sheet.words);
    page.text(sheet.words.both("paper.printed") + " " + sheet.printed, page_margin, page_width - 2 * page_margin, 7, sans,
              false, 0.4);
    cairo_show_page(draw.get());
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return fail(ErrorKind::bug, "cannot write the PDF");
  }
  return pdf;
}

}  // namespace gapura::gateway
