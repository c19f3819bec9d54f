// SPDX-License-Identifier: Apache-2.0
// Badges: creation, binding, end and return.
#include "gateway/core/badges.h"

#include "gateway/core/change_tools.h"

namespace gapura::gateway {
namespace {

// A badge issued shortly before midnight is valid for this long nevertheless.
constexpr std::chrono::hours shortest_validity{4};
constexpr std::chrono::hours staff_validity{24 * 365};
constexpr int largest_stock = 200;

}  // namespace

Change BadgesPart::run(const IssueBadge& asked, const Actor& actor, const Now& now) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (visit->state == VisitState::planned) return refuse(ErrorKind::conflict, "this guest has not arrived yet");
  if (visit->approval == Approval::declined)
    return refuse(ErrorKind::conflict, "the visit was declined: no badge is given");
  if (visit->attention == Attention::blocked)
    return refuse(ErrorKind::conflict, "this guest is blocked by the attention list");
  if (asked.uses < 0) return refuse(ErrorKind::bad_input, "uses: expected 0 (any number) or more");
  Change change;
  if (asked.another && static_cast<int>(visit->badges_out.size()) >= visit->party)
    return refuse(ErrorKind::conflict, "each of this party has a badge already");
  if (!visit->badges_out.empty() && !asked.another) {
    if (asked.reason.empty())
      return refuse(ErrorKind::conflict,
                    "this visit already has a badge; give the reason for another one, the first will be revoked");
    for (const auto& id : visit->badges_out)
      change.entries.push_back(badge_entry(actor, *site_.state.find_badge(id), BadgeRevoked{.why = "replaced"}));
    add_note(change, 0, asked.reason, site_.random_bytes(16));
  }
  const UtcTime until = asked.minutes > 0 ? now.utc + std::chrono::minutes(asked.minutes.value)
                                          : std::max(end_of_day(now.utc, now.offset), now.utc + shortest_validity);
  BadgeId badge = asked.card;
  BadgeIssued bound{.valid_until = until, .uses = asked.uses.value};
  if (!badge.empty()) {
    const Badge* card = site_.state.find_badge(badge);
    if (!card || card->kind != BadgeKind::card) return refuse(ErrorKind::not_found, "no such card");
    if (card->state != BadgeState::in_stock) return refuse(ErrorKind::conflict, "this card is not in stock");
    bound.token = card->token;
    bound.kind = BadgeKind::card;
  } else {
    TokenBytes token{};
    site_.randomness(token);
    badge = BadgeId(site_.random_id("b-"));
    bound.token = badge_hash(token);
    bound.printer = site_.config.badge_printer;
    change.reply.token = make_token(token);
  }
  Entry issued = visit_entry(actor, visit->id, bound);
  issued.badge = badge;
  change.entries.push_back(std::move(issued));
  if (asked.card.empty()) order_print(change, change.reply.token, visit->category, until, now);
  change.reply.id = badge.str();
  return change;
}

Change BadgesPart::run(const StockCards& asked, const Actor& actor, const Now&) {
  if (asked.count < 1 || asked.count > largest_stock) return refuse(ErrorKind::bad_input, "count: expected 1 to 200 cards");
  Change change;
  for (int i = 0; i < asked.count; ++i) {
    TokenBytes token{};
    site_.randomness(token);
    Entry entry = command_entry(actor, BadgeStocked{.token = badge_hash(token)});
    entry.badge = BadgeId(site_.random_id("c-"));
    change.reply.tokens.emplace_back(entry.badge.str(), make_token(token));
    change.entries.push_back(std::move(entry));
  }
  return change;
}

Change BadgesPart::run(const IssueStaffBadge& asked, const Actor& actor, const Now& now) {
  const auto host = std::find_if(site_.config.hosts.begin(), site_.config.hosts.end(),
                                 [&](const Host& h) { return h.escorts && h.id == asked.host; });
  if (host == site_.config.hosts.end())
    return refuse(ErrorKind::not_found, "no such host: hosts are the [[host]] of the configuration that escort");
  TokenBytes token{};
  site_.randomness(token);
  const UtcTime until = now.utc + (asked.days > 0 ? std::chrono::hours(24) * asked.days.value : staff_validity);
  Change change;
  Entry entry = command_entry(actor, BadgeIssued{.token = badge_hash(token),
                                                 .valid_until = until,
                                                 .kind = BadgeKind::staff,
                                                 .host = asked.host,
                                                 .duress = asked.duress,
                                                 .printer = site_.config.badge_printer});
  entry.badge = BadgeId(site_.random_id("s-"));
  change.reply.id = entry.badge.str();
  change.reply.token = make_token(token);
  change.entries.push_back(std::move(entry));
  order_print(change, change.reply.token, "staff", until, now);
  return change;
}

