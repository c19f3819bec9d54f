// SPDX-License-Identifier: Apache-2.0
// The core's store without a file: entries, state and the few registry rows that the core needs, in memory. It keeps
// SiteStore's contract; for what it has no rows for (destructions, holds, cases) it returns the results of an empty
// registry.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "gateway/contract/store.h"
#include "models/record/merkle.h"
#include "models/visit/identity.h"

namespace gapura::tests {

using namespace gapura::gateway;

class MemoryTree final : public RecordTree {
 public:
  void append(const Entry& entry) { edge_.append(leaf_hash(make_leaf(entry, "boot0001"))); }
  std::uint64_t size() const override { return edge_.size(); }
  Hash root() const override { return edge_.root(); }

 private:
  MerkleEdge edge_;
};

// What remains of a store when it is closed.
struct MemoryTables {
  struct Guest {
    GuestId id;
    std::string name, phone;
  };
  struct AttentionEntry {
    AttentionRow row;
    std::map<GuestId, bool> answers;
  };
  std::vector<Entry> entries;
  SiteState state;
  MemoryTree tree;
  std::map<std::uint64_t, std::string> notes;  // by entry
  std::vector<Guest> guests;                   // in the order in which they were made
  std::map<std::string, AttentionEntry> attention;
  std::map<std::string, std::string> lockers;  // by deposit
  std::map<std::string, AddUser> users;        // by id
  std::set<std::string> disabled, with_pin;
  std::map<RetentionClass, StoredRule> periods;
};

// Thread: one.
class MemoryStore final : public SiteStore, public RegistryLookup, public PersonalDataLookup {
 public:
  explicit MemoryStore(MemoryTables& tables) : tables_(tables) {}

  SiteState take_state() override {
    SiteState state = tables_.state;
    std::erase_if(state.visits, [](const auto& each) { return each.second.closed && each.second.badges_out.empty(); });
    state.lately_closed.clear();
    state.count_people();
    return state;
  }
  Status write(const std::vector<Entry>& entries, const std::vector<Row>& rows, const SiteEdit& edit,
               const PictureKept*) override {
    if (!entries.empty() && entries.front().number != tables_.tree.size())
      return fail(ErrorKind::bug, "an entry's number does not follow");
    for (const Row& row : rows)
      if (const auto* user = std::get_if<UserRow>(&row); user && is_taken(user->account.name))
        return fail(ErrorKind::conflict, "an account of this name exists already");
    for (const Entry& entry : entries) tables_.tree.append(entry);
    tables_.entries.insert(tables_.entries.end(), entries.begin(), entries.end());
    const std::uint64_t first = entries.empty() ? 0 : entries.front().number;
    for (const Row& row : rows) std::visit([&](const auto& one) { keep(one, first); }, row);
    if (!entries.empty()) edit.merge_into(tables_.state, entries.back().at.utc);
    return {};
  }
  Status copy_wal() override { return {}; }
  void scrub(ScrubStep&) override {}
  const RecordTree& tree() const override { return tables_.tree; }
  RecordSigner* signer() override { return nullptr; }
  RegistryLookup& registry() override { return *this; }
  PersonalDataLookup& personal_data() override { return *this; }

