// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/indonesian.h"

#include <map>

#include "gateway/cli/daemon_client.h"

namespace gapura::gateway {
namespace {

const std::map<std::string, std::string> dictionary{{"accepted", "Diterima"},
                                                    {"accepted_later", "Diterima nanti"},
                                                    {"active", "Aktif"},
                                                    {"alarm", "Alarm"},
                                                    {"alternative", "Jalur khusus"},
                                                    {"arrived", "Tiba di pos"},
                                                    {"asked_back", "Diminta keterangan"},
                                                    {"at_post", "Di pos"},
                                                    {"away", "Keluar sementara"},
                                                    {"called", "Dipanggil"},
                                                    {"cancelled", "Batal"},
                                                    {"card", "Kartu"},
                                                    {"clear", "Bersih"},
                                                    {"cleared_by_check", "Bersih setelah diperiksa"},
                                                    {"declined", "Ditolak"},
                                                    {"delivered", "Terkirim"},
                                                    {"departed", "Sudah keluar"},
                                                    {"destroyed", "Dimusnahkan"},
                                                    {"escorted", "Diantar"},
                                                    {"expired", "Kedaluwarsa"},
                                                    {"finished", "Selesai bertemu"},
                                                    {"general", "Umum"},
                                                    {"held", "Diminta menunggu"},
                                                    {"held_and_reported", "Ditahan dan dilaporkan"},
                                                    {"in_meeting", "Sedang bertamu"},
                                                    {"in_stock", "Dalam stok"},
                                                    {"inside", "Di dalam"},
                                                    {"issued", "Diserahkan"},
                                                    {"item_deposited", "Barang dititipkan"},
                                                    {"left_early", "Pulang sebelum diterima"},
                                                    {"lost", "Hilang"},
                                                    {"manual_check", "Periksa manual"},
                                                    {"no_show", "Tidak hadir"},
                                                    {"none", "-"},
                                                    {"outside", "Di luar"},
                                                    {"paper", "Kertas"},
                                                    {"passed_through", "Sudah lewat"},
                                                    {"pending", "Belum diperiksa"},
                                                    {"planned", "Terjadwal"},
                                                    {"quarantine", "Karantina"},
                                                    {"referred", "Dialihkan"},
                                                    {"refused", "Menolak diperiksa"},
                                                    {"registered", "Terdaftar"},
                                                    {"rescheduled", "Dijadwalkan ulang"},
                                                    {"returned", "Kembali"},
                                                    {"revoked", "Dicabut"},
                                                    {"rewalk", "Ulangi"},
                                                    {"seen", "Dilihat"},
                                                    {"sent", "Ditanyakan"},
                                                    {"special", "Khusus"},
                                                    {"staff", "Pegawai"},
                                                    {"suspended", "Ditangguhkan"},
                                                    {"turned_away", "Tidak dilayani"},
                                                    {"unaccounted", "Belum terlapor keluar"},
                                                    {"unknown", "Tidak diketahui"},
                                                    {"waiting", "Menunggu"},
                                                    {"waiting_room", "Ruang tunggu"},
                                                    {"withdrawn", "Ditarik"}};

}  // namespace

std::string in_indonesian(const std::string& word) {
  const auto found = dictionary.find(word);
  return found == dictionary.end() ? word : found->second;
}

std::string indonesian_text(const boost::json::value& answer, const char* key) {
  return in_indonesian(text_of(answer, key));
}

std::string short_time(const std::string& rfc3339) {
  if (rfc3339.size() < 16 || rfc3339[10] != 'T') return rfc3339;
  return rfc3339.substr(8, 2) + '.' + rfc3339.substr(5, 2) + '.' + rfc3339.substr(0, 4) + ' ' + rfc3339.substr(11, 5);
}

}  // namespace gapura::gateway
