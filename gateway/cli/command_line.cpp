// SPDX-License-Identifier: Apache-2.0
// The table of commands. Each block declares a command's options; the command itself is a function of commands.h or
// doctor.h.
#include "gateway/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "drivers/camera.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/devices_probe.h"
#include "gateway/cli/doctor.h"
#include "gateway/contract/command.h"
#include "gateway/contract/version.h"
#include "gateway/settings/settings.h"

namespace gapura::gateway {
namespace {

std::string config_or_default(const std::string& option) {
  if (!option.empty()) return option;
  const char* environment = std::getenv("GAPURA_CONFIG");
  return environment != nullptr && *environment != '\0' ? environment : "/etc/gapura/gateway.toml";
}

// $GAPURA_LANGUAGE, else the site's own, else Bahasa Indonesia.
Words spoken_language() {
  const char* environment = std::getenv("GAPURA_LANGUAGE");
  return Words(environment != nullptr && *environment != '\0' ? environment : site_language(config_or_default("")));
}

template <class Choices>
CLI::IsMember one_of(const Choices& choices) {
  return CLI::IsMember(std::vector<std::string>(choices.begin(), choices.end()));
}

// Filled by the parser, read by the command that was chosen.
struct Options {
  bool json = false, all = false, follow = false, another = false, dry_run = false;
  int count = 20;
  int shadow_days = 0;
  std::string file, data, name, role, id, reason, to;
  std::optional<std::uint64_t> entry, from;
  VerifyOptions verify;
  VisitRequest visit;
  std::vector<std::string> files;
  InitRequest init;
  SimulateRequest simulate;
  SopQuestion sop;
  ProbeRequest probe;
  Officer officer;
  BreachRequest breach;
  std::string phone, date, kind, requester, purpose;
};

class Commands {
 public:
  Commands(CLI::App& app, std::ostream& out, std::ostream& err) : out_(out), err_(err) {
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("gapura ") + version);
    app.failure_message(CLI::FailureMessage::simple);
    app.footer(
        "Exit codes: 0 done, 1 failed, 2 bad input or usage, 3 not permitted, 4 no daemon or busy.\n"
        "Language: $GAPURA_LANGUAGE, else site.language of the configuration.");
    add_site_commands(app);
    add_user_commands(*app.add_subcommand("user", "Accounts of guards, aides and admins")->require_subcommand(1));
    add_visit_commands(*app.add_subcommand("visit", "Visits: register, list, move, close")->require_subcommand(1));
    add_badge_commands(*app.add_subcommand("badge", "Badges: issue, list, take back")->require_subcommand(1));
    add_guest_commands(*app.add_subcommand("guest", "Lists of guests")->require_subcommand(1));
    add_sop_commands(*app.add_subcommand("sop", "Procedures as files")->require_subcommand(1));
    add_log_commands(*app.add_subcommand("log", "The record: read, verify, prove, export")->require_subcommand(1));
    add_retention_commands(
        *app.add_subcommand("retention", "How long personal data are kept, and their destruction")->require_subcommand(1));
    add_subject_commands(*app.add_subcommand("subject", "The data-subject desk")->require_subcommand(1));
    add_other_commands(app);
  }

  int run() const { return chosen_ ? chosen_() : bad_usage; }

