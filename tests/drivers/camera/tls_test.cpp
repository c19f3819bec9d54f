// SPDX-License-Identifier: Apache-2.0
// Cameras behind TLS, and cameras that redirect: to whom a password is sent.
#include <catch2/catch.hpp>

#include "drivers/camera.h"
#include "drivers/camera/upstream.h"
#include "drivers/camera/video_source.h"
#include "support/collecting_sink.h"
#include "support/mjpeg_server.h"
#include "support/qr_pictures.h"
#include "support/temporary_folder.h"
#include "support/tls_front.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace std::chrono_literals;
using drivers::TlsTrust;
using tests::Identity;
using tests::MjpegServer;
using tests::TlsFront;

namespace {

cv::Mat pictured_code() {
  cv::Mat picture(360, 640, CV_8U, cv::Scalar(120));
  const cv::Mat code = tests::qr_picture("G1:tls", 5);
  code.copyTo(picture(cv::Rect({200, 60}, code.size())));
  return picture;
}

std::string url_of(const TlsFront& front, const std::string& scheme = "https") {
  return scheme + "://penjaga:rahasia@127.0.0.1:" + std::to_string(front.port()) + "/stream";
}

// The first picture's size, or the error.
Result<cv::Size> first_picture(const std::string& url, const TlsTrust& tls) {
  auto source = TRY(drivers::open_source(url, tls, {3s, 2s}));
  const auto frame = TRY(source->next());
  return cv::Size(frame.y.width, frame.y.height);
}

bool says(const Error& error, const std::string& part) { return error.message.find(part) != std::string::npos; }

// Keeps what those who connect say; answers each request with `answer`.
class Listener {
 public:
  explicit Listener(std::string answer) : answer_(std::move(answer)), server_(0, [this](int client) { serve(client); }) {}
  int port() const { return server_.port(); }
  std::string heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve(int client) {
    for (pollfd entry{client, POLLIN, 0}; !server_.stopping();) {
      if (poll(&entry, 1, 20) <= 0) continue;
      char bytes[4096];
      const ssize_t n = recv(client, bytes, sizeof bytes, 0);
      if (n <= 0) return;
      {
        const std::lock_guard lock(mutex_);
        heard_.append(bytes, static_cast<std::size_t>(n));
      }
      ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    }
  }
  const std::string answer_;
  std::mutex mutex_;
  std::string heard_;
  tests::ConnectionServer server_;
};

}  // namespace

TEST_CASE("A camera behind TLS is read, and sent its password, only when its certificate is the right one", "[tls]") {
  const tests::TemporaryFolder folder;
  const Identity authority("DNS:otoritas.contoh"), other_authority("DNS:lain.contoh");
  const Identity here("IP:127.0.0.1", &authority), elsewhere("IP:10.9.9.9,DNS:kamera.contoh", &authority);
  authority.write(folder / "ca.pem");
  other_authority.write(folder / "other-ca.pem");
  MjpegServer camera(pictured_code());
  camera.demand_login();
  struct Case {
    const char* what;
    const Identity& shown;
    TlsTrust tls;
    const char* refusal;  // null: it is read
  };
  const std::string wrong(64, '0');
  const std::vector<Case> cases{
      {"the named authority", here, {true, folder / "ca.pem", ""}, nullptr},
      {"the pinned certificate", here, {true, "", here.fingerprint()}, nullptr},
      {"nothing is checked", here, {false, "", ""}, nullptr},
      {"the system's authorities", here, {}, "its certificate is not trusted"},
      {"another authority", here, {true, folder / "other-ca.pem", ""}, "its certificate is not trusted"},
      {"a certificate for another host", elsewhere, {true, folder / "ca.pem", ""}, "its certificate is not trusted"},
      {"another certificate than the pinned one", here, {true, "", wrong}, "it has "},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    const TlsFront front(each.shown, camera.port());
    const auto picture = first_picture(url_of(front), each.tls);
    if (each.refusal == nullptr) {
      REQUIRE(picture.has_value());
      CHECK(*picture == cv::Size(640, 360));
      CHECK(front.heard().find("Authorization: Basic ") != std::string::npos);
      CHECK(front.heard().find("Host: 127.0.0.1:" + std::to_string(front.port())) != std::string::npos);
      continue;
    }
    REQUIRE_FALSE(picture.has_value());
    CHECK(picture.error().kind == ErrorKind::conflict);
    CHECK(says(picture.error(), each.refusal));
    CHECK_FALSE(says(picture.error(), "rahasia"));
    CHECK(front.connections() > 0);
    CHECK(front.heard().empty());
  }
  const TlsFront front(here, camera.port());
  CHECK(says(first_picture(url_of(front), {true, "", wrong}).error(), here.fingerprint()));
  CHECK(first_picture(url_of(front), {true, folder / "none.pem", ""}).error().kind == ErrorKind::bad_input);
}

