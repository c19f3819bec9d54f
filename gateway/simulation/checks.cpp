// SPDX-License-Identifier: Apache-2.0
// The checks by name: no_lost_record, no_phantom, corrupt, numbers, stamps, leaf, intent_first, order_once, order_deadline,
// released_right, granting_after_error, rule, refused_without_cause, scan_matches, revoked_passes, outcome, ledger,
// one_person, place, fold, tables, tree, open_intent_left, start.
#include "gateway/simulation/checks.h"

#include <algorithm>

#include "gateway/journal/leaf_reader.h"
#include "gateway/registry/registry.h"

namespace gapura::simulation {
namespace {

using namespace gapura::gateway;

// Whoever was let in has walked by then, or never will.
constexpr std::chrono::seconds longest_walk{30};

std::string reasons_of(const Entry& entry) {
  std::string text;
  for (const auto& [key, value] : entry.data)
    if (key == "reasons")
      for (const auto& reason : std::get<std::vector<std::string>>(value)) text += " " + reason;
  return text;
}

std::string text_of(const Places& where) {
  std::string text;
  for (const auto& [area, people] : where) text += (text.empty() ? "" : " ") + area + "=" + std::to_string(people);
  return text;
}

// The open visits alone: which closed ones are still in memory depends on when one looks.
bool same_open_visits(const SiteState& a, const SiteState& b) {
  const auto held_by = [](const SiteState& state, const SiteState& other) {
    for (const auto& [id, visit] : state.visits) {
      const Visit* same = other.find_visit(id);
      if (!visit.closed && (!same || !(*same == visit))) return false;
    }
    return true;
  };
  return held_by(a, b) && held_by(b, a);
}

// Reasons that lie in the machine or the moment, which the journal alone cannot tell.
bool is_of_the_moment(const std::string& reasons) {
  for (const char* word : {"interlock_busy", "portal_fault", "journal_unavailable", "rate_limited", "duplicate_scan",
                           "ambiguous_scan", "malformed_payload", "unknown_badge"})
    if (reasons.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

Checks::Checks(const SiteConfig& site, const Queue& queue, SiteClock& clock, const Disk& disk)
    : site_(site), queue_(queue), clock_(clock), disk_(disk), ledger_(site_) {}

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

  // What was acknowledged before the power went is all there, byte for byte; what came on top was under way at the cut.
  const std::uint64_t known = std::exchange(next_, 0);
  const Hash root = std::exchange(tree_, MerkleEdge()).root();
  auto rows = reader.prepare("SELECT leaf FROM entry WHERE number < ?1 ORDER BY number");
  if (!rows) return violate("start", "the journal cannot be read");
  rows->bind(1, static_cast<std::int64_t>(known));
  for (auto more = rows->step(); more && *more; more = rows->step(), ++next_) tree_.append(leaf_hash(rows->blob(0)));
  if (next_ < known)
    return violate("no_lost_record", "the journal had " + std::to_string(known) + " entries, now " + std::to_string(next_));
  if (tree_.root() != root) return violate("no_lost_record", "an entry of before the start reads differently");
  read_new_entries(true);
  for (const auto& [number, intent] : ledger_.intents)
    return violate("open_intent_left", "intent " + std::to_string(number) + " of an earlier run has no outcome");
  compare_with_memory(core);
  cuts_.clear();
  if (closely) look_closely();
}

// Beyond what was acknowledged stands at most the one step that was under way when the power failed: nothing that nobody
// did. What a disk that fails wrote, and said it had not, may be there as well.
void Checks::judge_left_behind(const Entry& entry) {
  const auto is_of = [&](const Now& cut) { return cut.utc == entry.at.utc && cut.boot == entry.at.boot; };
  if (failed_before_ || is_of(clock_.now()) || std::any_of(cuts_.begin(), cuts_.end(), is_of)) return;
  violate("no_phantom", "entry " + std::to_string(entry.number) + " is of no step that was under way");
}

void Checks::look_closely() {
  auto check = reader_->prepare("PRAGMA integrity_check(1)");
  const auto row = check ? check->step() : Result<bool>(false);
  if (!row || !*row || check->text(0) != "ok") return violate("corrupt", row && *row ? check->text(0) : "unreadable");
  compare_with_tables();
}

// ---- The journal, entry by entry

// A deadline that stays due would have the core's thread spin.
void Checks::ticked() {
  ticks_at_once_ = last_tick_ == queue_.now() ? ticks_at_once_ + 1 : 0;
  last_tick_ = queue_.now();
  if (ticks_at_once_ > 20) violate("spins", "the same instant was due for twenty ticks");
}

void Checks::stepped() {
  if (violation_ || !newer_) return;
  // What is not written to the disk is not in the journal: nothing to read.
  if (const auto writes = disk_.counters().writes; std::exchange(writes_, writes) != writes) read_new_entries(false);
  if (disk_failed() && disk_.is_sound() && !ledger_.stopped)
    violate("stop_recorded", "the disk failed once, and granting_stopped is not in the journal");
  if (scan_ && !scan_->judged && !disk_failed())
    violate("every_attempt", "a scan at " + scan_->reader.str() + " left no entry");
  scan_.reset();
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
    judge(*entry);
    fold(*entry);
    tree_.append(leaf_hash(leaf));
    ++next_;
  }
  newer_->reset();
}

void Checks::fold(const Entry& entry) {
  const std::string wrong = ledger_.add(entry);
  if (!wrong.empty()) violate(entry.ref && entry.type != EventType::visit_closed ? "outcome" : "ledger", wrong);
  SiteEdit edit(folded_);
  apply(edit, entry, site_);
  edit.merge_into(folded_, entry.at.utc);
  if (entry.type == EventType::access_taken && !entry.visit.empty()) touched_.insert(entry.visit.str());
}

void Checks::judge(const Entry& entry) {
  if (entry.type == EventType::access_granted) judge_grant(entry);
  if (entry.type == EventType::access_denied) judge_denial(entry);
}

// A leaf read back has lost the zone's offset.
Now Checks::local(const Entry& entry) const {
  Now now = entry.at;
  now.offset = clock_.now().offset;
  return now;
}

void Checks::judge_grant(const Entry& entry) {
  if (find_text(entry.data, "by") != "badge") return;
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
  for (const auto& reason : ledger_.objections(*point, entry.badge.str(), local(entry)))
    violate("rule", number + " at " + entry.point + " in spite of: " + reason);
  for (const auto& [other, intent] : ledger_.intents)
    if (ledger_.find_point(intent.point)->portal == point->portal)
      violate("rule", number + " while intent " + std::to_string(other) + " is open at the same portal");
  if (ledger_.stopped) violate("granting_after_error", number + " after granting_stopped");
}

void Checks::judge_denial(const Entry& entry) {
  if (scan_) scan_->judged = true;
  const std::string reasons = reasons_of(entry);
  const AccessPointConfig* point = ledger_.find_point(entry.point);
  if (!scan_ || scan_->badge.empty() || !point || is_of_the_moment(reasons)) return;
  if (ledger_.objections(*point, scan_->badge, local(entry)).empty())
    violate("refused_without_cause", "denial " + std::to_string(entry.number) + " at " + entry.point + ":" + reasons);
}

// ---- People and devices

void Checks::scanned(const BadgeRead& read, const std::string& only_badge) { scan_ = Scan{read.reader, only_badge}; }

void Checks::answered(const Command& asked, const Result<Reply>& reply) {
  if (!reply || !disk_.has_power()) return;  // nobody hears the answer of a machine that is off
  if (const auto* revoke = std::get_if<RevokeBadge>(&asked)) revoked_.insert(revoke->badge.str());
  if (reply->entry == 0) return;
  promised_ = std::max(promised_, reply->entry + 1);
  one_->bind(1, static_cast<std::int64_t>(reply->entry));
  const auto row = one_->step();
  if (!row || !*row) violate("no_lost_record", "acknowledged, but not in the journal: " + std::to_string(reply->entry));
  one_->reset();
}

void Checks::registered(const std::string& person, const VisitId& visit, const VisitId& planned) {
  // A plan that lapsed at the end of its day (by the machine's clock, which may have jumped) binds nobody.
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
  // Committed: another connection reads it. Durable: nothing of the log is left to be synced.
  one_->bind(1, static_cast<std::int64_t>(intent));
  const auto row = one_->step();
  if (!row || !*row || one_->text(0) != word(EventType::access_granted))
    violate("intent_first", name + " has no committed intent");
  one_->reset();
  const std::string log = std::string("/data/gapura.db") + "-wal";
  if (!disk_.is_durable(log)) violate("intent_first", name + " would lose its intent if the power failed now");
  // (The database file itself may lag behind: the log makes up for it.)
  if (!disk_.would_be_there("/data/gapura.db")) violate("intent_first", name + " stands in a file that may vanish");
  if (!orders_.emplace(intent, deadline).second) violate("order_once", name + " was sent twice");
  if (disk_failed()) violate("granting_after_error", name + " after the disk failed");
  if (deadline < clock_.boot() - Millis(1) || deadline > clock_.boot() + Millis(1500))
    violate("order_deadline", name + " may be carried out at another time than its scan");
  if (signal.empty()) violate("released_right", name + " names no output");
  return true;
}

void Checks::energised(std::uint64_t intent, const std::string& signal) {
  const auto order = orders_.find(intent);
  if (order == orders_.end()) return violate("intent_first", signal + " is on without an order");
  if (!energised_.insert(intent).second) violate("order_once", signal + " was pulsed twice for one intent");
}

// ---- Places

void Checks::moved(const VisitId& visit, const Places& where) {
  if (visit.empty()) return;
  Places& places = truth_[visit.str()] = where;
  std::erase_if(places, [](const auto& place) { return place.second == 0; });
  touched_.insert(visit.str());
}

void Checks::lost_sight(const VisitId& visit) {
  if (!visit.empty()) unknown_[visit.str()] = queue_.now();
}

// Each guest is where the journal says, but for the listed unknowns. Those are known again when both agree and nobody can
// still be on the way through a release that another's passage used up: agreeing a moment earlier may be two errors that
// cancel.
void Checks::compare_places() {
  if (!newer_) return;  // the power is gone: what was acknowledged last is read at the next start
  for (const auto& id : touched_) {
    const auto truth = truth_.find(id);
    const auto visit = ledger_.visits.find(id);
    if (truth == truth_.end() || visit == ledger_.visits.end() || visit->second.closed()) continue;
    const bool agree = truth->second == visit->second.where;
    const auto lost = unknown_.find(id);
    if (agree && lost != unknown_.end() && queue_.now() - lost->second > longest_walk) unknown_.erase(lost);
    // What could not be written was not; and what the journal itself calls unknown is.
    if (disk_failed() || visit->second.where.contains("unknown")) unknown_[id] = queue_.now();
    if (!agree && !unknown_.contains(id))
      violate("place", "the people of " + id + " are in " + text_of(truth->second) + ", the journal says " +
                           text_of(visit->second.where));
  }
  touched_.clear();
}

// ---- Tables and memory

void Checks::compare_with_memory(const Core& core) {
  const SiteState& state = core.gate().state();
  if (state.next_number != folded_.next_number) violate("fold", "the next number differs");
  if (state.badges != folded_.badges) violate("fold", "badges in memory differ from those of the folded journal");
  if (!same_open_visits(state, folded_)) violate("fold", "visits in memory differ from those of the folded journal");
  if (state.alarms != folded_.alarms) violate("fold", "alarms in memory differ from those of the folded journal");
  if (!(state.facts == folded_.facts)) violate("fold", "the site's facts differ from those of the folded journal");
  if (state.people != folded_.people) violate("fold", "people counted in areas differ from those of the folded journal");
  if (state.open_intents != folded_.open_intents) violate("fold", "open intents differ from those of the folded journal");
  if (core.journal().size() != tree_.size() || core.journal().root() != tree_.root())
    violate("tree", "the core's Merkle root differs from that of the leaves on disk");
}

void Checks::compare_with_tables() {
  const auto stored = root_of(tree_.size(), stored_nodes(*reader_));
  if (!stored || *stored != tree_.root()) violate("tree", "the stored nodes do not give the root of the leaves");
  auto loaded = load_state(*reader_);
  if (!loaded) return violate("tables", loaded.error().message);
  if (loaded->badges != folded_.badges) violate("tables", "badge rows differ from the folded journal");
  if (!same_open_visits(*loaded, folded_)) violate("tables", "visit rows differ from the folded journal");
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
}

void Checks::finished(const Core& core) {
  if (violation_) return;
  for (const auto& [number, intent] : ledger_.intents)
    return violate("outcome", "intent " + std::to_string(number) + " never got its outcome");
  for (const auto& [id, area] : truth_) touched_.insert(id);
  compare_places();
  compare_with_memory(core);
  compare_with_tables();
}

}  // namespace gapura::simulation