Change BadgesPart::run(const RevokeBadge& asked, const Actor& actor, const Now&) {
  const Badge* badge = site_.state.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (!may_move(badge->state, BadgeState::revoked, badge->kind))
    return refuse(ErrorKind::conflict, "this badge opens nothing any more");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a revocation needs a reason");
  Change change;
  change.entries.push_back(badge_entry(actor, *badge, BadgeRevoked{.why = "revoked"}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.rows.emplace_back(BadgeReasonRow{.badge = badge->id, .reason = asked.reason});
  change.reply.id = badge->id.str();
  return change;
}

Change BadgesPart::run(const ReturnBadge& asked, const Actor& actor, const Now&) {
  const Badge* badge = site_.state.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (badge->kind == BadgeKind::staff) return refuse(ErrorKind::conflict, "a staff badge is not given back at the post");
  if (!is_outstanding(*badge) && badge->state != BadgeState::revoked)
    return refuse(ErrorKind::conflict, "this badge is not out");
  Change change;
  record_return(site_, change, *badge, actor);
  change.reply.id = badge->id.str();
  return change;
}

Change BadgesPart::run(const ChangeBadge& asked, const Actor& actor, const Now&) {
  const Badge* badge = site_.state.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (!may_move(badge->state, asked.to, badge->kind))
    return refuse(ErrorKind::conflict,
                  std::string("a badge that is ") + word(badge->state) + " cannot become " + word(asked.to));
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "this needs a reason");
  Change change;
  change.entries.push_back(badge_entry(actor, *badge, BadgeChanged{.from = badge->state, .to = asked.to}));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.rows.emplace_back(BadgeReasonRow{.badge = badge->id, .reason = asked.reason});
  change.reply.id = badge->id.str();
  return change;
}

void BadgesPart::order_print(Change& change, std::string token, std::string category, UtcTime valid_until,
                             const Now& now) const {
  if (site_.config.badge_printer.empty()) return;
  const std::size_t entry = change.entries.size() - 1;
  change.orders.emplace_back(
      PrintBadgeOut{entry, change.entries[entry].badge, std::move(token), std::move(category), valid_until, now.offset});
}

// Only a badge that is certainly not on paper is printed again: two papers of one badge let two people in. For any other
// the guard issues a new badge, with the reason, and the first one ends.
Change BadgesPart::run(const PrintBadge& asked, const Actor& actor, const Now& now) {
  const Badge* badge = site_.state.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (site_.config.badge_printer.empty())
    return refuse(ErrorKind::conflict, "this site has no printer ([[printer]] of the configuration)");
  if (badge->kind == BadgeKind::card) return refuse(ErrorKind::conflict, "a card of the stock is not printed");
  if (!is_out(*badge)) return refuse(ErrorKind::conflict, "this badge is not out");
  const auto parsed = parse_token(asked.token);
  const auto* bytes = std::get_if<TokenBytes>(&parsed);
  if (!bytes || badge_hash(*bytes) != badge->token) return refuse(ErrorKind::bad_input, "this is not the badge's text");
  if (badge->print == PrintState::ordered) return refuse(ErrorKind::conflict, "it is being printed");
  if (badge->print != PrintState::refused && badge->print != PrintState::none)
    return refuse(ErrorKind::conflict,
                  "it may be on paper already: give a new badge with the reason, the first is revoked");
  const Visit* visit = site_.state.find_visit(badge->visit);
  Change change;
  change.entries.push_back(badge_entry(actor, *badge, BadgePrintOrdered{.printer = site_.config.badge_printer}));
  order_print(change, asked.token,
              badge->kind == BadgeKind::staff ? "staff"
              : visit                         ? visit->category
                                              : "general",
              badge->valid_until, now);
  change.reply.id = badge->id.str();
  return change;
}

Change BadgesPart::on_print(const drivers::PrintReport& report) {
  Change change;
  const Badge* badge = site_.state.find_badge(BadgeId(report.badge));
  if (!badge) return change;
  const BadgePrintEnded ended{.outcome = find_word<PrintState>(word(report.outcome)).value(),
                              .detail = report.detail.substr(0, 200)};
  Entry entry = badge_entry(by_device(), *badge, ended);
  entry.point = site_.config.badge_printer;
  entry.ref = report.order;
  change.entries.push_back(std::move(entry));
  return change;
}

// The power may have failed before the paper came out, or after. Only a look at the printer shows which, and the guard is
// asked for it.
void BadgesPart::end_open_prints(Change& change) const {
  std::vector<const Badge*> open;  // ordered by id: the same inputs write the same bytes
  for (const auto& [id, badge] : site_.state.badges)
    if (badge.print == PrintState::ordered) open.push_back(&badge);
  std::sort(open.begin(), open.end(), [](const Badge* a, const Badge* b) { return a->id < b->id; });
  for (const Badge* badge : open)
    change.entries.push_back(badge_entry(
        by_device(), *badge,
        BadgePrintEnded{.outcome = PrintState::unknown, .detail = "the gateway ended before the printer answered"}));
}

// The picture is the badge's secret: who sees it is recorded before it is shown.
Change BadgesPart::run(const NoteBadgeShown& asked, const Actor& actor, const Now&) {
  const Badge* badge = site_.state.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  Change change;
  change.entries.push_back(badge_entry(actor, *badge, BadgeShown{.as = asked.as}));
  change.reply.id = badge->id.str();
  return change;
}

// Printed and confirmed are separate facts: a badge that did not come out is in no one's hand.
Change BadgesPart::run(const ConfirmPrint& asked, const Actor& actor, const Now&) {
  const Badge* badge = site_.state.find_badge(asked.badge);
  if (!badge) return refuse(ErrorKind::not_found, "no such badge");
  if (!is_out(*badge)) return refuse(ErrorKind::conflict, "this badge is not out");
  Change change;
  change.entries.push_back(badge_entry(actor, *badge, BadgePrinted{.printed = asked.printed}));
  if (!asked.printed) change.entries.push_back(badge_entry(actor, *badge, BadgeRevoked{.why = "not_printed"}));
  change.reply.id = badge->id.str();
  return change;
}

}  // namespace gapura::gateway
