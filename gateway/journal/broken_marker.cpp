// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/broken_marker.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "models/base/invariant.h"

namespace gapura::gateway {
namespace {

constexpr unsigned longest_write_s = 10;
constexpr off_t largest_marker = 64 * 1024;

// What the handler needs, prepared in advance.
struct {
  char path[4096];
  char folder[4096];
  char version[64];
  int spare = -1;  // closed to free a descriptor for the marker when the process has none left
} prepared;

std::string line_of_version(const std::string& version) { return " gapura " + version + " "; }

// "2026-01-31T08:00:00Z gapura 0.1.0 gateway/journal/journal.cpp:112: sentence\n". Returns its length.
int write_line(char* line, std::size_t size, const BrokenInvariant& broken) {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  const year_month_day date(floor<days>(now));
  const hh_mm_ss time(now - floor<days>(now));
  const int length =
      std::snprintf(line, size, "%04d-%02u-%02uT%02d:%02d:%02dZ gapura %s %s:%d: %s\n", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()), prepared.version, broken.file, broken.line, broken.relied_on);
  return std::min(length, static_cast<int>(size) - 1);
}

void sync_and_close(int file) {
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

void leave_marker(const BrokenInvariant& broken) {
  ::signal(SIGALRM, SIG_DFL);
  ::alarm(longest_write_s);
  char line[1024];
  const int length = write_line(line, sizeof line, broken);
  ::close(prepared.spare);
  const int marker = ::open(prepared.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  // An empty marker counts as well: there was no room for its line.
  if (marker >= 0 && ::lseek(marker, 0, SEEK_END) < largest_marker)
    (void)!::write(marker, line, static_cast<std::size_t>(length));
  sync_and_close(marker);
  sync_and_close(::open(prepared.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Last, so that standard error that blocks or has no reader does not prevent the marker.
  (void)!::write(STDERR_FILENO, line, static_cast<std::size_t>(length));
}

}  // namespace

std::string broken_marker_path(const std::string& data_folder) { return data_folder + "/broken-invariant"; }

void install_broken_marker(const std::string& data_folder, const std::string& version) {
  std::snprintf(prepared.path, sizeof prepared.path, "%s", broken_marker_path(data_folder).c_str());
  std::snprintf(prepared.folder, sizeof prepared.folder, "%s", data_folder.c_str());
  std::snprintf(prepared.version, sizeof prepared.version, "%s", version.c_str());
  prepared.spare = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  set_invariant_handler(&leave_marker);
}

std::optional<BrokenMarker> find_broken_marker(const std::string& data_folder, const std::string& version) {
  std::error_code error;
  if (!std::filesystem::exists(broken_marker_path(data_folder), error) && !error) return std::nullopt;
  BrokenMarker marker;
  std::ifstream file(broken_marker_path(data_folder));
  for (std::string line; std::getline(file, line); marker.last = line)
    if (line.find(line_of_version(version)) != std::string::npos) ++marker.times;
  return marker;
}

Status remove_broken_marker(const std::string& data_folder) {
  if (::unlink(broken_marker_path(data_folder).c_str()) != 0 && errno != ENOENT)
    return fail(ErrorKind::storage, "cannot remove " + broken_marker_path(data_folder));
  const int folder = ::open(data_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool kept = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  return kept ? Status{} : fail(ErrorKind::storage, "cannot make the folder " + data_folder + " durable");
}

std::string sentence(const BrokenMarker& marker) {
  return "the gateway found a fault in itself and ended" + (marker.last.empty() ? "" : " (" + marker.last + ")") +
         ": tell the administrator and keep the gateway's log, then resume granting with a reason";
}

}  // namespace gapura::gateway
