// SPDX-License-Identifier: Apache-2.0
// The printing of a badge: ordered with the issue, reported by the printer, confirmed by a person.
#include "models/visit/credential.h"
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;
using enum EventType;

namespace {

SiteConfig with_printer() {
  SiteConfig config = demo_site();
  config.badge_printer = "pos";
  return config;
}

struct Printed {
  VisitId visit;
  BadgeId badge;
  std::string token;
};

Printed issue(SiteHarness& site, const std::string& name = "Tamu Contoh 01") {
  const VisitId visit = site.register_guest(name);
  const Reply made = site.must(IssueBadge{visit, "", 0});
  return {visit, BadgeId(made.id), made.token};
}

PrintState print_of(const SiteHarness& site, const BadgeId& badge) {
  return site.core->gate().state().find_badge(badge)->print;
}

void report(SiteHarness& site, const BadgeId& badge, drivers::PrintOutcome outcome) {
  site.core->handle(
      drivers::PrintReport{site.orders.prints.back().first, badge.str(), outcome, "uji", site.clock.now_.boot});
}

}  // namespace

TEST_CASE(
    "a new paper badge is printed after its entry is on disk; a card of the stock and a site without a printer are not") {
  SiteHarness site(with_printer());
  const Printed made = issue(site);
  REQUIRE(site.orders.prints.size() == 1);
  const auto& [entry, order] = site.orders.prints[0];
  CHECK(entry == site.last(badge_issued).number);
  CHECK(order.badge == made.badge);
  CHECK(order.token == made.token);
  CHECK(order.category == "general");
  CHECK(print_of(site, made.badge) == PrintState::ordered);
  const Reply cards = site.must(StockCards{1}, "admin");
  const VisitId other = site.register_guest("Tamu Contoh 02");
  IssueBadge card{other, "", 0};
  card.card = BadgeId(cards.tokens.at(0).first);
  site.must(std::move(card));
  CHECK(site.orders.prints.size() == 1);
  SiteHarness bare;
  issue(bare);
  CHECK(bare.orders.prints.empty());
  for (const Entry& one : site.journal())
    for (const auto& [key, value] : one.data)
      if (const auto* text = std::get_if<std::string>(&value)) CHECK(text->find(made.token) == std::string::npos);
}

TEST_CASE("printed and confirmed are separate facts, and a person's word stands") {
  SiteHarness site(with_printer());
  const Printed made = issue(site);
  report(site, made.badge, drivers::PrintOutcome::printed);
  CHECK(print_of(site, made.badge) == PrintState::printed);
  const Entry ended = site.last(badge_print_ended);
  CHECK(find_text(ended.data, "outcome") == "printed");
  CHECK(ended.ref == site.last(badge_issued).number);
  site.must(ConfirmPrint{made.badge, true});
  CHECK(print_of(site, made.badge) == PrintState::confirmed);
  report(site, made.badge, drivers::PrintOutcome::unknown);  // late: the guard holds it in the hand already
  CHECK(print_of(site, made.badge) == PrintState::confirmed);
  const Printed second = issue(site, "Tamu Contoh 02");
  report(site, second.badge, drivers::PrintOutcome::printed);
  site.must(ConfirmPrint{second.badge, false});
  CHECK(site.core->gate().state().find_badge(second.badge)->state == BadgeState::revoked);
}

TEST_CASE("the same badge is printed again only where certainly nothing came out") {
  SiteHarness site(with_printer());
  const Printed made = issue(site);
  CHECK_FALSE(site.ask(PrintBadge{made.badge, made.token}));  // under way
  report(site, made.badge, drivers::PrintOutcome::refused);
  CHECK_FALSE(site.ask(PrintBadge{made.badge, make_token({7})}));
  CHECK_FALSE(site.ask(PrintBadge{made.badge, "coretan"}));
  site.must(PrintBadge{made.badge, made.token});
  REQUIRE(site.orders.prints.size() == 2);
  CHECK(site.orders.prints[1].first == site.last(badge_print_ordered).number);
  for (const auto outcome : {drivers::PrintOutcome::unknown, drivers::PrintOutcome::sent, drivers::PrintOutcome::printed}) {
    const Printed other = issue(site, std::string("Tamu Contoh ") + word(outcome));
    report(site, other.badge, outcome);
    const auto refused = site.ask(PrintBadge{other.badge, other.token});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("may be on paper") != std::string::npos);
    // With the reason a new one is issued, and the first ends.
    site.must(IssueBadge{other.visit, "tidak tercetak", 0});
    CHECK(site.core->gate().state().find_badge(other.badge)->state == BadgeState::revoked);
  }
}

TEST_CASE("9: power lost between issue and print: one badge is bound, and the guard is asked whether it came out") {
  SiteHarness site(with_printer());
  const Printed made = issue(site);
  site.open();
  CHECK(print_of(site, made.badge) == PrintState::unknown);
  CHECK(site.count(badge_print_ended) == 1);
  CHECK(site.visit(made.visit).badges_out == std::vector<BadgeId>{made.badge});
  CHECK(site.orders.prints.size() == 1);  // never printed by itself: it may be lying there
  site.must(ConfirmPrint{made.badge, true});
  CHECK(print_of(site, made.badge) == PrintState::confirmed);
  site.open();
  CHECK(print_of(site, made.badge) == PrintState::confirmed);
  CHECK(site.count(badge_print_ended) == 1);
}

TEST_CASE("a report about a badge that is unknown changes nothing") {
  SiteHarness site(with_printer());
  const auto before = site.journal().size();
  site.core->handle(drivers::PrintReport{3, "b-nobody", drivers::PrintOutcome::printed, "", site.clock.now_.boot});
  CHECK(site.journal().size() == before);
}
