// SPDX-License-Identifier: Apache-2.0
// The record on the command line. All but `checkpoint` and `continue` only read: a copy on a stick is enough, and no daemon
// is needed.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "drivers/base64.h"
#include "drivers/reader.h"
#include "gateway/cli/commands.h"
#include "gateway/journal/database.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/continue_journal.h"
#include "gateway/record/daily_sheet.h"
#include "gateway/record/leaf_scan.h"
#include "gateway/record/proof.h"
#include "gateway/record/verify.h"
#include "gateway/settings/machine.h"
#include "gateway/settings/private_file.h"
#include "gateway/settings/settings.h"
#include "gateway/settings/system_clock.h"
#include "gateway/web/http/passwords.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string database_in(const std::string& data) {
  std::error_code error;
  return fs::is_directory(data, error) ? data + "/gapura.db" : data;
}

// There is no running daemon to check a password.
Status check_officer(const std::string& data, const Officer& officer) {
  const auto password = TRY(read_password(officer));
  const auto db = TRY(Database::open_reader(data + "/gapura.db"));
  auto row = TRY(db.prepare("SELECT password_hash FROM user WHERE name = ?1 AND role = 'admin' AND disabled = 0"));
  const auto found = TRY(row.bind(1, officer.name).step());
  if (!password_matches(found ? row.text(0) : "", password))
    return fail(ErrorKind::not_permitted,
                "the name or the password is wrong, or it is no admin's. Those of this older file count; if nobody knows "
                "them any more, --alone goes on and says so");
  return {};
}

Result<std::string> read_text(const std::string& path) {
  if (path != "-") return read_small_file(path);
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(0, buffer, sizeof buffer)) > 0 && text.size() < 1u << 20;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

// "gapura.site+1a2b3c4d+…", or a file with one per line.
Result<std::vector<VerifierKey>> read_keys(const std::vector<std::string>& given) {
  std::vector<VerifierKey> keys;
  for (const auto& one : given) {
    std::string text = one;
    if (!parse_verifier_key(text)) {
      auto file = read_text(one);
      if (!file)
        return fail(ErrorKind::bad_input, "--vkey: expected name+xxxxxxxx+base64, or a file with such lines, not " + one);
      text = std::move(*file);
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      auto key = parse_verifier_key(line);
      if (!key) return fail(ErrorKind::bad_input, "--vkey: this is no verifier key: " + line);
      keys.push_back(std::move(*key));
    }
  }
  return keys;
}

json::object to_json(const VerifyReport& report) {
  json::array findings, notices;
  for (const auto& one : report.findings)
    findings.push_back({{"kind", one.kind}, {"entry", one.entry}, {"what", one.what}});
  for (const auto& one : report.notices) notices.push_back(json::string(one));
  return {{"sound", report.sound()},
          {"entries", report.entries},
          {"root", to_base64(report.root)},
          {"origin", report.origin},
          {"signed", report.signed_size},
          {"checkpoints", report.checkpoints},
          {"outside", report.outside},
          {"folded", report.folded},
          {"findings_count", report.findings_count},
          {"findings", std::move(findings)},
          {"notices", std::move(notices)},
          {"tree_seconds", report.tree_seconds},
          {"fold_seconds", report.fold_seconds}};
}

void print_verified(const Terminal& terminal, const VerifyReport& report) {
  if (terminal.json) {
    terminal.out << json::serialize(to_json(report)) << '\n';
    return;
  }
  const Words& say = terminal.words;
  const std::string newest = say({"cli.log.newest", "checkpoints", "entries", "origin"}, report.checkpoints,
                                 report.signed_size, report.origin.empty() ? "-" : report.origin);
  const std::string tables = report.folded ? say({"cli.log.folded", "seconds"}, fmt::format("{:.1f}", report.fold_seconds))
                                           : say("cli.log.not_folded");
  terminal.out << aligned({{say("cli.log.entries"), say.number(static_cast<std::int64_t>(report.entries))},
                           {say("cli.log.root"), to_base64(report.root)},
                           {say("cli.log.checkpoints"), newest},
                           {say("cli.log.tables"), tables}});
  for (const auto& notice : report.notices) terminal.out << printable(say({"cli.log.notice", "text"}, notice)) << '\n';
  for (const auto& one : report.findings)
    terminal.err << fmt::format("{} {}: {}\n", one.kind, one.entry, printable(one.what));
  if (report.findings_count > report.findings.size())
    terminal.err << say({"cli.log.more", "n"}, report.findings_count - report.findings.size()) << '\n';
  // In two languages: who checks a record may come from elsewhere.
  const std::string verdict = !report.sound()          ? say.both("cli.log.broken")
                              : report.checkpoints > 0 ? say.both("cli.log.sound")
                                                       : say.both("cli.log.unsigned");
  terminal.out << verdict << '\n';
}

