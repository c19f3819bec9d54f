// SPDX-License-Identifier: Apache-2.0
// gapura visit …, gapura guest import: a guard's work from a shell, through the API (docs/decisions/0005).
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "gateway/cli/commands.h"
#include "gateway/cli/guest_file.h"
#include "gateway/cli/indonesian.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t largest_file = 5u << 20;

int tell_visit(const Terminal& terminal, const Result<json::value>& answer, const char* what) {
  if (!answer) return report(terminal, answer.error());
  if (terminal.json) {
    terminal.out << json::serialize(*answer) << '\n';
    return done;
  }
  terminal.out << printable(fmt::format("{} {}: {} ({})", text_of(*answer, "id"), what, text_of(*answer, "name"),
                                        said(*answer, "state")))
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

// "+07:00", from the time that the daemon tells.
Result<std::string> site_offset(const DaemonClient& daemon) {
  const auto status = daemon.get("/status");
  if (!status) return tl::unexpected(status.error());
  const std::string time = text_of(*status, "time");
  if (time.size() < 6) return fail(ErrorKind::bug, "the daemon does not tell its time");
  return time.substr(time.size() - 6);
}

json::object plan_of(const PlannedGuest& guest) {
  json::object body{{"name", guest.name},         {"purpose", guest.purpose}, {"whom", guest.whom},
                    {"category", guest.category}, {"from", guest.from},       {"until", guest.until}};
  if (!guest.phone.empty()) body["phone"] = guest.phone;
  if (!guest.institution.empty()) body["institution"] = guest.institution;
  return body;
}

int tell_import(const Terminal& terminal, std::size_t planned, bool dry_run, const std::vector<BadLine>& bad) {
  if (terminal.json) {
    json::array lines;
    for (const BadLine& line : bad) lines.push_back({{"line", line.line}, {"why", line.why}});
    terminal.out << json::serialize(json::object{{"planned", planned}, {"dry_run", dry_run}, {"bad", std::move(lines)}})
                 << '\n';
    return bad.empty() ? done : failed;
  }
  for (const BadLine& line : bad) terminal.err << fmt::format("baris {}: {}\n", line.line, printable(line.why));
  if (!bad.empty()) terminal.err << fmt::format("{} baris salah\n", bad.size());
  terminal.out << fmt::format("{} kunjungan {}\n", planned, dry_run ? "dapat dijadwalkan (belum disimpan)" : "dijadwalkan");
  return bad.empty() ? done : failed;
}

}  // namespace

int add_visit(const Terminal& terminal, const DaemonClient& daemon, const VisitRequest& request) {
  json::object body{{"name", request.name}, {"whom", request.whom}, {"category", request.category}};
  const std::pair<const char*, const std::string&> texts[] = {{"purpose", request.purpose},
                                                              {"phone", request.phone},
                                                              {"institution", request.institution},
                                                              {"vehicle", request.vehicle}};
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
    rows.push_back({text_of(visit, "id"), text_of(visit, "name"), text_of(visit, "party"), said(visit, "state"),
                    said(visit, "approval"), said(visit, "screening"), short_time(text_of(visit, "arrived")),
                    text_of(visit, "whom")});
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
               {"Kategori", said(*answer, "category")},
               {"Orang", text_of(*answer, "party")},
               {"Keadaan", said(*answer, "state")},
               {"Persetujuan", said(*answer, "approval")},
               {"Pemeriksaan", said(*answer, "screening")},
               {"Berada", said(*answer, "presence")},
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

// Nothing is sent while a line is bad: a list is imported whole, or mended first.
int import_guests(const Terminal& terminal, const DaemonClient& daemon, const std::string& file, bool dry_run) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return report(terminal, {ErrorKind::bad_input, "cannot read " + file});
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.size() > largest_file) return report(terminal, {ErrorKind::bad_input, file + " is larger than 5 MiB"});
  const auto offset = site_offset(daemon);
  if (!offset) return report(terminal, offset.error());
  GuestFile guests = read_guest_file(text, *offset);
  if (!guests.bad.empty()) {
    tell_import(terminal, 0, dry_run, guests.bad);
    return bad_usage;
  }
  std::size_t planned = 0;
  for (const PlannedGuest& guest : guests.guests) {
    if (!dry_run) {
      const auto made = daemon.post("/visits/plan", plan_of(guest));
      if (!made && exit_code(made.error().kind) == no_daemon) {
        tell_import(terminal, planned, dry_run, guests.bad);
        return report(terminal, made.error());
      }
      if (!made) {
        guests.bad.push_back({guest.line, made.error().message});
        continue;
      }
    }
    ++planned;
  }
  return tell_import(terminal, planned, dry_run, guests.bad);
}

}  // namespace gapura::gateway
