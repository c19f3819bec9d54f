// SPDX-License-Identifier: Apache-2.0
// The subject's copy and the certificate of destruction, as pages to print and sign.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/privacy/export.h"
#include "gateway/record/pdf_page.h"

namespace gapura::gateway {
namespace {

constexpr double text_width = page_width - 2 * page_margin, bottom = page_height - page_margin;

// Pages one after the other, each with the watermark across it and at its foot.
class PdfBook {
 public:
  PdfBook(const Words& words, const std::string& title, std::string mark)
      : words_(words),
        mark_(std::move(mark)),
        surface_(cairo_pdf_surface_create_for_stream(append_bytes, &pdf_, page_width, page_height), cairo_surface_destroy),
        draw_(cairo_create(surface_.get()), cairo_destroy),
        page_(draw_.get()) {
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    begin();
  }
  PdfPage& page() { return page_; }
  // Draws a line, on the next page where it does not fit.
  void line(const std::string& words, double size, bool bold = false, double grey = 0, double indent = 0,
            const char* font = sans) {
    const double lines = 1.0 + static_cast<double>(words.size()) * size * 0.55 / (text_width - indent);
    if (page_.y + lines * size * 1.3 > bottom - 14) next();
    page_.y += page_.text(words, page_margin + indent, text_width - indent, size, font, bold, grey);
  }
  void space(double points) { page_.y += points; }
  void room_for(double points) {
    if (page_.y + points > bottom - 14) next();
  }
  Result<std::string> finish() {
    end();
    cairo_surface_finish(surface_.get());
    if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) return fail(ErrorKind::bug, "cannot write the PDF");
    return std::move(pdf_);
  }

 private:
  void begin() {
    ++number_;
    if (!mark_.empty()) {
      cairo_save(draw_.get());
      cairo_translate(draw_.get(), page_margin * 1.2, page_height * 0.78);
      cairo_rotate(draw_.get(), -0.85);
      page_.y = 0;
      page_.text(mark_, 0, page_height * 0.8, 17, sans, true, 0.88);
      cairo_restore(draw_.get());
    }
    page_.y = page_margin;
  }
  void end() {
    page_.y = bottom - 6;
    page_.text((mark_.empty() ? "" : mark_ + " · ") + words_({"paper.page", "n"}, number_), page_margin, text_width, 6.5,
               sans, false, 0.35);
    cairo_show_page(draw_.get());
  }
  void next() {
    end();
    begin();
  }

  const Words words_;
  const std::string mark_;
  std::string pdf_;
  int number_ = 0;
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface_;
  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> draw_;
  PdfPage page_;
};

std::string class_name(const Words& words, RetentionClass what) {
  return what == RetentionClass::visit ? words("paper.class_visit") : words.coded("privacy.class.", word(what));
}

std::string counts_text(const Words& words, const RunClass& one) {
  std::string text;
  const auto add = [&](std::int64_t value, std::type_identity_t<Sentence<std::int64_t>> what) {
    if (value > 0) text += (text.empty() ? "" : ", ") + words(what, value);
  };
  add(one.counts.visits, {"paper.count.visits", "n"}), add(one.counts.persons, {"paper.count.persons", "n"});
  add(one.counts.notes, {"paper.count.notes", "n"}), add(one.counts.deposits, {"paper.count.deposits", "n"});
  add(one.counts.pictures, {"paper.count.pictures", "n"}), add(one.counts.clips, {"paper.count.clips", "n"});
  return text.empty() ? words("paper.count.none") : text;
}

void signatures(PdfBook& book, const Words& words) {
  const double gap = 14, wide = (text_width - gap) / 2, high = 38 * millimetre;
  book.room_for(high + 10);
  PdfPage& page = book.page();
  const double top = page.y;
  int which = 0;
  for (const Sentence<> who : {Sentence<>("paper.executor"), Sentence<>("paper.witness")}) {
    const double at = page_margin + which++ * (wide + gap);
    page.y = top;
    page.box(at, wide, high);
    page.y += 5;
    page.text(words.both(who), at + 7, wide - 14, 9, sans, true);
    page.y = top + high - 24;
    page.rule(at + 7, at + wide - 7, 0.5);
    page.y += 3;
    page.text(words.both("paper.sign_office"), at + 7, wide - 14, 6.5, sans, false, 0.4);
  }
  page.y = top + high + 10;
}

}  // namespace

