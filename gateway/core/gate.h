// SPDX-License-Identifier: Apache-2.0
// The functional core: inputs and time in, entries and orders out. It does no I/O, reads no clock and starts no thread. Its
// durable state (SiteState) changes only by commit(), after the entries are on disk. Portals, detectors and the memory of
// recent scans change in step() and tick().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/site_view.h"
#include "gateway/core/access.h"
#include "gateway/core/accounts.h"
#include "gateway/core/approvals.h"
#include "gateway/core/badges.h"
#include "gateway/core/devices.h"
#include "gateway/core/personal_data.h"
#include "gateway/core/post.h"
#include "gateway/core/site_context.h"
#include "gateway/core/visits.h"

namespace gapura::gateway {

// Thread: core only. Passes each input to the part that handles it; the parts share the SiteContext.
class Gate {
 public:
  // `personal_data`: null where commands on personal data are not supported.
  Gate(SiteConfig config, SiteState state, RegistryLookup& registry, PersonalDataLookup* personal_data,
       Randomness randomness, const Now& started);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Closes every open intent of an earlier run as unknown and records site_opened.
  Change start(const Now& now, const std::string& version);
  Change step(const Input& input, const Now& now);
  Change tick(const Now& now);
  std::optional<BootTime> next_deadline() const;

  // Call when the Change is on disk as these stamped entries.
  void commit(const SiteEdit& edit, const std::vector<Entry>& entries);
  // The same for an entry of the past: changes the state only, and releases no portal.
  void follow(const SiteEdit& edit, const Now& at);
  void stop_granting(std::string why) { site_.storage_problem = std::move(why); }

  const SiteState& state() const { return site_.state; }
  const SiteConfig& config() const { return site_.config; }
  bool granting() const { return site_.granting(); }
  SiteView view(const Now& now) const;
  // Returns the decision that a scan of this badge at this point would get now. Orders and changes nothing.
  Decision judge(const AccessPointConfig& point, const Badge& badge, const Now& now) const {
    return access_.judge(point, badge, now);
  }

 private:
  void set_time(const Now& now);
  void rely_on_entry(std::uint64_t number) const;
  Change on_level(const LevelReport& report, const Now& now);
  Change on_command(const Command& command, const Actor& actor, const Now& now);
  bool is_out_of_duty(const Command& command, const Actor& actor) const;
  void add_procedure_step(Change& change) const;
  std::optional<UtcTime> next_due() const;

  SiteContext site_;
  DevicesPart devices_;
  AccessPart access_;
  PostPart post_;
  VisitsPart visits_;
  ApprovalsPart approvals_;
  BadgesPart badges_;
  AccountsPart accounts_;
  PersonalDataPart personal_data_;
  mutable std::optional<std::optional<UtcTime>> next_due_known_;  // recomputed after each commit
  ClockQuality clock_ = ClockQuality::ok;
};

}  // namespace gapura::gateway
