// SPDX-License-Identifier: Apache-2.0
// The commands of `gapura`: each is a function from its options to an exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/cli/daemon_client.h"
#include "gateway/cli/terminal.h"

namespace gapura::gateway {

// site_commands.cpp: creating a site and starting it
struct InitRequest {
  std::string folder, site;
  std::string config;              // a configuration with the site's id and names; may be empty
  std::vector<std::string> names;  // in the certificate, besides localhost and this machine's name
  bool new_code = false;           // another one-time code for an existing site, to recover from a lost password
  bool new_certificates = false;   // another CA for an existing site
};
int init_site(const Terminal& terminal, const InitRequest& request);
int serve_site(const Terminal& terminal, const std::string& config, const std::string& data_folder);

// check_command.cpp: files without a daemon; 0 or 2
int check_file(const Terminal& terminal, const std::string& file);
// Shows what this configuration would have changed over the last days of a data folder's journal. The folder is only read.
int check_shadow(const Terminal& terminal, const std::string& file, const std::string& data, int days);
int check_sop(const Terminal& terminal, const std::string& file);
int show_sop(const Terminal& terminal, const std::string& file);

// conformance_command.cpp: what of the visits of the last days was not done as the procedures say. The data folder is only
// read, and may be in use.
struct SopQuestion {
  std::string config, data;
  int days = 30;
  std::string draft;  // a file: every visit is judged by it; empty: by its own version
};
int report_sop(const Terminal& terminal, const SopQuestion& asked);

// status_command.cpp
int show_status(const Terminal& terminal, const DaemonClient& daemon);

// daily_commands.cpp: thin clients of the API
int add_user(const Terminal& terminal, const DaemonClient& daemon, const std::string& name, const std::string& role);
int list_users(const Terminal& terminal, const DaemonClient& daemon);
int disable_user(const Terminal& terminal, const DaemonClient& daemon, const std::string& name);
int reset_password(const Terminal& terminal, const DaemonClient& daemon, const std::string& name);
int show_duty(const Terminal& terminal, const DaemonClient& daemon);
// Puts an aide on duty, or second; a weekly roster is a cron table of these commands.
int appoint_aide(const Terminal& terminal, const DaemonClient& daemon, const std::string& name, bool second);
int tail_log(const Terminal& terminal, const DaemonClient& daemon, int count, bool follow);

// log_commands.cpp: the record. `data` is a data folder or a database file
struct VerifyOptions {
  std::string data, config;              // config: if given, the tables are checked too
  std::vector<std::string> keys;         // verifier keys, or files of them
  std::vector<std::string> checkpoints;  // files; - is the standard input
  bool tree_only = false;
};
int verify_record(const Terminal& terminal, const VerifyOptions& options);  // 1 when the record is not sound
int prove_record(const Terminal& terminal, const std::string& data, std::optional<std::uint64_t> entry,
                 std::optional<std::uint64_t> from);
int show_checkpoint(const Terminal& terminal, const DaemonClient& daemon);
int export_record(const Terminal& terminal, const DaemonClient& daemon, const std::string& folder);
// date: 2026-01-31, empty for today; file: output, empty for lembar-<date>.pdf
int write_sheet(const Terminal& terminal, const DaemonClient& daemon, const std::string& date, const std::string& file);
struct Officer {
  std::string name, password_file;  // an admin; - or empty: the password is read from the standard input
};
// alone: by one person, without a password; the entry says so
int continue_record(const Terminal& terminal, const std::string& data, const Officer& officer, const std::string& reason,
                    bool alone);

// backup_command.cpp. key_file: its first line is the passphrase; - for the standard input
int backup_site(const Terminal& terminal, const std::string& data, const std::string& file, const std::string& key_file);
int restore_site(const Terminal& terminal, const std::string& data, const std::string& file, const std::string& key_file);

// visit_commands.cpp
struct VisitRequest {
  std::string name, purpose, whom, category = "general", phone, institution, vehicle, person;
  int party = 1;
  bool quick = false;
};
int add_visit(const Terminal& terminal, const DaemonClient& daemon, const VisitRequest& request);
int list_visits(const Terminal& terminal, const DaemonClient& daemon, bool all);
int show_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id);
int close_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& outcome,
                const std::string& reason);
int move_visit(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& to,
               const std::string& reason);
// Plans visits from a CSV file (guest_file.h). Returns 2 when a line is bad and nothing was sent, 1 when the daemon refused
// some.
int import_guests(const Terminal& terminal, const DaemonClient& daemon, const std::string& file, bool dry_run);

// badge_commands.cpp
int list_badges(const Terminal& terminal, const DaemonClient& daemon, bool all);
int show_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id);
int issue_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& visit, const std::string& reason,
                bool another);
int revoke_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason);
int return_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id);
int change_badge(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& to,
                 const std::string& reason);

// privacy_commands.cpp: retention, data subjects' rights, the breach list. Passwords come from a file or the standard
// input, never from the command line, where every user of the machine could read them.
Result<std::string> read_password(const Officer& officer);
int show_retention(const Terminal& terminal, const DaemonClient& daemon);
int approve_retention(const Terminal& terminal, const DaemonClient& daemon, const std::vector<std::string>& classes,
                      const Officer& officer);
int agree_retention(const Terminal& terminal, const DaemonClient& daemon, const std::string& what, const Officer& officer);
// id: of a visit (v-…) or a person (g-…)
int hold_data(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason);
int release_hold(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& reason,
                 const Officer& officer);
int list_holds(const Terminal& terminal, const DaemonClient& daemon);
int find_subject(const Terminal& terminal, const DaemonClient& daemon, const std::string& phone, const std::string& date,
                 const std::string& name);
int list_cases(const Terminal& terminal, const DaemonClient& daemon);
int open_case(const Terminal& terminal, const DaemonClient& daemon, const std::string& guest, const std::string& kind,
              const std::string& requester, const std::string& purpose);
int close_case(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& outcome,
               const std::string& reason, const Officer& officer);
// Writes a case's copy of the person's data into `folder` (empty: the current one), data-CASE.json and data-CASE.pdf,
// readable only by the file's owner; form: json, pdf, or empty for both.
int export_case(const Terminal& terminal, const DaemonClient& daemon, const std::string& id, const std::string& form,
                const std::string& folder);
struct BreachRequest {
  std::string account, device, from, to;  // times as RFC 3339
};
int show_breach(const Terminal& terminal, const DaemonClient& daemon, const BreachRequest& request);  // CSV, or JSON

// simulate_command.cpp: days at a simulated post (gateway/simulation)
struct SimulateRequest {
  std::uint64_t seed = 1;
  int visits = 30;
  std::string faults = "all", scene = "post";
  std::string out, script;  // out: a folder for the day's database and script; script: play this file
};
int simulate(const Terminal& terminal, const SimulateRequest& request);

// probe_plugged.cpp: scanners, serial ports and USB printers of this machine, as TOML; `root` is "" except in tests
int probe_plugged(const Terminal& terminal, const std::string& root = "");

// qr_command.cpp: one line of JSON per file
int read_codes(const Terminal& terminal, const std::vector<std::string>& files);

}  // namespace gapura::gateway
