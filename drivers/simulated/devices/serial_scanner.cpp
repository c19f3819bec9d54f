// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/serial_scanner.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace gapura::simulated {

Result<std::unique_ptr<SerialScanner>> SerialScanner::create(std::string path) {
  std::unique_ptr<SerialScanner> scanner(new SerialScanner(std::move(path)));
  TRY(scanner->plug());
  return scanner;
}

SerialScanner::~SerialScanner() { unplug(); }

Status SerialScanner::plug() {
  const MutexLock lock(mutex_);
  if (fd_ >= 0) return {};
  const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  std::array<char, 128> name{};
  if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 || ptsname_r(fd, name.data(), name.size()) != 0) {
    const int code = errno;
    if (fd >= 0) ::close(fd);
    return fail(ErrorKind::unavailable, std::string("no pseudo-terminal can be opened: ") + std::strerror(code));
  }
  ::unlink(path_.c_str());
  if (::symlink(name.data(), path_.c_str()) != 0) {
    ::close(fd);
    return fail(ErrorKind::unavailable, path_ + " cannot be made: " + std::strerror(errno));
  }
  fd_ = fd;
  return {};
}

void SerialScanner::unplug() {
  const MutexLock lock(mutex_);
  if (fd_ < 0) return;
  ::unlink(path_.c_str());
  ::close(fd_);
  fd_ = -1;
}

Status SerialScanner::scan(std::string_view text) { return send(std::string(text) + "\r"); }

Status SerialScanner::send(std::string_view bytes) {
  const MutexLock lock(mutex_);
  if (fd_ < 0) return fail(ErrorKind::conflict, "the scanner is unplugged");
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return fail(ErrorKind::unavailable, "nobody reads this scanner");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace gapura::simulated
