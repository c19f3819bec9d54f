// SPDX-License-Identifier: Apache-2.0
// A signed site with guests whose every field carries a marker, and the destruction of their data without a thread.
#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <unordered_set>

#include "gateway/media/picture_store.h"
#include "gateway/privacy/keeper.h"
#include "gateway/registry/persons.h"
#include "gateway/registry/retention.h"
#include "support/signed_site.h"

namespace gapura::tests {

// Posts directly into the core.
class DirectPort : public CorePort {
 public:
  explicit DirectPort(SignedSite& site) : site_(site) {}
  void post(Command command, Actor actor, Done done) override {
    if (before) before();
    site_.core->handle(CommandInput{std::move(command), std::move(actor), std::move(done)});
  }
  std::function<void()> before;

 private:
  SignedSite& site_;
};

// Thread: one.
class PrivacySite : public SignedSite {
 public:
  PrivacySite() {
    auto opened = PictureStore::open(folder.path(), [this](const std::string& owner) -> Status {
      TRY(ask_as("system", MakeKey{owner}));
      return {};
    });
    REQUIRE(opened);
    pictures.emplace(std::move(*opened));
    first = must(AddUser{"admin contoh", Role::admin, "*1"}).id;
    second = must(AddUser{"admin kedua", Role::admin, "*1"}).id;
    must_as("system", AdoptRetention{default_retention()});
  }
  Reply must(Command command, const std::string& role = "guard") {
    auto answer = ask(std::move(command), role);
    if (!answer) FAIL(answer.error().message);
    return *answer;
  }
  Result<Reply> ask_as(const std::string& user, Command command) {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    core->handle(CommandInput{std::move(command), Actor{UserId(user), Role::admin},
                              [&](Result<Reply> r) { answer = std::move(r); }});
    return answer;
  }
  Reply must_as(const std::string& user, Command command) {
    auto answer = ask_as(user, std::move(command));
    if (!answer) FAIL(answer.error().message);
    return *answer;
  }
  Status erase_all() {
    DirectPort port(*this);
    return carry_out_erasures(port, *pictures, file(), [] { return true; });
  }
  std::int64_t number(const std::string& sql) const { return std::strtoll(one(sql).c_str(), nullptr, 10); }

  // A whole visit whose every free text contains `mark`. Ends unless `stays`.
  VisitId visit_of(const std::string& mark, bool stays = false, int pictures_of = 0) {
    RegisterVisit form;
    form.name = mark + " nama", form.phone = mark + "08", form.institution = mark + " instansi";
    form.purpose = mark + " keperluan", form.whom = mark + " pimpinan", form.category = "general";
    form.members = mark + " satu\n" + mark + " dua", form.party = 3, form.vehicle = mark + " DK";
    form.identity_type = IdentityType::ktp, form.identity_last4 = mark.substr(0, 4);
    if (pictures_of > 0) form.portrait = keep(mark + " potret");
    const VisitId visit(must(form).id);
    must(AskAide{visit});
    must(DecideVisit{visit, AideDecision::accept_now, 0, mark + " alasan",
                     core->gate().state().find_visit(visit)->approval_version, false},
         "aide");
    const Reply badge = must(IssueBadge{visit, "", 0});
    const std::string deposit = must(DepositItem{visit, mark + " tas", mark + " label", mark + " loker"}).id;
    must(NoteDeviation{visit, Deviation::late, mark + " sebab"});
    if (pictures_of > 1) {
      const std::uint64_t entry = core->gate().state().next_number - 1;
      PictureKept still{entry, visit, {}, keep(mark + " gambar"), "gate", "scan", 10, 0};
      core->handle(still);
      const auto clip = pictures->keep_clip(std::string("\0\0\0\x18"
                                                        "ftypmp42",
                                                        12) +
                                            mark + " klip");
      REQUIRE(clip);
      core->handle(PictureKept{entry, visit, {}, *clip, "gate", "evidence", 10, 900});
    }
    if (stays) return visit;
    must(MoveDeposit{deposit, DepositState::returned, mark + " loker lain"});
    must(ReturnBadge{BadgeId(badge.id)});
    must(CloseVisit{visit, VisitState::departed, mark + " ditutup"});
    return visit;
  }
  std::string keep(const std::string& words) {
    const auto hash = pictures->keep("\xff\xd8\xff" + words + "\xff\xd9");
    REQUIRE(hash);
    return *hash;
  }
  void pass(Millis time) { clock.pass(time), core->tick(); }

  // Files below `where` that hold these bytes.
  static std::vector<std::string> holding(const std::string& where, const std::string& mark) {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(where)) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(mark) != std::string::npos) found.push_back(file.path().filename());
    }
    return found;
  }

  // Returns what the tables have instead of words with `mark`: sealed texts, and the wrapped keys of those people; of each
  // the last bytes, which are unique.
  std::vector<std::string> stored_for(const std::string& mark) const {
    auto reader = Database::open_reader(file());
    REQUIRE(reader);
    std::vector<std::string> found;
    for (const char* sql :
         {"SELECT m.full_name FROM main.guest m JOIN guest r ON r.id = m.id WHERE instr(r.full_name, ?1)",
          "SELECT m.purpose FROM main.visit m JOIN visit r ON r.id = m.id WHERE instr(r.purpose, ?1)",
          "SELECT m.what FROM main.deposit m JOIN deposit r ON r.id = m.id WHERE instr(r.what, ?1)",
          "SELECT m.text FROM main.note m JOIN note r ON r.entry = m.entry WHERE instr(r.text, ?1)",
          "SELECT k.wrapped FROM person_key k JOIN guest r ON r.id = k.owner WHERE instr(r.full_name, ?1)"}) {
      auto row = reader->prepare(sql);
      REQUIRE(row);
      row->bind(1, mark);
      auto more = row->step();
      for (; more && *more; more = row->step()) found.push_back(row->blob(0).substr(row->blob(0).size() - trace));
      REQUIRE(more);
    }
    return found;
  }
  // Returns the files below `where` that contain any of those.
  static std::set<std::string> with_traces(const std::string& where, const std::vector<std::string>& stored) {
    const std::unordered_set<std::string_view> wanted(stored.begin(), stored.end());
    std::set<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(where)) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      for (std::size_t at = 0; at + trace <= bytes.size(); ++at)
        if (wanted.contains(std::string_view(bytes).substr(at, trace))) found.insert(file.path().filename());
    }
    return found;
  }
  std::size_t media_files() const {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder / "media"))
      count += file.is_regular_file();
    return count;
  }

  std::optional<PictureStore> pictures;
  std::string first, second;  // admins

 private:
  static constexpr std::size_t trace = 24;
};

}  // namespace gapura::tests
