// SPDX-License-Identifier: Apache-2.0
// Whole visits as they happen at a post: several guests at once, delegations, what was left at the post, lost cards. The
// numbers are those of the acceptance scenarios.
#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

using Reasons = std::vector<std::string>;

const std::string residence_sops =
    "[[sop]]\nfile = \"sop/residence-general.toml\"\n[[sop]]\nfile = \"sop/residence-special.toml\"\n";

// The demo's post under the procedures of a residence, which say themselves when a decision is needed.
PostPlan residence() {
  return {.instead = {{R"(requires = ["decision", "screening"])", R"(requires = ["screening"])"}}, .also = residence_sops};
}

void attest(RunningPost& post, const std::string& visit, const char* step) {
  post.post("guard", visit_path(visit, "attest"), {{"step", step}});
}

// The notes that stand with this kind of event in the visit's record.
std::vector<std::string> notes(const json::object& visit, const char* type) {
  std::vector<std::string> found;
  for (const auto& event : events_of(visit, type)) found.push_back(text(event.as_object(), "note"));
  return found;
}

}  // namespace

TEST_CASE("1: while one guest is being written down, another leaves by the exit badge and the return box", "[people]") {
  // The camera of the door watches the return box here.
  RunningPost post({.instead = {{"camera = \"cam-door\"", "camera = \"cam-door\"\nrole = \"return_box\""},
                                {"reader = \"r-door-in\"\n", ""}}});
  const auto leaving = post.cleared_guest("Tamu Contoh 02");
  post.walk("gate", leaving.token);
  CHECK(text(post.visit(leaving.visit), "presence") == "waiting_room");

  // The form of Tamu Contoh 01 is half typed: nothing of it is at the gateway, and no scan can reach it.
  post.walk("exit", leaving.token);
  CHECK(text(post.visit(leaving.visit), "presence") == "outside");
  post.hold("door", leaving.token);
  const auto presented = post.wait_event("badge_presented");
  CHECK(text(presented, "visit") == leaving.visit);
  CHECK(text(presented, "data", "is") == "active");
  const auto closed = post.wait_event("visit_closed");
  CHECK(text(closed, "visit") == leaving.visit);
  CHECK(text(closed, "data", "outcome") == "departed");
  const auto gone = post.visit(leaving.visit);
  CHECK(text(gone, "state") == "departed");
  CHECK(text(gone, "badge", "state") == "returned");

  const json::object typed{{"phone", "0800-000-001"}, {"purpose", "menyampaikan undangan"}, {"whom", "sekretaris"}};
  const auto arrived = post.register_guest("Tamu Contoh 01", typed);
  CHECK(text(arrived, "id") != leaving.visit);
  CHECK(text(arrived, "state") == "registered");
  CHECK(arrived.at("badge").is_null());
  CHECK(arrived.at("previous").as_array().empty());
  for (const auto& [key, value] : typed) CHECK(arrived.at(key) == value);
  CHECK(post.visit(text(arrived, "id")).at("events").as_array().size() == 1);
  const auto open = post.get("guard", "/api/v1/visits?state=open");
  REQUIRE(open.at("visits").as_array().size() == 1);
  CHECK(open.at("visits").as_array()[0].at("id") == arrived.at("id"));
}

