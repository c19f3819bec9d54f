// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/world.h"

#include <algorithm>
#include <fstream>

#include "gateway/simulation/people.h"
#include "gateway/simulation/site.h"

namespace gapura::simulation {
namespace {

using namespace std::chrono_literals;

// The objects of one day, constructed and destroyed in the right order.
class World {
 public:
  explicit World(const Script& script)
      : script_(script),
        site_(make_site(script.seed, script.scene)),
        random_(script.seed),
        clock_(queue_),
        disk_(random_.fork(2).next()),
        checks_(site_, script.seed, queue_, clock_, disk_),
        machine_(site_, queue_, clock_, disk_, checks_, random_.fork(3)),
        bus_(site_, queue_, clock_, machine_, checks_, random_.fork(4)),
        people_(site_, queue_, machine_, bus_, checks_, random_.fork(5)) {
    machine_.connect(bus_, [this] { bus_.report_all(); });
  }

  Report run(const std::string& keep) {
    queue_.at(6h, [this] { machine_.start(); });
    queue_.at(6h + 30min, [this] { people_.open_day(); });
    queue_.at(7h, [this] { people_.handle_alarms(); });
    for (const auto& item : script_.items) {
      if (item.kind == ItemKind::visit) {
        people_.come(item);
      } else if (item.kind == ItemKind::staff) {
        people_.add_staff(item);
      } else {
        queue_.at(item.at, [this, &item] { happen(item); });
      }
    }
    queue_.at(23h, [this] { people_.close_open_visits(); });
    while (!queue_.empty() && queue_.next() < 26h && !checks_.violation()) {
      queue_.run_next();
      ++events_;
      checks_.compare_places();
    }
    if (!checks_.violation() && machine_.core()) checks_.finished(*machine_.core());
    machine_.stop();
    if (!keep.empty()) save(keep);
    return report();
  }

 private:
  void happen(const Item& item) {
    switch (item.kind) {
      case ItemKind::power_cut:
        disk_.cut_power(static_cast<std::uint64_t>(item.count));
        return;
      case ItemKind::storm:
        return machine_.begin_storm(item.count, item.lasts);
      case ItemKind::restart:
        return machine_.restart();
      case ItemKind::disk_fault:
        return break_disk(item);
      case ItemKind::controller:
        bus_.set_mode(PortalId(portal_of(item)), item.target);
        return queue_.in(item.lasts, [this, &item] { bus_.set_mode(PortalId(portal_of(item)), ""); });
      case ItemKind::blind:
        bus_.set_blind(PortalId(item.target), true);
        return queue_.in(item.lasts, [this, &item] { bus_.set_blind(PortalId(item.target), false); });
      case ItemKind::clock_jump:
        return clock_.jump(Millis(item.count));
      default:
        return people_.carry_out(item);
    }
  }

  static std::string portal_of(const Item& item) {
    static constexpr const char* portals[] = {"lane-1", "lane-2", "door"};
    return portals[item.seed % 3];
  }

  // Some minutes after the disk failed it is repaired, and the machine starts again.
  void break_disk(const Item& item) {
    DiskFault fault;
    fault.operation = item.target == "sync"   ? DiskOperation::sync
                      : item.target == "open" ? DiskOperation::open
                                              : DiskOperation::write;
    fault.full = item.target == "full";
    fault.after = static_cast<std::uint64_t>(item.count);
    fault.sticky = item.lasts > Millis(0);
    disk_.fail(fault);
    repair_disk_in(std::max(item.lasts, Millis(10min)), disk_.counters().errors());
  }

  void repair_disk_in(Millis later, std::uint64_t errors_before) {
    queue_.in(later, [this, errors_before] {
      if (disk_.counters().errors() == errors_before) return repair_disk_in(10min, errors_before);
      machine_.restart();
      disk_.repair();
    });
  }

  void save(const std::string& path) const {
    for (const char* suffix : {"", "-wal"}) {
      const auto* bytes = disk_.find(std::string(Machine::path) + suffix);
      if (!bytes || bytes->empty()) continue;
      std::ofstream(path + suffix, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
    }
  }

  Report report() const {
    const Ledger& ledger = checks_.ledger();
    Report report;
    report.violation = checks_.violation();
    report.journal_root = to_hex(as_bytes(checks_.journal_root()));
    report.visits = people_.visits();
    report.entries = checks_.entries();
    report.grants = ledger.grants, report.denials = ledger.denials, report.passages = ledger.passages;
    report.departures = ledger.departures, report.pulses = checks_.pulses(), report.deviations = checks_.deviations();
    report.events = events_, report.starts = static_cast<std::uint64_t>(machine_.starts());
    report.power_cuts = disk_.counters().cuts, report.disk_errors = disk_.counters().errors();
    return report;
  }

  const Script& script_;
  const SiteConfig site_;
  Random random_;
  Queue queue_;
  SiteClock clock_;
  Disk disk_;
  Checks checks_;
  Machine machine_;
  Bus bus_;
  People people_;
  std::uint64_t events_ = 0;
};

}  // namespace

Report run_day(const Script& script, const std::string& keep) { return World(script).run(keep); }

// Delta debugging: leaves out ever smaller parts while the same check still fails.
Script shrink(const Script& script, const std::string& check, int runs) {
  Script small = script;
  for (std::size_t part = small.items.size() / 2; part >= 1 && runs > 0; part = part == 1 ? 0 : part / 2) {
    for (std::size_t from = 0; from < small.items.size() && runs > 0;) {
      Script without = small;
      const auto first = without.items.begin() + static_cast<std::ptrdiff_t>(from);
      without.items.erase(first, first + static_cast<std::ptrdiff_t>(std::min(part, small.items.size() - from)));
      const auto report = run_day(without);
      --runs;
      if (report.violation && report.violation->check == check) {
        small = std::move(without);
      } else {
        from += part;
      }
    }
  }
  return small;
}

}  // namespace gapura::simulation
