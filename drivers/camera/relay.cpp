// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/relay.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "drivers/tcp.h"

namespace gapura::drivers {
namespace {

constexpr std::size_t part = 64u << 10;
constexpr std::size_t longest_status_line = 1024;

// Whether the other end of an accepted loopback connection is a socket of this process.
bool is_own(const sockaddr_in& peer) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  for (int each = 3; each < static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 4096)); ++each) {
    sockaddr_in name{};
    socklen_t size = sizeof name;
    if (getsockname(each, reinterpret_cast<sockaddr*>(&name), &size) == 0 && name.sin_family == AF_INET &&
        name.sin_port == peer.sin_port && name.sin_addr.s_addr == peer.sin_addr.s_addr)
      return true;
  }
  return false;
}

// The code of a first line such as "HTTP/1.1 302 Found", as libavformat reads it; 0 for none.
int status_code(std::string_view line) {
  const auto blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return 0;
  const auto digit = line.find_first_not_of(" \t", blank);
  if (digit == std::string_view::npos) return 0;
  int code = 0;
  for (std::size_t i = digit; i < line.size() && line[i] >= '0' && line[i] <= '9' && code < 1000; ++i)
    code = 10 * code + (line[i] - '0');
  return code;
}

// Bytes on their way to one side.
struct Flow {
  std::vector<std::uint8_t> bytes;
  std::size_t sent = 0;
  bool empty() const { return sent == bytes.size(); }
  std::span<const std::uint8_t> rest() const { return std::span(bytes).subspan(sent); }
  void clear() {
    bytes.clear();
    sent = 0;
  }
};

// Holds back the first line of an HTTP answer until it is known not to be a redirect.
class FirstLine {
 public:
  explicit FirstLine(bool needed) : done_(!needed) {}
  enum class Verdict { pass, wait, refuse };
  Verdict check(const std::vector<std::uint8_t>& bytes) {
    if (done_) return Verdict::pass;
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return bytes.size() > longest_status_line ? Verdict::refuse : Verdict::wait;
    const int code = status_code(text.substr(0, end));
    if (code >= 300 && code < 400) return Verdict::refuse;
    done_ = true;
    return Verdict::pass;
  }

 private:
  bool done_;
};

}  // namespace

bool Relay::serves(const std::string& url) {
  const auto address = split_address(url);
  return address && (address->tls || address->scheme == "http");
}

Result<std::unique_ptr<Relay>> Relay::open(const std::string& url, const TlsTrust& tls, Millis limit) {
  auto address = split_address(url);
  if (!address) return fail(ErrorKind::unavailable, "the address names no host");
  std::unique_ptr<Relay> relay(new Relay(std::move(*address), tls, limit));
  relay->first_ = TRY(Upstream::connect(relay->address_, tls, limit));
  TRY(relay->listen());
  relay->thread_ = std::thread([self = relay.get()] { self->run(); });
  return relay;
}

Relay::~Relay() {
  const std::uint64_t one = 1;
  if (stop_.get() >= 0) (void)!::write(stop_.get(), &one, sizeof one);
  if (thread_.joinable()) thread_.join();
}

Status Relay::listen() {
  auto listener = TRY(listen_on_loopback(0, 4));
  stop_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (stop_.get() < 0) return fail(ErrorKind::unavailable, fmt::format("no eventfd: {}", std::strerror(errno)));
  listener_ = std::move(listener);
  url_ = fmt::format("{}://{}127.0.0.1:{}{}", address_.scheme.starts_with("rtsp") ? "rtsp" : "http", address_.userinfo,
                     local_port(listener_), address_.rest);
  return {};
}

void Relay::run() {
  for (;;) {
    std::array<pollfd, 2> entries{pollfd{listener_.get(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0}};
    if (poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR) return;
    if (entries[1].revents != 0) return;
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const int client = accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) continue;
    if (is_own(peer))
      if (auto camera = next_upstream()) carry(client, *camera);
    close(client);
  }
}

std::unique_ptr<Upstream> Relay::next_upstream() {
  if (first_) return std::move(first_);
  auto more = Upstream::connect(address_, tls_, limit_);
  if (more) return std::move(*more);
  note(more.error());
  return nullptr;
}

// Runs until either side ends, or the relay is stopped. What the camera sent before it ended is still delivered.
void Relay::carry(int client, Upstream& camera) {
  FirstLine first_line(address_.scheme.starts_with("http"));
  Flow to_camera, to_client;
  bool held = false, camera_ended = false;
  for (;;) {
    const bool wants_camera = !camera_ended && (to_client.empty() || held);
    if (camera_ended && to_client.empty()) return;
    const auto events = [](bool in, bool out) { return static_cast<short>((in ? POLLIN : 0) | (out ? POLLOUT : 0)); };
    // A side without wanted events is left out, because poll would report its end every time.
    const auto side = [](int descriptor, short wanted) { return pollfd{wanted == 0 ? -1 : descriptor, wanted, 0}; };
    std::array<pollfd, 3> entries{side(client, events(to_camera.empty(), !to_client.empty() && !held)),
                                  side(camera_ended ? -1 : camera.descriptor(), events(wants_camera, !to_camera.empty())),
                                  pollfd{stop_.get(), POLLIN, 0}};
    const bool at_once = wants_camera && camera.holds_bytes();
    if (poll(entries.data(), entries.size(), at_once ? 0 : -1) < 0 && errno != EINTR) return;
    if (entries[2].revents != 0) return;

    if (to_camera.empty() && entries[0].revents != 0) {
      to_camera.clear();
      to_camera.bytes.resize(part);
      const ssize_t n = recv(client, to_camera.bytes.data(), part, 0);
      to_camera.bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
      if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return;
    }
    if (!to_camera.empty() && !camera_ended)
      if (const auto n = camera.write(to_camera.rest())) {
        if (*n == 0) camera_ended = true;
        to_camera.sent += *n;
      }
    if (camera_ended) to_camera.clear();

    if (wants_camera && (at_once || entries[1].revents != 0)) {
      if (!held) to_client.clear();
      const std::size_t before = to_client.bytes.size();
      to_client.bytes.resize(before + part);
      const auto n = camera.read(std::span(to_client.bytes).subspan(before));
      to_client.bytes.resize(before + n.value_or(0));
      if (n && *n == 0) camera_ended = true;
      const auto verdict = to_client.bytes.empty() ? FirstLine::Verdict::wait : first_line.check(to_client.bytes);
      if (verdict == FirstLine::Verdict::refuse) return note({ErrorKind::unavailable, redirect_refused});
      held = verdict == FirstLine::Verdict::wait && !to_client.bytes.empty();
      if (held && camera_ended) return;
    }
    if (!to_client.empty() && !held) {
      const auto rest = to_client.rest();
      const ssize_t n = send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (n < 0 && errno != EAGAIN && errno != EINTR) return;
      if (n > 0) to_client.sent += static_cast<std::size_t>(n);
    }
  }
}

void Relay::note(Error error) {
  const MutexLock lock(mutex_);
  if (!trouble_) trouble_ = std::move(error);
}

std::optional<Error> Relay::trouble() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

}  // namespace gapura::drivers
