// SPDX-License-Identifier: Apache-2.0
// Nothing that a visit needs lies outside the building.
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "running_post.h"
#include "support/skip.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

// A network of its own for this thread and whatever it starts, with nothing in it but the loopback device. Only root may.
class CutNetwork {
 public:
  CutNetwork() : before_(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
    away_ = before_ >= 0 && unshare(CLONE_NEWNET) == 0;
    if (!away_) why_ = std::strerror(errno);
    if (!away_) return;
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq loopback{};
    std::strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP;
    cut_ = ioctl(socket, SIOCSIFFLAGS, &loopback) == 0;
    close(socket);
  }
  CutNetwork(const CutNetwork&) = delete;
  CutNetwork& operator=(const CutNetwork&) = delete;
  ~CutNetwork() {
    if (away_ && setns(before_, CLONE_NEWNET) != 0) std::perror("back to the machine's network");
    if (before_ >= 0) close(before_);
  }
  bool cut() const { return cut_; }
  const std::string& why() const { return why_; }

 private:
  int before_;
  bool away_ = false, cut_ = false;
  std::string why_;
};

std::vector<std::string> network_devices() {
  std::vector<std::string> names;
  auto* list = if_nameindex();
  for (auto* device = list; device && device->if_index != 0; ++device) names.emplace_back(device->if_name);
  if_freenameindex(list);
  return names;
}

}  // namespace

TEST_CASE("2: with the outside network cut a guest registers, gets a printed badge, is approved, enters and leaves",
          "[offline]") {
  const CutNetwork network;
  if (!network.cut()) SKIP_TEST("this user may not make a network of its own (" << network.why() << ")");
  CHECK(network_devices() == std::vector<std::string>{"lo"});
  RunningPost post;
  const std::string id = text(post.register_guest("Tamu Contoh 01", {{"phone", "0800-000-001"}}), "id");
  const auto portrait = post.post("guard", "/api/v1/pictures", {{"camera", "cam-gate"}}).as_object();
  post.post("guard", "/api/v1/visits/" + id + "/portrait", {{"portrait", portrait.at("hash")}});
  post.ask(id);
  post.post("aide", "/api/v1/visits/" + id + "/receipt", {{"seen", true}});
  const auto guest = post.give_badge(id);
  const std::string page = post.get_bytes("guard", "/api/v1/badges/" + guest.badge + "/page");
  CHECK(page.find("<html") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);
  const std::string print = post.get_bytes("guard", "/api/v1/badges/" + guest.badge + "/qr.png");
  post.post("guard", "/api/v1/badges/" + guest.badge + "/printed", {{"printed", true}});
  post.decide(id, "accept_now");
  post.bus().detector_passage(simulated::kDetector, false);
  CHECK(text(post.wait_event("screening_passage"), "visit") == id);
  post.post("guard", "/api/v1/visits/" + id + "/screening", {{"result", "clear"}});

  post.hold_picture("gate", print);
  post.go_through("gate");
  CHECK(text(post.wait_event("access_taken"), "visit") == id);
  CHECK(text(post.visit(id), "presence") == "waiting_room");
  post.wait_event("picture_kept",
                  [](const json::object& e) { return text(e.at("data").as_object(), "role") == "waiting_room"; });
  CHECK(!text(post.visit(id), "waiting_still").empty());
  post.walk("exit", guest.token);
  post.post("guard", "/api/v1/badges/" + guest.badge + "/return", json::object{});
  CHECK(text(post.visit(id), "state") == "departed");
  CHECK(post.pulses() == 2);
}
