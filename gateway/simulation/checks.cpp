// SPDX-License-Identifier: Apache-2.0
// The checks by name: no_lost_record, no_phantom, corrupt, numbers, stamps, leaf, intent_first, order_once, order_deadline,
// released_right, granting_after_error, rule, refused_without_cause, scan_matches, revoked_passes, outcome, ledger,
// one_person, sop, conformance, undo, detector, place, conserved, alone, airlock, unlocked, panic, fold, tables, tree,
// open_intent_left, start.
#include "gateway/simulation/checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/journal/journal.h"
#include "gateway/journal/leaf_reader.h"
#include "gateway/registry/registry.h"

namespace gapura::simulation {
namespace {

using namespace gapura::gateway;

// A person who was let in has walked by then, or never will.
constexpr std::chrono::seconds longest_walk{30};

std::string reasons_of(const Entry& entry) {
  std::string text;
  for (const auto reason : particulars_of<AccessDenied>(entry).reasons) text += std::string(" ") + word(reason);
  return text;
}

std::string text_of(const Places& where) {
  std::string text;
  for (const auto& [area, people] : where) text += (text.empty() ? "" : " ") + area + "=" + std::to_string(people);
  return text;
}

// Compares only open visits, because which closed ones are still in memory depends on the time. Returns the first that
// differs; empty: none.
std::string differing_visit(const SiteState& a, const SiteState& b) {
  for (const auto* state : {&a, &b})
    for (const auto& [id, visit] : state->visits) {
      const Visit* same = (state == &a ? b : a).find_visit(id);
      if (!visit.closed && (!same || !(*same == visit))) return id.str();
    }
  return {};
}

// Reasons that depend on the machine or the moment and cannot be derived from the journal.
bool are_of_the_moment(const std::string& reasons) {
  for (const char* word : {"interlock_busy", "portal_fault", "journal_unavailable", "rate_limited", "duplicate_scan",
                           "ambiguous_scan", "malformed_payload", "unknown_badge"})
    if (reasons.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

Checks::Checks(const SiteConfig& site, std::uint64_t seed, const Queue& queue, SiteClock& clock, const Disk& disk)
    : site_(site), queue_(queue), clock_(clock), disk_(disk), ledger_(site_), conformance_(seed) {}

void Checks::violate(const char* check, std::string what) {
  if (!violation_) violation_ = Violation{check, std::move(what), queue_.now(), next_};
}

// ---- Start and stop

void Checks::cannot_start(const std::string& why) { violate("start", why); }

void Checks::interrupted() { cuts_.push_back(clock_.now()); }

void Checks::stopped() {
  failed_before_ = disk_failed();
  newer_.reset();
  one_.reset();
  reader_ = nullptr;
  scan_.reset();
}

void Checks::started(const Database& reader, const Core& core, bool closely) {
  errors_before_ = disk_.counters().errors();
  auto newer = reader.prepare("SELECT number, leaf FROM entry WHERE number >= ?1 ORDER BY number");
  auto one = reader.prepare("SELECT type FROM entry WHERE number = ?1");
  if (!newer || !one) {
    if (disk_.has_power() && !disk_failed()) violate("start", "the journal cannot be read");
    return;
  }
  reader_ = &reader;
  newer_.emplace(std::move(*newer));
  one_.emplace(std::move(*one));

  // Everything acknowledged before the power failed is there, byte for byte; further entries were under way at the cut.
  const std::uint64_t known = std::exchange(next_, 0);
  const Hash root = std::exchange(tree_, MerkleEdge()).root();
  auto rows = reader.prepare("SELECT leaf FROM entry WHERE number < ?1 ORDER BY number");
  if (!rows) return violate("start", "the journal cannot be read");
  rows->bind(1, static_cast<std::int64_t>(known));
  auto more = rows->step();
  for (; more && *more; more = rows->step(), ++next_) tree_.append(leaf_hash(rows->blob(0)));
  if (!more) return violate("start", "the journal cannot be read: " + more.error().message);
  if (next_ < known)
    return violate("no_lost_record", "the journal had " + std::to_string(known) + " entries, now " + std::to_string(next_));
  if (tree_.root() != root) return violate("no_lost_record", "an entry of before the start reads differently");
  read_new_entries(true);
  for (const auto& [number, intent] : ledger_.intents)
    return violate("open_intent_left", "intent " + std::to_string(number) + " of an earlier run has no outcome");
  compare_with_memory(core);
  cuts_.clear();
  if (closely) check_whole_file();
}

// Beyond the acknowledged entries there is at most the one step that was under way when the power failed, and nothing
// without a cause. What a failing disk wrote and reported as failed may be there as well.
void Checks::judge_left_behind(const Entry& entry) {
  const auto is_of = [&](const Now& cut) { return cut.utc == entry.at.utc && cut.boot == entry.at.boot; };
  if (failed_before_ || is_of(clock_.now()) || std::any_of(cuts_.begin(), cuts_.end(), is_of)) return;
  violate("no_phantom", "entry " + std::to_string(entry.number) + " is of no step that was under way");
}

void Checks::check_whole_file() {
  auto check = reader_->prepare("PRAGMA integrity_check(1)");
  const auto row = check ? check->step() : Result<bool>(false);
  if (!row || !*row || check->text(0) != "ok") return violate("corrupt", row && *row ? check->text(0) : "unreadable");
  compare_with_tables();
}

// ---- The journal, entry by entry

// A deadline that stays due would make the core's thread spin.
void Checks::ticked() {
  ticks_at_once_ = last_tick_ == queue_.now() ? ticks_at_once_ + 1 : 0;
  last_tick_ = queue_.now();
  if (ticks_at_once_ > 20) violate("spins", "the same instant was due for twenty ticks");
}

void Checks::stepped() {
  if (violation_ || !newer_) return;
  // Without a write to the disk the journal has not changed: nothing to read.
  if (const auto writes = disk_.counters().writes; std::exchange(writes_, writes) != writes) read_new_entries(false);
  if (disk_failed() && disk_.is_sound() && !ledger_.stopped)
    violate("stop_recorded", "the disk failed once, and granting_stopped is not in the journal");
  if (scan_ && !scan_->judged && !disk_failed())
    violate("every_attempt", "a scan at " + scan_->reader.str() + " left no entry");
  scan_.reset();
  judge_panic();
  if (std::exchange(unnoted_, 0) != 0)
    violate("detector", "a passage through the detector and the note that nobody at the post made it do not go together");
}

// A loud panic locks the house down where a plan says so; a silent one changes nothing visible. A badge of duress opens as
// any other, and raises an alarm in the same step.
void Checks::judge_panic() {
  const Alarmed said = std::exchange(alarmed_, {});
  const std::string& plan = site_.rules.panic_lockdown;
  if (said.loud && !plan.empty() && !ledger_.lockdowns.contains(plan)) violate("panic", "a panic started no lockdown");
  if (said.silent && !said.loud && said.lockdown) violate("panic", "a silent panic started a lockdown");
  for (const auto& point : said.duress_at) {
    const bool calls = std::any_of(ledger_.standing.begin(), ledger_.standing.end(),
                                   [&](const auto& alarm) { return alarm.second == "panic " + point + " silent"; });
    const bool told = std::find(said.signalled_at.begin(), said.signalled_at.end(), point) != said.signalled_at.end();
    if (!calls || !told) violate("panic", "a badge of duress opened " + point + " and called nobody");
  }
}

void Checks::read_new_entries(bool after_a_start) {
  newer_->bind(1, static_cast<std::int64_t>(next_));
  const Now now = clock_.now();
  for (auto more = newer_->step(); more && *more && !violation_; more = newer_->step()) {
    const auto number = static_cast<std::uint64_t>(newer_->integer(0));
    const std::string leaf = newer_->blob(1);
    if (number != next_) violate("numbers", "entry " + std::to_string(number) + " follows " + std::to_string(next_ - 1));
    auto entry = read_leaf(leaf);
    if (!entry || entry->number != number)
      return violate("leaf", "leaf " + std::to_string(number) + " is no leaf: " + leaf);
    if (after_a_start) judge_left_behind(*entry);
    if (!after_a_start && (entry->at.boot != now.boot || entry->at.utc != now.utc))
      violate("stamps", "entry " + std::to_string(number) + " is not stamped with the instant of its step");
    entry->at = local(*entry);
    judge(*entry);
    fold(*entry);
    tree_.append(leaf_hash(leaf));
    ++next_;
  }
  newer_->reset();
}

void Checks::fold(const Entry& entry) {
  const auto intent = entry.ref ? ledger_.intents.find(*entry.ref) : ledger_.intents.end();
  const std::string partner = intent == ledger_.intents.end() ? "" : intent->second.partner;
  const std::string wrong = ledger_.add(entry);
  if (!wrong.empty()) violate(entry.ref && entry.type != EventType::visit_closed ? "outcome" : "ledger", wrong);
  SiteEdit edit(folded_);
  apply(edit, entry, site_);
  if (const auto differs = conformance_.add(entry, edit); !differs.empty()) violate("conformance", differs);
  edit.merge_into(folded_, entry.at.utc);
  if (entry.type != EventType::access_taken) return;
  for (const auto& who : {entry.visit.str(), entry.badge.str(), partner}) touched_.insert(who);
}

void Checks::judge(const Entry& entry) {
  judge_procedure(entry);
  judge_undo(entry);
  judge_detector(entry);
  if (entry.type == EventType::access_granted) judge_grant(entry);
  if (entry.type == EventType::access_denied) judge_denial(entry);
  if (entry.type == EventType::lockdown_started) alarmed_.lockdown = true;
  if (entry.type == EventType::duress_signalled) alarmed_.signalled_at.push_back(entry.point);
  if (entry.type != EventType::alarm_raised) return;
  const auto raised = particulars_of<AlarmRaised>(entry);
  if (raised.kind == AlarmKind::panic) (raised.silent ? alarmed_.silent : alarmed_.loud) = true;
}

// A visit keeps the version that was in force when it arrived, and each of its transitions names it.
void Checks::judge_procedure(const Entry& entry) {
  const auto [said, at_step] = particulars_of<Procedure>(entry);
  const std::string name = "entry " + std::to_string(entry.number);
  if (entry.type == EventType::visit_registered) {
    const Sop* in_force = nullptr;
    for (const auto& sop : site_.sops)
      if (sop.effective <= entry.at.utc && (!in_force || in_force->effective < sop.effective)) in_force = &sop;
    if (said != (in_force ? in_force->id : "")) violate("sop", name + " registers under " + said);
    return;
  }
  const auto visit = ledger_.visits.find(entry.visit.str());
  if (visit == ledger_.visits.end() || visit->second.sop.empty() || visit->second.closed()) return;
  if (said != visit->second.sop) violate("sop", name + " is under \"" + said + "\", its visit under " + visit->second.sop);
  // After its last step a visit is at no step.
  const Sop* sop = ledger_.find_procedure(visit->second);
  const bool done = sop && visit->second.attested.contains(sop->steps.back().id);
  if (entry.type == EventType::approval_asked && !at_step.is_set() && !done) violate("sop", name + " names no step");
}

// More of a party than the procedure allows at once enter only with an aide's permission, and the grant names the aide.
void Checks::judge_limit(const Entry& entry, const AccessPointConfig& point) {
  const auto visit = ledger_.visits.find(entry.visit.str());
  if (visit == ledger_.visits.end()) return;
  const auto granted = particulars_of<AccessGranted>(entry);
  const bool over = ledger_.is_over_limit(point, entry.badge.str(), false);
  if (over != (granted.over.value == "members_inside"))
    violate("sop", fmt::format("grant {} says \"{}\" of the procedure's limit", entry.number, granted.over.value));
  if (over && granted.permitted_by.value != visit->second.permitted_by)
    violate("sop", fmt::format("grant {} is by \"{}\"'s word", entry.number, granted.permitted_by.value));
}

// A denial names exactly the missing steps.
void Checks::judge_missing_steps(const Entry& entry, const AccessPointConfig& point) {
  const auto visit = ledger_.visits.find(entry.visit.str());
  if (visit == ledger_.visits.end() || visit->second.closed()) return;
  auto missing = ledger_.missing_steps(point, visit->second);
  if (point.to.str() == "outside" && visit->second.deposits > 0) missing.emplace_back("deposit_return");
  const auto said = particulars_of<AccessDenied>(entry).steps.value;
  if (!std::is_permutation(said.begin(), said.end(), missing.begin(), missing.end()))
    violate("sop",
            fmt::format("denial {} names {} missing steps, there are {}", entry.number, said.size(), missing.size()));
}

// It names a visit only where no other can have made the passage; a passage that no guest at the post made is recorded as
// such.
void Checks::judge_detector(const Entry& entry) {
  const bool passage = entry.type == EventType::screening_passage;
  if (passage || entry.type == EventType::screening_alarm) {
    if (entry.visit.str() != ledger_.only_visit_to_screen())
      violate("detector", fmt::format("entry {} is about \"{}\"", entry.number, entry.visit.str()));
    if (passage && !ledger_.has_visit_at_post()) ++unnoted_;
  }
  if (entry.type == EventType::deviation_noted &&
      particulars_of<DeviationNoted>(entry).kind == Deviation::passage_without_visit)
    --unnoted_;
}

// A correction is an entry of its own, within five minutes, about the same visit, once.
void Checks::judge_undo(const Entry& entry) {
  using enum EventType;
  if (entry.type == visit_moved || entry.type == visit_closed || entry.type == screening_recorded ||
      entry.type == approval_decided)
    ledger_.undoable[entry.number] = {entry.at.utc, entry.visit.str()};
  if (entry.type != undone) return;
  const auto meant = entry.ref ? ledger_.undoable.find(*entry.ref) : ledger_.undoable.end();
  const bool may = meant != ledger_.undoable.end() && meant->second.visit == entry.visit.str() &&
                   entry.at.utc - meant->second.at <= std::chrono::minutes(5);
  if (!may) violate("undo", "entry " + std::to_string(entry.number) + " takes back what cannot be taken back");
  if (entry.ref) ledger_.undoable.erase(*entry.ref);
}

// An entry read back from a leaf has no zone offset.
Now Checks::local(const Entry& entry) const {
  Now now = entry.at;
  now.offset = clock_.now().offset;
  return now;
}

void Checks::judge_grant(const Entry& entry) {
  const auto granted = particulars_of<AccessGranted>(entry);
  if (granted.by != "badge") return;
  const std::string number = "grant " + std::to_string(entry.number);
  const AccessPointConfig* point = ledger_.find_point(entry.point);
  if (!point) return violate("rule", number + " at no known point");
  if (scan_) {
    if (point->reader != scan_->reader || scan_->badge != entry.badge.str())
      violate("scan_matches", number + " is for " + entry.badge.str() + " at " + entry.point + ", but " + scan_->badge +
                                  " was shown to " + scan_->reader.str());
    scan_->judged = true;
  }
  if (revoked_.contains(entry.badge.str())) violate("revoked_passes", number + ": the badge was revoked");
  const bool together = granted.partner.is_set();
  for (const auto& reason : ledger_.objections(*point, entry.badge.str(), local(entry)))
    if (!together || reason != "second_person_missing")
      violate("rule", fmt::format("{} at {} in spite of: {}", number, entry.point, reason));
  if (together) judge_partner(entry, *point);
  judge_limit(entry, *point);
  const auto badge = ledger_.badges.find(entry.badge.str());
  if (badge != ledger_.badges.end() && badge->second.duress) alarmed_.duress_at.push_back(entry.point);
  for (const auto& [other, intent] : ledger_.intents)
    if (ledger_.find_point(intent.point)->portal == point->portal)
      violate("rule", number + " while intent " + std::to_string(other) + " is open at the same portal");
  if (ledger_.stopped) violate("granting_after_error", number + " after granting_stopped");
}

void Checks::judge_partner(const Entry& entry, const AccessPointConfig& point) {
  const std::string partner = particulars_of<AccessGranted>(entry).partner.value.str();
  for (const auto& reason : ledger_.objections_to_partner(point, entry.badge.str(), partner, local(entry)))
    violate("rule", fmt::format("grant {} with {} as the second in spite of: {}", entry.number, partner, reason));
}

void Checks::judge_denial(const Entry& entry) {
  if (scan_) scan_->judged = true;
  const std::string reasons = reasons_of(entry);
  const AccessPointConfig* point = ledger_.find_point(entry.point);
  if (!scan_ || scan_->badge.empty() || !point || are_of_the_moment(reasons)) return;
  judge_missing_steps(entry, *point);
  if (ledger_.objections(*point, scan_->badge, local(entry)).empty())
    violate("refused_without_cause", "denial " + std::to_string(entry.number) + " at " + entry.point + ":" + reasons);
}

// ---- People and devices

void Checks::scanned(const BadgeRead& read, const std::string& only_badge) { scan_ = Scan{read.reader, only_badge}; }

void Checks::answered(const Command& asked, const Result<Reply>& reply) {
  if (!reply || !disk_.has_power()) return;  // a machine that is off gives no reply
  if (const auto* revoke = std::get_if<RevokeBadge>(&asked)) revoked_.insert(revoke->badge.str());
  if (std::holds_alternative<IssueBadge>(asked)) revoked_.erase(reply->id);  // a card that was returned and is bound again
  if (reply->entry == 0) return;
  promised_ = std::max(promised_, reply->entry + 1);
  one_->bind(1, static_cast<std::int64_t>(reply->entry));
  const auto row = one_->step();
  if (!row || !*row) violate("no_lost_record", "acknowledged, but not in the journal: " + std::to_string(reply->entry));
  one_->reset();
}

void Checks::registered(const std::string& person, const VisitId& visit, const VisitId& planned) {
  // A plan that expired at the end of its day (by the machine's clock, which may have jumped) does not count.
  const auto plan = ledger_.visits.find(planned.str());
  const bool lapsed = plan != ledger_.visits.end() && plan->second.closed();
  if (!planned.empty() && planned != visit && !lapsed)
    violate("one_person", person + " was expected, and is here twice now");
  const auto found = ledger_.visits.find(visit.str());
  if (found == ledger_.visits.end()) return;
  const auto [known, fresh] = guest_of_person_.emplace(person, found->second.guest);
  if (!fresh && known->second != found->second.guest) violate("one_person", person + " stands twice in the guest book");
}

bool Checks::ordered(std::uint64_t intent, const std::string& signal, BootTime deadline) {
  if (!disk_.has_power()) return false;
  const std::string name = "order of intent " + std::to_string(intent);
  // Committed: another connection reads it. Durable: nothing of the WAL is left to be synced.
  one_->bind(1, static_cast<std::int64_t>(intent));
  const auto row = one_->step();
  const std::string type = row && *row ? one_->text(0) : "";
  if (type != word(EventType::access_granted) && type != word(EventType::mode_changed))
    violate("intent_first", name + " has no committed intent");
  one_->reset();
  const std::string log = std::string("/data/gapura.db") + "-wal";
  if (!disk_.is_durable(log)) violate("intent_first", name + " would lose its intent if the power failed now");
  // (The database file itself may be behind: the WAL has the rest.)
  if (!disk_.would_be_there("/data/gapura.db")) violate("intent_first", name + " stands in a file that may vanish");
  const bool again = !orders_.insert_or_assign(intent, deadline).second;
  if (type == word(EventType::mode_changed)) {
    judge_renewal(intent, signal);
  } else if (again) {
    violate("order_once", name + " was sent twice");
  }
  judge_airlock(intent, signal);
  if (disk_failed()) violate("granting_after_error", name + " after the disk failed");
  if (deadline < clock_.boot() - Millis(1) || deadline > clock_.boot() + Millis(1500))
    violate("order_deadline", name + " may be carried out at another time than its scan");
  if (signal.empty()) violate("released_right", name + " names no output");
  return true;
}

// A portal is unlocked by pulses that refer to the entry that unlocked it, for as long as that is in force.
void Checks::judge_renewal(std::uint64_t intent, const std::string& signal) {
  renewed_.insert(intent);
  for (const auto& portal : site_.portals) {
    if (portal.lock != signal) continue;
    const auto mode = ledger_.modes.find(portal.id.str());
    const auto entry = ledger_.mode_entries.find(portal.id.str());
    const bool in_force = mode != ledger_.modes.end() && mode->second == "unlocked" && entry->second == intent;
    if (!in_force) violate("unlocked", signal + " is renewed by entry " + std::to_string(intent) + ", which is over");
    if (!ledger_.lockdowns.empty()) violate("unlocked", signal + " is renewed in a lockdown");
    if (ledger_.stopped) violate("unlocked", signal + " is renewed after granting_stopped");
    return;
  }
  violate("unlocked", signal + " is no door's lock");
}

// At most one of an airlock's doors is open or released, by their physical state.
void Checks::judge_airlock(std::uint64_t intent, const std::string& signal) {
  for (const auto& airlock : site_.interlocks) {
    std::string own, other;
    for (const auto& portal : site_.portals) {
      if (std::find(airlock.portals.begin(), airlock.portals.end(), portal.id) == airlock.portals.end()) continue;
      if (portal.lock == signal) own = portal.id.str();
      if (portal.lock != signal && (is_on(portal.lock) || is_on(portal.contact))) other = portal.id.str();
    }
    if (!own.empty() && !other.empty())
      violate("airlock", fmt::format("intent {} releases {} while {} is open or released", intent, own, other));
  }
}

void Checks::energised(std::uint64_t intent, const std::string& signal) {
  const auto order = orders_.find(intent);
  if (order == orders_.end()) return violate("intent_first", signal + " is on without an order");
  if (!energised_.insert(intent).second && !renewed_.contains(intent))
    violate("order_once", signal + " was pulsed twice for one intent");
}

// ---- Places

void Checks::moved(const std::string& who, const Places& where) {
  if (who.empty()) return;
  Places& places = truth_[who];
  for (const auto& area : site_.areas)
    if (area.two_person) {
      const auto people = [&](const Places& in) { return in.contains(area.id.str()) ? in.at(area.id.str()) : 0; };
      together_[area.id.str()] += people(where) - people(places);
    }
  places = where;
  std::erase_if(places, [](const auto& place) { return place.second == 0; });
  touched_.insert(who);
}

void Checks::mark_unknown(const std::string& who) {
  if (!who.empty()) unknown_[who] = queue_.now();
}

void Checks::entered_by_hand(const std::string& area) { by_hand_.insert(area); }

// Returns the places by the journal. None: it has no such person, or no more data about them.
std::optional<Places> Checks::recorded_places(const std::string& who) const {
  if (const auto visit = ledger_.visits.find(who); visit != ledger_.visits.end())
    return visit->second.closed() ? std::nullopt : std::optional(visit->second.where);
  const auto badge = ledger_.badges.find(who);
  if (badge == ledger_.badges.end() || !badge->second.is_staff()) return std::nullopt;
  return Places{{badge->second.area, 1}};
}

// People who the journal says are there, and who are unknown, may have gone. People who it does not know to be there (the
// power failed while they went in) cannot be protected from being alone.
void Checks::check_two_person_areas() {
  for (const auto& [area, people] : together_) {
    if (people == 0) by_hand_.erase(area);
    if (people != 1 || by_hand_.contains(area)) continue;
    const bool thought_to_be_two =
        std::any_of(ledger_.badges.begin(), ledger_.badges.end(), [&, where = area](const auto& badge) {
          return badge.second.is_staff() && badge.second.area == where && unknown_.contains(badge.first);
        });
    const bool known_there = std::any_of(truth_.begin(), truth_.end(), [&, where = area](const auto& person) {
      const auto there = person.second.find(where);
      if (there == person.second.end() || there->second == 0) return false;
      const auto recorded = recorded_places(person.first);
      return recorded && (recorded->contains(where) || !unknown_.contains(person.first));
    });
    if (known_there && !thought_to_be_two) violate("alone", "somebody is alone in " + area);
  }
}

// Every person is where the journal says, except the listed unknowns. An unknown becomes known when both agree and no one
// can still be passing on a release that another person's passage used up: an earlier agreement may be two errors that
// cancel out.
void Checks::compare_places() {
  if (!newer_) return;  // the power is off: the last acknowledged entries are read at the next start
  for (const auto& who : touched_) {
    const auto truth = truth_.find(who);
    const auto recorded = recorded_places(who);
    if (truth == truth_.end() || !recorded) continue;
    const bool agree = truth->second == *recorded;
    const auto lost = unknown_.find(who);
    if (agree && lost != unknown_.end() && queue_.now() - lost->second > longest_walk) unknown_.erase(lost);
    // What could not be written was not, and what the journal calls unknown is.
    if (disk_failed() || recorded->contains("unknown")) unknown_[who] = queue_.now();
    if (!agree && !unknown_.contains(who))
      violate("place",
              "the people of " + who + " are in " + text_of(truth->second) + ", the journal says " + text_of(*recorded));
  }
  if (!touched_.empty()) check_two_person_areas();
  touched_.clear();
}

// ---- Tables and memory

void Checks::compare_with_memory(const Core& core) {
  const SiteState& state = core.gate().state();
  if (state.next_number != folded_.next_number) violate("fold", "the next number differs");
  if (state.badges != folded_.badges) violate("fold", "badges in memory differ from those of the folded journal");
  if (const auto id = differing_visit(state, folded_); !id.empty())
    violate("fold", "visit " + id + " in memory differs from that of the folded journal");
  if (state.alarms != folded_.alarms) violate("fold", "alarms in memory differ from those of the folded journal");
  if (!(state.facts == folded_.facts)) violate("fold", "the site's facts differ from those of the folded journal");
  if (state.people != folded_.people) violate("fold", "people counted in areas differ from those of the folded journal");
  if (state.open_intents != folded_.open_intents) violate("fold", "open intents differ from those of the folded journal");
  for (const auto& [id, visit] : state.visits) {
    int people = 0;
    for (const auto& [area, number] : visit.where) people += number;
    if (!visit.closed && people != visit.party)
      violate("conserved", fmt::format("of {} people of visit {} {} are somewhere", visit.party, id.str(), people));
  }
  for (const auto& area : site_.areas)
    if (area.id != outside_area && state.people_in(area.id) != ledger_.people_in(area.id.str()))
      violate("conserved", fmt::format("{} people are counted in {}, the journal has {}", state.people_in(area.id),
                                       area.id.str(), ledger_.people_in(area.id.str())));
  if (core.journal().size() != tree_.size() || core.journal().root() != tree_.root())
    violate("tree", "the core's Merkle root differs from that of the leaves on disk");
}

void Checks::compare_with_tables() {
  const auto stored = root_of(tree_.size(), stored_nodes(*reader_));
  if (!stored || *stored != tree_.root()) violate("tree", "the stored nodes do not give the root of the leaves");
  auto loaded = load_state(*reader_);
  if (!loaded) return violate("tables", loaded.error().message);
  if (loaded->badges != folded_.badges) violate("tables", "badge rows differ from the folded journal");
  if (const auto id = differing_visit(*loaded, folded_); !id.empty())
    violate("tables", "the row of visit " + id + " differs from the folded journal");
  if (loaded->alarms != folded_.alarms) violate("tables", "alarm rows differ from the folded journal");
  if (!(loaded->facts == folded_.facts)) violate("tables", "site_fact rows differ from the folded journal");
  if (loaded->open_intents != folded_.open_intents) violate("tables", "open_intent rows differ from the folded journal");
  auto rows = reader_->prepare("SELECT id, screening, closed_utc IS NOT NULL FROM visit");
  if (!rows) return violate("tables", rows.error().message);
  std::size_t count = 0;
  for (auto more = rows->step(); more && *more; more = rows->step(), ++count) {
    const auto visit = ledger_.visits.find(rows->text(0));
    if (visit == ledger_.visits.end() || visit->second.closed() != (rows->integer(2) != 0) ||
        visit->second.screening != rows->text(1))
      violate("tables", "the row of visit " + rows->text(0) + " differs from the ledger");
  }
  if (count != ledger_.visits.size()) violate("tables", "there are not as many visit rows as visits in the journal");
  auto badges = reader_->prepare("SELECT id, CASE state WHEN 'active' THEN 'issued' ELSE state END FROM badge");
  if (!badges) return violate("tables", badges.error().message);
  for (auto more = badges->step(); more && *more; more = badges->step()) {
    const auto badge = ledger_.badges.find(badges->text(0));
    const bool same = badge != ledger_.badges.end() && (badge->second.state == badges->text(1) ||
                                                        (badge->second.state == "active" && badges->text(1) == "issued"));
    if (!same) violate("tables", "the row of badge " + badges->text(0) + " differs from the ledger");
  }
}

void Checks::finished(const Core& core) {
  if (violation_) return;
  for (const auto& [number, intent] : ledger_.intents)
    return violate("outcome", "intent " + std::to_string(number) + " never got its outcome");
  for (const auto& [id, area] : truth_) touched_.insert(id);
  compare_places();
  compare_with_memory(core);
  compare_with_tables();
  if (const auto differs = conformance_.finish(); !differs.empty()) violate("conformance", differs);
}

}  // namespace gapura::simulation