TEST_CASE("6: a delegation of fourteen enters in batches of three, and its counts must agree before it has left",
          "[people]") {
  PostPlan plan = residence();
  plan.instead.emplace_back("pulse_ms = 3000", "pulse_ms = 1000");
  RunningPost post(plan);
  const std::string id = text(post.register_guest("Ketua Rombongan Contoh", {{"party", 14}}), "id");
  attest(post, id, "identity");
  post.ask(id);
  post.decide(id, "accept_now");
  post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
  std::vector<RunningPost::Guest> members;
  members.reserve(4);
  for (int i = 0; i < 4; ++i) members.push_back(post.give_badge(id, {{"another", i > 0}}));
  CHECK(post.visit(id).at("badges").as_array().size() == 4);

  for (const auto& member : members) post.walk("gate", member.token);
  CHECK(post.visit(id).at("where") == json::value({{"outside", 10}, {"waiting_room", 4}}));
  for (int i = 0; i < 3; ++i) post.walk("door", members[i].token);
  CHECK(post.denied("door", members[3].token) == Reasons{"escort_limit"});
  CHECK(post.visit(id).at("where") == json::value({{"outside", 10}, {"residence", 3}, {"waiting_room", 1}}));

  // One of the first batch comes out: there is room for the fourth.
  post.walk("inside", members[0].token);
  post.walk("door", members[3].token);
  CHECK(post.visit(id).at("where") == json::value({{"outside", 10}, {"residence", 3}, {"waiting_room", 1}}));
  post.walk("exit", members[0].token);
  for (int i = 1; i < 3; ++i) {
    post.walk("inside", members[i].token);
    post.walk("exit", members[i].token);
  }
  CHECK(post.visit(id).at("where") == json::value({{"outside", 13}, {"residence", 1}}));
  for (const auto& member : members) post.post("guard", "/api/v1/badges/" + member.badge + "/return", json::object{});
  CHECK(post.visit(id).at("closed").is_null());
  const std::string why = post.refused("guard", visit_path(id, "close"), {{"outcome", "departed"}});
  CHECK(why.find("1 of 14 people") != std::string::npos);
  CHECK(why.find("(409)") != std::string::npos);
  const auto areas = post.get("guard", "/api/v1/areas");
  int inside = 0;
  for (const auto& area : areas.at("areas").as_array()) inside += area.at("people").to_number<int>();
  CHECK(inside == 1);

  // The last one shows at the exit without a card: the guard counts again, and says so.
  post.post("guard", visit_path(id, "close"), {{"outcome", "departed"}, {"reason", "yang terakhir keluar tanpa kartu"}});
  const auto gone = post.visit(id);
  CHECK(text(gone, "state") == "departed");
  CHECK(notes(gone, "visit_closed") == std::vector<std::string>{"yang terakhir keluar tanpa kartu"});
  CHECK(post.pulses(simulated::kTurnstile, 0) == 4);
  CHECK(post.pulses(simulated::kTurnstile, 1) == 3);
  CHECK(post.pulses(simulated::kDoor, 0) == 7);
}

TEST_CASE("7: metal twice, a telephone into the locker, then clear: the exit waits for the telephone", "[people]") {
  RunningPost post(residence());
  const std::string id = text(post.register_guest("Tamu Contoh 07"), "id");
  attest(post, id, "identity");
  post.ask(id);
  post.decide(id, "accept_now");
  const auto guest = post.give_badge(id);
  for (const char* next : {"rewalk", "item_deposited"}) {
    post.mark();
    post.bus().detector_passage(simulated::kDetector, true);
    CHECK(text(post.wait_event("screening_alarm"), "visit") == id);
    CHECK(text(post.visit(id), "screening") == "alarm");
    CHECK(post.denied("gate", guest.token) == Reasons{"screening_alarm"});
    post.post("guard", visit_path(id, "screening"), {{"result", next}});
  }
  CHECK(post.visit(id).at("rewalks").to_number<int>() == 1);
  const auto item =
      post.post("guard", visit_path(id, "deposits"), {{"what", "telepon genggam"}, {"tag", "A1"}, {"locker", "7"}});
  const std::string deposit = "/api/v1/deposits/" + text(item.as_object(), "id") + "/move";
  post.post("guard", deposit, {{"to", "stored"}});
  post.mark();
  post.bus().detector_passage(simulated::kDetector, false);
  CHECK(text(post.wait_event("screening_passage"), "visit") == id);
  post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
  CHECK(post.visit(id).at("metal_found").is_null());

  post.walk("gate", guest.token);
  post.mark();
  CHECK(post.denied("exit", guest.token) == Reasons{"sop_step_missing"});
  const auto refused = post.wait_event("access_denied");
  CHECK(refused.at("data").at("steps") == json::array{"deposit_return"});
  CHECK(post.refused("guard", visit_path(id, "close"), {{"outcome", "departed"}}).find("(409)") != std::string::npos);
  CHECK(post.get("guard", "/api/v1/deposits").at("deposits").as_array().size() == 1);

  post.post("guard", deposit, {{"to", "returned"}});
  CHECK(post.get("guard", "/api/v1/deposits").at("deposits").as_array().empty());
  post.walk("exit", guest.token);
  post.post("guard", "/api/v1/badges/" + guest.badge + "/return", json::object{});
  CHECK(text(post.visit(id), "state") == "departed");
  CHECK(post.pulses() == 2);
}

