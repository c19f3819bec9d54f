// SPDX-License-Identifier: Apache-2.0
// Starts `program camera-worker` with one end of a socket pair as descriptor 3 and nothing else of the parent's: no other
// descriptor, no environment, no argument (the camera's address contains a password).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "models/base/result.h"

namespace gapura::drivers {

// Owns the process and the socket. One thread only: the one that started it must outlive it, because the kernel ends the
// child together with that thread.
class ChildProcess {
 public:
  static Result<ChildProcess> start(const std::string& program);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();  // kill()

  pid_t pid() const { return pid_; }
  int socket() const { return socket_; }  // non-blocking
  // Ends the child with SIGKILL, unless it ended before, and waits for it. Returns how it ended, as text for people.
  std::string kill();
  // Returns the user and system time used so far in seconds; none when the process is gone.
  std::optional<double> cpu_seconds() const;

 private:
  ChildProcess(pid_t pid, int socket) : pid_(pid), socket_(socket) {}
  pid_t pid_ = 0;
  int socket_ = -1;
};

}  // namespace gapura::drivers
