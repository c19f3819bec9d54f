// SPDX-License-Identifier: Apache-2.0
// Decodes each file in a process of its own: a file made to exhaust the decoder, or to keep it busy, only loses its own
// result.
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "drivers/qr_reader/read_file.h"
#include "gateway/cli/commands.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;

constexpr time_t longest_piece_s = 10;  // of work, for a picture or one frame of a video

// Ends this process when it works longer than that on one piece: SIGALRM is not handled.
class WorkLimit {
 public:
  WorkLimit() {
    signal(SIGALRM, SIG_DFL);
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
    sigevent ring{};
    ring.sigev_notify = SIGEV_SIGNAL;
    ring.sigev_signo = SIGALRM;
    if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &ring, &timer_) != 0) _exit(1);
  }
  void restart() const {
    itimerspec limit{};
    limit.it_value.tv_sec = longest_piece_s;
    timer_settime(timer_, 0, &limit, nullptr);
  }

 private:
  timer_t timer_{};
};

// The child's only output: the line for its file. Its exit status is the command's code for this file.
[[noreturn]] void answer(int pipe, const std::string& file) {
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{2u << 30, 2u << 30};
  setrlimit(RLIMIT_AS, &memory);
#endif
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const WorkLimit limit;
  json::object line{{"file", file}};
  int code = done;
  if (const auto reading = drivers::read_file(file, [&] { limit.restart(); })) {
    line["texts"] = json::array(reading->texts.begin(), reading->texts.end());
    line["ms"] = std::round(reading->ms * 1000) / 1000;
    if (reading->skipped != drivers::Skipped::no) line["skipped"] = word(reading->skipped);
  } else {
    line["error"] = reading.error().message;
    code = reading.error().kind == ErrorKind::not_found ? bad_usage : exit_code(reading.error().kind);
  }
  const std::string text = json::serialize(line);
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = write(pipe, text.data() + sent, text.size() - sent);
    if (n <= 0 && errno != EINTR) _exit(failed);
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
  _exit(code);
}

std::string read_all(int pipe) {
  std::string text;
  char part[4096];
  for (;;) {
    const ssize_t n = read(pipe, part, sizeof part);
    if (n > 0) text.append(part, static_cast<std::size_t>(n));
    if (n == 0 || (n < 0 && errno != EINTR)) return text;
  }
}

std::string refusal(const std::string& file, const std::string& why) {
  return json::serialize(json::object{{"file", file}, {"error", fmt::format("{}: {}", file, why)}});
}

// Returns the line for this file; `code` becomes the command's when the file gave no result.
std::string read_in_child(const std::string& file, int& code) {
  int ends[2];
  if (pipe(ends) != 0) {
    code = failed;
    return refusal(file, std::strerror(errno));
  }
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    answer(ends[1], file);
  }
  close(ends[1]);
  std::string line = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (child > 0 && WIFEXITED(status) && !line.empty()) {
    if (WEXITSTATUS(status) != done) code = WEXITSTATUS(status);
    return line;
  }
  code = failed;
  if (child > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return refusal(file, fmt::format("given up after {} s of work on one picture", longest_piece_s));
  return refusal(file, "the decoder ended without an answer");
}

}  // namespace

int read_codes(const Terminal& terminal, const std::vector<std::string>& files) {
  int code = done;
  terminal.out.flush();
  for (const std::string& file : files)
    terminal.out << read_in_child(file, code) << std::endl;  // at once: the next file may be a long video
  return code;
}

}  // namespace gapura::gateway
