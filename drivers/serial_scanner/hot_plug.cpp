// SPDX-License-Identifier: Apache-2.0
#include "drivers/serial_scanner/hot_plug.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace gapura::drivers {

HotPlug::HotPlug(const std::string& device) : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  for (const std::string& folder : {std::filesystem::path(device).parent_path().string(), std::string("/dev/input"),
                                    std::string("/dev/serial"), std::string("/dev")})
    if (fd_ >= 0 && !folder.empty()) inotify_add_watch(fd_, folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_ATTRIB);
}

HotPlug::~HotPlug() {
  if (fd_ >= 0) ::close(fd_);
}

bool HotPlug::wait(int stop, Millis limit) {
  std::array<pollfd, 2> ready{pollfd{stop, POLLIN, 0}, pollfd{fd_, POLLIN, 0}};
  (void)poll(ready.data(), fd_ >= 0 ? 2 : 1, static_cast<int>(limit.count()));
  std::array<char, 4096> ignored;
  while (fd_ >= 0 && ::read(fd_, ignored.data(), ignored.size()) > 0) {}
  return (ready[0].revents & POLLIN) == 0;
}

}  // namespace gapura::drivers