Result<Database> open_log(const std::string& data) { return Database::open_archive(database_in(data)); }

// Returns the site's zone offset, as in its newest entry.
std::chrono::minutes newest_offset(const Database& db) {
  auto row = db.prepare("SELECT utc, leaf FROM entry ORDER BY number DESC LIMIT 1");
  if (!row || !*row->step()) return std::chrono::minutes(0);
  const std::string leaf = row->blob(1);
  const auto at = leaf.find("\"ts\":\"");
  if (at == std::string::npos || leaf.size() < at + 35) return std::chrono::minutes(0);
  const std::string zone = leaf.substr(at + 29, 6);  // +07:00
  const int minutes = std::atoi(zone.substr(1, 2).c_str()) * 60 + std::atoi(zone.substr(4, 2).c_str());
  return std::chrono::minutes(zone[0] == '-' ? -minutes : minutes);
}

Now now_of(const std::string& data_folder) {
  const auto db = open_log(data_folder);
  return {std::chrono::floor<Millis>(std::chrono::system_clock::now()), drivers::boot_now(), ClockQuality::holdover,
          db ? newest_offset(*db) : std::chrono::minutes(0)};
}

}  // namespace

int verify_record(const Terminal& terminal, const VerifyOptions& options) {
  VerifyRequest request;
  request.database = database_in(options.data);
  request.tree_only = options.tree_only;
  request.threads = std::max(1u, std::thread::hardware_concurrency());
  auto keys = read_keys(options.keys);
  if (!keys) return report(terminal, keys.error());
  request.trusted = std::move(*keys);
  for (const auto& file : options.checkpoints) {
    auto note = read_text(file);
    if (!note) return report(terminal, {ErrorKind::bad_input, note.error().message});
    request.outside.push_back(std::move(*note));
  }
  // The folder's own copy of the last checkpoint is outside the database.
  const std::string kept = fs::path(request.database).parent_path().string() + "/log/checkpoint";
  std::error_code error;
  if (fs::exists(kept, error))
    if (auto note = read_small_file(kept)) request.outside.push_back(std::move(*note));
  SettingsReport loaded;
  if (!options.config.empty()) {
    loaded = load_settings(options.config, find_controllers_folder(options.config));
    if (!loaded.settings) return check_file(terminal, options.config);
    request.site = &loaded.settings->site;
  }
  const auto verified = verify_journal(request);
  if (!verified) return report(terminal, verified.error());
  print_verified(terminal, *verified);
  return verified->sound() ? done : failed;
}

int prove_record(const Terminal& terminal, const std::string& data, std::optional<std::uint64_t> entry,
                 std::optional<std::uint64_t> from) {
  if (entry.has_value() == from.has_value())
    return report(terminal, {ErrorKind::bad_input,
                             "expected the number of an entry, or --from with the size of an earlier checkpoint"});
  const auto db = open_log(data);
  if (!db) return report(terminal, db.error());
  const auto newest = entry ? find_checkpoint(*db, *entry + 1) : find_checkpoint(*db);
  if (!newest) return report(terminal, newest.error());
  if (entry) {
    const auto proof = prove_entry(*db, *entry, newest->note);
    if (!proof) return report(terminal, proof.error());
    terminal.out << (terminal.json ? json::serialize(json::object{{"entry", *entry}, {"proof", *proof}}) + "\n" : *proof);
    return done;
  }
  const auto proof = prove_growth(*db, *from, newest->size);
  if (!proof) return report(terminal, proof.error());
  if (terminal.json) {
    json::array lines;
    for (const auto& line : *proof) lines.push_back(json::string(line));
    terminal.out << json::serialize(json::object{
                        {"from", *from}, {"to", newest->size}, {"proof", std::move(lines)}, {"checkpoint", newest->note}})
                 << '\n';
    return done;
  }
  for (const auto& line : *proof) terminal.out << line << '\n';
  terminal.out << '\n' << newest->note;
  return done;
}

