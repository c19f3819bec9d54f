// SPDX-License-Identifier: Apache-2.0
#include "gateway/locale/words.h"
#include "gateway/print/badge_print.h"
#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"
#include "models/visit/typed_code.h"

namespace gapura::gateway {
namespace {

constexpr Throttle::Rate typed_code_rate{5, std::chrono::seconds(12)};

TokenShelf::Owner asker(const Call& call) { return {call.who.user, call.who.session}; }

// The text of the path's badge, for whom it was made.
std::string token_of(Call& call) {
  auto found = call.api.tokens.find(call.parameters[0], asker(call), call.now.boot);
  if (found.token) return std::move(*found.token);
  (void)badge_now(call, call.parameters[0]);  // 404 for a badge that never was
  if (found.known)
    throw Problem("not_permitted",
                  "Only the person who had this badge made can print it, without signing out in between. Issue a new one "
                  "with the reason; the first is revoked.");
  throw Problem("not_found", "A badge can be printed for ten minutes after its issue. Issue a new one to print again.",
                410);
}

// What is true of a door now that the entry `revoked` ended a badge, by the core's view of it.
answer::DoorNow door_now(const SiteView* view, const PortalView* door, std::uint64_t revoked) {
  using answer::DoorNow;
  if (view == nullptr || door == nullptr || view->entries <= revoked) return DoorNow::unknown;
  if (!door->online) return DoorNow::offline;
  const bool open = door->mode == word(PortalMode::unlocked) || door->mode == word(PortalMode::emergency_open);
  return open || door->lock_commanded || door->lock_observed == Level::on ? DoorNow::open : DoorNow::refuses;
}

// Every reader asks the core at every scan, so a door whose controller answers refuses once the core has the entry. One
// that is offline can be opened by nothing here, which is no refusal.
std::vector<answer::Refusal> refusals(Call& call, std::uint64_t revoked) {
  const SiteViewPtr view = call.api.context.site();
  std::vector<answer::Refusal> doors;
  for (const auto& point : call.api.context.settings.site.points) {
    if (point.reader.empty()) continue;
    const PortalView* door = nullptr;
    if (view)
      for (const PortalView& each : view->portals)
        if (each.id == point.portal) door = &each;
    answer::Refusal& one = doors.emplace_back();
    one.point = point.id.str();
    one.door = door_now(view.get(), door, revoked);
    one.refused = one.door == answer::DoorNow::refuses;
    if (door != nullptr && door->observed_at != BootTime{})
      one.last_heard = call.now.utc - (call.now.boot - door->observed_at);
  }
  return doors;
}

// A new badge and, while its text is known, where to print it. A card of the stock was printed before.
Response issued(Call& call, Reply made) {
  answer::IssuedBadge answer{.badge = badge_now(call, made.id)};
  if (!made.token.empty()) {
    const std::string path = "/api/v1/badges/" + made.id;
    answer.token = made.token;
    answer.qr = path + "/qr.png";
    answer.page = path + "/page";
    call.api.tokens.put(made.id, asker(call), std::move(made.token), call.now.boot);
  }
  return json_response(call, answer);
}

}  // namespace

answer::Badge badge_now(Call& call, const std::string& id) {
  auto badge = call.db.badge(id);
  if (!badge) throw Problem("not_found", "There is no such badge.");
  return std::move(*badge);
}

Response get_badges(Call& call) {
  const std::string list = choice_of(call, "state", {"out", "all", "stock"});
  const BadgeList wanted = list == "out" ? BadgeList::out : list == "all" ? BadgeList::all : BadgeList::stock;
  return json_response(call, call.db.badges(wanted, page_of(call)));
}

// The number is no secret, but who tries them out learns who is here: a number that finds nothing costs a try.
Response post_badges_find(Call& call) {
  const auto code = typed_badge_code(call.read<BadgeNumber>().code);
  if (!code)
    throw Problem("bad_input",
                  "This is no badge's number: seven characters, the last of which checks the others. Compare it with the "
                  "paper once more.");
  const std::string bucket = call.who.user;
  if (!call.api.typed_codes.take(bucket, typed_code_rate, call.now.boot))
    throw Problem("too_many", "Too many numbers that no badge has. Wait a minute.").after(typed_code_rate.each);
  answer::Badges found{call.db.badges_out_by_code(*code)};
  if (found.badges.empty())
    throw Problem("not_found", "No badge that is out has this number. It may have been returned, replaced or revoked.");
  call.api.typed_codes.give_back(bucket, typed_code_rate);
  return json_response(call, found);
}

Response get_badge(Call& call) {
  answer::Badge badge = badge_now(call, call.parameters[0]);
  EventFilter filter;
  filter.badge = call.parameters[0];
  add_events(call, badge, std::move(filter));
  return json_response(call, badge);
}

Response post_visit_badge(Call& call) {
  auto asked = call.read<IssueBadge>();
  asked.visit = visit_id(call);
  return issued(call, call.ask(std::move(asked)));
}

Response post_badges_staff(Call& call) { return issued(call, call.ask(call.read<IssueStaffBadge>())); }

Response post_badges_stock(Call& call) {
  Reply made = call.ask(call.read<StockCards>());
  answer::Cards answer;
  for (auto& [id, token] : made.tokens) {
    answer.cards.push_back({id, token, "/api/v1/badges/" + id + "/qr.png"});
    call.api.tokens.put(id, asker(call), std::move(token), call.now.boot);
  }
  return json_response(call, answer);
}

Response post_badge_change(Call& call) {
  const std::string& id = call.parameters[0];
  auto asked = call.read<ChangeBadge>();
  asked.badge = BadgeId(id);
  call.ask(asked);
  if (asked.to == BadgeState::lost || asked.to == BadgeState::destroyed) call.api.tokens.remove(id);
  return json_response(call, badge_now(call, id));
}

Response post_badge_print(Call& call) {
  const std::string& id = call.parameters[0];
  call.ask(PrintBadge{BadgeId(id), token_of(call)});
  return json_response(call, badge_now(call, id));
}

Response post_badge_printed(Call& call) {
  const std::string& id = call.parameters[0];
  auto asked = call.read<ConfirmPrint>();
  asked.badge = BadgeId(id);
  call.ask(asked);
  return json_response(call, badge_now(call, id));
}

Response post_badge_revoke(Call& call) {
  const std::string& id = call.parameters[0];
  auto asked = call.read<RevokeBadge>();
  asked.badge = BadgeId(id);
  const Reply done = call.ask(std::move(asked));
  call.api.tokens.remove(id);
  return json_response(call, answer::Revocation{badge_now(call, id), refusals(call, done.entry)});
}

Response post_badge_return(Call& call) {
  const std::string& id = call.parameters[0];
  call.ask(ReturnBadge{BadgeId(id)});
  call.api.tokens.remove(id);
  return json_response(call, badge_now(call, id));
}

Response get_badge_qr(Call& call) {
  auto png = qr_png(token_of(call));
  if (!png) throw Problem(png.error());
  call.ask(NoteBadgeShown{BadgeId(call.parameters[0]), BadgePicture::qr});
  Response response;
  response.type = "image/png";
  response.body = std::move(*png);
  return response;
}

Response get_badge_page(Call& call) {
  (void)token_of(call);
  call.ask(NoteBadgeShown{BadgeId(call.parameters[0]), BadgePicture::page});
  const answer::Badge badge = badge_now(call, call.parameters[0]);
  const std::string category = badge.kind == BadgeKind::staff ? "staff"
                               : badge.visit.empty()          ? "general"
                                                              : std::string(visit_now(call, badge.visit).category);
  const auto& settings = call.api.context.settings;
  Response response;
  response.type = "text/html; charset=utf-8";
  response.body = badge_page(
      {settings.site_name, badge.name, category, short_time(call.api.site_time(badge.valid_until)), settings.language});
  return response;
}

}  // namespace gapura::gateway
