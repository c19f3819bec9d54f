// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>
#include <vector>

#include "drivers/camera/link.h"
#include "drivers/camera/video_source.h"

namespace gapura::drivers {
namespace {

// Descriptors 0 and 1 lead to /dev/null, 2 stays for the output of a crash, 3 is the socket, all others are closed.
struct FileActions {
  posix_spawn_file_actions_t actions;
  explicit FileActions(int socket) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, socket, link::child_descriptor);
    posix_spawn_file_actions_addclosefrom_np(&actions, link::child_descriptor + 1);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
};

// Signals as after boot, and a process group of its own: Ctrl-C on the terminal is for the parent.
struct Attributes {
  posix_spawnattr_t attributes;
  Attributes() {
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return "searching one picture took longer than half a second";
  if (WIFSIGNALED(status)) return fmt::format("ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::string& program) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return fail(ErrorKind::unavailable, fmt::format("no socket for the camera's process: {}", std::strerror(errno)));
  std::string name = program, role = "camera-worker";
  // VideoCapture reads its options only from the environment: a short probe, no buffer; and two seconds for V4L2. A
  // playlist is not accepted as a source, because it would name further addresses.
  std::string capture =
      std::string(
          "OPENCV_FFMPEG_CAPTURE_OPTIONS=fflags;nobuffer|probesize;200000|analyzeduration;100000|format_whitelist;") +
      network_formats;
  // The log lines of both libraries contain addresses with passwords.
  std::string quiet = "OPENCV_FFMPEG_LOGLEVEL=-8", silent = "OPENCV_LOG_LEVEL=SILENT";
  std::string select = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT=2", locale = "LANG=C.UTF-8";
  char* arguments[] = {name.data(), role.data(), nullptr};
  char* environment[] = {capture.data(), quiet.data(), silent.data(), select.data(), locale.data(), nullptr};
  const FileActions files(pair[1]);
  const Attributes attributes;
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, program.c_str(), &files.actions, &attributes.attributes, arguments, environment);
  ::close(pair[1]);
  if (failed != 0) {
    ::close(pair[0]);
    return fail(ErrorKind::unavailable, fmt::format("cannot start {}: {}", program, std::strerror(failed)));
  }
  fcntl(pair[0], F_SETFL, fcntl(pair[0], F_GETFL) | O_NONBLOCK);
  return ChildProcess(pid, pair[0]);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), socket_(std::exchange(other.socket_, -1)) {}

ChildProcess::~ChildProcess() { kill(); }

std::string ChildProcess::kill() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  if (pid_ <= 0) return "never started";
  const pid_t pid = std::exchange(pid_, 0);
  ::kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  return how_it_ended(status);
}

std::optional<double> ChildProcess::cpu_seconds() const {
  std::ifstream file(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The program's name may hold blanks and brackets: count the fields from its closing bracket (utime is 14, stime 15).
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::vector<std::string> values{std::istream_iterator<std::string>(fields), {}};
  if (values.size() < 13) return std::nullopt;
  return (std::stod(values[11]) + std::stod(values[12])) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace gapura::drivers
