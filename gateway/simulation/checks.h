// SPDX-License-Identifier: Apache-2.0
// What must hold whatever people, devices and the disk do, checked against the world after every step. The checks keep
// their own account of the truth and read the journal as an outside program would: through a read-only connection, leaf by
// leaf.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gateway/core/core.h"
#include "gateway/journal/database.h"
#include "gateway/simulation/clock.h"
#include "gateway/simulation/conformance_check.h"
#include "gateway/simulation/disk.h"
#include "gateway/simulation/ledger.h"
#include "models/record/merkle.h"
#include "models/record/site_state.h"

namespace gapura::simulation {

struct Violation {
  std::string check;  // its name in checks.cpp
  std::string what;
  WorldTime at{0};
  std::uint64_t entry = 0;  // the next journal number at that moment
};

// Thread: the world's. Keeps the first violation, which ends the world.
class Checks {
 public:
  Checks(const SiteConfig& site, std::uint64_t seed, const Queue& queue, SiteClock& clock, const Disk& disk);

  // ---- Called by the machine
  // `reader` is used until stopped(). `closely`: checks the whole file, which takes a while.
  void started(const gateway::Database& reader, const gateway::Core& core, bool closely);
  bool can_read() const { return newer_.has_value(); }
  void interrupted();  // this instant's step: what it wrote may be there or not
  void stopped();      // the process has ended
  void scanned(const BadgeRead& read, const std::string& only_badge);  // before the core gets the scan
  void answered(const gateway::Command& asked, const Result<gateway::Reply>& reply);
  void ticked();                              // before a tick
  void stepped();                             // after each input and tick
  void compare_places();                      // after each event of the world, when people and devices have finished it
  void cannot_start(const std::string& why);  // although the disk is sound

  // ---- Called by the bus
  std::function<bool(const std::string&)> is_on;  // whether this signal is physically on
  // Returns false when the machine lost power before the order was sent.
  bool ordered(std::uint64_t intent, const std::string& signal, BootTime deadline);
  void energised(std::uint64_t intent, const std::string& signal);

  // ---- Called by people, with the truth
  // `who`: a visit or a staff badge, by its id; empty: a person that the journal does not know.
  void moved(const std::string& who, const Places& where);  // where its people are now
  void mark_unknown(const std::string& who);                // added to the unknowns: the journal cannot show where they are
  void entered_by_hand(const std::string& area);            // outside the rules, so a person may be alone until it is empty
  void registered(const std::string& person, const VisitId& visit, const VisitId& planned);

  // ---- At the end of the day, when nothing is pending
  void finished(const gateway::Core& core);

  const std::optional<Violation>& violation() const { return violation_; }
  const Ledger& ledger() const { return ledger_; }
  std::size_t deviations() const { return conformance_.deviations(); }
  std::uint64_t entries() const { return next_; }
  std::uint64_t pulses() const { return energised_.size(); }
  Hash journal_root() const { return tree_.root(); }

 private:
  void violate(const char* check, std::string what);
  void read_new_entries(bool after_a_start);
  void judge(const Entry& entry);
  void judge_grant(const Entry& entry);
  void judge_denial(const Entry& entry);
  void judge_partner(const Entry& entry, const AccessPointConfig& point);
  void judge_renewal(std::uint64_t intent, const std::string& signal);
  void judge_airlock(std::uint64_t intent, const std::string& signal);
  void judge_panic();
  void judge_procedure(const Entry& entry);
  void judge_limit(const Entry& entry, const AccessPointConfig& point);
  void judge_missing_steps(const Entry& entry, const AccessPointConfig& point);
  void judge_detector(const Entry& entry);
  void judge_undo(const Entry& entry);
  std::optional<Places> recorded_places(const std::string& who) const;
  void check_two_person_areas();
  Now local(const Entry& entry) const;
  void fold(const Entry& entry);
  void compare_with_memory(const gateway::Core& core);
  void compare_with_tables();
  void judge_left_behind(const Entry& entry);
  void check_whole_file();
  bool disk_failed() const { return disk_.counters().errors() > errors_before_; }  // since the start

  const SiteConfig& site_;
  const Queue& queue_;
  SiteClock& clock_;
  const Disk& disk_;
  std::optional<Violation> violation_;
  Ledger ledger_;
  SiteState folded_;  // by the models' own fold, from entry 0
  ConformanceCheck conformance_;
  const gateway::Database* reader_ = nullptr;
  std::optional<gateway::Statement> newer_, one_;
  std::uint64_t next_ = 0;           // entries read so far
  std::uint64_t writes_ = 0;         // of the disk, when next_ was read
  std::uint64_t promised_ = 0;       // entries whose recording was acknowledged
  MerkleEdge tree_;                  // over every leaf read, computed here independently
  std::uint64_t errors_before_ = 0;  // of the disk, until the last start

  std::vector<Now> cuts_;       // since the last start: the interrupted steps
  bool failed_before_ = false;  // the disk, in the previous run

  WorldTime last_tick_{0};
  int ticks_at_once_ = 0;

  struct Scan {
    ReaderId reader;
    std::string badge;  // the one badge in view; empty: none or several
    bool judged = false;
  };
  std::optional<Scan> scan_;  // being handled
  // This step's facts about panic: the points at which a badge of duress was let in, the alarms, and what they led to.
  struct Alarmed {
    std::vector<std::string> duress_at, signalled_at;
    bool loud = false, silent = false, lockdown = false;
  } alarmed_;
  int unnoted_ = 0;  // passages of this step without a guest at the post, minus those that were recorded
  std::unordered_set<std::uint64_t> renewed_;           // entries that unlocked a portal, whose pulses are renewed
  std::map<std::string, int> together_;                 // people in the two-person areas
  std::unordered_set<std::string> by_hand_;             // of these areas: entered or left outside the rules
  std::unordered_set<std::string> revoked_;             // by replies, not by the journal
  std::unordered_map<std::uint64_t, BootTime> orders_;  // intent → deadline
  std::unordered_set<std::uint64_t> energised_;
  std::unordered_map<std::string, Places> truth_;
  std::unordered_map<std::string, std::string> guest_of_person_;
  std::unordered_map<std::string, WorldTime> unknown_;  // visits, and when each last became unknown
  std::unordered_set<std::string> touched_;
};

}  // namespace gapura::simulation
