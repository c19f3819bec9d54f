// SPDX-License-Identifier: Apache-2.0
// Who gave an account its password, and when: what the core remembers of it, also after a restart, and who may be a second
// person because of it.
#include "models/record/retention.h"
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

struct Accounts : SiteHarness {
  Accounts() {
    as("system", AdoptRetention{default_retention()});
    shorten(90);
  }
  Result<Reply> as(const std::string& user, Command command) {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    core->handle(CommandInput{std::move(command), Actor{UserId(user), Role::admin},
                              [&](Result<Reply> r) { answer = std::move(r); }});
    return answer;
  }
  std::string add(const std::string& by, const std::string& name, bool first = false) {
    const auto made = as(by, AddUser{name, Role::admin, "*1", first});
    if (!made) FAIL(made.error().message);
    return made->id;
  }
  void shorten(int days) {
    auto rules = default_retention();
    rules[0].days = days;
    REQUIRE(as("system", AdoptRetention{rules}));
  }
  std::string agree(const std::string& user) { return problem(as(user, AgreeRetention{RetentionClass::visit})); }
  // What each is answered, one after the other.
  std::vector<std::string> agree_in_turn(const std::vector<std::string>& users) {
    std::vector<std::string> answers;
    for (const auto& user : users) answers.push_back(agree(user));
    return answers;
  }
};

using Answers = std::vector<std::string>;

}  // namespace

TEST_CASE("an account agrees from the third day after its password was given, by any account, also after a restart") {
  Accounts site;
  const std::string own = site.add("setup", "admin pertama", true), by_hand = site.add("local", "admin kedua");
  CHECK(site.agree(own) == "too_new");
  site.clock.pass(72h - 1ms);
  CHECK(site.agree(own) == "too_new");
  CHECK(site.agree(by_hand) == "too_new");
  site.open();
  CHECK(site.agree(own) == "too_new");
  site.clock.pass(1ms);
  CHECK(site.agree(own).empty());
  REQUIRE(site.as("local", SetPassword{UserId(by_hand), "*2"}));
  CHECK(site.agree(by_hand) == "too_new");
  site.clock.pass(72h);
  CHECK(site.agree(by_hand).empty());
}

TEST_CASE("an account whose password the other one gave is no second person, by whatever way and in either order") {
  Accounts site;
  const std::string own = site.add("setup", "admin pertama", true), other = site.add("local", "admin kedua");
  const std::string puppet = site.add(own, "boneka");
  site.clock.pass(72h);
  const std::string by_puppet = site.add(puppet, "boneka kedua");
  site.clock.pass(72h);
  SECTION("the maker first") {
    CHECK(site.agree_in_turn({own, puppet, by_puppet}) == Answers{"", "same_hand", "same_hand"});
    site.open();
    CHECK(site.agree_in_turn({puppet, other}) == Answers{"same_hand", ""});
  }
  SECTION("the made one first") { CHECK(site.agree_in_turn({by_puppet, own, other}) == Answers{"", "same_hand", ""}); }
  SECTION("a reset counts as making, and a later one by another hand ends it") {
    REQUIRE(site.as(own, SetPassword{UserId(other), "*2"}));
    site.clock.pass(72h);
    CHECK(site.agree_in_turn({own, other}) == Answers{"", "same_hand"});
    REQUIRE(site.as("local", SetPassword{UserId(other), "*3"}));
    CHECK(site.agree(other) == "too_new");
    site.clock.pass(72h);
    CHECK(site.agree(other).empty());
  }
  SECTION("two accounts that gave each other a password") {
    REQUIRE(site.as(puppet, SetPassword{UserId(own), "*2"}));
    site.clock.pass(72h);
    CHECK(site.agree_in_turn({own, puppet}) == Answers{"", "same_hand"});
  }
  SECTION("a program's account in between") {
    const auto program = site.as(own, AddUser{"program", Role::admin, "*", false});
    REQUIRE(program);
    const std::string made = site.add(program->id, "boneka ketiga");
    site.clock.pass(72h);
    CHECK(site.agree_in_turn({own, made}) == Answers{"", "same_hand"});
  }
}

TEST_CASE("the first who agreed counts no more while a new password of theirs is young") {
  Accounts site;
  const std::string own = site.add("setup", "admin pertama", true), other = site.add("local", "admin kedua");
  site.clock.pass(72h);
  CHECK(site.agree(own).empty());
  REQUIRE(site.as("local", SetPassword{UserId(own), "*2"}));
  CHECK(site.agree(other) == "too_new");
  site.clock.pass(72h);
  CHECK(site.agree(other).empty());
}