TEST_CASE("A camera whose address says TLS and that speaks none is offline, and hears no password", "[tls]") {
  Listener plain("HTTP/1.1 200 OK\r\n\r\n");
  for (const std::string scheme : {"https", "rtsps"}) {
    const auto picture = first_picture(scheme + "://penjaga:rahasia@127.0.0.1:" + std::to_string(plain.port()) + "/x", {});
    REQUIRE_FALSE(picture.has_value());
    CHECK(picture.error().kind == ErrorKind::unavailable);
  }
  CHECK(plain.heard().find("cGVuamFnYTpyYWhhc2lh") == std::string::npos);
}

TEST_CASE("A camera that redirects is offline with the reason, and no other host is asked", "[tls]") {
  Listener target("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n");
  const std::string elsewhere = "127.0.0.1:" + std::to_string(target.port()) + "/inside";
  MjpegServer camera(pictured_code());
  camera.redirect_to("http://" + elsewhere);
  const Identity identity("IP:127.0.0.1");
  const TlsFront front(identity, camera.port());
  Listener rtsp("RTSP/1.0 302 Moved\r\nCSeq: 1\r\nLocation: rtsp://" + elsewhere + "\r\n\r\n");
  const TlsFront rtsp_front(identity, rtsp.port());
  const TlsTrust pinned{true, "", identity.fingerprint()};
  for (const std::string& url :
       {camera.url(), url_of(front), "rtsp://penjaga:rahasia@127.0.0.1:" + std::to_string(rtsp.port()) + "/a",
        url_of(rtsp_front, "rtsps")}) {
    INFO(url);
    const auto picture = first_picture(url, pinned);
    REQUIRE_FALSE(picture.has_value());
    CHECK(picture.error().kind == ErrorKind::unavailable);
    CHECK(says(picture.error(), "it redirects to another address, which is not followed"));
  }
  CHECK(target.heard().empty());
  CHECK(front.heard().starts_with("GET /stream"));
}

TEST_CASE("A playlist is no source: the addresses in it are not asked", "[tls]") {
  Listener target("HTTP/1.1 404 Not Found\r\n\r\n");
  const std::string playlist =
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:" + std::to_string(target.port()) +
      "/inside.ts\n#EXT-X-ENDLIST\n";
  Listener camera("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.mpegurl\r\nContent-Length: " +
                  std::to_string(playlist.size()) + "\r\n\r\n" + playlist);
  const auto source =
      drivers::open_with_libav("http://127.0.0.1:" + std::to_string(camera.port()) + "/a.m3u8", {}, {3s, 2s}, nullptr);
  CHECK_FALSE(source.has_value());
  CHECK(target.heard().empty());
}

TEST_CASE("What was configured of a certificate reaches the camera's process", "[tls][camera]") {
  const Identity identity("IP:127.0.0.1");
  MjpegServer server(pictured_code());
  server.demand_login();
  const TlsFront front(identity, server.port());
  drivers::CameraSettings settings;
  settings.id = CameraId{"cam"};
  settings.url = url_of(front);
  settings.reader = ReaderId{"r"};
  tests::CollectingSink sink;
  SECTION("the right fingerprint") {
    settings.tls.fingerprint = identity.fingerprint();
    const auto camera = drivers::Camera::create(settings, sink, "/proc/self/exe");
    REQUIRE(camera.has_value());
    REQUIRE(sink.wait_reads(1));
    CHECK(sink.reads()[0].payloads == std::vector<std::string>{"G1:tls"});
  }
  SECTION("no authority knows it") {
    const auto camera = drivers::Camera::create(settings, sink, "/proc/self/exe");
    REQUIRE(camera.has_value());
    REQUIRE(tests::wait_until([&] { return (*camera)->stats().fault == drivers::CameraFault::untrusted; }));
    CHECK((*camera)->stats().detail.find("its certificate is not trusted") != std::string::npos);
    CHECK_FALSE((*camera)->stats().online);
    CHECK(front.heard().empty());
  }
}

TEST_CASE("An address is split where its user information, host, port and path end", "[tls]") {
  const auto whole = drivers::split_address("rtsps://u:p@ss@[fe80::1]:3220/a?b#c");
  REQUIRE(whole);
  CHECK(whole->userinfo == "u:p@ss@");
  CHECK(whole->host == "fe80::1");
  CHECK(whole->port == 3220);
  CHECK(whole->rest == "/a?b#c");
  CHECK(whole->tls);
  const auto plain = drivers::split_address("http://kamera.contoh");
  REQUIRE(plain);
  CHECK(plain->port == 80);
  CHECK(plain->authority == "kamera.contoh");
  CHECK(plain->rest.empty());
  CHECK_FALSE(plain->tls);
  const auto scoped = drivers::split_address("rtsp://[fe80::1%eth0]/");
  REQUIRE(scoped);
  CHECK(scoped->host == "fe80::1%eth0");
  for (const char* bad : {"kamera", "file:///x", "http://", "http://:80/", "http://h:0/", "http://h:99999/", "http://h:x/"})
    CHECK_FALSE(drivers::split_address(bad).has_value());
}
