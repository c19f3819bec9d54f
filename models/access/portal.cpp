// SPDX-License-Identifier: Apache-2.0
#include "models/access/portal.h"

#include <algorithm>

#include "models/base/invariant.h"

namespace gapura {
namespace {

// How long after an exit request the door may still be opened. Exit buttons release a lock for 3 to 5 s in practice.
constexpr Millis rex_window{5000};
// A device may hold its relay a little longer than ordered, and the poll that reads it may be late.
constexpr Millis release_grace{2000};
// A beam that is broken again within this time after a passage is a bag, a bouncing contact or the same person's arm.
constexpr Millis passage_bounce{2000};
// An order has to be sent, the strike to drop and a person to move: a passage sooner than this after the grant belongs to
// another person, who was already on the way (by the exit button, or an earlier release). A passage before the controller's
// answer does count, because a slow bus may answer after a quick walker.
constexpr Millis soonest_passage{100};

}  // namespace

Portal::Portal(PortalConfig config) : config_(std::move(config)) {
  for (const auto& signal : {config_.lock, config_.contact, config_.rex, config_.tamper, config_.fault, config_.passage,
                             config_.entry_release, config_.exit_release, config_.entry_passage, config_.exit_passage})
    if (!signal.empty()) levels_.emplace(signal, Level::unknown);
}

const std::string& Portal::release_signal(Direction direction) const {
  if (config_.kind == PortalKind::door) return config_.lock;
  return direction == Direction::entry ? config_.entry_release : config_.exit_release;
}

bool Portal::ready(Direction direction) const { return level_of(release_signal(direction)) != Level::unknown; }

Level Portal::level_of(const std::string& signal) const {
  const auto found = levels_.find(signal);
  return found == levels_.end() ? Level::unknown : found->second;
}

Level Portal::lock_observed() const {
  if (config_.kind == PortalKind::door) return level_of(config_.lock);
  const Level entry = level_of(config_.entry_release);
  if (entry == Level::on || config_.exit_release.empty()) return entry;
  const Level exit = level_of(config_.exit_release);
  return exit == Level::on ? Level::on : entry == Level::unknown ? Level::unknown : exit;
}

bool Portal::output_on() const { return lock_observed() == Level::on; }

void Portal::start(BootTime now) {
  release_expected_until_ = now + config_.pulse + release_grace;
  opening_allowed_until_ = now + config_.passage_limit;
}

void Portal::restore(bool forced, bool held, bool released_by_unknown) {
  forced_ = forced;
  held_ = held;
  unknown_release_ = released_by_unknown;
}

void Portal::set_mode(PortalMode mode, BootTime now) {
  mode_ = mode;
  renew_at_.reset();
  if (mode == PortalMode::unlocked) renew_at_ = now;
  // The device still holds the last pulse, and a person on the way through may finish.
  release_expected_until_ = std::max(release_expected_until_, now + config_.pulse + release_grace);
  opening_allowed_until_ = std::max(opening_allowed_until_, now + config_.passage_limit);
}

bool Portal::take_renewal(BootTime now) {
  if (!renew_at_ || now < *renew_at_) return false;
  renew_at_ =
      now + std::max(config_.pulse / 2, Millis(250));  // also where no renewal follows, or it would be due at once again
  return !pending_ && ready(Direction::entry);
}

void Portal::begin(PendingRelease release) {
  INVARIANT(!pending_, "a portal is released when no release is under way there");
  allowed_ = release.direction;
  // Until the controller's report arrives: the order may wait in the queue, be sent and be held, and a person may walk.
  release.deadline = release.ordered + config_.order_limit + config_.passage_limit + release.extra + release_grace;
  release_expected_until_ = release.ordered + config_.order_limit + config_.pulse + release.extra + release_grace;
  opening_allowed_until_ = release.deadline;
  pending_ = std::move(release);
}

void Portal::finish(PortalFacts& facts, PortalFact::Kind kind, const char* why) {
  facts.push_back({kind, why, std::move(pending_)});
  pending_.reset();
}

void Portal::passed(PortalFacts& facts, Direction direction, BootTime at) {
  const bool allowed = at <= opening_allowed_until_ && direction == allowed_;
  const bool free_way = release_signal(direction).empty();  // a direction that needs no release
  const bool too_soon = pending_ && at < pending_->ordered + soonest_passage;
  if (pending_ && pending_->direction == direction && !too_soon) {
    finish(facts, PortalFact::Kind::taken, "passage");
    if (config_.kind == PortalKind::turnstile) opening_allowed_until_ = at + passage_bounce;
  } else if (config_.kind == PortalKind::turnstile && !forced_ && !allowed && !free_way && !open_to_all()) {
    forced_ = true;
    facts.push_back({PortalFact::Kind::forced_open, "passage without release", std::nullopt});
  }
}

void Portal::contact_changed(PortalFacts& facts, Level before, Level now, BootTime at) {
  if (now == Level::on) {
    opened_at_ = at;
    const bool assumed = pending_ && config_.passage.empty();
    if (assumed) finish(facts, PortalFact::Kind::taken, "assumed");
    if (before == Level::off && at > opening_allowed_until_ && !forced_ && !open_to_all()) {
      forced_ = true;
      facts.push_back({PortalFact::Kind::forced_open, "opened without release", std::nullopt});
    }
    return;
  }
  if (now == Level::unknown) {  // neither open nor closed: alarms stay as they are
    facts.push_back({PortalFact::Kind::state_unknown, "", std::nullopt});
    return;
  }
  opened_at_.reset();
  if (forced_) facts.push_back({PortalFact::Kind::forced_open_over, "", std::nullopt});
  if (held_) facts.push_back({PortalFact::Kind::held_open_over, "", std::nullopt});
  forced_ = held_ = false;
}

void Portal::released_unasked(PortalFacts& facts) {
  if (unknown_release_ || open_to_all()) return;
  unknown_release_ = true;
  facts.push_back({PortalFact::Kind::released_by_unknown, "", std::nullopt});
}

PortalFacts Portal::level(const std::string& signal, Level level, BootTime at, bool unordered) {
  PortalFacts facts;
  const auto found = levels_.find(signal);
  if (found == levels_.end()) return facts;
  const Level before = std::exchange(found->second, level);
  observed_at_ = at;
  if (unordered && output_on()) released_unasked(facts);
  if (before == level) return facts;
  const bool rose = before == Level::off && level == Level::on;
  const bool is_passage = signal == config_.entry_passage || signal == config_.exit_passage || signal == config_.passage;
  const bool is_evidence = is_passage || (signal == config_.contact && config_.passage.empty());
  if (is_evidence && level == Level::unknown && pending_) pending_->unseen = true;
  if (is_passage && rose) {
    passed(facts,
           signal == config_.exit_passage          ? Direction::exit
           : signal == config_.passage && pending_ ? pending_->direction
                                                   : Direction::entry,
           at);
  } else if (is_passage && level == Level::off && config_.kind == PortalKind::turnstile && forced_) {
    forced_ = false;
    facts.push_back({PortalFact::Kind::forced_open_over, "", std::nullopt});
  } else if (signal == config_.contact) {
    contact_changed(facts, before, level, at);
  } else if (signal == config_.rex && rose) {
    opening_allowed_until_ = std::max(opening_allowed_until_, at + rex_window);
    facts.push_back({PortalFact::Kind::exit_requested, "", std::nullopt});
  }
  line_changed(facts, signal, level);
  for (auto& fact : tick(at)) facts.push_back(std::move(fact));
  return facts;
}

void Portal::line_changed(PortalFacts& facts, const std::string& signal, Level level) {
  if (level == Level::unknown) return;
  const bool on = level == Level::on;
  if (signal == config_.tamper)
    facts.push_back({on ? PortalFact::Kind::tamper : PortalFact::Kind::tamper_over, "", std::nullopt});
  if (signal == config_.fault)
    facts.push_back({on ? PortalFact::Kind::fault : PortalFact::Kind::fault_over, "", std::nullopt});
}

PortalFacts Portal::pulse_done(const PulseReport& report) {
  PortalFacts facts;
  if (!pending_ || pending_->intent != report.intent) return facts;  // its outcome is already recorded
  pending_->readback = report.readback;
  switch (report.outcome) {
    case PulseOutcome::acknowledged:
      pending_->acknowledged = true;
      pending_->acknowledged_after = report.at - pending_->ordered;
      pending_->deadline = report.at + config_.passage_limit + pending_->extra;
      opening_allowed_until_ = std::max(pending_->deadline, report.at + config_.pulse + pending_->extra + release_grace);
      break;
    case PulseOutcome::refused:
      finish(facts, PortalFact::Kind::not_taken, "unlock_refused");
      break;
    case PulseOutcome::expired:
      finish(facts, PortalFact::Kind::not_taken, "unlock_expired");
      break;
    case PulseOutcome::unconfirmed:
      pending_->uncertain = true;
      pending_->deadline = report.at + config_.passage_limit;
      break;
  }
  return facts;
}

void Portal::expire(PortalFacts& facts) {
  const bool nothing_to_see = config_.kind == PortalKind::door && config_.contact.empty() && config_.passage.empty();
  if (!pending_->acknowledged) {
    finish(facts, PortalFact::Kind::unknown, "unlock_unconfirmed");
  } else if (pending_->unseen) {
    finish(facts, PortalFact::Kind::unknown, "passage_unseen");
  } else if (pending_->readback == Level::off) {
    finish(facts, PortalFact::Kind::not_taken, "relay_unmoved");
  } else if (nothing_to_see) {
    finish(facts, PortalFact::Kind::taken, "assumed");
  } else {
    finish(facts, PortalFact::Kind::not_taken, "no_passage");
  }
}

PortalFacts Portal::tick(BootTime now) {
  PortalFacts facts;
  if (pending_ && now >= pending_->deadline) expire(facts);
  if (opened_at_ && !held_ && !open_to_all() && now >= *opened_at_ + config_.held_limit) {
    held_ = true;
    facts.push_back({PortalFact::Kind::held_open, "", std::nullopt});
  }
  if (output_on() && !unknown_release_ && !open_to_all() && now > release_expected_until_) {
    released_unasked(facts);
  } else if (unknown_release_ && lock_observed() == Level::off) {
    unknown_release_ = false;
    facts.push_back({PortalFact::Kind::released_by_unknown_over, "", std::nullopt});
  }
  return facts;
}

std::optional<BootTime> Portal::next_deadline() const {
  std::optional<BootTime> next;
  const auto consider = [&](BootTime at) { next = next ? std::min(*next, at) : at; };
  if (pending_) consider(pending_->deadline);
  if (opened_at_ && !held_ && !open_to_all()) consider(*opened_at_ + config_.held_limit);
  if (renew_at_ && ready(Direction::entry)) consider(*renew_at_);
  if (!unknown_release_ && !open_to_all() && output_on()) consider(release_expected_until_ + Millis(1));
  return next;
}

}  // namespace gapura
