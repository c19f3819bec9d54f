// SPDX-License-Identifier: Apache-2.0
// A disk that is really full, at several moments: a file system of its own that only root may mount. The guard is shown
// what to do; with space and one command of an admin the post grants again in the same process, with nothing lost.
#include <fmt/format.h>
#include <sys/mount.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "journal_witness.h"
#include "small_post.h"
#include "support/skip.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

class SmallDisk {
 public:
  SmallDisk() : path_(folder_ / "disk") {
    std::filesystem::create_directory(path_);
    mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=64m") == 0;
    if (!mounted_) why_not_ = std::string("this user may not mount a file system (") + std::strerror(errno) + ")";
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);  // whatever still has a file open there
  }
  bool mounted() const { return mounted_; }
  const std::string& why_not() const { return why_not_; }
  const std::string& path() const { return path_; }
  // All but `left` bytes of what is free.
  void fill(std::uintmax_t left) const {
    std::ofstream ballast(path_ + "/ballast", std::ios::binary | std::ios::app);
    const std::string block(4096, 'x');
    while (std::filesystem::space(path_).available > left && ballast.write(block.data(), 4096).flush()) {}
  }
  void free() const { std::filesystem::remove(path_ + "/ballast"); }

 private:
  TemporaryFolder folder_;
  std::string path_, why_not_;
  bool mounted_ = false;
};

bool granting(SmallPost& post) {
  const auto status = post.try_get("admin", "/api/v1/status");
  return status && status->at("granting").as_bool();
}

const json::object form{
    {"name", "Tamu Contoh"}, {"purpose", std::string(150, 'x')}, {"whom", "pimpinan"}, {"category", "general"}};

// Registers guests until one is refused; those that were acknowledged.
std::vector<JournalWitness::Act> work_until_refused(SmallPost& post) {
  std::vector<JournalWitness::Act> acts;
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (granting(post) && std::chrono::steady_clock::now() < end)
    for (int round = 0; round < 10; ++round)
      if (const auto made = post.try_post("guard", "/api/v1/visits", form))
        acts.push_back({"visit_registered", std::string(made->at("id").as_string())});
  return acts;
}

}  // namespace

TEST_CASE("a full disk: a sentence, no grant, and space with one officer's act brings all of it back", "[disk]") {
  const SmallDisk disk;
  if (!disk.mounted()) SKIP_TEST(disk.why_not());
  SmallPost post({disk.path() + "/data"});
  const std::string staff = post.staff_badge();
  REQUIRE(post.opens(2, staff));
  const int process = post.pid();
  JournalWitness witness;
  // From nothing left to a few pages: the log, the reserve, the answer to the stop fall on other writes each time.
  for (const std::uintmax_t left : {0, 8'192, 70'000, 300'000}) {
    CAPTURE(left);
    disk.fill(left);
    auto acts = work_until_refused(post);
    REQUIRE_FALSE(granting(post));
    const auto status = post.get("guard", "/api/v1/status");
    REQUIRE(status.at("why_not").as_array().size() == 1);
    CHECK(post.refuses(2, staff));
    // Too early: the reserve's release made a little room, and that is not enough.
    disk.fill(0);
    const auto early = post.try_post("guard", "/api/v1/granting/resume", {{"reason", "coba"}});
    REQUIRE_FALSE(early);
    CHECK_THAT(early.error().message, Catch::Contains("free 16 MiB"));
    CHECK_FALSE(granting(post));
    CHECK_FALSE(post.try_post("aide", "/api/v1/granting/resume", {{"reason", "bukan tugas ajudan"}}));
    CHECK_FALSE(post.try_post("guard", "/api/v1/granting/resume", {{"reason", ""}}));

    disk.free();
    const auto resumed = post.try_post("guard", "/api/v1/granting/resume", {{"reason", "berkas lama dihapus"}});
    if (!resumed) FAIL(resumed.error().message);
    post.wait_ready();
    CHECK(post.pid() == process);  // no supervisor was needed
    CHECK(post.opens(2, staff));
    const auto again = post.try_post("guard", "/api/v1/granting/resume", {{"reason", "sekali lagi"}});
    CHECK_FALSE(again);  // nothing has stopped
    const auto entry = post.get("admin", fmt::format("/api/v1/events?limit=1&type=granting_resumed&after={}",
                                                     resumed->at("entry").to_number<int>() - 1));
    const auto& told = entry.at("events").at(0).as_object();
    CHECK(told.at("actor").as_string() == "uji-guard");
    CHECK(told.at("note").as_string() == "berkas lama dihapus");
    witness.read(post.database());
    witness.expect(acts);
    witness.verify(post.database());
    for (const auto& what : witness.violations()) UNSCOPED_INFO(what);
    REQUIRE(witness.violations().empty());
  }
}

TEST_CASE("a disk that is full when the gateway starts", "[disk]") {
  const SmallDisk disk;
  if (!disk.mounted()) SKIP_TEST(disk.why_not());
  SmallPost post({disk.path() + "/data"});
  const std::string staff = post.staff_badge();
  post.end(SIGKILL);
  std::filesystem::remove(post.data() + "/reserve");  // as after a stop
  disk.fill(600'000);                                 // for the log's index and some entries, not for the reserve
  post.start();
  post.wait_online();
  CHECK_FALSE(granting(post));
  const auto status = post.get("guard", "/api/v1/status");
  CHECK_THAT(std::string(status.at("why_not").at(0).as_string()), Catch::Contains("resume granting on the console"));
  CHECK(post.refuses(2, staff));
  disk.free();
  (void)post.post("admin", "/api/v1/granting/resume", {{"reason", "ruang disk dikosongkan"}});
  post.wait_ready();
  CHECK(post.opens(2, staff));
}

TEST_CASE("the disk fills and is freed again, over and over", "[.long][disk]") {
  const SmallDisk disk;
  if (!disk.mounted()) SKIP_TEST(disk.why_not());
  SmallPost post({disk.path() + "/data"});
  const std::string staff = post.staff_badge();
  JournalWitness witness;
  for (std::uintmax_t round = 0; round < 40; ++round) {
    CAPTURE(round);
    disk.fill(round * 9'000);
    const auto acts = work_until_refused(post);
    REQUIRE_FALSE(granting(post));
    disk.free();
    (void)post.post("guard", "/api/v1/granting/resume", {{"reason", "uji"}});
    post.wait_ready();
    REQUIRE(post.opens(2, staff));
    witness.read(post.database());
    witness.expect(acts);
    for (const auto& what : witness.violations()) UNSCOPED_INFO(what);
    REQUIRE(witness.violations().empty());
  }
}
