// SPDX-License-Identifier: Apache-2.0
// From "give a badge" to paper, on the real daemon and a printer that speaks ESC/POS over TCP.
#include "drivers/qr_reader/qr_reader.h"
#include "running_post.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

PostPlan with_printer() {
  PostPlan plan;
  plan.also = R"(
[[printer]]
id = "pos"
kind = "escpos"
host = "127.0.0.1"
port = {printer}
deadline_s = 3
)";
  return plan;
}

std::string code_on(const simulated::Paper& paper) {
  const auto codes = drivers::QrReader().read_picture({paper.pixels.data(), paper.width, paper.height, paper.width});
  return codes.size() == 1 ? codes[0].payload : "";
}

std::string outcome_of(const json::object& event) { return text(event.at("data").as_object(), "outcome"); }

}  // namespace

TEST_CASE("a badge given at the API comes out of the printer, and the code on the paper opens the gate") {
  RunningPost post(with_printer());
  REQUIRE(wait_until([&] { return post.device_online("pos"); }));
  auto guest = post.cleared_guest("Tamu Contoh 01");
  CHECK(outcome_of(post.wait_event("badge_print_ended")) == "printed");
  const auto papers = post.devices().printer->papers();
  REQUIRE(papers.size() == 1);
  CHECK(code_on(papers[0]) == guest.token);
  post.walk("gate", code_on(papers[0]));
  const auto badge = post.get("guard", "/api/v1/badges/" + guest.badge).as_object();
  CHECK(text(badge, "print") == "printed");
  CHECK(text(badge, "code").size() == 7);
  CHECK(text(post.post("guard", "/api/v1/badges/" + guest.badge + "/printed", {{"printed", true}}).as_object(), "print") ==
        "confirmed");
}

TEST_CASE("out of paper: the guard sees it, nothing is lost, and the same badge comes out when there is paper") {
  RunningPost post(with_printer());
  REQUIRE(wait_until([&] { return post.device_online("pos"); }));
  REQUIRE(post.devices().printer->misbehave("paper_out"));
  post.mark();
  const auto guest = post.accepted_guest();
  const auto ended = post.wait_event("badge_print_ended");
  CHECK(outcome_of(ended) == "refused");
  CHECK(text(ended.at("data").as_object(), "detail").find("out of paper") != std::string::npos);
  REQUIRE(wait_until([&] { return !post.device_online("pos"); }));
  REQUIRE(post.devices().printer->misbehave("none"));
  post.mark();
  post.post("guard", "/api/v1/badges/" + guest.badge + "/print", json::object{});
  CHECK(outcome_of(post.wait_event("badge_print_ended")) == "printed");
  REQUIRE(post.devices().printer->papers().size() == 1);
  CHECK(code_on(post.devices().printer->papers()[0]) == guest.token);
  // What may be on paper is not printed twice.
  CHECK(post.refused("guard", "/api/v1/badges/" + guest.badge + "/print", json::object{}).find("409") != std::string::npos);
}

TEST_CASE("9: the power goes between issue and print: one badge is bound, and the guard is asked whether it came out") {
  RunningPost post(with_printer());
  REQUIRE(wait_until([&] { return post.device_online("pos"); }));
  REQUIRE(post.devices().printer->misbehave("stalls"));
  const auto guest = post.accepted_guest();
  post.end_daemon(SIGKILL);
  REQUIRE(post.devices().printer->misbehave("none"));
  post.start_daemon();
  const auto badge = post.get("guard", "/api/v1/badges/" + guest.badge).as_object();
  CHECK(text(badge, "print") == "unknown");
  CHECK(text(badge, "state") == "issued");
  CHECK(text(post.post("guard", "/api/v1/badges/" + guest.badge + "/printed", {{"printed", false}}).as_object(), "state") ==
        "revoked");
}