int show_checkpoint(const Terminal& terminal, const DaemonClient& daemon) {
  // A running gateway signs what was appended since; a stopped one has signed all.
  const auto signed_now = daemon.post("/log/checkpoint", {});
  if (!signed_now && signed_now.error().kind != ErrorKind::unavailable) return report(terminal, signed_now.error());
  const auto db = open_log(daemon.data_folder());
  if (!db) return report(terminal, db.error());
  const auto newest = find_checkpoint(*db);
  if (!newest) return report(terminal, newest.error());
  if (terminal.json) {
    const auto keys = announced_keys(*db);
    const auto parsed = parse_checkpoint_note(newest->note);
    terminal.out << json::serialize(json::object{{"checkpoint", newest->note},
                                                 {"origin", parsed ? parsed->origin : ""},
                                                 {"size", newest->size},
                                                 {"root", parsed ? to_base64(parsed->root) : ""},
                                                 {"verifier", keys && !keys->empty() ? keys->back().text : ""}})
                 << '\n';
  } else {
    terminal.out << newest->note;
  }
  return done;
}

int export_record(const Terminal& terminal, const DaemonClient& daemon, const std::string& folder) {
  const auto signed_now = daemon.post("/log/checkpoint", {});
  if (!signed_now && signed_now.error().kind != ErrorKind::unavailable) return report(terminal, signed_now.error());
  const auto db = open_log(daemon.data_folder());
  if (!db) return report(terminal, db.error());
  const auto newest = find_checkpoint(*db);
  if (!newest) return report(terminal, newest.error());
  const auto exported = export_tiles(*db, folder, newest->note);
  if (!exported) return report(terminal, exported.error());
  if (terminal.json) {
    terminal.out << json::serialize(
                        json::object{{"folder", folder}, {"entries", exported->entries}, {"files", exported->files}})
                 << '\n';
  } else {
    terminal.out << printable(terminal.words({"cli.log.exported", "n", "files", "folder"}, exported->entries,
                                             exported->files, folder))
                 << '\n';
  }
  return done;
}

int write_sheet(const Terminal& terminal, const DaemonClient& daemon, const std::string& date, const std::string& file) {
  const auto signed_now = daemon.post("/log/checkpoint", {});
  if (!signed_now && signed_now.error().kind != ErrorKind::unavailable) return report(terminal, signed_now.error());
  const auto db = open_log(daemon.data_folder());
  if (!db) return report(terminal, db.error());
  const auto site = read_small_file(daemon.data_folder() + "/site");
  const Now now = now_of(daemon.data_folder());
  const std::string day = date.empty() ? local_date(now) : date;
  const auto sheet = load_daily_sheet(*db, site ? site->substr(0, site->find('\n')) : "", day, now, terminal.words);
  if (!sheet) return report(terminal, sheet.error());
  const auto pdf = to_pdf(*sheet);
  if (!pdf) return report(terminal, pdf.error());
  const std::string path = file.empty() ? "lembar-" + day + ".pdf" : file;
  if (auto written = write_file(path, *pdf, 0644); !written) return report(terminal, written.error());
  if (terminal.json) {
    terminal.out << json::serialize(json::object{{"file", path}, {"date", day}, {"checkpoint", sheet->note}}) << '\n';
  } else {
    terminal.out << path << '\n';
  }
  return done;
}

int continue_record(const Terminal& terminal, const std::string& data, const Officer& officer, const std::string& reason,
                    bool alone) {
  const auto site = read_small_file(data + "/site");
  if (!site) return report(terminal, {ErrorKind::bad_input, data + " holds no site"});
  const auto lock = lock_data_folder(data);
  if (!lock) return report(terminal, lock.error());
  const auto known = alone ? Status() : check_officer(data, officer);
  const auto continued = known ? continue_journal(data, site->substr(0, site->find('\n')), {officer.name, reason, alone},
                                                  now_of(data), read_boot_id(system_randomness()))
                               : Result<std::optional<Checkpoint>>(tl::unexpected(known.error()));
  ::close(*lock);
  if (!continued) return report(terminal, continued.error());
  const auto& checkpoint = *continued;
  if (!checkpoint) {
    if (terminal.json)
      terminal.out << json::serialize(json::object{{"proposed_by", officer.name}}) << '\n';
    else
      terminal.out << terminal.words("cli.log.proposed") << '\n';
    return done;
  }
  if (terminal.json) {
    terminal.out << json::serialize(json::object{
                        {"origin", checkpoint->origin}, {"size", checkpoint->size}, {"root", to_base64(checkpoint->root)}})
                 << '\n';
  } else {
    terminal.out << terminal.words({"cli.log.continued", "origin", "entry"}, checkpoint->origin,
                                   std::to_string(checkpoint->size))
                 << '\n';
  }
  return done;
}

}  // namespace gapura::gateway