 private:
  CLI::App& add(CLI::App& parent, const char* name, const char* about, std::function<int()> action) {
    CLI::App* sub = parent.add_subcommand(name, about);
    sub->callback([this, action = std::move(action)] { chosen_ = action; });
    return *sub;
  }
  CLI::App& with_json(CLI::App& sub) {
    sub.add_flag("--json", options_.json, "Print JSON instead of text");
    return sub;
  }
  CLI::App& with_data(CLI::App& sub) {
    sub.add_option("--data", options_.data, "Data folder (default: $GAPURA_DATA, else /var/lib/gapura)");
    return sub;
  }
  CLI::App& with_config(CLI::App& sub) {
    sub.add_option("--config", options_.file, "Configuration (default: $GAPURA_CONFIG, else /etc/gapura/gateway.toml)");
    return sub;
  }
  // Adds a command that queries the running daemon.
  CLI::App& add_asking(CLI::App& parent, const char* name, const char* about,
                       std::function<int(const Terminal&, const DaemonClient&)> action) {
    return with_data(with_json(add(parent, name, about, [this, action = std::move(action)] {
      return action(terminal(), DaemonClient(data_folder_or_default(options_.data)));
    })));
  }
  Terminal terminal() const { return {out_, err_, options_.json, spoken_language()}; }

  void add_site_commands(CLI::App& app);
  void add_user_commands(CLI::App& user);
  void add_visit_commands(CLI::App& visit);
  void add_guest_commands(CLI::App& guest);
  void add_badge_commands(CLI::App& badge);
  void add_sop_commands(CLI::App& sop);
  void add_log_commands(CLI::App& log);
  void add_retention_commands(CLI::App& retention);
  void add_subject_commands(CLI::App& subject);
  CLI::App& with_officer(CLI::App& sub) {
    sub.add_option("--officer", options_.officer.name, "The admin who decides; it stands in the record")->required();
    sub.add_option("--password-file", options_.officer.password_file, "A file with the password (default: standard input)");
    return sub;
  }
  void add_other_commands(CLI::App& app);

