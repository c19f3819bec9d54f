// SPDX-License-Identifier: Apache-2.0
// Scanners at every place where a reader can be, on the real daemon: a serial line at the gate, one that types on the desk,
// a serial line in the return box.
#include <random>

#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

const char* const desk_scanner = R"(
[[reader]]
id = "r-desk"
kind = "hid"
device = "{devices}/hid-scanner"
role = "post"
)";

// The gate's reader is the serial scanner instead of the camera, whose role then is evidence.
PostPlan gate_scanner() {
  PostPlan plan;
  plan.instead = {{"id = \"r-gate-in\"\nkind = \"camera\"\ncamera = \"cam-gate\"",
                   "id = \"r-gate-in\"\nkind = \"serial\"\ndevice = \"{devices}/serial-scanner\"\ngap_ms = 60"},
                  {"roles = [\"badge\", \"evidence\"]", "roles = [\"evidence\"]\nwatches = [\"gate\"]"}};
  plan.also = desk_scanner;
  return plan;
}

bool is_offline(RunningPost& post, const std::string& device) {
  return wait_until([&] { return !post.device_online(device); });
}

}  // namespace

TEST_CASE("a guest's badge at a serial scanner opens the gate, at the desk's scanner it says what it is") {
  RunningPost post(gate_scanner());
  REQUIRE(wait_until([&] { return post.device_online("r-gate-in") && post.device_online("r-desk"); }));
  const auto guest = post.cleared_guest("Tamu Contoh 01");

  post.mark();
  REQUIRE(post.devices().hid_scanner->scan(guest.token));
  const auto presented = post.wait_event("badge_presented");
  CHECK(text(presented, "visit") == guest.visit);
  CHECK(text(presented.at("data").as_object(), "is") == "issued");
  CHECK(post.pulses() == 0);

  REQUIRE(post.devices().serial_scanner->scan(guest.token));
  post.go_through("gate");
  const auto granted = post.wait_event("access_granted");
  CHECK(text(granted, "badge") == guest.badge);
  CHECK(post.wait_event("access_taken").at("ref") == granted.at("number"));
  CHECK(post.pulses() == 1);

  // Unplugged: reported, with an alarm; plugged in: it reads again.
  post.mark();
  post.devices().serial_scanner->unplug();
  REQUIRE(is_offline(post, "r-gate-in"));
  CHECK(text(post.wait_event("device_offline").at("data").as_object(), "kind") == "scanner");
  REQUIRE(post.devices().serial_scanner->plug());
  REQUIRE(wait_until([&] { return post.device_online("r-gate-in"); }));

  // Noise, half scans, keys at random: recorded, refused, no relay switches, and a badge is still read.
  post.mark();
  std::mt19937 random(5);
  for (int round = 0; round < 40; ++round) {
    std::string bytes(random() % 300 + 1, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (round % 4 == 0) bytes = guest.token.substr(0, 20) + "\x1b" + guest.token.substr(20) + "\r";
    (void)wait_until([&] { return post.devices().serial_scanner->send(bytes).has_value(); });
    (void)post.devices().hid_scanner->send(simulated::typed(bytes));
  }
  post.wait_event("access_denied", [](const json::object& event) {
    return text(event.at("data").as_object(), "reject") == "control_character";
  });
  CHECK(post.events("access_granted").empty());
  CHECK(post.pulses() == 1);
  CHECK(post.daemon().running());
  (void)post.devices().hid_scanner->send(simulated::typed("\r"));
  const auto reads_it = [&] {
    post.mark();
    (void)post.devices().hid_scanner->scan(guest.token);
    return wait_until([&] {
      for (const auto& event : post.events("badge_presented"))
        if (text(event.as_object(), "badge") == guest.badge) return true;
      return false;
    });
  };
  CHECK(reads_it());
}

TEST_CASE("a card in the return box's scanner ends the visit of a guest who went out") {
  PostPlan plan;
  plan.also = R"(
[[reader]]
id = "r-box"
kind = "serial"
device = "{devices}/serial-scanner"
role = "return_box"
)";
  RunningPost post(plan);
  REQUIRE(wait_until([&] { return post.device_online("r-box"); }));
  const auto guest = post.cleared_guest();
  post.walk("gate", guest.token);
  post.hold("exit", guest.token);
  post.go_through("exit");
  post.wait_event("access_taken", [](const json::object& e) { return text(e, "point") == "gate.out"; });
  REQUIRE(post.devices().serial_scanner->scan(guest.token));
  CHECK(text(post.wait_event("badge_returned"), "badge") == guest.badge);
  CHECK(text(post.visit(guest.visit), "state") == "departed");
}
