// SPDX-License-Identifier: Apache-2.0
// Personal data as values: retention periods, destructions, people, legal holds and cases.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/base/time.h"
#include "models/record/events.h"
#include "models/record/retention.h"

namespace gapura::gateway {

// ---- Periods and destruction

struct StoredRule {
  RetentionRule now;
  std::optional<RetentionRule> next;  // a shorter period; waits for two admins
  std::string agreed_by;              // the first of the two
};

struct ErasureCounts {
  std::int64_t visits = 0, persons = 0, notes = 0, deposits = 0, pictures = 0, clips = 0;
  std::int64_t all() const { return visits + persons + notes + deposits + pictures + clips; }
};

struct FileMention {
  std::int64_t entry = 0;
  std::string camera, hash;
};

// The items of one transaction.
struct ErasureBatch {
  RetentionClass what = RetentionClass::visit;
  std::vector<std::string> visits;  // blanked: wholly for the class visit, else the fields of the class
  std::vector<std::string> guests;  // with no other data left
  std::vector<std::int64_t> notes;  // of these entries
  std::vector<FileMention> pictures, clips;
  std::vector<std::string> other_files;  // hashes of pictures that only leaves refer to: earlier portraits
  std::int64_t deposits = 0;
  std::vector<RetentionClass> finished;  // classes of the run without items left
  ErasureCounts counts() const {
    const auto size = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
    return {size(visits), size(guests), size(notes), deposits, size(pictures), size(clips)};
  }
  bool empty() const { return counts().all() == 0; }
};

// Returns whether a visit is still in the core's memory.
using InUse = std::function<bool(const std::string& visit)>;

struct ErasureRun {
  std::string id, guest;  // of one person's run; empty: a run of what was due
  std::string approved_by;
  UtcTime approved;
  std::uint64_t first_entry = 0;
  std::optional<UtcTime> finished = std::nullopt;
  std::uint64_t last_entry = 0;
};

// ---- People

struct PersonFields {
  std::string full_name, phone, institution;  // empty: no change
};
struct Person {
  std::string guest;
  PersonFields fields;
  std::int64_t visits = 0;
  std::optional<UtcTime> last_arrived, erased, restricted;
  bool held = false;
};

struct LegalHold {
  std::string id, guest, visit, made_by, reason;
  UtcTime made;
  std::uint64_t entry = 0;
};

struct SubjectCase {
  std::string id, guest;
  CaseKind kind{};
  CaseState state = CaseState::open;
  std::string requester, purpose, opened_by, closed_by, ground;
  UtcTime opened, due;
  std::optional<UtcTime> closed;
  std::uint64_t entry = 0;
};

}  // namespace gapura::gateway
