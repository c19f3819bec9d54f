// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/leaf_reader.h"

#include <catch2/catch.hpp>

using namespace gapura;
using namespace gapura::gateway;

namespace {

Entry scan() {
  Entry entry = make_entry(EventType::access_granted);
  entry.number = 7;
  entry.point = "gate.in";
  entry.actor = "device";
  entry.badge = BadgeId("b-1");
  return entry;
}

// The leaf of `entry` with one text in it replaced by another.
std::string changed(const Entry& entry, const std::string& from, const std::string& to) {
  std::string leaf = make_leaf(entry, "boot1");
  const auto at = leaf.find(from);
  REQUIRE(at != std::string::npos);
  return leaf.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a leaf becomes the entry that it was made of") {
  const auto read = read_leaf(make_leaf(scan(), "boot1"));
  REQUIRE(read);
  CHECK(read->number == 7);
  CHECK(read->type == EventType::access_granted);
  CHECK(read->point == "gate.in");
  CHECK(read->badge == BadgeId("b-1"));
  CHECK(read->visit.empty());
  CHECK_FALSE(read->ref);
}

TEST_CASE("a leaf of another version, or with a value of the wrong kind, is refused") {
  const auto [from, to] = GENERATE(table<std::string, std::string>({
      {R"("v":1)", R"("v":2)"},
      {R"("v":1)", R"("v":"1")"},
      {R"("i":7)", R"("i":"7")"},
      {R"("cq":"ok")", R"("cq":"good")"},
      {R"("typ":"access_granted")", R"("typ":"access_guessed")"},
      {R"("pt":"gate.in")", R"("pt":5)"},
      {R"("act":"device")", R"("act":null)"},
      {R"("sub":null)", R"("sub":{})"},
      {R"("bdg":"b-1")", R"("bdg":["b-1"])"},
      {R"("ref":null)", R"("ref":"6")"},
      {R"("boot":"boot1",)", ""},
  }));
  INFO(from << " changed to " << to);
  const auto read = read_leaf(changed(scan(), from, to));
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::bad_input);
}
