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
  PdfBook(const std::string& title, std::string mark)
      : mark_(std::move(mark)),
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
    page_.text((mark_.empty() ? "" : mark_ + " · ") + "halaman " + std::to_string(number_), page_margin, text_width, 6.5,
               sans, false, 0.35);
    cairo_show_page(draw_.get());
  }
  void next() {
    end();
    begin();
  }

  const std::string mark_;
  std::string pdf_;
  int number_ = 0;
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface_;
  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> draw_;
  PdfPage page_;
};

const char* field_name(const std::string& name) {
  static constexpr std::pair<const char*, const char*> words[] = {{"category", "Kategori"},
                                                                  {"state", "Keadaan"},
                                                                  {"approval", "Keputusan"},
                                                                  {"party", "Jumlah orang"},
                                                                  {"purpose", "Keperluan"},
                                                                  {"whom", "Yang ditemui"},
                                                                  {"members", "Anggota"},
                                                                  {"vehicle", "Kendaraan"},
                                                                  {"identity_type", "Jenis identitas"},
                                                                  {"identity_last4", "Empat angka terakhir"},
                                                                  {"approval_reason", "Alasan keputusan"},
                                                                  {"notice", "Versi pemberitahuan"},
                                                                  {"portrait", "Potret (SHA-256)"},
                                                                  {"arrived", "Tiba"},
                                                                  {"entered", "Masuk"},
                                                                  {"closed", "Selesai"},
                                                                  {"erased", "Dimusnahkan"}};
  for (const auto& [key, word] : words)
    if (name == key) return word;
  return name.c_str();
}

const char* class_name(RetentionClass what) {
  switch (what) {
    case RetentionClass::visit:
      return "Data kunjungan (dianonimkan)";
    case RetentionClass::portrait:
      return "Potret dan gambar";
    case RetentionClass::nik:
      return "Keterangan identitas";
    case RetentionClass::clip:
      return "Klip video";
    case RetentionClass::approval:
      return "Alasan keputusan";
    case RetentionClass::deviation:
      return "Alasan penyimpangan";
    case RetentionClass::audit:
      break;
  }
  return "Jurnal";
}

std::string counts_text(const RunClass& one) {
  std::string text;
  const auto add = [&](std::int64_t value, const char* what) {
    if (value > 0) text += (text.empty() ? "" : ", ") + std::to_string(value) + ' ' + what;
  };
  add(one.counts.visits, "kunjungan"), add(one.counts.persons, "orang"), add(one.counts.notes, "catatan");
  add(one.counts.deposits, "titipan"), add(one.counts.pictures, "gambar"), add(one.counts.clips, "klip");
  return text.empty() ? "tidak ada" : text;
}

void signatures(PdfBook& book) {
  const double gap = 14, wide = (text_width - gap) / 2, high = 38 * millimetre;
  book.room_for(high + 10);
  PdfPage& page = book.page();
  const double top = page.y;
  int which = 0;
  for (const char* who : {"Pelaksana pemusnahan / executed by", "Saksi / witness"}) {
    const double at = page_margin + which++ * (wide + gap);
    page.y = top;
    page.box(at, wide, high);
    page.y += 5;
    page.text(who, at + 7, wide - 14, 9, sans, true);
    page.y = top + high - 24;
    page.rule(at + 7, at + wide - 7, 0.5);
    page.y += 3;
    page.text("Nama, jabatan, tanggal, tanda tangan / name, office, date, signature", at + 7, wide - 14, 6.5, sans, false,
              0.4);
  }
  page.y = top + high + 10;
}

}  // namespace

