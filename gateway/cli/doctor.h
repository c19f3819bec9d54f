// SPDX-License-Identifier: Apache-2.0
// Checks for what would stop this site from working, with advice, from outside the daemon, whether it runs or not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/cli/daemon_client.h"
#include "gateway/cli/terminal.h"
#include "gateway/settings/settings.h"

namespace gapura::gateway {

struct Finding {
  enum class Level { ok, attention, wrong };
  Level level = Level::ok;
  std::string subject, text, what_to_do;  // what_to_do is empty when all is well
};

// Collects findings; each check adds at least one line, so that a check that did not run is noticed.
class Findings {
 public:
  void ok(std::string subject, std::string text);
  void attention(std::string subject, std::string text, std::string what_to_do);
  void wrong(std::string subject, std::string text, std::string what_to_do);
  void append(const Findings& others);
  const std::vector<Finding>& list() const { return list_; }

 private:
  std::vector<Finding> list_;
};

// doctor_machine.cpp: this machine and the data folder
void examine_folder(Findings& findings, const std::string& data_folder);
// Adds the finding for a disk with this much room.
void judge_space(Findings& findings, double free_bytes, double all_bytes);
void examine_clock(Findings& findings);
void examine_limits(Findings& findings);
void examine_certificates(Findings& findings, const Settings* settings, const std::string& data_folder);

// doctor_record.cpp: whether the journal continues from the last signed checkpoint, or an older file was put in its place
void examine_record(Findings& findings, const std::string& data_folder);
// Whether a run broke an invariant (gateway/journal/broken_marker.h), and a start is refused because of it.
void examine_faults(Findings& findings, const std::string& data_folder);

// doctor_site.cpp: devices and the daemon. `status` is the daemon's response, null while none runs.
void examine_devices(Findings& findings, const Settings& settings, const boost::json::value& status);
// doctor_doors.cpp: why a door does not open, which only the daemon knows
void examine_portals(Findings& findings, const Settings& settings, const boost::json::value& status);
// Returns the advice for a controller with this health report.
std::string controller_advice(const std::string& detail, const std::string& otherwise);
// doctor_risks.cpp: risks that the configuration accepts with a reason, repeated each time
void examine_risks(Findings& findings, const Settings& settings);
void examine_port(Findings& findings, const HttpSettings& http, bool daemon_runs);
void examine_daemon(Findings& findings, const Result<boost::json::value>& status);

// Runs all checks. Takes some seconds at most: unreachable devices get one second each, in parallel.
Findings examine(const std::string& config, const std::string& data_folder);
// Prints one line per finding: OK, PERHATIAN (attention) or SALAH (wrong). Returns 0 when nothing is wrong, else 1.
int run_doctor(const Terminal& terminal, const std::string& config, const std::string& data_folder);

}  // namespace gapura::gateway