  Result<std::vector<KnownPerson>> find_people(const std::string& phone, const std::string& name) override {
    std::vector<KnownPerson> found;
    for (const auto& guest : tables_.guests)
      if (is_phone(guest.phone, phone)) found.push_back(known(guest, name));
    return found;
  }
  Result<std::vector<KnownPerson>> find_namesakes(const std::string& name) override {
    std::vector<KnownPerson> found;
    for (const auto& guest : tables_.guests)
      if (name_form(guest.name) == name_form(name))
        if (auto person = known(guest, name); !person.visit.empty()) found.push_back(std::move(person));
    return found;
  }
  Result<std::optional<KnownPerson>> find_person(const std::string& id) override {
    const Visit* visit = tables_.state.find_visit(VisitId(id));
    const GuestId wanted = visit ? visit->guest : GuestId(id);
    for (const auto& guest : tables_.guests)
      if (guest.id == wanted) return known(guest, guest.name);
    return std::nullopt;
  }
  std::optional<VisitId> find_open_visit(const GuestId& guest) override {
    return find_visit(guest, [](const Visit& visit) { return visit.state != VisitState::planned; });
  }
  std::optional<VisitId> find_plan(const GuestId& guest, UtcTime at) override {
    constexpr std::chrono::hours half_a_day{12};
    return find_visit(guest, [&](const Visit& visit) {
      return visit.state == VisitState::planned && visit.expected && *visit.expected <= at + half_a_day &&
             visit.expected_until && *visit.expected_until >= at - half_a_day;
    });
  }
  // An empty number or name is the guest's own.
  Result<std::vector<AttentionMatch>> find_attention(const std::string& phone, const std::string& name,
                                                     const std::optional<GuestId>& guest) override {
    MemoryTables::Guest meant{guest.value_or(GuestId()), name, phone};
    for (const auto& known : tables_.guests) {
      if (known.id != meant.id) continue;
      if (name.empty()) meant.name = known.name;
      if (phone.empty()) meant.phone = known.phone;
    }
    std::vector<AttentionMatch> found;
    for (const auto& [id, entry] : tables_.attention) {
      const ListAttention& person = entry.row.person;
      if (name_form(person.name) != name_form(meant.name) && !is_phone(person.phone, meant.phone)) continue;
      AttentionMatch match{id, person.blocks, std::nullopt};
      if (const auto answer = entry.answers.find(meant.id); answer != entry.answers.end()) match.answered = answer->second;
      found.push_back(std::move(match));
    }
    return found;
  }
  std::optional<Entry> find_entry(std::uint64_t number) override {
    if (number >= tables_.entries.size()) return std::nullopt;
    return tables_.entries[number];
  }
  bool has_admin() override {
    return std::any_of(tables_.users.begin(), tables_.users.end(),
                       [](const auto& u) { return u.second.role == Role::admin; });
  }
  bool has_user(const UserId& user) override { return tables_.users.contains(user.str()); }
  bool has_pin(const UserId& user) override { return tables_.with_pin.contains(user.str()); }
  std::vector<std::string> aides() override {
    std::vector<std::pair<std::string, std::string>> by_name;
    for (const auto& [id, user] : tables_.users)
      if (user.role == Role::aide && can_sign_in(id)) by_name.emplace_back(user.name, id);
    std::sort(by_name.begin(), by_name.end());
    std::vector<std::string> ids;
    for (auto& [name, id] : by_name) ids.push_back(std::move(id));
    return ids;
  }
  bool is_last_admin(const UserId& user) override {
    const auto other = [&](const auto& u) {
      return u.first != user.str() && u.second.role == Role::admin && can_sign_in(u.first);
    };
    const auto found = tables_.users.find(user.str());
    return found != tables_.users.end() && found->second.role == Role::admin && !tables_.disabled.contains(user.str()) &&
           std::none_of(tables_.users.begin(), tables_.users.end(), other);
  }
  bool is_in_locker(const std::string& deposit, const std::string& locker) override {
    const auto found = tables_.lockers.find(deposit);
    return found != tables_.lockers.end() && found->second == locker;
  }
  Result<std::vector<GuestId>> owners_of_picture(const std::string& hash) override {
    std::vector<GuestId> owners;
    for (const auto& [id, visit] : tables_.state.visits)
      if (!hash.empty() && (visit.portrait == hash || visit.waiting_still == hash)) owners.push_back(visit.guest);
    return owners;
  }

  Result<std::vector<StoredRule>> periods() override {
    std::vector<StoredRule> rules;
    for (const auto& [what, rule] : tables_.periods) rules.push_back(rule);
    return rules;
  }
  Result<std::optional<ErasureRun>> unfinished_run() override { return std::nullopt; }
  Result<ErasureBatch> next_batch(const ErasureRun&, int, const InUse&) override { return ErasureBatch{}; }
  Result<ErasureCounts> counts_of_run(const std::string&) override { return ErasureCounts{}; }
  Result<std::string> why_not_erase(const std::string&, const std::string&, const InUse&) override { return ""; }
  Result<bool> is_admin_person(const std::string& user) override {
    const auto found = tables_.users.find(user);
    return found != tables_.users.end() && found->second.role == Role::admin && can_sign_in(user);
  }
  Result<bool> has_visit(const VisitId& id) override { return tables_.state.visits.contains(id); }
  Result<bool> has_guest(const GuestId& id) override {
    return std::any_of(tables_.guests.begin(), tables_.guests.end(), [&](const auto& g) { return g.id == id; });
  }
  Result<std::optional<Person>> person(const GuestId&) override { return std::nullopt; }
  Result<std::optional<LegalHold>> standing_hold(const std::string&) override { return std::nullopt; }
  Result<std::optional<SubjectCase>> subject_case(const std::string&) override { return std::nullopt; }

