// SPDX-License-Identifier: Apache-2.0
// The journal, the proofs of its record, and kept pictures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/web/queries/answer.h"

namespace gapura::gateway::answer {

// `data`: the particulars, as the journal has them (models/record/events.h).
struct Event {
  static constexpr const char* schema = "Event";
  std::int64_t number = 0;
  UtcTime time;
  std::string type;
  std::optional<std::string> point;
  std::string actor, actor_id;
  std::optional<std::string> visit, badge;
  std::optional<std::int64_t> ref;
  boost::json::object data;
  std::optional<std::string> note;
  std::vector<std::string> pictures, clips;
  GAPURA_FIELDS(number, time, type, point, actor, actor_id, visit, badge, ref, data, note, pictures, clips);
};

struct Events {
  std::vector<Event> events;
  std::int64_t last = 0;
  GAPURA_FIELDS(events, last);
};

// The number of the entry that was made.
struct Entry {
  std::uint64_t entry = 0;
  GAPURA_FIELDS(entry);
};

struct Checkpoint {
  std::string checkpoint, origin;
  std::uint64_t size = 0;
  std::string root;
  UtcTime time;
  std::vector<std::string> keys;
  GAPURA_FIELDS(checkpoint, origin, size, root, time, keys);
};

struct Consistency {
  std::uint64_t from = 0, to = 0;
  std::vector<std::string> proof;
  GAPURA_FIELDS(from, to, proof);
};

struct KeptPicture {
  std::string hash, url;
  GAPURA_FIELDS(hash, url);
};

}  // namespace gapura::gateway::answer
