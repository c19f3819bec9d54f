// SPDX-License-Identifier: Apache-2.0
// A program started by a test: its output in a file, ended with its object.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace gapura::tests {

class ChildProcess {
 public:
  ChildProcess(std::vector<std::string> words, std::string output) : output_(std::move(output)) {
    std::vector<char*> arguments;
    for (auto& text : words) arguments.push_back(text.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const int failed = posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) throw std::runtime_error("cannot start " + words[0]);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { end(SIGTERM); }

  // Sends the signal and waits; returns the exit code, or 128 plus the signal that ended it.
  int end(int signal) {
    if (pid_ > 0) kill(pid_, signal);
    return wait();
  }
  int wait() {
    if (pid_ <= 0) return code_;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  bool running() const {
    siginfo_t info{};
    return pid_ > 0 && waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
  }
  // Waits until it ends by itself, at most for `limit`; returns whether it did.
  bool ends_within(std::chrono::nanoseconds limit) const {
    // Debian 12's <sys/pidfd.h> declares pidfd_open for C alone.
    const int process = pid_ > 0 ? static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)) : -1;
    if (process < 0) return true;
    pollfd ended{process, POLLIN, 0};
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
    const timespec most{seconds.count(), (limit - seconds).count()};
    const int events = ppoll(&ended, 1, &most, nullptr);
    close(process);
    return events > 0;
  }
  int pid() const { return pid_; }
  std::string output() const {
    std::ifstream file(output_);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

 private:
  pid_t pid_ = 0;
  int code_ = -1;
  std::string output_;
};

}  // namespace gapura::tests
