// SPDX-License-Identifier: Apache-2.0
// The state tables: written from a SiteEdit in the entries' transaction, read once at start.
#pragma once

#include <memory>

#include "gateway/contract/change.h"
#include "gateway/contract/lookup.h"
#include "gateway/journal/database.h"
#include "models/record/site_state.h"

namespace gapura::gateway {

// Loads the open visits, every badge, the open intents and the standing alarms, as of the last commit.
Result<SiteState> load_state(const Database& db);

// Thread: core only. Uses the writer's connection.
class Registry : public RegistryLookup, public PersonalDataLookup {
 public:
  explicit Registry(const Database& db) : db_(db) {}
  // Call inside the caller's transaction.
  Status write(const SiteEdit& edit);
  Status write_picture(const PictureKept& kept);

  Result<std::vector<KnownPerson>> find_people(const std::string& phone, const std::string& full_name) override;
  Result<std::vector<KnownPerson>> find_namesakes(const std::string& full_name) override;
  Result<std::optional<KnownPerson>> find_person(const std::string& id) override;
  std::optional<VisitId> find_open_visit(const GuestId& guest) override;
  std::optional<VisitId> find_plan(const GuestId& guest, UtcTime at) override;
  Result<std::vector<AttentionMatch>> find_attention(const std::string& phone, const std::string& full_name,
                                                     const std::optional<GuestId>& guest) override;
  std::optional<Entry> find_entry(std::uint64_t number) override;
  bool has_admin() override;
  bool has_user(const UserId& user) override;
  bool has_pin(const UserId& user) override;
  std::vector<std::string> aides() override;
  bool is_last_admin(const UserId& user) override;
  bool is_in_locker(const std::string& deposit, const std::string& locker) override;
  Result<std::vector<GuestId>> owners_of_picture(const std::string& hash) override;

  Result<std::vector<StoredRule>> periods() override;
  Result<std::optional<ErasureRun>> unfinished_run() override;
  Result<ErasureBatch> next_batch(const ErasureRun& run, int limit, const InUse& in_use) override;
  Result<ErasureCounts> counts_of_run(const std::string& run) override;
  Result<std::string> why_not_erase(const std::string& guest, const std::string& but_case, const InUse& in_use) override;
  Result<bool> is_admin_person(const std::string& user) override;
  Result<bool> has_visit(const VisitId& id) override;
  Result<bool> has_guest(const GuestId& id) override;
  Result<std::optional<Person>> person(const GuestId& id) override;
  Result<std::optional<LegalHold>> standing_hold(const std::string& id) override;
  Result<std::optional<SubjectCase>> subject_case(const std::string& id) override;

 private:
  Status write_intent(const OpenIntent& intent);
  Status write_facts(const SiteFacts& facts);
  std::string first_text(const char* sql, std::initializer_list<std::string_view> values);

  const Database& db_;
};

}  // namespace gapura::gateway
