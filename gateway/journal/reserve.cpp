// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/reserve.h"

#include <fcntl.h>
#include <unistd.h>

namespace gapura::gateway {

Status Reserve::fill() const {
  if (bytes_ == 0) return {};
  const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorKind::storage, "cannot make the reserve file " + path_);
  const int outcome = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes_));
  ::close(fd);
  if (outcome == 0) return {};
  ::unlink(path_.c_str());
  return fail(ErrorKind::storage, "no room for the reserve file " + path_ + ": free " + std::to_string(bytes_ >> 20) +
                                      " MiB of disk space, then resume granting on the console or restart");
}

Status Reserve::has_room() const {
  auto filled = fill();
  release();
  return filled;
}

void Reserve::release() const { ::unlink(path_.c_str()); }

}  // namespace gapura::gateway
