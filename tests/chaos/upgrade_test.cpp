// SPDX-License-Identifier: Apache-2.0
// A data folder of each release (tests/data/vX.Y.Z.tar.xz) is opened by this version: its record verifies, its people are
// read, its badges open, and the journal goes on. The folders are made by the release itself: tests/README.md.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "small_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;

namespace {

namespace fs = std::filesystem;

std::string field_of(const json::value& object, const char* key) { return std::string(object.at(key).as_string()); }

json::value read_json(const std::string& path) {
  std::ifstream in(path);
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

std::vector<fs::path> releases() {
  std::vector<fs::path> all;
  for (const auto& file : fs::directory_iterator(GAPURA_SOURCE_DIR "/tests/data"))
    if (file.path().extension() == ".xz") all.push_back(file.path());
  return all;
}

std::int64_t entries_of(SmallPost& post) {
  return post.get("admin", "/api/v1/status").at("journal").at("entries").to_number<std::int64_t>();
}

// A guest who was received, let in and seen out, one who is inside, one who is expected, and what they leave in each table.
json::value fill(SmallPost& post) {
  (void)post.post("guard", "/api/v1/shift/start", json::object{});
  (void)post.post("aide", "/api/v1/duty/take", json::object{});
  (void)post.post("admin", "/api/v1/attention", {{"name", "CONTOH SATU"}, {"why", "uji"}});
  (void)post.post("admin", "/api/v1/badges/stock", {{"count", 3}});
  json::object facts{{"staff", post.staff_badge()}};
  const auto receive = [&](int lane, const char* name, const char* phone) {
    const auto visit =
        post.post("guard", "/api/v1/visits",
                  {{"name", name}, {"purpose", "Rapat"}, {"whom", "pimpinan"}, {"category", "general"}, {"phone", phone}});
    const std::string path = "/api/v1/visits/" + field_of(visit, "id");
    (void)post.post("guard", path + "/ask", json::object{});
    const auto asked = post.get("aide", path);
    (void)post.post("aide", path + "/decision", {{"decision", "accept_now"}, {"version", asked.at("approval_version")}});
    const auto badge = post.post("guard", path + "/badge", json::object{});
    (void)post.post("guard", path + "/screening", {{"result", "clear"}});
    REQUIRE(post.opens(lane, field_of(badge, "token")));
    REQUIRE(wait_until([&] { return field_of(post.get("guard", path), "presence") != "at_post"; }));  // passed
    return std::pair(path, badge);
  };
  const auto [gone, returned] = receive(1, "CONTOH DUA", "081200000002");
  (void)post.post("guard", gone + "/deposits", {{"what", "tas"}, {"tag", "T-1"}});
  (void)post.post("guard", "/api/v1/badges/" + field_of(returned.at("badge"), "id") + "/return", json::object{});
  (void)post.post("guard", gone + "/close", {{"outcome", "departed"}, {"reason", "uji"}});
  const auto [here, badge] = receive(2, "CONTOH TIGA", "081200000003");
  facts["here"] = here;
  facts["gone"] = gone;
  facts["badge"] = field_of(badge, "token");
  (void)post.post("admin", "/api/v1/holds", {{"visit", gone.substr(gone.rfind('/') + 1)}, {"reason", "uji"}});
  (void)post.post("guard", "/api/v1/panic", {{"where", "pos"}});
  facts["entries"] = entries_of(post);
  return facts;
}

}  // namespace

TEST_CASE("the data folder of every release opens, verifies and goes on", "[upgrade]") {
  const auto all = releases();
  REQUIRE_FALSE(all.empty());
  for (const fs::path& release : all) {
    INFO(release);
    TemporaryFolder folder;
    REQUIRE(std::system(("tar -xJf '" + release.string() + "' -C '" + folder.path() + "'").c_str()) == 0);
    const json::value facts = read_json(folder / "facts.json");
    SmallPost post({.data_folder = folder / "data"});
    CHECK(field_of(post.get("guard", field_of(facts, "here")), "name") == "CONTOH TIGA");
    CHECK(field_of(post.get("admin", field_of(facts, "gone")), "state") == "departed");  // a guard sees today's
    CHECK(post.get("admin", "/api/v1/holds").at("holds").as_array().size() == 1);
    CHECK(post.opens(2, field_of(facts, "staff")));
    CHECK(entries_of(post) > facts.at("entries").to_number<std::int64_t>());
    REQUIRE(post.end(SIGTERM) == 0);
    std::string said;
    CHECK(post.run({"log", "verify", "--data", post.data()}, &said) == 0);
    INFO(said);
  }
}

// GAPURA_FIXTURE=FOLDER: leaves the folder that a release keeps there.
TEST_CASE("a data folder for later releases", "[.fixture]") {
  const char* place = std::getenv("GAPURA_FIXTURE");
  REQUIRE(place);
  SmallPost post({.data_folder = std::string(place) + "/data"});
  const json::value facts = fill(post);
  REQUIRE(post.end(SIGTERM) == 0);
  std::ofstream(std::string(place) + "/facts.json") << facts << '\n';
}
