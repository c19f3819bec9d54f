// SPDX-License-Identifier: Apache-2.0
// A portrait is a picture that its guard uploaded and that belongs to no guest yet, or one of the same guest. Any other
// hash would show another guest's picture unasked, and keep it beyond that guest's erasure.
#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/web/real_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
namespace json = boost::json;

namespace {

struct Portraits : MannedPost {
  Result<PictureStore> store = PictureStore::open(post.folder, key_maker(post.core));

  static std::string face(const std::string& mark) {
    std::string jpeg = small_jpeg();
    return jpeg.insert(jpeg.size() - 2, mark);
  }
  std::string upload(Client& who, const std::string& mark) {
    const Answer made = who.request("POST", "/api/v1/pictures", face(mark), {"Content-Type: image/jpeg"});
    REQUIRE(made.status == 201);
    return made.text("hash");
  }
  static std::string form(const std::string& name, const std::string& portrait, const std::string& more = "") {
    return R"({"name":")" + name + R"(","purpose":"rapat","whom":"Sekretaris","category":"special")" +
           (portrait.empty() ? "" : R"(,"portrait":")" + portrait + '"') + more + "}";
  }
  Answer register_guest(Client& who, const std::string& name, const std::string& portrait, const std::string& more = "") {
    return who.post("/api/v1/visits", form(name, portrait, more));
  }
  Answer set(Client& who, const std::string& visit, const std::string& portrait) {
    return who.post("/api/v1/visits/" + visit + "/portrait", R"({"portrait":")" + portrait + "\"}");
  }
};

}  // namespace

TEST_CASE("A portrait is an upload of the same account, and no picture of another guest, wherever a hash is taken") {
  Portraits it;
  const std::string first = it.upload(it.guard, "wajah pertama");
  const Answer guest = it.register_guest(it.guard, "Tamu Contoh 41", first, R"(,"phone":"0800-000-041")");
  REQUIRE(guest.status == 201);
  const std::string theirs = it.upload(it.other, "wajah unggahan lain");
  const Answer plain = it.register_guest(it.guard, "Tamu Contoh 42", "");
  REQUIRE(plain.status == 201);
  const Answer quick = it.guard.post("/api/v1/visits", R"({"name":"Tamu Contoh 43","category":"special","quick":true})");
  REQUIRE(quick.status == 201);
  const auto evidence = it.store->keep(Portraits::face("gambar bukti"));  // no guard's upload
  REQUIRE(evidence);
  REQUIRE(it.upload(it.guard, "wajah pertama") == first);  // uploading the same bytes again does not release it
  const std::string when = R"(,"from":")" + format_rfc3339(it.post.now().utc, std::chrono::minutes(480)) +
                           R"(","until":")" +
                           format_rfc3339(it.post.now().utc + std::chrono::hours(1), std::chrono::minutes(480)) + '"';
  for (const std::string& hash : {first, theirs, *evidence, std::string(64, '0')}) {
    INFO(hash);
    const Answer refused = it.register_guest(it.guard, "Tamu Contoh 44", hash);
    CHECK(refused.status == 400);
    CHECK(refused.text("detail").find("portrait") != std::string::npos);
    CHECK(it.set(it.guard, plain.text("id"), hash).status == 400);
    CHECK(
        it.guard.post("/api/v1/visits/" + quick.text("id") + "/complete", Portraits::form("Tamu Contoh 43", hash)).status ==
        400);
    CHECK(it.guard.post("/api/v1/visits/plan", Portraits::form("Tamu Contoh 45", hash, when)).status == 400);
    CHECK(it.aide.post("/api/v1/visits/plan", Portraits::form("Tamu Contoh 45", hash, when)).status == 400);
  }
  CHECK(it.register_guest(it.other, "Tamu Contoh 46", theirs).status == 201);  // their own
}

TEST_CASE("A guest's own picture may be named again: by the form, for the same visit, at the next visit") {
  Portraits it;
  const std::string first = it.upload(it.guard, "wajah"), second = it.upload(it.guard, "wajah lain");
  const std::string phone = R"(,"phone":"0800-000-047")";
  const Answer visit = it.register_guest(it.guard, "Tamu Contoh 47", first, phone);
  REQUIRE(visit.status == 201);
  const std::string id = visit.text("id");
  CHECK(it.set(it.other, id, first).status == 200);
  REQUIRE(it.set(it.guard, id, second).status == 200);
  CHECK(it.guard.get("/api/v1/visits/" + id).text("portrait") == second);
  CHECK(it.guard.post("/api/v1/visits/" + id + "/close", R"({"outcome":"departed","reason":"uji"})").status == 200);
  const Answer next = it.register_guest(it.other, "Tamu Contoh 47", second, phone);
  CHECK(next.status == 201);
  CHECK(next.text("portrait") == second);
}

TEST_CASE("A picture that was claimed for another guest is not shown unmasked, and is gone after its person's erasure") {
  Portraits it;
  const std::string hash = it.upload(it.guard, "wajah yang dihapus");
  const Answer visit = it.register_guest(it.guard, "Tamu Contoh 48", hash, R"(,"phone":"0800-000-048")");
  REQUIRE(visit.status == 201);
  const auto guest = it.store->owner_of(VisitId(visit.text("id")));
  REQUIRE(guest);
  REQUIRE(it.store->set_owner(hash, *guest));  // as the daemon's keeper does
  it.guard.post("/api/v1/visits/" + visit.text("id") + "/close", R"({"outcome":"departed","reason":"uji"})");
  it.post.later(std::chrono::hours(24));
  it.guard = signed_in(it.post, "sari"), it.admin = signed_in(it.post, "wayan");
  const std::string picture = "/api/v1/pictures/" + hash + ".jpg";
  REQUIRE(it.guard.get(picture).status == 403);  // masked by now

  // An attempt to look at it without an entry, and to keep it.
  it.register_guest(it.guard, "Tamu Contoh 49", hash);
  const Answer of_today = it.register_guest(it.guard, "Tamu Contoh 50", "");
  it.set(it.guard, of_today.text("id"), hash);
  CHECK(it.guard.get(picture).status == 403);
  CHECK(it.store->sealed_for(hash) == *guest);

  const auto found = it.admin.post("/api/v1/subjects/find", R"({"phone":"0800-000-048"})").json().at("people").as_array();
  REQUIRE(found.size() == 1);
  const Answer opened = it.admin.post("/api/v1/cases", R"({"guest":")" + std::string(found[0].at("guest").as_string()) +
                                                           R"(","kind":"erase","requester":"Tamu","purpose":"uji"})");
  REQUIRE(opened.status == 201);
  REQUIRE(it.admin.post("/api/v1/cases/" + opened.text("id") + "/close", R"({"outcome":"answered","reason":"dihapus"})")
              .status == 200);
  const auto finished = [&] { return it.admin.get("/api/v1/retention").json().at("run").is_null(); };
  REQUIRE(tests::wait_until(finished));
  CHECK_FALSE(std::filesystem::exists(it.store->path(hash)));
  CHECK(it.admin.get(picture).status == 404);
}