Result<std::string> to_pdf(const SubjectExport& all, const ExportFrame& frame) {
  PdfBook book("Gapura " + frame.case_id, frame.watermark());
  book.line("Salinan data pribadi dan jejak pemrosesannya", 17, true);
  book.line("Copy of personal data and of their processing (UU 27/2022)", 9, false, 0.4);
  book.space(6);
  for (const auto& [name, value] : {std::pair{"Pos", frame.site},
                                    {"Kasus", frame.case_id},
                                    {"Peminta", frame.requester},
                                    {"Keperluan", frame.purpose},
                                    {"Dibuat oleh", frame.by},
                                    {"Dibuat", frame.made}})
    book.line(std::string(name) + ": " + value, 9.5);
  book.space(8);
  const PersonFields& fields = all.person.fields;
  book.line("Data diri", 12, true);
  for (const auto& [name, value] :
       {std::pair{"Nama", fields.full_name}, {"Telepon", fields.phone}, {"Instansi", fields.institution}})
    if (!value.empty()) book.line(std::string(name) + ": " + value, 9.5);
  for (const auto& visit : all.visits) {
    book.space(8);
    book.line("Kunjungan " + visit.id, 11, true);
    for (const auto& [name, value] : visit.fields)
      if (!value.empty()) book.line(std::string(field_name(name)) + ": " + value, 8.5, false, 0, 8);
  }
  book.space(10);
  book.line("Jejak pemrosesan / processing trail: " + std::to_string(all.trail.size()) + " entri", 12, true);
  for (const auto& event : all.trail) {
    std::string text = std::to_string(event.number) + "  " + event.time + "  " + event.type + "  " + event.actor;
    if (!event.point.empty()) text += "  " + event.point;
    book.line(text, 7.5, false, 0, 0, mono);
    if (!event.note.empty()) book.line(event.note, 7.5, false, 0.3, 20);
  }
  return book.finish();
}

Result<std::string> to_pdf(const DestructionCertificate& it) {
  PdfBook book("Gapura " + it.run.id, "");
  book.line("Berita acara pemusnahan data pribadi", 18, true);
  book.line("Certificate of destruction of personal data", 9, false, 0.4);
  book.space(6);
  for (const auto& [name, value] :
       {std::pair{"Nomor / number", it.run.id},
        {"Pos / site", it.site},
        {"Disetujui oleh / approved by", it.approver},
        {"Disetujui / approved", it.approved},
        {"Selesai / finished", it.finished},
        {"Entri jurnal / entries", std::to_string(it.run.first_entry) + " sampai " + std::to_string(it.run.last_entry)}})
    book.line(std::string(name) + ": " + value, 10);
  if (!it.run.guest.empty()) book.line("Atas permintaan subjek data / at the data subject's request: " + it.run.guest, 10);
  book.space(8);
  for (std::size_t i = 0; i < it.classes.size(); ++i) {
    const RunClass& one = it.classes[i];
    book.line(class_name(one.rule.what), 11, true);
    if (it.run.guest.empty())
      book.line((one.rule.jra.empty() ? std::string("JRA: belum diisi") : "JRA: " + one.rule.jra) + " · jangka " +
                    std::to_string(one.rule.days) + " hari · sebelum " + it.before[i],
                9, false, 0.3, 8);
    book.line("Dimusnahkan / destroyed: " + counts_text(one), 9.5, false, 0, 8);
  }
  book.space(8);
  book.line(
      "Kolom pribadi, catatan beserta garamnya, gambar dan klip dihapus; ruang kosong berkas basis data dan log-nya "
      "dibersihkan. "
      "Kunci sandi setiap orang yang dianonimkan dimusnahkan: salinan yang masih tersisa tidak dapat dibaca. "
      "Jurnal tetap utuh: hanya memuat nomor acak dan komitmen. / Personal columns, notes with their salts, pictures and "
      "clips were deleted, and the unused space of the database cleared. The encryption key of every person anonymised was "
      "destroyed: a copy that may be left cannot be read. The journal is whole: it holds random ids and commitments.",
      8.5, false, 0.3);
  book.space(6);
  book.line("Cadangan yang dibuat sebelumnya / backups made before", 11, true);
  if (it.backups.empty()) book.line("Tidak ada yang tercatat. / None is recorded.", 9.5, false, 0, 8);
  for (const auto& [name, made] : it.backups)
    book.line(fmt::format("{}  {}: masih memuat data ini / still holds these data", made, name), 9, false, 0, 8);
  book.space(6);
  if (!it.checkpoint.empty()) {
    book.line("Titik periksa yang mencakup pemusnahan ini / checkpoint that covers it", 9, true);
    book.line(it.checkpoint, 7.5, false, 0, 8, mono);
    book.space(6);
  }
  signatures(book);
  book.line("Dicetak / printed " + it.printed, 7, false, 0.4);
  return book.finish();
}

}  // namespace gapura::gateway
