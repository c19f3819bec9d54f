// SPDX-License-Identifier: Apache-2.0
// Two connected pseudo terminals: a serial cable between two programs.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

namespace gapura::tests {

class PtyPair {
 public:
  PtyPair() : stop_(eventfd(0, EFD_CLOEXEC)) {
    open(0, a);
    open(1, b);
    thread_ = std::thread([this] { run(); });
  }
  ~PtyPair() {
    eventfd_write(stop_, 1);
    thread_.join();
    for (const int descriptor : {masters_[0], masters_[1], slaves_[0], slaves_[1], stop_}) close(descriptor);
  }
  std::string a, b;  // the two ends

 private:
  // The far sides are kept open here too, because a terminal without one reads as hung up.
  void open(int end, std::string& path) {
    char name[128] = "";
    masters_[end] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (masters_[end] < 0 || grantpt(masters_[end]) != 0 || unlockpt(masters_[end]) != 0 ||
        ptsname_r(masters_[end], name, sizeof name) != 0)
      throw std::runtime_error("no pseudo terminal");
    slaves_[end] = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios raw{};
    tcgetattr(slaves_[end], &raw);
    cfmakeraw(&raw);
    tcsetattr(slaves_[end], TCSANOW, &raw);
    path = name;
  }
  void run() {
    for (;;) {
      pollfd watched[]{{masters_[0], POLLIN, 0}, {masters_[1], POLLIN, 0}, {stop_, POLLIN, 0}};
      poll(watched, 3, -1);
      if (watched[2].revents != 0) return;
      for (int end = 0; end < 2; ++end) {
        char bytes[512];
        const auto got = watched[end].revents != 0 ? read(masters_[end], bytes, sizeof bytes) : 0;
        if (got > 0 && write(masters_[1 - end], bytes, static_cast<std::size_t>(got)) != got) return;
      }
    }
  }

  int stop_, masters_[2]{}, slaves_[2]{};
  std::thread thread_;
};

}  // namespace gapura::tests
