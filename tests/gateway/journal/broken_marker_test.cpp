// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/broken_marker.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "models/base/invariant.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

// The signal that ended a process which broke an invariant with its marker in `folder`.
int end_of_one_that_breaks(const std::string& folder, const char* version, void (*hinder)() = nullptr) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // the test's own handler would tell of a failure
    install_broken_marker(folder, version);
    if (hinder) hinder();
    break_invariant("/home/builder/gapura/gateway/core/core.cpp", 7, "a sentence");
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_CASE("a broken invariant leaves a line with time, version and place, and aborts the process") {
  const TemporaryFolder folder;
  CHECK_FALSE(find_broken_marker(folder.path(), "1.2.3"));
  REQUIRE(end_of_one_that_breaks(folder.path(), "1.2.3") == SIGABRT);
  const auto marker = find_broken_marker(folder.path(), "1.2.3");
  REQUIRE(marker);
  CHECK_THAT(marker->last, Catch::Matches("20..-..-..T..:..:..Z gapura 1\\.2\\.3 gateway/core/core\\.cpp:7: a sentence"));
  CHECK(marker->times == 1);
  CHECK_THAT(sentence(*marker), Catch::Contains(marker->last) && Catch::Contains("found a fault in itself"));
  REQUIRE(remove_broken_marker(folder.path()));
  CHECK_FALSE(find_broken_marker(folder.path(), "1.2.3"));
  CHECK(remove_broken_marker(folder.path()));  // gone already
}

TEST_CASE("the marker keeps every line, and counts those of this version") {
  const TemporaryFolder folder;
  for (const char* version : {"1.0.0", "1.0.0", "1.0.1"})
    REQUIRE(end_of_one_that_breaks(folder.path(), version) == SIGABRT);
  CHECK(find_broken_marker(folder.path(), "1.0.0")->times == 2);
  CHECK(find_broken_marker(folder.path(), "1.0.1")->times == 1);
  CHECK(find_broken_marker(folder.path(), "1.0.2")->times == 0);  // mended, perhaps: it may start, and grants nothing
  CHECK_THAT(find_broken_marker(folder.path(), "1.0.2")->last, Catch::Contains("gapura 1.0.1 "));
}

TEST_CASE("a closed log and a process without a free descriptor keep no line from the marker") {
  const TemporaryFolder folder;
  const auto close_log = [] { ::close(STDERR_FILENO); };
  const auto use_up_descriptors = [] {
    const rlimit few{64, 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    while (::open("/dev/null", O_RDONLY) >= 0) {}
  };
  REQUIRE(end_of_one_that_breaks(folder.path(), "1.0.0", close_log) == SIGABRT);
  CHECK(find_broken_marker(folder.path(), "1.0.0")->times == 1);
  REQUIRE(end_of_one_that_breaks(folder.path(), "1.0.0", use_up_descriptors) == SIGABRT);
  CHECK(find_broken_marker(folder.path(), "1.0.0")->times == 2);
}

TEST_CASE("a marker for whose line the disk had no room counts as well") {
  const TemporaryFolder folder;
  std::ofstream(broken_marker_path(folder.path())).flush();
  const auto marker = find_broken_marker(folder.path(), "1.0.0");
  REQUIRE(marker);
  CHECK(marker->last.empty());
  CHECK_THAT(sentence(*marker), Catch::Contains("found a fault in itself and ended: tell"));
}
