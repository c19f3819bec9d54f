// SPDX-License-Identifier: Apache-2.0
// What the core asks of the tables: facts that its state in memory does not have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/personal_data.h"
#include "models/base/ids.h"
#include "models/base/result.h"
#include "models/record/site_event.h"
#include "models/visit/visit.h"

namespace gapura::gateway {

// A possible match with the attention list.
struct AttentionMatch {
  std::string id;
  bool blocks = false;
  std::optional<bool> answered;  // a person's earlier answer about this guest
};

// A guest of the registry whom a form may be about.
struct KnownPerson {
  GuestId guest;
  std::string full_name;  // empty: restricted and not at the post, or erased
  bool has_phone = false, same_name = false;
  VisitId visit;                            // the open one, else the next plan; empty: none
  VisitState state = VisitState::departed;  // of `visit`
};

// The registry's queries for the core. Read only.
class RegistryLookup {
 public:
  virtual ~RegistryLookup() = default;
  // Returns all people with this number, ordered: same name, at the post, expected, then the latest.
  virtual Result<std::vector<KnownPerson>> find_people(const std::string& phone, const std::string& full_name) = 0;
  // Returns the people with this name who are at the post or expected.
  virtual Result<std::vector<KnownPerson>> find_namesakes(const std::string& full_name) = 0;
  // Finds a person by the id of a guest or of one of their visits.
  virtual Result<std::optional<KnownPerson>> find_person(const std::string& id) = 0;
  virtual std::optional<VisitId> find_open_visit(const GuestId& guest) = 0;
  // Returns a plan whose window, widened by half a day, contains this instant.
  virtual std::optional<VisitId> find_plan(const GuestId& guest, UtcTime at) = 0;
  virtual Result<std::vector<AttentionMatch>> find_attention(const std::string& phone, const std::string& full_name,
                                                             const std::optional<GuestId>& guest) = 0;
  virtual std::optional<Entry> find_entry(std::uint64_t number) = 0;
  virtual bool has_admin() = 0;
  virtual bool has_user(const UserId& user) = 0;
  virtual bool has_pin(const UserId& user) = 0;  // on any device
  virtual std::vector<std::string> aides() = 0;  // ids of the aides who can sign in, by name
  virtual bool is_last_admin(const UserId& user) = 0;
  virtual bool is_in_locker(const std::string& deposit, const std::string& locker) = 0;
  // Returns the guests whose portrait or evidence this picture is; an empty id for evidence that belongs to no visit.
  virtual Result<std::vector<GuestId>> owners_of_picture(const std::string& hash) = 0;
};

// Facts on personal data, which are only in erasable tables. Read only. Errors: storage.
class PersonalDataLookup {
 public:
  virtual ~PersonalDataLookup() = default;
  virtual Result<std::vector<StoredRule>> periods() = 0;
  virtual Result<std::optional<ErasureRun>> unfinished_run() = 0;
  // Returns the next part of a run, at most `limit` items; empty when it is done.
  virtual Result<ErasureBatch> next_batch(const ErasureRun& run, int limit, const InUse& in_use) = 0;
  virtual Result<ErasureCounts> counts_of_run(const std::string& run) = 0;
  // Returns a sentence when the person may not be erased now, empty when they may. `but_case`: the case that asks for it.
  virtual Result<std::string> why_not_erase(const std::string& guest, const std::string& but_case, const InUse& in_use) = 0;
  // Whether `user` is an admin's account that a person can sign in to.
  virtual Result<bool> is_admin_person(const std::string& user) = 0;
  virtual Result<bool> has_visit(const VisitId& id) = 0;
  virtual Result<bool> has_guest(const GuestId& id) = 0;
  virtual Result<std::optional<Person>> person(const GuestId& id) = 0;
  virtual Result<std::optional<LegalHold>> standing_hold(const std::string& id) = 0;
  virtual Result<std::optional<SubjectCase>> subject_case(const std::string& id) = 0;
};

}  // namespace gapura::gateway