Result<std::string> to_pdf(const SubjectExport& all, const ExportFrame& frame) {
  const Words& words = frame.words;
  PdfBook book(words, "Gapura " + frame.case_id, frame.watermark());
  book.line(words("paper.copy"), 17, true);
  book.line(words.second()("paper.copy"), 9, false, 0.4);
  book.space(6);
  for (const auto& [name, value] : {std::pair{words("paper.site"), frame.site},
                                    {words("paper.case"), frame.case_id},
                                    {words("paper.requester"), frame.requester},
                                    {words("paper.field.purpose"), frame.purpose},
                                    {words("paper.made_by"), frame.by},
                                    {words("paper.made"), frame.made}})
    book.line(fmt::format("{}: {}", name, value), 9.5);
  book.space(8);
  const PersonFields& fields = all.person.fields;
  book.line(words("paper.person"), 12, true);
  for (const auto& [name, value] : {std::pair{words("paper.name"), fields.full_name},
                                    {words("paper.phone"), fields.phone},
                                    {words("paper.institution"), fields.institution}})
    if (!value.empty()) book.line(fmt::format("{}: {}", name, value), 9.5);
  for (const auto& visit : all.visits) {
    book.space(8);
    book.line(words({"paper.visit", "id"}, visit.id), 11, true);
    for (const auto& [name, value] : visit.fields)
      if (!value.empty()) book.line(words.coded("paper.field.", name) + ": " + value, 8.5, false, 0, 8);
  }
  book.space(10);
  book.line(words.both("paper.trail") + ": " + words({"paper.trail_entries", "n"}, all.trail.size()), 12, true);
  for (const auto& event : all.trail) {
    std::string text = std::to_string(event.number) + "  " + event.time + "  " + event.type + "  " + event.actor;
    if (!event.point.empty()) text += "  " + event.point;
    book.line(text, 7.5, false, 0, 0, mono);
    if (!event.note.empty()) book.line(event.note, 7.5, false, 0.3, 20);
  }
  return book.finish();
}

Result<std::string> to_pdf(const DestructionCertificate& it) {
  const Words& words = it.words;
  PdfBook book(words, "Gapura " + it.run.id, "");
  book.line(words("paper.certificate"), 18, true);
  book.line(words.second()("paper.certificate"), 9, false, 0.4);
  book.space(6);
  for (const auto& [name, value] :
       {std::pair{words.both("paper.number"), it.run.id},
        {words.both("paper.site"), it.site},
        {words.both("paper.approved_by"), it.approver},
        {words.both("paper.approved"), it.approved},
        {words.both("paper.finished"), it.finished},
        {words.both("paper.journal_entries"),
         words({"paper.range", "first", "last"}, std::to_string(it.run.first_entry), std::to_string(it.run.last_entry))}})
    book.line(fmt::format("{}: {}", name, value), 10);
  if (!it.run.guest.empty()) book.line(words.both("paper.on_request") + ": " + it.run.guest, 10);
  book.space(8);
  for (std::size_t i = 0; i < it.classes.size(); ++i) {
    const RunClass& one = it.classes[i];
    book.line(class_name(words, one.rule.what), 11, true);
    if (it.run.guest.empty())
      book.line(words({"paper.period", "jra", "days", "date"}, one.rule.jra.empty() ? words("paper.no_jra") : one.rule.jra,
                      one.rule.days, it.before[i]),
                9, false, 0.3, 8);
    book.line(words.both("paper.destroyed") + ": " + counts_text(words, one), 9.5, false, 0, 8);
  }
  book.space(8);
  book.line(words.both("paper.how_destroyed"), 8.5, false, 0.3);
  book.space(6);
  book.line(words.both("paper.backups"), 11, true);
  if (it.backups.empty()) book.line(words.both("paper.no_backups"), 9.5, false, 0, 8);
  for (const auto& [name, made] : it.backups)
    book.line(fmt::format("{}  {}: {}", made, name, words.both("paper.backup_holds")), 9, false, 0, 8);
  book.space(6);
  if (!it.checkpoint.empty()) {
    book.line(words.both("paper.checkpoint_of_it"), 9, true);
    book.line(it.checkpoint, 7.5, false, 0, 8, mono);
    book.space(6);
  }
  signatures(book, words);
  book.line(words.both("paper.printed") + " " + it.printed, 7, false, 0.4);
  return book.finish();
}

}  // namespace gapura::gateway
