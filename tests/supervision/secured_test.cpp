// SPDX-License-Identifier: Apache-2.0
// An RTSP camera behind TLS: H.264 by gst-rtsp-server, read through the camera's own process.
#include <catch2/catch.hpp>

#include "drivers/camera.h"
#include "simulated/devices/rtsp_camera.h"
#include "support/collecting_sink.h"
#include "support/tls_front.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;
using tests::wait_until;

TEST_CASE("An RTSP camera behind TLS is read with the right certificate and hears nothing with a wrong one", "[tls]") {
  auto server = simulated::RtspServer::create(0);
  REQUIRE(server);
  auto device = (*server)->add_camera({"gate", simulated::Place::gate, 640, 360, 10, 7});
  REQUIRE(device);
  const tests::Identity identity("IP:127.0.0.1");
  const tests::TlsFront good((identity), (*server)->port()), bad((identity), (*server)->port());
  const auto settings = [&](const tests::TlsFront& front, const std::string& fingerprint) {
    drivers::CameraSettings camera;
    camera.id = CameraId{"gate"};
    camera.reader = ReaderId{"r-gate"};
    camera.url = "rtsps://penjaga:rahasia@127.0.0.1:" + std::to_string(front.port()) + "/gate";
    camera.tls.fingerprint = fingerprint;
    return camera;
  };
  tests::CollectingSink read, refused;
  const auto camera = drivers::Camera::create(settings(good, identity.fingerprint()), read, "/proc/self/exe");
  const auto wrong = drivers::Camera::create(settings(bad, std::string(64, 'f')), refused, "/proc/self/exe");
  REQUIRE(camera);
  REQUIRE(wrong);
  REQUIRE(wait_until([&] { return (*camera)->stats().online; }));
  REQUIRE((*device)->show("G1:rtsps", 20s));
  REQUIRE(read.wait_reads(1));
  CHECK(read.reads()[0].payloads == std::vector<std::string>{"G1:rtsps"});
  CHECK(good.heard().find("DESCRIBE rtsp://127.0.0.1:") != std::string::npos);

  REQUIRE(wait_until([&] { return (*wrong)->stats().fault == drivers::CameraFault::untrusted; }));
  CHECK((*wrong)->stats().detail.find("another one than tls_fingerprint says; it has " + identity.fingerprint()) !=
        std::string::npos);
  CHECK(bad.connections() > 0);
  CHECK(bad.heard().empty());
  CHECK(refused.reads().empty());
}
