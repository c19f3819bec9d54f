// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/escpos_printer.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <thread>

#include "drivers/mutex.h"
#include "drivers/tcp.h"

namespace gapura::simulated {
namespace {

constexpr const char* printer_states[] = {"none", "paper_out",      "near_end", "cover_open", "offline",
                                          "slow", "prints_nothing", "silent",   "stalls",     "paper_ends"};
constexpr std::size_t slow_bytes = 4096;  // a second

// The paper under the print head, and the commands that move it. Has no thread of its own.
class Head {
 public:
  explicit Head(int dots) : dots_(dots) {}

  struct Need {
    bool more = false;  // the command is incomplete
    std::size_t used = 0;
    std::string answer;
    std::optional<Paper> cut;
  };
  // Executes one command or character from the front of the buffer.
  Need step(std::string_view bytes, const std::string& misbehaviour) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    const auto needs = [&](std::size_t count) { return bytes.size() < count; };
    if (byte(0) == 0x10) {
      if (needs(3)) return {true, 0, "", {}};
      return {false, 3, byte(1) == 0x04 ? answer_now(byte(2), misbehaviour) : "", {}};
    }
    if (byte(0) == 0x1b) {
      if (needs(2)) return {true, 0, "", {}};
      if (byte(1) == '@') return {false, 2, "", {}};
      if (needs(3)) return {true, 0, "", {}};
      if (byte(1) == 'd') feed(30 * byte(2));
      return {false, 3, "", {}};
    }
    if (byte(0) != 0x1d) return {false, 1, "", {}};  // text and line feeds are ignored: this printer prints pictures
    if (needs(3)) return {true, 0, "", {}};
    if (byte(1) == 'r') return {false, 3, answer_in_turn(misbehaviour), {}};
    if (byte(1) == 'V') {
      if (byte(2) >= 65 && needs(4)) return {true, 0, "", {}};
      return {false, byte(2) >= 65 ? std::size_t{4} : std::size_t{3}, "", cut()};
    }
    if (byte(1) != 'v') return {false, 2, "", {}};
    if (needs(8)) return {true, 0, "", {}};
    const std::size_t stride = byte(4) + byte(5) * 256u, rows = byte(6) + byte(7) * 256u;
    if (needs(8 + stride * rows)) return {true, 0, "", {}};
    if (misbehaviour != "prints_nothing") draw(bytes.substr(8, stride * rows), stride);
    return {false, 8 + stride * rows, "", {}};
  }
  bool has_dots() const { return !pixels_.empty(); }
  std::optional<Paper> cut() {
    if (pixels_.empty()) return std::nullopt;
    Paper paper{dots_, static_cast<int>(pixels_.size()) / dots_, std::move(pixels_)};
    pixels_.clear();
    return paper;
  }

 private:
  void feed(int rows) {
    if (!pixels_.empty()) pixels_.resize(pixels_.size() + static_cast<std::size_t>(rows * dots_), 255);
  }
  // Dots beyond the paper's width are lost, as on a real printer.
  void draw(std::string_view bits, std::size_t stride) {
    for (std::size_t row = 0; row * stride < bits.size(); ++row)
      for (int x = 0; x < dots_; ++x) {
        const std::size_t at = row * stride + static_cast<std::size_t>(x) / 8;
        const bool inside = static_cast<std::size_t>(x) / 8 < stride;
        const bool black = inside && (static_cast<std::uint8_t>(bits[at]) >> (7 - x % 8) & 1u) != 0;
        pixels_.push_back(black ? 0 : 255);
      }
  }

  static bool no_paper(const std::string& m) { return m == "paper_out" || m == "paper_ended"; }
  static std::string answer_now(std::uint8_t n, const std::string& m) {
    if (m == "silent") return "";
    std::uint8_t bits = 0x12;
    const bool stopped = no_paper(m) || m == "cover_open";
    if (n == 1 && stopped) bits |= 0x08;
    if (n == 2) bits |= static_cast<std::uint8_t>((m == "cover_open" ? 0x04 : 0) | (no_paper(m) ? 0x20 : 0));
    if (n == 4) bits |= static_cast<std::uint8_t>((no_paper(m) ? 0x6c : 0) | (m == "near_end" ? 0x0c : 0));
    return {static_cast<char>(bits)};
  }
  static std::string answer_in_turn(const std::string& m) {
    if (m == "silent" || m == "paper_ended") return "";  // printing has stopped, so answers in sequence do not come
    return {static_cast<char>(no_paper(m) ? 0x0c : m == "near_end" ? 0x03 : 0x00)};
  }

  const int dots_;
  std::vector<std::uint8_t> pixels_;
};

class SimulatedPrinter final : public EscPosPrinter {
 public:
  explicit SimulatedPrinter(const PrinterPlan& plan) : plan_(plan), head_(plan.dots), stop_(eventfd(0, EFD_CLOEXEC)) {}
  ~SimulatedPrinter() override {
    const std::uint64_t one = 1;
    (void)!::write(stop_, &one, sizeof one);
    if (thread_.joinable()) thread_.join();
    ::close(stop_);
  }

