// SPDX-License-Identifier: Apache-2.0
// gapura visit …, gapura guest import: a guard's work from a shell, through the API (docs/decisions/0005).
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "gateway/cli/commands.h"
#include "gateway/cli/indonesian.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t largest_file = 1u << 20;

int tell_visit(const Terminal& terminal, const Result<json::value>& answer, const char* what) {
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  terminal.out << printable(fmt::format("{} {}: {} ({})", text_of(*answer, "id"), what, text_of(*answer, "name"),
                                        indonesian_text(*answer, "state")))
               << '\n';
  const json::value& hours = field(*answer, "hours");
  if (hours.is_object())
    terminal.out << printable(fmt::format("Di luar jam bertamu: {}. Buka lagi: {}", text_of(hours, "rule"),
                                          short_time(text_of(hours, "next_open"))))
                 << '\n';
  return done;
}

std::string where_of(const json::value& visit) {
  std::string all;
  if (const json::object* where = field(visit, "where").if_object())
    for (const auto& [area, people] : *where)
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", std::string(area), json::serialize(people));
  return all;
}

std::string why_of(const json::value& line) {
  const std::string column = text_of(line, "column");
  return (column.empty() ? "" : fmt::format("kolom {}: ", column)) + text_of(line, "why_id");
}

int print_import(const Terminal& terminal, const json::value& answer, bool dry_run) {
  const json::array& bad = list_of(answer, "bad");
  const int code = bad.empty() ? done : bad_usage;
  if (terminal.json) {
    terminal.out << json::serialize(answer) << '\n';
    return code;
  }
  for (const json::value& line : bad)
    terminal.err << printable(fmt::format("baris {}: {}", text_of(line, "line"), why_of(line))) << '\n';
  if (!bad.empty()) {
    terminal.err << fmt::format("{} kesalahan; tidak ada yang disimpan\n", bad.size());
    return code;
  }
  terminal.out << fmt::format("{} kunjungan {}\n", text_of(answer, "planned"),
                              dry_run ? "dapat dijadwalkan (belum disimpan)" : "dijadwalkan");
  if (number_of(answer, "merged") > 0)
    terminal.out << fmt::format("{} baris digabung dengan kunjungan yang sudah ada\n", text_of(answer, "merged"));
  return code;
}

}  // namespace

int add_visit(const Terminal& terminal, const DaemonClient& daemon, const VisitRequest& request) {
  json::object body{{"name", request.name}, {"whom", request.whom}, {"category", request.category}};
  const std::pair<const char*, const std::string&> texts[] = {{"purpose", request.purpose},
                                                              {"phone", request.phone},
                                                              {"institution", request.institution},
                                                              {"vehicle", request.vehicle},
                                                              {"person", request.person}};
  for (const auto& [key, text] : texts)
    if (!text.empty()) body[key] = text;
  if (request.party > 1) body["party"] = request.party;
  if (request.quick) body["quick"] = true;
  return tell_visit(terminal, daemon.post("/visits", body), "terdaftar");
}

int list_visits(const Terminal& terminal, const DaemonClient& daemon, bool all) {
  const auto answer = daemon.get_all(all ? "/visits?state=all" : "/visits?state=open", "visits");
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  Rows rows = {{"KUNJUNGAN", "NAMA", "ORANG", "KEADAAN", "PERSETUJUAN", "PEMERIKSAAN", "TIBA", "TUJUAN"}};
  for (const json::value& visit : list_of(*answer, "visits"))
    rows.push_back({text_of(visit, "id"), text_of(visit, "name"), text_of(visit, "party"), indonesian_text(visit, "state"),
                    indonesian_text(visit, "approval"), indonesian_text(visit, "screening"),
                    short_time(text_of(visit, "arrived")), text_of(visit, "whom")});
  terminal.out << aligned(rows);
  return done;
}

int show_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id) {
  const auto answer = daemon.get("/visits/" + encoded(id));
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  Rows rows = {{"Kunjungan", text_of(*answer, "id")},
               {"Nama", text_of(*answer, "name")},
               {"Instansi", text_of(*answer, "institution")},
               {"Keperluan", text_of(*answer, "purpose")},
               {"Tujuan", text_of(*answer, "whom")},
               {"Kategori", indonesian_text(*answer, "category")},
               {"Orang", text_of(*answer, "party")},
               {"Keadaan", indonesian_text(*answer, "state")},
               {"Persetujuan", indonesian_text(*answer, "approval")},
               {"Pemeriksaan", indonesian_text(*answer, "screening")},
               {"Berada", indonesian_text(*answer, "presence")},
               {"Per tempat", where_of(*answer)},
               {"Tiba", short_time(text_of(*answer, "arrived"))},
               {"Selesai", short_time(text_of(*answer, "closed"))},
               {"Langkah berikut", text_of(field(*answer, "next"), "activity")}};
  terminal.out << aligned(rows) << '\n';
  Rows events = {{"NOMOR", "WAKTU", "KEJADIAN", "TITIK", "OLEH"}};
  for (const json::value& event : list_of(*answer, "events"))
    events.push_back({text_of(event, "number"), short_time(text_of(event, "time")), text_of(event, "type"),
                      text_of(event, "point"), text_of(event, "actor")});
  terminal.out << aligned(events);
  return done;
}

int close_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& outcome,
                const std::string& reason) {
  json::object body{{"outcome", outcome}};
  if (!reason.empty()) body["reason"] = reason;
  return tell_visit(terminal, daemon.post("/visits/" + encoded(id) + "/close", body), "ditutup");
}

int move_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& to,
               const std::string& reason) {
  json::object body{{"to", to}};
  if (!reason.empty()) body["reason"] = reason;
  return tell_visit(terminal, daemon.post("/visits/" + encoded(id) + "/move", body), "dipindahkan");
}

// The daemon checks the whole list, and stores all of it or nothing.
int import_guests(const Terminal& terminal, const DaemonClient& daemon, const std::string& file, bool dry_run) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return report(terminal, {ErrorKind::bad_input, "cannot read " + file});
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.size() > largest_file) return report(terminal, {ErrorKind::bad_input, file + " is larger than 1 MiB"});
  const auto answer =
      daemon.post_file(dry_run ? "/visits/import?dry_run=1" : "/visits/import", "text/csv; charset=utf-8", text);
  if (!answer) return report(terminal, answer.error());
  return print_import(terminal, *answer, dry_run);
}

}  // namespace gapura::gateway
