// SPDX-License-Identifier: Apache-2.0
// What the simulated days do not look at: the signed record, sealed words and pictures, and what is left of an erased
// guest. A year of a signed site is played with a mistake; then its files are judged without it, by the record's own
// verification and by what is found in them.
#include <cstdio>

#include "gateway/contract/commitment.h"
#include "gateway/journal/journal.h"
#include "gateway/record/verify.h"
#include "gateway/vault/vault.h"
#include "simulation/planted/mistakes.h"
#include "simulation/planted/planted.h"
#include "support/privacy_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

constexpr std::chrono::hours a_day{24};

struct Finding {
  std::string check, what;  // no check: nothing is wrong
};

std::string revealed(const Database& reader, const VisitId& visit, const std::string& purpose) {
  auto row = reader.prepare("SELECT reveal('visit.purpose', ?1, ?2)");
  if (!row) FAIL(row.error().message);
  const auto more = row->bind(1, visit.str()).bind(2, purpose).step();
  return more && *more ? row->text(0) : "";
}

// Thread: one.
class Year {
 public:
  // With whatever mistake is planted.
  void play() {
    gone_ = site_.visit_of("PENANDA1", false, 2);
    files_of_gone_ = {site_.pictures->path(site_.one("SELECT portrait FROM visit")),
                      site_.pictures->path(site_.one("SELECT hash FROM picture"))};
    held_ = site_.visit_of("PENANDA2", false, 2);
    site_.must_as(site_.first, SetHold{{}, held_, "perkara contoh"});
    const auto kept = site_.pictures->keep("\xff\xd8\xffPENANDA2 sendiri\xff\xd9", guest_of(held_));
    picture_ = kept ? *kept : "";
    stored_of_gone_ = site_.stored_for("PENANDA1");
    site_.pass(a_day * 31);  // another key
    site_.fill(30);
    site_.pass(Millis(61'000));
    checkpoint_ = site_.text_of("log/checkpoint");
    site_.pass(a_day * 335);
    recent_ = site_.visit_of("PENANDA3", false, 2);
    open_ = site_.visit_of("PENANDA4", true);
    site_.pass(a_day);
    erase();
    prove();
    site_.close();
  }

  // Without any.
  Finding judge() {
    judge_record();
    judge_proofs();
    judge_what_is_gone();
    judge_what_stays();
    judge_seals();
    return found_;
  }

 private:
  std::string guest_of(const VisitId& visit) const {
    return site_.one("SELECT guest FROM visit WHERE id = '" + visit.str() + "'");
  }
  std::string raw_purpose(const VisitId& visit) const {
    return site_.one("SELECT purpose FROM main.visit WHERE id = '" + visit.str() + "'");
  }
  // A connection that has the guest's key at hand is there while it is destroyed.
  void erase() {
    auto reader = Database::open_reader(site_.file());
    REQUIRE(reader);
    const std::string guest = guest_of(gone_), purpose = raw_purpose(gone_);
    CHECK(revealed(*reader, gone_, purpose) == "PENANDA1 keperluan");
    site_.must_as(site_.first, ApproveRetention{{"visit", "portrait", "approval", "deviation"}});
    const Status erased = site_.erase_all();
    if (!erased) wrong("erase", erased.error().message);
    if (!revealed(*reader, gone_, purpose).empty()) wrong("key", "a connection still reads what was erased");
    if (!PrivacySite::with_traces(site_.folder.path(), stored_of_gone_).empty())
      wrong("traces", "sealed words of an erased guest are in the files");
  }
  void prove() {
    const auto db = Database::open_archive(site_.file());
    REQUIRE(db);
    size_ = site_.core->journal().size();
    for (const std::uint64_t number : {std::uint64_t{5}, size_ / 3, size_ - 1}) {
      auto inclusion = prove_inclusion(number, size_, stored_nodes(*db));
      auto growth = prove_consistency(number, size_, stored_nodes(*db));
      if (!inclusion || !growth) return wrong("proof", "nothing can be proven");
      inclusions_.emplace_back(number, std::move(*inclusion));
      growths_.emplace_back(number, std::move(*growth));
    }
  }

  void wrong(const std::string& check, const std::string& what) {
    if (found_.check.empty()) found_ = {check, what};
  }
  void expect(const char* check, bool holds, const char* what) {
    if (!holds) wrong(check, what);
  }
  // No row of this.
  void expect_none(const char* check, const std::string& from_where) {
    if (site_.number("SELECT count(*) FROM " + from_where) != 0) wrong(check, from_where);
  }

  void judge_record() {
    const SiteConfig config = demo_site();
    const auto report = verify_journal({site_.file(), {}, {checkpoint_}, &config, 1, false});
    if (!report) return wrong("verify", report.error().message);
    for (const auto& finding : report->findings) wrong("verify: " + finding.kind, finding.what);
    expect("signed", report->signed_size == report->entries, "the last entries are not signed");
    expect("signed",
           site_.text_of("log/checkpoint") == site_.one("SELECT note FROM checkpoint ORDER BY number DESC LIMIT 1"),
           "the last checkpoint outside is not that of the database");
    expect("signed", site_.number("SELECT count(*) FROM entry WHERE type = 'log_key_changed'") > 2,
           "one key signs for a year");
  }
  void judge_proofs() {
    const auto db = Database::open_archive(site_.file());
    auto rows = db->prepare("SELECT leaf FROM entry ORDER BY number");
    MerkleEdge tree;
    std::vector<Hash> leaves, roots{tree.root()};
    for (auto more = rows->step(); more && *more; more = rows->step()) {
      leaves.push_back(leaf_hash(rows->blob(0)));
      tree.append(leaves.back());
      roots.push_back(tree.root());
    }
    for (const auto& [number, proof] : inclusions_)
      expect("proof", check_inclusion(leaves.at(number), number, size_, proof, roots.at(size_)), "an entry is not proven");
    for (const auto& [number, proof] : growths_)
      expect("proof", check_consistency(number, roots.at(number), size_, roots.at(size_), proof), "no growth is proven");
  }
  void judge_what_is_gone() {
    const std::string guest = "'" + guest_of(gone_) + "'", visit = "'" + gone_.str() + "'";
    expect_none("key", "person_key WHERE owner = " + guest + " AND wrapped <> zeroblob(72)");
    expect_none("erased", "main.guest WHERE id = " + guest + " AND erased_utc IS NULL");
    expect_none("erased", "main.guest WHERE id = " + guest +
                              " AND (phone <> '' OR phone_index IS NOT NULL OR name_index IS NOT NULL)");
    expect_none("erased", "main.visit WHERE id = " + visit +
                              " AND (purpose <> '' OR whom <> '' OR members <> '' OR form_salt <> zeroblob(16))");
    expect_none("erased", "main.deposit WHERE visit = " + visit + " AND (what <> '' OR tag <> '' OR locker <> '')");
    expect_none("erased", "note n JOIN entry e ON e.number = n.entry WHERE e.visit = " + visit);
    for (const auto& file : files_of_gone_)
      expect("files", !file.empty() && !std::filesystem::exists(file), "a picture of an erased guest is there");
  }
  void judge_what_stays() {
    const auto reader = Database::open_reader(site_.file());
    REQUIRE(reader);
    for (const auto& [visit, mark] :
         {std::pair(held_, "PENANDA2"), std::pair(recent_, "PENANDA3"), std::pair(open_, "PENANDA4")})
      expect("kept", revealed(*reader, visit, raw_purpose(visit)) == mark + std::string(" keperluan"),
             "what must be kept is not there");
    expect("kept", site_.pictures->load(picture_).has_value(), "a picture that must be kept cannot be read");
    expect_none("kept", "note WHERE text = '' OR text = '" + std::string(unreadable_text) + "'");
  }
  void judge_seals() {
    const auto reader = Database::open_reader(site_.file());
    REQUIRE(reader);
    expect("sealed", PrivacySite::holding(site_.folder.path(), "PENANDA").empty(), "a word or picture is in the clear");
    expect_none("sealed",
                "main.note n JOIN entry e ON e.number = n.entry JOIN main.visit v ON v.id = e.visit WHERE "
                "owner_in(n.text) <> v.guest");
    expect("sealed", site_.pictures->sealed_for(picture_) == guest_of(held_), "a picture is sealed with another key");
    const auto one = reader->vault().find_key(guest_of(held_)), other = reader->vault().find_key(guest_of(recent_));
    expect("sealed", one && other && *one && *other && (*one)->view() != (*other)->view(), "two people have the same key");
    const auto nonce_of = [&](const VisitId& visit) {
      const std::string text = raw_purpose(visit);
      return text.substr(text.rfind(':') + 1, 32);
    };
    expect("sealed", nonce_of(held_) != nonce_of(recent_), "two words are sealed with the same nonce");
    expect("sealed", revealed(*reader, open_, raw_purpose(held_)) == unreadable_text, "a word is read in another row");
    judge_commitment(*reader);
  }
  // What the journal says of a form is what its words and the revealed salt give.
  void judge_commitment(const Database& reader) {
    auto row = reader.prepare(
        "SELECT v.form_salt, g.full_name, g.phone, g.institution, v.purpose, v.whom, v.members, v.vehicle, "
        "v.identity_type, "
        "v.identity_last4, (SELECT json_extract(CAST(leaf AS TEXT), '$.d.form') FROM entry e WHERE e.visit = v.id AND "
        "e.type = 'visit_registered') FROM visit v JOIN guest g ON g.id = v.guest WHERE v.id = ?1");
    REQUIRE(row);
    REQUIRE(*row->bind(1, recent_.str()).step());
    const auto text = [&](int column) { return row->text(column); };
    expect("commitment",
           commitment("gapura.form.v1", row->blob(0),
                      {text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8), text(9)}) == text(10),
           "the journal's commitment is not that of the form");
  }

  PrivacySite site_;
  VisitId gone_, held_, recent_, open_;
  std::string picture_;     // of the one who is held
  std::string checkpoint_;  // a copy kept elsewhere
  std::vector<std::string> stored_of_gone_, files_of_gone_;
  std::uint64_t size_ = 0;  // of the journal, when these were proven:
  std::vector<std::pair<std::uint64_t, std::vector<Hash>>> inclusions_, growths_;
  Finding found_;
};

Finding play(std::string_view mistake) {
  planted_mistake = mistake;
  Year year;
  year.play();
  planted_mistake = {};
  return year.judge();
}

}  // namespace

TEST_CASE("without a planted mistake the record and the vault of a year are sound") {
  const Finding found = play({});
  CHECK(found.check.empty());
  CHECK(found.what.empty());
}

TEST_CASE("every mistake of the record and the vault is caught") {
  for (const auto& mistake : mistakes) {
    if (!mistake.is_caught_in("record")) continue;
    const Finding found = play(mistake.name);
    std::printf("%-30s %s\n", mistake.name.data(),
                found.check.empty() ? "NOT CAUGHT" : ("caught by " + found.check + " (" + found.what + ")").c_str());
    INFO(mistake.name << " in " << mistake.file << ": " << mistake.sentence);
    CHECK_FALSE(found.check.empty());
  }
}
