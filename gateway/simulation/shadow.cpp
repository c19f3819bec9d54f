// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/shadow.h"

#include <algorithm>
#include <array>

#include "gateway/core/gate.h"
#include "gateway/journal/leaf_reader.h"

namespace gapura::gateway {
namespace {

// The gate queries its registry only for commands, and there are none here.
class NoRegistry : public RegistryLookup {
 public:
  Result<std::vector<KnownPerson>> find_people(const std::string&, const std::string&) override {
    return std::vector<KnownPerson>();
  }
  Result<std::vector<KnownPerson>> find_namesakes(const std::string&) override { return std::vector<KnownPerson>(); }
  Result<std::optional<KnownPerson>> find_person(const std::string&) override { return std::nullopt; }
  std::optional<VisitId> find_open_visit(const GuestId&) override { return std::nullopt; }
  std::optional<VisitId> find_plan(const GuestId&, UtcTime) override { return std::nullopt; }
  Result<std::vector<AttentionMatch>> find_attention(const std::string&, const std::string&,
                                                     const std::optional<GuestId>&) override {
    return std::vector<AttentionMatch>();
  }
  std::optional<Entry> find_entry(std::uint64_t) override { return std::nullopt; }
  bool has_admin() override { return true; }
  bool has_user(const UserId&) override { return false; }
  bool has_pin(const UserId&) override { return false; }
  std::vector<std::string> aides() override { return {}; }
  bool is_last_admin(const UserId&) override { return false; }
  bool is_in_locker(const std::string&, const std::string&) override { return false; }
  Result<std::vector<GuestId>> owners_of_picture(const std::string&) override { return std::vector<GuestId>(); }
};

// Reasons determined by devices or by events of the same second, which the journal does not record in full.
bool is_of_the_moment(DenialReason reason) {
  using enum DenialReason;
  constexpr std::array moment{interlock_busy,  chamber_timeout,     second_person_missing, escort_missing, portal_fault,
                              clock_untrusted, journal_unavailable, rate_limited,          duplicate_scan, ambiguous_scan};
  return std::find(moment.begin(), moment.end(), reason) != moment.end();
}

std::vector<std::string> lasting(std::vector<DenialReason> reasons) {
  std::erase_if(reasons, is_of_the_moment);
  std::vector<std::string> texts;
  texts.reserve(reasons.size());
  for (const auto reason : reasons) texts.emplace_back(word(reason));
  return texts;
}

std::vector<std::string> lasting_reasons_of(const Entry& entry) {
  if (entry.type != EventType::access_denied) return {};
  return lasting(particulars_of<AccessDenied>(entry).reasons);
}

bool is_badge_scan(const Entry& entry) {
  if (entry.badge.empty()) return false;
  if (entry.type == EventType::access_granted) return particulars_of<AccessGranted>(entry).by == "badge";
  return entry.type == EventType::access_denied;
}

// A visit is decided as if it had arrived under the newest procedure of the new rules.
void pin_to_draft(Entry& entry, const SiteConfig& rules) {
  if (entry.type != EventType::visit_registered || rules.sops.empty()) return;
  auto registered = particulars_of<VisitRegistered>(entry);
  const Sop* newest = sop_in_force(rules.sops, registered.category, UtcTime::max());
  registered.sop = newest ? newest->id : "";
  entry.data = make_entry(registered).data;
}

void judge(ShadowReport& report, const Gate& gate, const Entry& entry) {
  const AccessPointConfig* point = find_point(gate.config(), AccessPointId(entry.point));
  const Badge* badge = gate.state().find_badge(entry.badge);
  if (!point || !badge) return;
  ++report.scans;
  const auto now = lasting(gate.judge(*point, *badge, entry.at).reasons);
  const auto then = lasting_reasons_of(entry);
  const bool was_granted = entry.type == EventType::access_granted;
  // A denial for reasons of the moment alone says nothing about the rules.
  if (!was_granted && then.empty()) return;
  if (was_granted == now.empty()) return;
  report.changes.push_back({entry.number, entry.at.utc, entry.point, was_granted, was_granted ? now : then});
  if (was_granted) ++report.reasons[now.front()];
}

}  // namespace

Result<ShadowReport> shadow_check(const Database& db, const SiteConfig& rules, UtcTime from,
                                  const std::function<Minutes(UtcTime)>& offset) {
  auto rows = TRY(db.prepare("SELECT leaf FROM entry ORDER BY number"));
  NoRegistry nobody;
  Gate gate(rules, {}, nobody, nullptr, [](std::span<std::uint8_t>) {}, {});
  ShadowReport report;
  for (;;) {
    auto more = TRY(rows.step());
    if (!more) return report;
    auto entry = TRY(read_leaf(rows.blob(0)));
    entry.at.offset = offset(entry.at.utc);
    if (entry.at.utc >= from && is_badge_scan(entry)) judge(report, gate, entry);
    pin_to_draft(entry, rules);
    SiteEdit edit(gate.state());
    apply(edit, entry, rules);
    gate.follow(edit, entry.at);
  }
}

}  // namespace gapura::gateway
