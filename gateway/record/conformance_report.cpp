// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/conformance_report.h"

#include <map>
#include <unordered_map>

#include "gateway/journal/leaf_reader.h"
#include "models/record/site_state.h"
#include "models/record/visit_moment.h"

namespace gapura::gateway {
namespace {

struct Watched {
  const Sop* sop = nullptr;
  ConformanceChecker checker;
};

class Watch {
 public:
  Watch(const SiteConfig& site, const ConformanceQuestion& question) : site_(site), question_(question) {}

  void add(const Entry& entry) {
    if (entry.type == EventType::user_added) {
      const auto added = particulars_of<UserAdded>(entry);
      roles_[added.user.str()] = word(added.role);
    }
    SiteEdit edit(state_);
    apply(edit, entry, site_);
    if (entry.type == EventType::visit_registered && entry.at.utc >= question_.from) begin(entry);
    for (const auto& [id, visit] : edit.visits)
      if (const auto watched = watched_.find(id); watched != watched_.end())
        watched->second.checker.add(visit, moment_of(entry, role_of(entry.actor)));
    edit.merge_into(state_, entry.at.utc);
  }

  std::vector<ConformanceReport> reports() const {
    std::map<std::string, ConformanceReport> by_sop;
    for (const VisitId& id : order_) {
      const Watched& watched = watched_.at(id);
      ConformanceReport& report = by_sop[watched.sop->id];
      if (report.steps.empty())
        for (const auto& step : watched.sop->steps) report.steps.push_back({step.id, step.evidence});
      count(report, id, watched);
    }
    std::vector<ConformanceReport> all;
    all.reserve(by_sop.size());
    for (auto& [id, report] : by_sop) {
      report.sop = id;
      all.push_back(std::move(report));
    }
    return all;
  }

 private:
  void begin(const Entry& entry) {
    const Sop* sop =
        question_.draft ? question_.draft : find_sop(site_.sops, particulars_of<VisitRegistered>(entry).sop.value);
    if (!sop || !watched_.emplace(entry.visit, Watched{sop, ConformanceChecker(*sop)}).second) return;
    order_.push_back(entry.visit);
  }

  std::string role_of(const std::string& actor) const {
    const auto role = roles_.find(actor);
    return role == roles_.end() ? "" : role->second;
  }

  void count(ConformanceReport& report, const VisitId& id, const Watched& watched) const {
    const auto found = watched.checker.find(question_.now);
    ++report.visits;
    if (found.empty()) ++report.clean;
    for (std::size_t i = 0; i < report.steps.size(); ++i)
      if (watched.checker.done()[i]) ++report.steps[i].done;
    for (const auto& one : found) {
      report.deviations.push_back({id, one});
      for (auto& step : report.steps) {
        if (one.rule || step.id != one.step) continue;
        if (one.kind == Deviation::step_skipped) ++step.skipped;
        if (one.kind == Deviation::late) ++step.late;
        if (one.kind == Deviation::wrong_executor) ++step.wrong_executor;
        if (one.kind == Deviation::input_missing) ++step.input_missing;
      }
    }
  }

  const SiteConfig& site_;
  const ConformanceQuestion& question_;
  SiteState state_;
  std::map<std::string, std::string> roles_;  // by user
  std::unordered_map<VisitId, Watched> watched_;
  std::vector<VisitId> order_;  // of registration
};

}  // namespace

Result<std::vector<ConformanceReport>> report_conformance(const Database& db, const SiteConfig& site,
                                                          const ConformanceQuestion& question) {
  auto rows = TRY(db.prepare("SELECT leaf FROM entry ORDER BY number"));
  Watch watch(site, question);
  for (;;) {
    const auto more = TRY(rows.step());
    if (!more) return watch.reports();
    auto entry = TRY(read_leaf(rows.blob(0)));
    entry.at.offset = question.offset(entry.at.utc);
    watch.add(entry);
  }
}

}  // namespace gapura::gateway
