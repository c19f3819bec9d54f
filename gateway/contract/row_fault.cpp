// SPDX-License-Identifier: Apache-2.0
#include "gateway/contract/row_fault.h"

#include <array>
#include <string_view>

namespace gapura::gateway {
namespace {

struct Sentences {
  const char *english, *indonesian;  // {} is replaced by RowMistake::about, {id} by RowMistake::person
};

// One line for each word, in the order of the enumerators.
constexpr std::array<Sentences, words<RowFault>.size()> sentences{{
    {"this is no CSV file in UTF-8; save the list as \"CSV UTF-8\"",
     "bukan berkas CSV UTF-8; simpan daftar sebagai \"CSV UTF-8\""},
    {"the file has no guests", "berkas tidak berisi tamu"},
    {"more than {} lines; divide the file", "lebih dari {} baris; bagi berkasnya"},
    {"unknown column \"{}\"; expected name, phone, institution, purpose, whom, category, from, until, person",
     "kolom \"{}\" tidak dikenal; yang dikenal: nama, telepon, instansi, keperluan, tujuan, kategori, dari, sampai, orang"},
    {"column \"{}\" is there twice", "kolom \"{}\" tertulis dua kali"},
    {"column \"{}\" is missing", "kolom \"{}\" tidak ada"},
    {"the number of cells is wrong ({})", "jumlah sel salah ({})"},
    {"a quotation mark is not closed, or text follows it", "tanda kutip tidak ditutup, atau diikuti teks"},
    {"this is not UTF-8; save the list as \"CSV UTF-8\"", "bukan UTF-8; simpan daftar sebagai \"CSV UTF-8\""},
    {"a control character or a line break", "berisi karakter kendali atau ganti baris"},
    {"is empty", "kosong"},
    {"is longer than {} bytes", "lebih panjang dari {} bita"},
    {"begins like a formula ({}); write the text itself", "diawali seperti rumus ({}); tulis teksnya saja"},
    {"\"{}\" is no number: the spreadsheet has rounded its digits; format the column as text and enter the number again",
     "\"{}\" bukan nomor: angkanya sudah dibulatkan lembar kerja; format kolom sebagai teks, lalu isi lagi nomornya"},
    {"\"{}\" holds two numbers; keep one", "\"{}\" berisi dua nomor; sisakan satu"},
    {"\"{}\" is no telephone number; mend it or leave the cell empty",
     "\"{}\" bukan nomor telepon; perbaiki atau kosongkan selnya"},
    {"expected umum or khusus", "isi dengan umum atau khusus"},
    {"\"{}\" is no time; expected one like 2026-01-31 08:00 or 31/01/2026 08.00",
     "\"{}\" bukan waktu; tulis seperti 2026-01-31 08:00 atau 31/01/2026 08.00"},
    {"is not after from", "tidak sesudah waktu mulai"},
    {"this time has passed", "waktu ini sudah lewat"},
    {"this number belongs to {}: write the same name when it is the same person, else \"new\" in the column person",
     "nomor ini milik {}: samakan namanya bila orangnya sama; bila orang lain, isi kolom orang dengan \"baru\""},
    {"{} is here now: write {id} in the column person when it is the same person, else \"new\"",
     "{} sedang bertamu: isi kolom orang dengan {id} bila orangnya sama, atau \"baru\" bila orang lain"},
    {"{} is expected at this time already: leave the line out, or write {id} in the column person when it is the same "
     "person, else \"new\"",
     "{} sudah dijadwalkan pada waktu itu: hapus baris ini, atau isi kolom orang dengan {id} bila orangnya sama, atau "
     "\"baru\" bila orang lain"},
    {"no person is known as \"{}\"", "tidak ada orang dengan tanda \"{}\""},
    {"{}", "{}"},
}};

std::string filled(std::string_view text, const RowMistake& mistake) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("{}")) {
      out += mistake.about;
      text.remove_prefix(2);
    } else if (text.starts_with("{id}")) {
      out += mistake.person;
      text.remove_prefix(4);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

std::string sentence(const RowMistake& mistake) {
  return filled(sentences.at(static_cast<std::size_t>(mistake.what)).english, mistake);
}

std::string sentence_id(const RowMistake& mistake) {
  return filled(sentences.at(static_cast<std::size_t>(mistake.what)).indonesian, mistake);
}

}  // namespace gapura::gateway