 private:
  template <class Unkept>
  void keep(const Unkept&, std::uint64_t) {}
  void keep(const NoteRow& row, std::uint64_t first) { tables_.notes[first + row.entry] = row.text; }
  void keep(const FormRow& row, std::uint64_t first) {
    if (row.new_guest) tables_.guests.push_back({row.guest, "", ""});
    for (auto& guest : tables_.guests) {
      if (guest.id != row.guest) continue;
      guest.name = row.form.name;
      if (!row.form.phone.empty()) guest.phone = row.form.phone;
    }
    (void)first;
  }
  void keep(const AttentionRow& row, std::uint64_t) { tables_.attention[row.id].row = row; }
  void keep(const AttentionAnswerRow& row, std::uint64_t) {
    tables_.attention[row.attention].answers[row.guest] = row.is_match;
  }
  void keep(const DepositRow& row, std::uint64_t) { tables_.lockers[row.id] = row.item.locker; }
  void keep(const LockerRow& row, std::uint64_t) { tables_.lockers[row.deposit] = row.locker; }
  void keep(const UserRow& row, std::uint64_t) { tables_.users[row.id] = row.account; }
  void keep(const UserDisabledRow& row, std::uint64_t) {
    tables_.disabled.insert(row.user.str());
    tables_.with_pin.erase(row.user.str());
  }
  void keep(const PasswordRow& row, std::uint64_t) {
    tables_.users[row.user.str()].password_hash = row.hash;
    tables_.with_pin.erase(row.user.str());
  }
  void keep(const PinRow& row, std::uint64_t) { tables_.with_pin.insert(row.user.str()); }
  void keep(const PinsRemovedRow& row, std::uint64_t) { tables_.with_pin.erase(row.user.str()); }
  void keep(const PeriodRow& row, std::uint64_t) { tables_.periods[row.rule.what] = {row.rule, std::nullopt, ""}; }
  void keep(const ProposedPeriodRow& row, std::uint64_t) {
    tables_.periods[row.rule.what].next = row.rule;
    tables_.periods[row.rule.what].agreed_by.clear();
  }
  void keep(const AgreedPeriodRow& row, std::uint64_t) { tables_.periods[row.what].agreed_by = row.by.str(); }

  // As the registry compares them: empty ones are never the same.
  static bool is_phone(const std::string& a, const std::string& b) {
    return !read_phone(a).form.empty() && read_phone(a).form == read_phone(b).form;
  }
  bool is_taken(const std::string& name) const {
    return std::any_of(tables_.users.begin(), tables_.users.end(), [&](const auto& u) { return u.second.name == name; });
  }
  bool can_sign_in(const std::string& id) const {
    return !tables_.disabled.contains(id) && tables_.users.at(id).password_hash != "*";
  }
  // Returns the earliest expected one of the guest's open visits for which `is_wanted` is true.
  template <class Wanted>
  std::optional<VisitId> find_visit(const GuestId& guest, Wanted is_wanted) const {
    const Visit* best = nullptr;
    for (const auto& [id, visit] : tables_.state.visits)
      if (visit.guest == guest && !visit.closed && is_wanted(visit) && (!best || visit.expected < best->expected))
        best = &visit;
    return best ? std::optional(best->id) : std::nullopt;
  }
  KnownPerson known(const MemoryTables::Guest& guest, const std::string& name) {
    KnownPerson person{guest.id, guest.name, !guest.phone.empty(), name_form(guest.name) == name_form(name)};
    auto visit = find_open_visit(guest.id);
    if (!visit) visit = find_visit(guest.id, [](const Visit& one) { return one.state == VisitState::planned; });
    if (visit) person.visit = *visit, person.state = tables_.state.find_visit(*visit)->state;
    return person;
  }

  MemoryTables& tables_;
};

// The file of a Harness's core: see site_harness.h.
class MemoryFile {
 public:
  std::unique_ptr<SiteStore> open_store() { return std::make_unique<MemoryStore>(tables_); }
  std::vector<Entry> journal() const { return tables_.entries; }
  std::string note(std::uint64_t entry) const {
    const auto found = tables_.notes.find(entry);
    return found == tables_.notes.end() ? "" : found->second;
  }

 private:
  MemoryTables tables_;
};

}  // namespace gapura::tests
