// SPDX-License-Identifier: Apache-2.0
// The whole line on real protocols: RTSP in, Modbus out, HTTPS for the people, SQLite for the record.
#include <atomic>

#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

// Whether the journal, seen by another connection, holds an entry that allows this write of the relay.
bool intent_is_durable(const std::string& file) {
  auto reader = gateway::Database::open_reader(file);
  if (!reader) return false;
  auto row = reader->prepare(
      "SELECT count(*) FROM open_intent i JOIN entry e ON e.number = i.number WHERE e.type = 'access_granted'");
  return row && *row->step() && row->integer(0) == 1;
}

}  // namespace

TEST_CASE("a visitor registers, is accepted, gets a badge, passes the detector, holds it to the camera and walks in",
          "[line]") {
  RunningPost post;
  auto guest = post.accepted_guest("Tamu Contoh 01");
  post.wait_event("picture_kept",
                  [](const json::object& e) { return text(e.at("data").as_object(), "role") == "waiting_room"; });

  post.bus().detector_passage(simulated::kDetector, false);
  CHECK(text(post.wait_event("screening_passage"), "visit") == guest.visit);
  post.post("guard", "/api/v1/visits/" + guest.visit + "/screening", {{"result", "clear"}});

  std::atomic<int> writes{0}, durable{0};
  post.bus().on_coil([&](const simulated::CoilChange& change) {
    if (!change.on) return;
    ++writes;
    if (intent_is_durable(post.database())) ++durable;
  });
  post.hold("gate", guest.token);
  post.go_through("gate");
  const auto granted = post.wait_event("access_granted");
  const auto taken = post.wait_event("access_taken");
  CHECK(taken.at("ref") == granted.at("number"));
  CHECK(text(taken.at("data").as_object(), "why") == "passage");
  CHECK(text(taken, "visit") == guest.visit);
  CHECK(writes == 1);
  CHECK(durable == 1);

  // API, journal and simulator agree: one grant, one pulse on the entry coil, of the configured length.
  const auto trace = post.bus().trace();
  REQUIRE(trace.size() >= 1);
  CHECK(trace[0].unit == simulated::kTurnstile);
  CHECK(trace[0].coil == 0);
  CHECK(trace[0].pulse_ms == 1000);
  CHECK(post.events("access_granted").size() == 1);
  CHECK(post.pulses() == 1);
  const auto visit = post.get("guard", "/api/v1/visits/" + guest.visit);
  CHECK(visit.at("presence").as_string() == "waiting_room");
  const auto still = post.wait_event(
      "picture_kept", [](const json::object& e) { return text(e.at("data").as_object(), "role") == "scan"; });
  CHECK(still.at("ref") == granted.at("number"));

  // Revoked: the next scan is refused and the coil stays off.
  post.post("admin", "/api/v1/badges/" + guest.badge + "/revoke", {{"reason", "uji pencabutan"}});
  post.hold("gate", guest.token);
  const auto denied = post.wait_event("access_denied");
  CHECK(reasons_of(denied).front() == "revoked");
  CHECK(post.pulses() == 1);
  CHECK(!post.bus().coil(simulated::kTurnstile, 0));
}

TEST_CASE("the door, the exit and the badge back: the visit ends by physical evidence", "[line]") {
  RunningPost post;
  auto guest = post.cleared_guest();
  post.hold("door", guest.token);
  post.go_through("door");
  post.wait_event("access_taken", [](const json::object& e) { return text(e, "point") == "inner-door.in"; });
  CHECK(post.get("aide", "/api/v1/visits/" + guest.visit).at("state").as_string() == "in_meeting");
  post.hold("exit", guest.token);
  post.go_through("exit");
  post.wait_event("access_taken", [](const json::object& e) { return text(e, "point") == "gate.out"; });
  post.post("guard", "/api/v1/badges/" + guest.badge + "/return", json::object{});
  CHECK(post.get("guard", "/api/v1/visits/" + guest.visit).at("state").as_string() == "departed");
}

TEST_CASE("no passage: the grant is not taken, and the badge still works", "[line]") {
  RunningPost post;
  auto guest = post.cleared_guest();
  post.hold("gate", guest.token);
  const auto outcome = post.wait_event("access_not_taken");
  CHECK(text(outcome.at("data").as_object(), "why") == "no_passage");
  post.hold("gate", guest.token);
  post.go_through("gate");
  post.wait_event("access_taken");
}

TEST_CASE("under the demo's own procedure the attested step opens the way, and the reader inside counts a party out",
          "[line]") {
  RunningPost post({.procedure = true});
  const std::string id = text(post.register_guest("Tamu Contoh 20", {{"party", 2}}), "id");
  CHECK(text(post.visit(id), "next", "step") == "identity");
  post.ask(id);
  post.decide(id, "accept_now");
  post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
  const auto guest = post.give_badge(id);
  CHECK(post.denied("gate", guest.token) == std::vector<std::string>{"sop_step_missing"});
  post.post("guard", visit_path(id, "attest"), {{"step", "identity"}});
  for (int i = 0; i < 2; ++i) post.walk("gate", guest.token);
  for (int i = 0; i < 2; ++i) post.walk("door", guest.token);
  CHECK(post.visit(id).at("where") == json::value({{"residence", 2}}));
  for (int i = 0; i < 2; ++i) post.walk("inside", guest.token);
  CHECK(text(post.visit(id), "state") == "finished");
  for (int i = 0; i < 2; ++i) post.walk("exit", guest.token);
  post.post("guard", "/api/v1/badges/" + guest.badge + "/return", json::object{});
  CHECK(text(post.visit(id), "state") == "departed");
  CHECK(post.pulses(simulated::kDoor, 0) == 4);
}