  Status start() {
    TRY(open(plan_.port));
    thread_ = std::thread([this] { run(); });
    return {};
  }
  int port() const override { return port_; }
  Status misbehave(const std::string& name) override {
    if (std::find(std::begin(printer_states), std::end(printer_states), name) == std::end(printer_states)) {
      std::string all;
      for (const char* one : printer_states) all += (all.empty() ? "" : ", ") + std::string(one);
      return fail(ErrorKind::bad_input, "a printer can be: " + all);
    }
    const MutexLock lock(mutex_);
    misbehaviour_ = name;
    return {};
  }
  std::string misbehaviour() const override {
    const MutexLock lock(mutex_);
    return misbehaviour_;
  }
  std::vector<Paper> papers() const override {
    const MutexLock lock(mutex_);
    return papers_;
  }
  bool listening() const override { return listening_; }
  std::size_t connections() const override {
    const MutexLock lock(mutex_);
    return connections_;
  }

 private:
  Status open(int port) {
    auto listener = drivers::listen_on_loopback(port, 4);
    if (!listener) return fail(ErrorKind::unavailable, "the printer: " + listener.error().message);
    listener_ = std::move(*listener);
    listening_ = true;
    if (port_ == 0) port_ = drivers::local_port(listener_);
    return {};
  }

  // Serves one connection at a time, as these printers do.
  void run() {
    for (;;) {
      if (misbehaviour() == "offline") {
        listener_ = Descriptor();
        listening_ = false;
        if (stopped(20)) return;
        continue;
      }
      if (listener_.get() < 0 && !open(port_)) {
        if (stopped(20)) return;
        continue;
      }
      std::array<pollfd, 2> ready{pollfd{stop_, POLLIN, 0}, pollfd{listener_.get(), POLLIN, 0}};
      (void)poll(ready.data(), 2, 20);
      if (ready[0].revents != 0) return;
      const int caller =
          ready[1].revents != 0 ? accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK) : -1;
      if (caller < 0) continue;
      {
        const MutexLock lock(mutex_);
        ++connections_;
      }
      const bool go_on = serve(caller);
      ::close(caller);
      if (!go_on) return;
    }
  }

  bool stopped(int milliseconds) const {
    pollfd stop{stop_, POLLIN, 0};
    return poll(&stop, 1, milliseconds) > 0;
  }

  // Returns false when stopped. A job may be sent in pieces over several connections; the paper stays in the printer.
  bool serve(int caller) {
    std::string held;
    std::array<char, 2048> bytes;
    for (;;) {
      const std::string now = misbehaviour();
      if (now == "offline") return true;
      if (now == "stalls" && head_.has_dots()) {
        if (stopped(20)) return false;
        continue;
      }
      std::array<pollfd, 2> ready{pollfd{stop_, POLLIN, 0}, pollfd{caller, POLLIN, 0}};
      (void)poll(ready.data(), 2, 50);
      if (ready[0].revents != 0) return false;
      if (ready[1].revents == 0) continue;
      const std::size_t most = now == "slow" ? slow_bytes / 20 : bytes.size();
      const ssize_t count = ::read(caller, bytes.data(), most);
      if (count <= 0) return true;
      held.append(bytes.data(), static_cast<std::size_t>(count));
      work(caller, held);
      if (now == "slow" && stopped(50)) return false;
    }
  }

  void work(int caller, std::string& held) {
    std::size_t at = 0;
    while (at < held.size()) {
      std::string now = misbehaviour();
      if (now == "paper_ends" && head_.has_dots()) {
        const MutexLock lock(mutex_);
        now = misbehaviour_ = "paper_ended";
      }
      // Without paper or with an open cover it answers status requests and holds what it should print.
      const Head::Need need = head_.step(std::string_view(held).substr(at), now);
      if (need.more) break;
      at += need.used;
      if (!need.answer.empty()) (void)!::send(caller, need.answer.data(), need.answer.size(), MSG_NOSIGNAL);
      if (need.cut) keep(*need.cut);
    }
    held.erase(0, at);
  }

  void keep(Paper paper) {
    const MutexLock lock(mutex_);
    papers_.push_back(std::move(paper));
    if (plan_.folder.empty()) return;
    const std::vector<std::uint8_t> png = to_png(papers_.back());
    std::ofstream(fmt::format("{}/print-{}.png", plan_.folder, papers_.size()), std::ios::binary)
        .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  }

  const PrinterPlan plan_;
  // The thread only, after start()
  Head head_;
  Descriptor listener_;
  // Constant after start()
  const int stop_;
  int port_ = 0;
  std::atomic<bool> listening_{false};
  // Held for a moment
  mutable Mutex mutex_;
  std::string misbehaviour_ GUARDED_BY(mutex_) = "none";
  std::vector<Paper> papers_ GUARDED_BY(mutex_);
  std::size_t connections_ GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace

std::vector<std::uint8_t> to_png(const Paper& paper) {
  Paper copy = paper;
  const cv::Mat picture(copy.height, copy.width, CV_8UC1, copy.pixels.data());
  std::vector<std::uint8_t> png;
  cv::imencode(".png", picture, png);
  return png;
}

Result<std::unique_ptr<EscPosPrinter>> EscPosPrinter::create(const PrinterPlan& plan) {
  auto printer = std::make_unique<SimulatedPrinter>(plan);
  TRY(printer->start());
  return printer;
}

}  // namespace gapura::simulated
