// SPDX-License-Identifier: Apache-2.0
// Bodies by their declaration: the values that a command gets, and what is refused before.
#include "gateway/web/http/body.h"

#include <catch2/catch.hpp>

#include "gateway/contract/command.h"
#include "gateway/web/api/bodies.h"
#include "gateway/web/api/router.h"
#include "gateway/web/http/problem.h"

using namespace gapura;
using namespace gapura::gateway;
namespace json = boost::json;

namespace {

template <class Struct>
Struct read(const char* text) {
  return read_fields<Struct>(read_body(body<Struct>(), text));
}

std::string refusal(const Shape& shape, const json::object& given) {
  try {
    (void)read_body(shape, json::serialize(given));
  } catch (const Problem& problem) {
    return problem.kind() + ": " + problem.what();
  }
  return "";
}

// A value that the shape's member takes.
json::value fitting(const Member& member) {
  json::value one = member.type == "number"   ? json::value(1)
                    : member.type == "flag"   ? json::value(true)
                    : member.type == "time"   ? json::value("2026-01-31T08:15:00+07:00")
                    : member.type == "choice" ? json::value(member.choices.front())
                                              : json::value("x");
  if (member.array) return json::array{std::move(one)};
  return one;
}

}  // namespace

TEST_CASE("a body fills the fields of its command, texts without their edges, and leaves the rest as declared") {
  const auto visit = read<RegisterVisit>(
      R"({"name":" Ni Luh Ayu ","category":"special","identity_type":"sim","members":"satu\ndua","quick":true})");
  CHECK(visit.name == "Ni Luh Ayu");
  CHECK(visit.category == "special");
  CHECK(visit.identity_type == IdentityType::sim);
  CHECK(visit.members == "satu\ndua");
  CHECK(visit.quick);
  CHECK(visit.party == 1);
  CHECK(visit.purpose.empty());
  CHECK_FALSE(visit.extended);

  const auto decision =
      read<DecideVisit>(R"({"decision":"reschedule","version":7,"when":"2026-01-31T08:15Z","minutes":null})");
  CHECK(decision.decision == AideDecision::reschedule);
  CHECK(decision.version == 7);
  CHECK(decision.minutes == 0);
  CHECK(decision.when == parse_time("2026-01-31T08:15Z"));
  CHECK(read<IssueBadge>(R"({"card":"c-1","uses":3})").card == BadgeId("c-1"));
  CHECK(read<CloseVisit>(R"({"outcome":"left_early"})").outcome == VisitState::left_early);
  CHECK(read<ApproveRetention>(R"({"classes":["clip","nik"]})").classes.size() == 2);
  CHECK(read<SignIn>(R"({"name":"sari","password":" as it is "})").password == " as it is ");
}

TEST_CASE("the fields of a form come first in every body that has one, and only a quick one may lack the purpose") {
  const Shape plan = body<PlanVisit>(), arrival = body<RegisterVisit>(), form = body<CompleteVisit>();
  REQUIRE(plan.size() == form.size() + 2);
  for (std::size_t i = 0; i < form.size(); ++i) {
    CHECK(plan[i].name == form[i].name);
    CHECK(arrival[i].name == form[i].name);
    const bool quick_lacks = form[i].name == "purpose" || form[i].name == "whom";
    CHECK(arrival[i].required == (form[i].required && !quick_lacks));
  }
  CHECK(plan.back().name == "until");
  CHECK(arrival.back().name == "quick");
}

// The core cannot be asked for another word: its commands have the enumerations themselves.
TEST_CASE("a word that a body's member does not know is refused, and the sentence names those it knows") {
  int choices = 0;
  for (const Route& route : routes())
    for (const Member& member : route.body) {
      if (member.type != "choice") continue;
      ++choices;
      INFO(route.pattern << ' ' << member.name);
      json::object given;
      for (const Member& each : route.body)
        if (each.required) given[each.name] = fitting(each);
      given[member.name] = "steal";
      std::string expected = "bad_input: \"" + member.name + "\": expected one of ";
      for (const auto& choice : member.choices) expected += (&choice == &member.choices.front() ? "" : ", ") + choice;
      CHECK(refusal(route.body, given) == expected + ".");
      for (const auto& choice : member.choices) {
        given[member.name] = choice;
        CHECK(refusal(route.body, given).empty());
      }
    }
  CHECK(choices > 20);
}

TEST_CASE("a field of some of an enumeration's words takes no other") {
  using Outcome = CloseVisit::Outcome;
  CHECK(Outcome(VisitState::turned_away) == VisitState::turned_away);
  CHECK(std::string(word(Outcome())) == "departed");
  const auto state = GENERATE(VisitState::waiting, VisitState::unaccounted);
  CHECK_THROWS_AS(Outcome(state), std::logic_error);
}