TEST_CASE("8: a card lost inside opens nothing at once; its guest leaves by the guard's word; found, it waits apart",
          "[people]") {
  RunningPost post;
  const auto stocked = post.post("admin", "/api/v1/badges/stock", {{"count", 1}});
  const auto& card = stocked.at("cards").as_array()[0].as_object();
  const std::string token = text(card, "token"), badge = "/api/v1/badges/" + text(card, "badge");
  const std::string id = text(post.register_guest("Tamu Contoh 08"), "id");
  post.ask(id);
  post.decide(id, "accept_now");
  post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
  CHECK(post.give_badge(id, {{"card", text(card, "badge")}}).badge == text(card, "badge"));
  post.walk("gate", token);

  post.post("guard", badge + "/change", {{"to", "lost"}, {"reason", "hilang di ruang tunggu"}});
  for (const char* camera : {"door", "exit"}) {
    CHECK(post.denied(camera, token).front() == "lost");
    CHECK(text(post.wait_event("access_denied"), "visit") == id);
  }
  bool standing = false;
  const auto alarms = post.get("guard", "/api/v1/alarms");
  for (const auto& alarm : alarms.at("alarms").as_array())
    standing |= text(alarm.as_object(), "kind") == "revoked_or_lost_used";
  CHECK(standing);

  const auto before = post.pulses(simulated::kTurnstile, 1);
  post.mark();
  const auto released = post.post("guard", "/api/v1/points/gate.out/release", {{"reason", "kartu hilang"}});
  post.go_through("exit");
  const auto taken = post.wait_event("access_taken");
  CHECK(taken.at("ref") == released.at("entry"));
  CHECK(post.pulses(simulated::kTurnstile, 1) == before + 1);
  post.post("guard", visit_path(id, "close"),
            {{"outcome", "departed"}, {"reason", "kartu hilang, dilihat petugas keluar"}});
  const auto gone = post.visit(id);
  CHECK(text(gone, "state") == "departed");
  CHECK(notes(gone, "visit_closed") == std::vector<std::string>{"kartu hilang, dilihat petugas keluar"});

  // Found: it opens nothing while it is looked at, nor in stock.
  post.post("guard", badge + "/change", {{"to", "quarantine"}, {"reason", "ditemukan"}});
  CHECK(text(post.get("guard", badge).as_object(), "state") == "quarantine");
  CHECK(post.denied("gate", token).front() == "lost");
  post.post("admin", badge + "/change", {{"to", "in_stock"}, {"reason", "diperiksa"}});
  CHECK(post.denied("gate", token).front() == "not_active_yet");
}

TEST_CASE("16: a passport holder, and a guest whom the officer knows: admitted, and the record says why", "[people]") {
  RunningPost post(residence());
  const auto ready = [&](const std::string& name, const json::object& more) {
    const std::string id = text(post.register_guest(name, more), "id");
    post.ask(id);
    post.decide(id, "accept_now");
    post.post("guard", visit_path(id, "screening"), {{"result", "clear"}});
    return post.give_badge(id);
  };
  const auto foreign = ready("Tamu Contoh 16", {{"identity_type", "passport"}, {"identity_last4", "X123"}});
  CHECK(text(post.visit(foreign.visit), "identity_type") == "passport");
  attest(post, foreign.visit, "identity");
  post.walk("gate", foreign.token);

  const auto known = ready("Tamu Contoh 17", {});
  CHECK(post.denied("gate", known.token) == Reasons{"sop_step_missing"});
  const std::string deviation = visit_path(known.visit, "deviation");
  CHECK(post.refused("guard", deviation, {{"kind", "input_missing"}}).find("(400)") != std::string::npos);
  post.post("guard", deviation, {{"kind", "input_missing"}, {"reason", "dikenal pribadi oleh petugas jaga"}});
  attest(post, known.visit, "identity");
  post.walk("gate", known.token);

  const auto visit = post.visit(known.visit);
  CHECK(visit.at("identity_type").is_null());
  CHECK(visit.at("attested") == json::array{"identity"});
  CHECK(notes(visit, "deviation_noted") == std::vector<std::string>{"dikenal pribadi oleh petugas jaga"});
  CHECK(notes(post.visit(foreign.visit), "deviation_noted").empty());
}
