// SPDX-License-Identifier: Apache-2.0
// Pictures and clips on the disk.
#include <catch2/catch.hpp>

#include "gateway/media/picture_keeper.h"
#include "gateway/media/sealed_file.h"
#include "gateway/vault/vault.h"
#include "markers.h"
#include "support/signed_site.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

std::string mp4(const std::string& inside) { return std::string("\0\0\0\x18", 4) + "ftypisom" + inside; }

// A post with two guests.
struct Pictures {
  Pictures() : store(*PictureStore::open(site.folder.path(), maker())) {
    for (auto* visit : {&first, &second}) {
      const auto reply = site.ask(
          RegisterVisit{visit == &first ? "Tamu Contoh 01" : "Tamu Contoh 02", "", "", "uji", "pimpinan", "general", ""});
      REQUIRE(reply);
      *visit = VisitId(reply->id);
    }
  }
  KeyMaker maker() {
    return [this](const std::string& owner) -> Status {
      ++made;
      TRY(site.ask(MakeKey{owner}));
      return {};
    };
  }
  std::string guest(const VisitId& visit) { return *store.owner_of(visit); }
  std::string owner(const std::string& hash, Media media = Media::picture) {
    return owner_of_file(text_of(store.path(hash, media)));
  }
  void destroy(const std::string& owner) {
    auto writer = Database::open_writer(site.file());
    REQUIRE(writer->vault().destroy_key(owner));
  }
  SignedSite site;
  std::atomic<int> made{0};
  PictureStore store;
  VisitId first, second;
};

}  // namespace

TEST_CASE("a picture lies sealed under its guest's key, is found by the hash of what it shows, and dies with the key") {
  Pictures post;
  const std::string bytes = jpeg("MARK-WAJAH"), film = mp4("MARK-FILM");
  const auto hash = post.store.keep(bytes, post.guest(post.first));
  const auto clip = post.store.keep_clip(film, post.guest(post.first));
  const auto other = post.store.keep(jpeg("MARK-WAJAH lain"), post.guest(post.second));
  const auto stranger = post.store.keep(jpeg("MARK-WAJAH asing"));
  REQUIRE((hash && clip && other && stranger));
  CHECK(post.made == 1);  // the day's; a guest has one already
  CHECK(*hash == to_hex(as_bytes(sha256(bytes))));
  CHECK(post.owner(*hash) == post.guest(post.first));
  CHECK(post.owner(*stranger).starts_with("day:"));
  CHECK(found_below(post.site.folder.path(), {"MARK-WAJAH", "MARK-FILM", "JFIF", "ftypisom"}).empty());
  CHECK(*post.store.load(*hash) == bytes);
  CHECK(*post.store.load(*clip, Media::clip) == film);
  CHECK(*post.store.keep(bytes, post.guest(post.first)) == *hash);  // again

  post.destroy(post.guest(post.first));
  CHECK(post.store.load(*hash).error().kind == ErrorKind::not_found);
  CHECK(post.store.load(*clip, Media::clip).error().kind == ErrorKind::not_found);
  CHECK(post.store.load(*other));
  CHECK(post.store.load(*stranger));
}

TEST_CASE("a changed, cut or exchanged file is not shown") {
  Pictures post;
  const auto hash = post.store.keep(jpeg("satu"), post.guest(post.first));
  const auto other = post.store.keep(jpeg("dua"), post.guest(post.first));
  REQUIRE((hash && other));
  const std::string path = post.store.path(*hash), whole = text_of(path);
  const auto put = [&](const std::string& bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; };
  for (const std::size_t at : {std::size_t{3}, std::size_t{20}, whole.size() / 2, whole.size() - 1}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    put(changed);
    INFO(at);
    const auto shown = post.store.load(*hash);
    CHECK((!shown || *shown != jpeg("satu")));
    if (at > 20) CHECK(!shown);
  }
  put(whole.substr(0, whole.size() - 5));
  CHECK(!post.store.load(*hash));
  put(text_of(post.store.path(*other)));
  CHECK(post.store.load(*hash).error().kind == ErrorKind::storage);
  put(whole);
  CHECK(*post.store.load(*hash) == jpeg("satu"));
}

TEST_CASE("a picture that was taken before anybody knew whose it is, is given to its guest; a shared one to the day") {
  Pictures post;
  const std::string first = post.guest(post.first), second = post.guest(post.second);
  const auto hash = post.store.keep(jpeg("potret"));
  REQUIRE(hash);
  CHECK(post.owner(*hash).starts_with("day:"));
  REQUIRE(post.store.set_owner(*hash, first));
  CHECK(post.owner(*hash) == first);
  CHECK(*post.store.load(*hash) == jpeg("potret"));
  REQUIRE(post.store.set_owner(*hash, day_owner(UtcTime{})));
  CHECK(post.owner(*hash) == first);  // a known person remains the owner
  REQUIRE(post.store.set_owner(*hash, second));
  CHECK(post.owner(*hash).starts_with("day:"));
  post.destroy(first);
  CHECK(*post.store.load(*hash) == jpeg("potret"));
  CHECK(post.store.set_owner(std::string(64, '0'), first).error().kind == ErrorKind::not_found);
  CHECK(post.store.set_owner("../../etc/passwd", first).error().kind == ErrorKind::bad_input);
}

TEST_CASE("pictures of an earlier version are shown as ever, and sealed by the keeper for whom the record names") {
  Pictures post;
  const auto plain = [&](const std::string& bytes, Media media) {
    const std::string hash = to_hex(as_bytes(sha256(bytes)));
    const std::string path = post.store.path(hash, media);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return hash;
  };
  const std::string portrait = plain(jpeg("MARK-POTRET"), Media::picture),
                    passer = plain(jpeg("MARK-LEWAT"), Media::picture);
  const std::string both = plain(mp4("MARK-BERDUA"), Media::clip), mine = plain(mp4("MARK-SENDIRI"), Media::clip);
  REQUIRE(post.site.ask(SetPortrait{post.first, portrait}));
  for (const auto& [hash, visit] : {std::pair{both, post.first}, {both, post.second}, {mine, post.second}}) {
    PictureKept kept{1, visit, {}, hash, "cam", "evidence", 1, 1000};
    kept.entry = static_cast<std::uint64_t>(
        std::stoi(post.site.one("SELECT max(number) FROM entry WHERE visit = '" + visit.str() + "'")));
    post.site.core->handle(kept);
  }
  CHECK(*post.store.load(portrait) == jpeg("MARK-POTRET"));
  CHECK(*post.store.load(both, Media::clip) == mp4("MARK-BERDUA"));
  {
    // The core's thread is this one: the days' keys are made beforehand.
    REQUIRE(post.site.ask(MakeKey{day_owner(std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()))}));
    REQUIRE(post.site.ask(MakeKey{day_owner(post.site.clock.now_.utc)}));
    PictureKeeper keeper(post.store, [](const PictureKept&) {});
    keeper.seal_old_files();
    CHECK(wait_until([&] { return found_below(post.site.folder / "media", {"MARK-"}).empty(); }));
  }
  CHECK(post.owner(portrait) == post.guest(post.first));
  CHECK(post.owner(mine, Media::clip) == post.guest(post.second));
  CHECK(post.owner(both, Media::clip).starts_with("day:"));
  CHECK(post.owner(passer).starts_with("day:"));
  CHECK(*post.store.load(portrait) == jpeg("MARK-POTRET"));
  CHECK(*post.store.load(both, Media::clip) == mp4("MARK-BERDUA"));
  CHECK(*post.store.seal_old_files([] { return false; }) == 0);
}
