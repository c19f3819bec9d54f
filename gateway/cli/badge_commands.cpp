// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json.hpp>

#include "gateway/cli/commands.h"
#include "gateway/cli/indonesian.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

std::string when(const json::value& value, const char* key) { return short_time(text_of(value, key)); }

// Returns a sentence on what one reader's door reported about a revocation.
std::string door_sentence(const json::value& door) {
  const std::string said = text_of(door, "door"), heard = when(door, "last_heard");
  if (said == "refuses") return "menolak";
  if (said == "open") return "sedang terbuka untuk semua orang; kartu tidak diperiksa";
  if (said == "offline")
    return heard.empty() ? "tidak terhubung sejak gateway menyala; tidak dapat dibuka dari sini"
                         : fmt::format("tidak terhubung, terakhir terdengar {}; tidak dapat dibuka dari sini", heard);
  return "belum diketahui";
}

}  // namespace

int list_badges(const Terminal& terminal, const DaemonClient& daemon, bool all) {
  const auto answer = daemon.get_all(all ? "/badges?state=all" : "/badges?state=out", "badges");
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  Rows rows = {{"KARTU", "KEADAAN", "NAMA", "JENIS", "DISERAHKAN", "BERLAKU SAMPAI", "ALASAN"}};
  for (const json::value& badge : list_of(*answer, "badges"))
    rows.push_back({text_of(badge, "id"), indonesian_text(badge, "state"), text_of(badge, "name"),
                    indonesian_text(badge, "kind"), when(badge, "issued"), when(badge, "valid_until"),
                    text_of(badge, "reason")});
  terminal.out << aligned(rows);
  return done;
}

int show_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id) {
  const auto answer = daemon.get("/badges/" + encoded(id));
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const Rows rows = {{"Kartu", text_of(*answer, "id")},
                     {"Jenis", indonesian_text(*answer, "kind")},
                     {"Keadaan", indonesian_text(*answer, "state")},
                     {"Nama", text_of(*answer, "name")},
                     {"Kunjungan", text_of(*answer, "visit")},
                     {"Diserahkan", when(*answer, "issued")},
                     {"Berlaku sampai", when(*answer, "valid_until")},
                     {"Berakhir", when(*answer, "ended")},
                     {"Dipakai", text_of(*answer, "uses")},
                     {"Alasan", text_of(*answer, "reason")}};
  terminal.out << aligned(rows) << '\n';
  Rows events = {{"NOMOR", "WAKTU", "KEJADIAN", "TITIK", "OLEH", "DATA"}};
  for (const json::value& event : list_of(*answer, "events"))
    events.push_back({text_of(event, "number"), when(event, "time"), text_of(event, "type"), text_of(event, "point"),
                      text_of(event, "actor"), text_of(event, "data")});
  terminal.out << aligned(events);
  return done;
}

// The text is printed once, for people who print badges by other means; the page is for a browser.
int issue_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& visit, const std::string& reason,
                bool another) {
  json::object body;
  if (!reason.empty()) body["reason"] = reason;
  if (another) body["another"] = true;
  const auto answer = daemon.post("/visits/" + encoded(visit) + "/badge", body);
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const json::value& badge = field(*answer, "badge");
  return print_result(
      terminal, answer,
      fmt::format("Kartu {} untuk {}, berlaku sampai {}. Isi kode, hanya sekali ini: {}", text_of(badge, "id"),
                  text_of(badge, "name"), when(badge, "valid_until"), text_of(*answer, "token")));
}

int revoke_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason) {
  const auto answer = daemon.post("/badges/" + encoded(id) + "/revoke", {{"reason", reason}});
  if (!answer || terminal.json) return print_result(terminal, answer, "");
  const json::array& doors = list_of(*answer, "doors");
  Rows rows;
  int refusing = 0;
  for (const json::value& door : doors) {
    refusing += flag_of(door, "refused") ? 1 : 0;
    rows.push_back({text_of(door, "point"), door_sentence(door)});
  }
  terminal.out << printable(fmt::format("Kartu {} dicabut; ditolak di {} dari {} pembaca", id, refusing, doors.size()))
               << '\n'
               << aligned(rows);
  return done;
}

int return_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id) {
  return print_result(terminal, daemon.post("/badges/" + encoded(id) + "/return", {}), "Kartu " + id + " sudah kembali");
}

int change_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& to,
                 const std::string& reason) {
  return print_result(terminal, daemon.post("/badges/" + encoded(id) + "/change", {{"to", to}, {"reason", reason}}),
                      "Kartu " + id + ": " + in_indonesian(to));
}

}  // namespace gapura::gateway