  std::ostream& out_;
  std::ostream& err_;
  Options options_;
  std::function<int()> chosen_;
};

void Commands::add_site_commands(CLI::App& app) {
  CLI::App& init =
      with_json(add(app, "init", "Make a data folder: database, keys, certificates, one-time code for the first admin",
                    [this] { return init_site(terminal(), options_.init); }));
  init.add_option("DIR", options_.init.folder, "The data folder")->required();
  init.add_option("--site", options_.init.site, "The site's id, as in the configuration");
  init.add_option("--config", options_.init.config,
                  "Take the site's id and the certificate's names from this configuration");
  init.add_option("--name", options_.init.names, "Host name or address for the certificate (may be repeated)");
  init.add_flag("--new-code", options_.init.new_code,
                "For a site that exists: another one-time code (the admin's password is lost)");
  init.add_flag("--new-certificates", options_.init.new_certificates,
                "For a site that exists: another certificate authority");

  CLI::App& check = add(app, "check", "Report every mistake in a configuration", [this] {
    if (options_.shadow_days == 0) return check_file(terminal(), options_.file);
    return check_shadow(terminal(), options_.file, data_folder_or_default(options_.data), options_.shadow_days);
  });
  with_data(with_json(check)).add_option("FILE", options_.file, "The configuration")->required();
  check.add_option("--shadow", options_.shadow_days, "Also: what it would have changed over the last DAYS of the journal")
      ->check(CLI::Range(1, 3650));
  with_data(with_config(add(app, "serve", "Run the gateway", [this] {
    return serve_site(terminal(), config_or_default(options_.file), data_folder_or_default(options_.data));
  })));
  with_data(with_config(with_json(add(app, "doctor", "Say what would stop this site from working, and what to do", [this] {
    return run_doctor(terminal(), config_or_default(options_.file), data_folder_or_default(options_.data));
  }))));
  add_asking(app, "status", "Show devices, portals, clock, disk, journal, versions", &show_status);
}

void Commands::add_user_commands(CLI::App& user) {
  CLI::App& added = add_asking(user, "add", "Make an account; prints its password once",
                               [this](const auto& terminal, const auto& daemon) {
                                 return add_user(terminal, daemon, options_.name, options_.role);
                               });
  added.add_option("NAME", options_.name, "The name to sign in with")->required();
  added.add_option("--role", options_.role, "guard, aide or admin")->required()->check(one_of(words<Role>));
  add_asking(user, "list", "List accounts", &list_users);
  add_asking(user, "disable", "End an account and its sessions",
             [this](const auto& terminal, const auto& daemon) { return disable_user(terminal, daemon, options_.name); })
      .add_option("NAME", options_.name, "Its name or id")
      ->required();
  add_asking(user, "reset", "Give an account a new password; prints it once",
             [this](const auto& terminal, const auto& daemon) { return reset_password(terminal, daemon, options_.name); })
      .add_option("NAME", options_.name, "Its name or id")
      ->required();
}

void Commands::add_visit_commands(CLI::App& visit) {
  CLI::App& added =
      add_asking(visit, "add", "Register a guest at the post",
                 [this](const auto& terminal, const auto& daemon) { return add_visit(terminal, daemon, options_.visit); });
  VisitRequest& form = options_.visit;
  added.add_option("NAME", form.name, "The guest's full name")->required();
  added.add_option("--whom", form.whom, "Whom or which unit the guest wants to see")->required();
  added.add_option("--purpose", form.purpose, "What for; may be missing with --quick");
  added.add_option("--category", form.category, "general or special")->check(one_of(words<GuestCategory>));
  added.add_option("--phone", form.phone, "Telephone number");
  added.add_option("--institution", form.institution, "Where the guest comes from");
  added.add_option("--vehicle", form.vehicle, "Plate");
  added.add_option("--party", form.party, "People, the guest included")->check(CLI::Range(1, 500));
  added.add_option("--person", form.person, "Who it is, where the daemon asks: an id that it named, or new");
  added.add_flag("--quick", form.quick, "Let in now, complete the form later");
  add_asking(visit, "list", "List open visits", [this](const auto& terminal, const auto& daemon) {
    return list_visits(terminal, daemon, options_.all);
  }).add_flag("--all", options_.all, "Also those that ended");
  add_asking(visit, "show", "Show a visit and what happened in it",
             [this](const auto& terminal, const auto& daemon) { return show_visit(terminal, daemon, options_.id); })
      .add_option("ID", options_.id, "The visit's id")
      ->required();
  CLI::App& closed = add_asking(visit, "close", "End a visit", [this](const auto& terminal, const auto& daemon) {
    return close_visit(terminal, daemon, options_.id, options_.to, options_.reason);
  });
  closed.add_option("ID", options_.id, "The visit's id")->required();
  closed.add_option("--outcome", options_.to, "departed, left_early or turned_away")
      ->required()
      ->check(one_of(CloseVisit::Outcome::choices));
  closed.add_option("--reason", options_.reason, "Why; needed while a badge or a thing is out");
  CLI::App& moved =
      add_asking(visit, "move", "Move a visit to another state", [this](const auto& terminal, const auto& daemon) {
        return move_visit(terminal, daemon, options_.id, options_.to, options_.reason);
      });
  moved.add_option("ID", options_.id, "The visit's id")->required();
  moved.add_option("STATE", options_.to, "waiting, called, in_meeting, finished, away, cancelled …")->required();
  moved.add_option("--reason", options_.reason, "Why; stands in the journal");
}

void Commands::add_guest_commands(CLI::App& guest) {
  CLI::App& imported =
      add_asking(guest, "import", "Plan visits from a CSV file: name,phone,institution,purpose,whom,category,from,until",
                 [this](const auto& terminal, const auto& daemon) {
                   return import_guests(terminal, daemon, options_.file, options_.dry_run);
                 });
  imported.add_option("FILE", options_.file, "The CSV file")->required();
  imported.add_flag("--dry-run", options_.dry_run, "Only say what is wrong with it");
}

void Commands::add_badge_commands(CLI::App& badge) {
  add_asking(badge, "list", "List badges that are out", [this](const auto& terminal, const auto& daemon) {
    return list_badges(terminal, daemon, options_.all);
  }).add_flag("--all", options_.all, "Also those that ended");
  add_asking(badge, "show", "Show a badge and what happened with it",
             [this](const auto& terminal, const auto& daemon) { return show_badge(terminal, daemon, options_.id); })
      .add_option("ID", options_.id, "The badge's id")
      ->required();
  CLI::App& issue =
      add_asking(badge, "issue", "Issue a badge for a visit", [this](const auto& terminal, const auto& daemon) {
        return issue_badge(terminal, daemon, options_.id, options_.reason, options_.another);
      });
  issue.add_option("VISIT", options_.id, "The visit's id")->required();
  issue.add_option("--reason", options_.reason, "Why a second one; the first is revoked");
  issue.add_flag("--another", options_.another, "A further badge of a party");
  add_asking(badge, "return", "Take a badge back",
             [this](const auto& terminal, const auto& daemon) { return return_badge(terminal, daemon, options_.id); })
      .add_option("ID", options_.id, "The badge's id")
      ->required();
  CLI::App& change = add_asking(badge, "change", "Suspend, resume, lose, find a badge …",
                                [this](const auto& terminal, const auto& daemon) {
                                  return change_badge(terminal, daemon, options_.id, options_.to, options_.reason);
                                });
  change.add_option("ID", options_.id, "The badge's id")->required();
  change.add_option("STATE", options_.to, "suspended, active, lost, quarantine, in_stock or destroyed")
      ->required()
      ->check(one_of(decltype(ChangeBadge::to)::choices));
  change.add_option("--reason", options_.reason, "Why; stands in the journal")->required();
  CLI::App& revoke =
      add_asking(badge, "revoke", "Make every door refuse a badge", [this](const auto& terminal, const auto& daemon) {
        return revoke_badge(terminal, daemon, options_.id, options_.reason);
      });
  revoke.add_option("ID", options_.id, "The badge's id")->required();
  revoke.add_option("--reason", options_.reason, "Why; stands in the journal")->required();
}

void Commands::add_sop_commands(CLI::App& sop) {
  with_json(
      add(sop, "check", "Report every mistake in a procedure", [this] { return check_sop(terminal(), options_.file); }))
      .add_option("FILE", options_.file, "The procedure")
      ->required();
  add(sop, "show", "Show a procedure's steps, rules and gates", [this] { return show_sop(terminal(), options_.file); })
      .add_option("FILE", options_.file, "The procedure")
      ->required();
  CLI::App& report = with_data(
      with_config(with_json(add(sop, "report", "What of the recorded visits was not done as their procedure says", [this] {
        options_.sop.config = config_or_default(options_.file);
        options_.sop.data = data_folder_or_default(options_.data);
        return report_sop(terminal(), options_.sop);
      }))));
  report.add_option("--days", options_.sop.days, "Of visits registered in the last DAYS (default: 30)")
      ->check(CLI::Range(1, 3650));
  report.add_option("--draft", options_.sop.draft, "Judge every visit by this procedure instead");
}

void Commands::add_log_commands(CLI::App& log) {
  CLI::App& tail = add_asking(log, "tail", "Show the newest entries", [this](const auto& terminal, const auto& daemon) {
    return tail_log(terminal, daemon, options_.count, options_.follow);
  });
  tail.add_option("-n,--count", options_.count, "How many, 20 unless told")->check(CLI::Range(1, 1000));
  tail.add_flag("-f,--follow", options_.follow, "Go on with every new entry");

  CLI::App& verify = with_json(add(log, "verify", "Say whether the record is what was written and signed", [this] {
    options_.verify.data = data_folder_or_default(options_.data);
    options_.verify.config = options_.file;
    return verify_record(terminal(), options_.verify);
  }));
  verify.add_option("--data", options_.data,
                    "Data folder or a copy of gapura.db (default: $GAPURA_DATA, else /var/lib/gapura)");
  verify.add_option("--config", options_.file, "The site's configuration: the tables of state are checked too");
  verify.add_option("--vkey", options_.verify.keys, "A verifier key that is known from elsewhere, or a file of them");
  verify.add_option("--checkpoint", options_.verify.checkpoints,
                    "A checkpoint that was kept elsewhere: a file, - for standard input");
  verify.add_flag("--tree-only", options_.verify.tree_only, "Leaves, tree and signatures only");

  CLI::App& prove = with_data(with_json(add(log, "prove", "Print the proof that an entry is in the signed record", [this] {
    return prove_record(terminal(), data_folder_or_default(options_.data), options_.entry, options_.from);
  })));
  prove.add_option("NUMBER", options_.entry, "The entry's number");
  prove.add_option("--from", options_.from, "Instead: that the record goes on from an earlier checkpoint of this size");

  add_asking(log, "checkpoint", "Sign now, and print the newest checkpoint", &show_checkpoint);
  add_asking(log, "export", "Write the whole record as files (C2SP tlog-tiles)",
             [this](const auto& terminal, const auto& daemon) { return export_record(terminal, daemon, options_.to); })
      .add_option("DIR", options_.to, "A folder; one that holds an earlier export grows")
      ->required();
  CLI::App& sheet = add_asking(
      log, "sheet", "Write the sheet of a day as a PDF, to print and sign",
      [this](const auto& terminal, const auto& daemon) { return write_sheet(terminal, daemon, options_.id, options_.to); });
  sheet.add_option("DATE", options_.id, "2026-01-31; today unless told");
  sheet.add_option("--out", options_.to, "The file; lembar-DATE.pdf unless told");
  CLI::App& go_on = with_data(with_json(add(
      log, "continue", "Go on from an older journal, as a new log: one admin proposes it, a second one does it", [this] {
        return continue_record(terminal(), data_folder_or_default(options_.data), options_.officer, options_.reason,
                               options_.all);
      })));
  with_officer(go_on).add_option("--reason", options_.reason, "Why; stands in the record. The first admin's will do");
  go_on.add_flag("--alone", options_.all,
                 "No second admin can be reached: at once, without a password, and the record says so");
}

void Commands::add_retention_commands(CLI::App& retention) {
  add_asking(retention, "due", "What would be destroyed today: a dry run", &show_retention);
  CLI::App& approve =
      add_asking(retention, "approve", "Destroy what is due now", [this](const auto& terminal, const auto& daemon) {
        return approve_retention(terminal, daemon, options_.files, options_.officer);
      });
  with_officer(approve).add_option("CLASS", options_.files, "Only these classes (default: all)");
  CLI::App& agree = add_asking(retention, "agree", "Agree that a class is kept for less than before; it takes two admins",
                               [this](const auto& terminal, const auto& daemon) {
                                 return agree_retention(terminal, daemon, options_.id, options_.officer);
                               });
  with_officer(agree).add_option("CLASS", options_.id, "visit, portrait, nik, clip, approval or deviation")->required();
  CLI::App& hold = add_asking(retention, "hold", "Keep a visit's or a person's data from every destruction",
                              [this](const auto& terminal, const auto& daemon) {
                                return hold_data(terminal, daemon, options_.id, options_.reason);
                              });
  hold.add_option("ID", options_.id, "A visit (v-…) or a person (g-…)")->required();
  hold.add_option("--reason", options_.reason, "The pending case")->required();
  add_asking(retention, "holds", "Daftar penahanan yang berlaku / List the standing legal holds", &list_holds);
  CLI::App& release =
      add_asking(retention, "release", "End a legal hold", [this](const auto& terminal, const auto& daemon) {
        return release_hold(terminal, daemon, options_.id, options_.reason, options_.officer);
      });
  with_officer(release).add_option("HOLD", options_.id, "Its id (h-…)")->required();
  release.add_option("--reason", options_.reason, "Why it ends")->required();
}

void Commands::add_subject_commands(CLI::App& subject) {
  CLI::App& find =
      add_asking(subject, "find", "Find people; names are masked", [this](const auto& terminal, const auto& daemon) {
        return find_subject(terminal, daemon, options_.phone, options_.date, options_.name);
      });
  find.add_option("--phone", options_.phone, "The whole number");
  find.add_option("--date", options_.date, "A day: 2026-01-31");
  find.add_option("--name", options_.name, "Three letters or more");
  add_asking(subject, "cases", "What people asked of their data", &list_cases);
  CLI::App& open =
      add_asking(subject, "open", "Open a case; it is due in 72 hours", [this](const auto& terminal, const auto& daemon) {
        return open_case(terminal, daemon, options_.id, options_.kind, options_.requester, options_.purpose);
      });
  open.add_option("PERSON", options_.id, "The person's id (g-…)")->required();
  open.add_option("--kind", options_.kind, "access, correct, restrict, erase or object")
      ->required()
      ->check(one_of(words<CaseKind>));
  open.add_option("--requester", options_.requester, "Who asks, and how that was proven")->required();
  open.add_option("--purpose", options_.purpose, "What for")->required();
  CLI::App& copy = add_asking(subject, "export",
                              "Tulis salinan data dan jejaknya untuk satu kasus / Write a case's copy of the person's data",
                              [this](const auto& terminal, const auto& daemon) {
                                return export_case(terminal, daemon, options_.id, options_.kind, options_.to);
                              });
  copy.add_option("CASE", options_.id, "Nomor kasus / its id (c-…)")->required();
  copy.add_option("--format", options_.kind, "json atau pdf; tanpa ini keduanya / json or pdf; both unless told")
      ->check(CLI::IsMember({"json", "pdf"}));
  copy.add_option("--out", options_.to, "Folder tujuan; tanpa ini di sini / the folder; here unless told");
  CLI::App& answer = add_asking(subject, "answer", "Answer a case, or refuse it with the ground",
                                [this](const auto& terminal, const auto& daemon) {
                                  return close_case(terminal, daemon, options_.id, options_.all ? "refused" : "answered",
                                                    options_.reason, options_.officer);
                                });
  with_officer(answer).add_option("CASE", options_.id, "Its id (c-…)")->required();
  answer.add_option("--reason", options_.reason, "The answer, or the ground of the refusal")->required();
  answer.add_flag("--refuse", options_.all, "Refuse it");
}

void Commands::add_other_commands(CLI::App& app) {
  CLI::App& breach = add_asking(
      app, "breach", "Whose data an account, a device or a stretch of time has touched (CSV)",
      [this](const auto& terminal, const auto& daemon) { return show_breach(terminal, daemon, options_.breach); });
  breach.add_option("--account", options_.breach.account, "A name or id");
  breach.add_option("--device", options_.breach.device, "A point, camera or device");
  breach.add_option("--from", options_.breach.from, "2026-01-31T00:00:00+08:00");
  breach.add_option("--to", options_.breach.to, "2026-01-31T23:59:59+08:00");
  CLI::App& duty = *app.add_subcommand("duty", "The aides' roster")->require_subcommand(1);
  add_asking(duty, "show", "Say which aide is on duty and who is second", &show_duty);
  CLI::App& appoint =
      add_asking(duty, "appoint", "Put an aide on duty, whoever was", [this](const auto& terminal, const auto& daemon) {
        return appoint_aide(terminal, daemon, options_.name, options_.all);
      });
  appoint.add_option("NAME", options_.name, "The aide's name or id")->required();
  appoint.add_flag("--second", options_.all, "As the second, who is asked when the one on duty does not answer");

  CLI::App& qr = *app.add_subcommand("qr", "The badge reader on files")->require_subcommand(1);
  CLI::App& read = add(qr, "read", "Print the codes in pictures or videos, one line of JSON for each file",
                       [this] { return read_codes(terminal(), options_.files); });
  read.add_option("FILE", options_.files, "Pictures or videos")->required();
  read.add_flag("--json", options_.json, "Always so; taken for uniformity");

  CLI::App& devices = *app.add_subcommand("devices", "What is plugged in or wired to this machine")->require_subcommand(1);
  CLI::App& probe = with_json(
      add(devices, "probe", "List scanners, serial ports and USB printers, or look for Modbus boards, as TOML to paste",
          [this] {
            const ProbeRequest& line = options_.probe;
            return line.host.empty() && line.serial.empty() ? probe_plugged(terminal()) : probe_devices(terminal(), line);
          }));
  ProbeRequest& line = options_.probe;
  probe.add_option("--host", line.host, "Address of a board, a gateway or a converter");
  probe.add_option("--serial", line.serial, "A serial port; no gateway may be using it")->excludes("--host");
  probe.add_option("--port", line.port, "TCP port: 502 unless told, 4196 with --rtu")->check(CLI::Range(1, 65535));
  probe.add_flag("--rtu", line.rtu, "RTU frames over TCP (converters, Waveshare as delivered)");
  probe.add_option("--baud", line.baud, "Of the serial port, 9600 unless told");
  probe.add_option("--parity", line.parity, "none, even or odd")->check(CLI::IsMember({"none", "even", "odd"}));
  probe.add_option("--first", line.first, "The first unit, 1 unless told")->check(CLI::Range(1, 247));
  probe.add_option("--last", line.last, "The last unit, 16 unless told")->check(CLI::Range(1, 247));
  probe.add_option("--settle", line.settle_ms, "Pause in ms between connecting and asking, for boards that need one")
      ->check(CLI::Range(0, 5000));
  probe.add_option("--timeout", line.timeout_ms, "How long to wait for each, 200 ms unless told")
      ->check(CLI::Range(20, 5000));

  CLI::App& days = with_json(add(app, "simulate", "Play days at a simulated post and check what must always hold",
                                 [this] { return simulate(terminal(), options_.simulate); }));
  days.add_option("--seed", options_.simulate.seed, "The day's seed, 1 unless told: one seed is one journal");
  days.add_option("--visits", options_.simulate.visits, "How many visits, 30 unless told; many are many days")
      ->check(CLI::Range(1, 10'000'000));
  days.add_option("--faults", options_.simulate.faults,
                  "all, none, or some of power,disk,devices,clock,people; or storm: power cuts, one after the other");
  days.add_option("--scene", options_.simulate.scene,
                  "post, or procedures: one whose procedures ask for steps before an area opens");
  days.add_option("--script", options_.simulate.script, "Play this script instead of making one");
  days.add_option("--out", options_.simulate.out, "Leave the day's database and script in this folder");

  for (const bool restores : {false, true}) {
    CLI::App& sub = with_data(with_json(
        add(app, restores ? "restore" : "backup",
            restores ? "Make a data folder out of a backup" : "Write the whole site into one encrypted file, while it runs",
            [this, restores] {
              const std::string data = data_folder_or_default(options_.data);
              return restores ? restore_site(terminal(), data, options_.file, options_.to)
                              : backup_site(terminal(), data, options_.file, options_.to);
            })));
    sub.add_option("FILE", options_.file, "The backup")->required();
    sub.add_option("--key", options_.to,
                   "A file whose first line is the passphrase, 12 characters or more; - for standard input")
        ->required();
  }

  // Started by the gateway for each camera, not by people.
  add(app, "camera-worker", "", [] { return drivers::camera_worker_main(); }).group("");
}

}  // namespace

int run_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app("Gapura: who may pass the gate, and the record of it", "gapura");
  const Commands commands(app, out, err);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // For CLI11 help and version are "errors" with code 0; every other error is bad usage.
    return app.exit(error, out, err) == 0 ? done : bad_usage;
  }
  return commands.run();
}

int run_command_line(int argc, char** argv) { return run_command_line(argc, argv, std::cout, std::cerr); }

}  // namespace gapura::gateway
