// SPDX-License-Identifier: Apache-2.0
// The particulars of every event, held to the table in docs/api.md: the order is the leaf's, which is hashed. A change
// there is a change of the record's format, and new fields come last.
#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "models/record/site_event.h"

using namespace gapura;

namespace {

template <class T>
std::string kind_of(const T&) {
  if constexpr (detail::is_a<T, Sparse>) {
    return kind_of(decltype(T::value){}) + "~";
  } else if constexpr (detail::is_a<T, std::optional>) {
    return kind_of(typename T::value_type{}) + "?";
  } else if constexpr (detail::is_a<T, std::vector>) {
    return "list";
  } else if constexpr (std::is_enum_v<T>) {
    return "word";
  } else if constexpr (std::is_same_v<T, bool>) {
    return "flag";
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return "number";
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    return "time";
  } else {
    return "text";
  }
}

template <class Particulars>
std::string row_of(const char* type) {
  std::string cells;
  const Particulars none{};
  for_each_field(none, [&](const char* name, const auto& field) {
    cells += (cells.empty() ? "`" : ", `") + std::string(name) + "` " + kind_of(field);
  });
  return "| `" + std::string(type) + "` | " + (cells.empty() ? "–" : cells) + " |";
}

std::vector<std::string> declared() {
  return {
#define GAPURA_TEST_ROW(type, Particulars) row_of<Particulars>(#type),
      GAPURA_EVENTS(GAPURA_TEST_ROW)
#undef GAPURA_TEST_ROW
  };
}

std::vector<std::string> documented() {
  std::ifstream file(GAPURA_SOURCE_DIR "/docs/api.md");
  std::vector<std::string> rows;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (in_table && line.starts_with("| `")) rows.push_back(line);
    in_table = line == "| Event | `data` |" || (in_table && line.starts_with("|"));
  }
  return rows;
}

}  // namespace

TEST_CASE("every event has the fields that docs/api.md says, in that order") {
  const auto rows = documented(), events = declared();
  CHECK(rows.size() == events.size());
  for (std::size_t i = 0; i < std::min(rows.size(), events.size()); ++i) CHECK(events[i] == rows[i]);
}

TEST_CASE("particulars come back out of an entry as they went in") {
  const ApprovalDecided decided{.decision = AideDecision::reschedule,
                                .version = 3,
                                .when = UtcTime(Millis(1'795'000'000'000)),
                                .next = VisitId("v-2"),
                                .verbal = true,
                                .was = Approval::seen,
                                .was_state = VisitState::waiting};
  const Entry entry = make_entry(decided);
  CHECK(entry.type == EventType::approval_decided);
  std::vector<std::string> names;
  for (const auto& [name, value] : entry.data) names.push_back(name);
  CHECK(names == std::vector<std::string>{"decision", "version", "when", "next", "verbal", "was", "was_state"});
  const auto read = particulars_of<ApprovalDecided>(entry);
  CHECK(read.decision == AideDecision::reschedule);
  CHECK(read.version == 3);
  CHECK_FALSE(read.minutes.is_set());
  CHECK(read.when == decided.when);
  CHECK(read.next.value == VisitId("v-2"));
  CHECK(read.verbal.value);
  CHECK_FALSE(read.hours_permit.value);
  CHECK(read.was == Approval::seen);
  CHECK(read.was_state == VisitState::waiting);
}

TEST_CASE("a field that is missing, of another kind or of an unknown word keeps its default") {
  Entry entry = make_entry(EventType::visit_moved);
  entry.data = {{"to", std::int64_t{7}}, {"from", std::string("somewhere")}, {"new_field", true}};
  const auto moved = particulars_of<VisitMoved>(entry);
  CHECK(moved.to == VisitMoved{}.to);
  CHECK(moved.from == VisitMoved{}.from);
  CHECK_FALSE(moved.why.is_set());
  entry.data = {{"kind", std::string("gold")}, {"token", std::string("short")}};
  const auto issued = particulars_of<BadgeIssued>(entry);
  CHECK_FALSE(issued.kind);
  CHECK(issued.token == Hash{});
}

TEST_CASE("an empty list and an empty optional text are two: one is written") {
  const Entry denied = make_entry(AccessDenied{.reasons = {DenialReason::malformed_payload}, .reject = "", .bytes = 0});
  std::vector<std::string> names;
  for (const auto& [name, value] : denied.data) names.push_back(name);
  CHECK(names == std::vector<std::string>{"reasons", "reject", "bytes"});
  CHECK(particulars_of<AccessDenied>(denied).reasons == std::vector{DenialReason::malformed_payload});
}

TEST_CASE("an event says whether particulars are its own") {
  CHECK(is_event_of<QuestionPut>(EventType::approval_asked));
  CHECK(is_event_of<QuestionPut>(EventType::approval_answered));
  CHECK_FALSE(is_event_of<QuestionPut>(EventType::approval_decided));
}
