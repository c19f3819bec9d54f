// SPDX-License-Identifier: Apache-2.0
// An entry of the journal, and the leaf that is stored and hashed for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/base/ids.h"
#include "models/base/time.h"
#include "models/record/events.h"

namespace gapura {

// The particulars as fields of the leaf. Code makes and reads entries through the structs of events.h, not by field names.
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
using Fields = std::vector<std::pair<std::string, Value>>;

struct Entry {
  EventType type = EventType::site_opened;
  std::string point;             // access point, portal or device; empty: none
  std::string actor = "system";  // user id, "system" or "device"
  VisitId visit;
  BadgeId badge;
  std::optional<std::uint64_t> ref;
  Fields data;
  // Stamped by the journal.
  std::uint64_t number = 0;
  Now at{};
};

// Makes an entry of this type. `type` may be left out where only one type of event has these particulars.
template <class Particulars>
Entry make_entry(EventType type, const Particulars& particulars);
template <class Particulars>
Entry make_entry(const Particulars& particulars);
Entry make_entry(EventType type);  // NoParticulars
// NoteAdded, Procedure.
template <class Particulars>
void append_particulars(Entry& entry, const Particulars& particulars);

// Returns the particulars of an entry. A field that is missing, or has a value of the wrong kind, keeps its default.
template <class Particulars>
Particulars particulars_of(const Entry& entry);

// One JSON object, fixed key order, no spaces, integers only, ending in one newline:
// {"v":1,"i":…,"ts":"…","bt":…,"boot":"…","cq":"ok","typ":"…","pt":…,"act":"…","sub":…,"bdg":…,"ref":…,"d":{…}}
// Bytes that are no UTF-8 become U+FFFD. At most leaf_limit bytes: the journal refuses more.
std::string make_leaf(const Entry& entry, std::string_view boot_id);
inline constexpr std::size_t leaf_limit = 4096;

}  // namespace gapura

#include "models/record/event_codec.h"  // the templates
