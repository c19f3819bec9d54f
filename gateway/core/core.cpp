// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/core.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>

#include "gateway/core/change_check.h"
#include "models/base/invariant.h"

namespace gapura::gateway {
namespace {

bool wants_restart(const Change& change) {
  return std::any_of(change.orders.begin(), change.orders.end(),
                     [](const OrderOut& order) { return std::holds_alternative<RestartOut>(order); });
}

Change change_of(Entry entry) {
  Change change;
  change.entries.push_back(std::move(entry));
  return change;
}

}  // namespace

Core::Core(CoreParts parts)
    : parts_(std::move(parts)),
      signer_(parts_.store->signer()),
      gate_(parts_.site, parts_.store->take_state(), parts_.store->registry(), &parts_.store->personal_data(),
            parts_.randomness, parts_.clock.now()) {}

Result<std::unique_ptr<Core>> Core::open(CoreParts parts, const std::string& version) {
  std::unique_ptr<Core> core(new Core(std::move(parts)));
  INVARIANT(core->gate_.state().next_number == core->journal().size(), "the tables and the tree end at the same entry");
  const Now now = core->parts_.clock.now();
  Change change = core->gate_.start(now, version);
  TRY(core->carry_out(change, now));
  if (core->signer_) core->signer_->ask();
  TRY(core->sign(now));
  TRY(core->settle(now));
  // Without the reserve a full disk could not be recorded, so nothing is granted until there is room.
  if (!core->parts_.why_not_granting.empty()) {
    core->stop_granting({ErrorKind::storage, core->parts_.why_not_granting});
    (void)core->settle(now);
  }
  core->publish(now);
  return core;
}

void Core::handle(Input input) {
  const Now now = parts_.clock.now();
  Change change = gate_.step(input, now);
  auto* command = std::get_if<CommandInput>(&input);
  const auto* picture = std::get_if<PictureKept>(&input);
  if (wants_restart(change) && parts_.has_room) {
    if (auto room = parts_.has_room(); !room) change.refusal = room.error();
  }
  if (change.refusal) {
    if (command && command->done) command->done(tl::unexpected(*change.refusal));
    return;
  }
  const std::uint64_t first = gate_.state().next_number;
  Status done = carry_out(change, now, picture);
  if (!done && !command) {
    stop_granting(done.error());  // a device's input can only fail to be recorded for a failure of the disk
    (void)settle(now);
    // Granting has ended, so the same scan is now a denial; any other fact is written once more, in the reserve's space.
    if (std::holds_alternative<BadgeRead>(input)) change = gate_.step(input, now);
    change.orders.clear();
    done = carry_out(change, now, picture);
  }
  publish(now);  // before the reply, because the caller may read the view at once
  if (!command || !command->done) return;
  if (done) {
    change.reply.entry = change.entries.empty() ? 0 : first;
    command->done(change.reply);
  } else {
    command->done(tl::unexpected(done.error()));
  }
}

void Core::tick() {
  const Now now = parts_.clock.now();
  Change change = gate_.tick(now);
  if (change.empty()) {
    sign_when_due(now);
    if (follow_ups_.empty()) return;
    (void)settle(now);
  } else if (auto done = carry_out(change, now); !done) {
    stop_granting(done.error());
    (void)settle(now);
    if (!carry_out(change, now)) tick_not_before_ = now.boot + std::chrono::seconds(1);
  }
  publish(now);
}

std::optional<BootTime> Core::next_deadline() const {
  auto due = gate_.next_deadline();
  if (due) due = std::max(*due, tick_not_before_);
  const auto sign_at = signer_ && gate_.granting() ? signer_->next_deadline() : std::nullopt;
  return due && sign_at ? std::min(*due, *sign_at) : due ? due : sign_at;
}

void Core::close() {
  Change change = change_of(make_entry(EventType::site_closed));
  const Now now = parts_.clock.now();
  (void)carry_out(change, now);
  if (!signer_ || !gate_.granting()) return;
  signer_->ask();
  Status done = sign(now);
  if (done) done = settle(now);
  if (!done) spdlog::error("the journal is closed without a checkpoint: {}", done.error().message);
}

// After a disk failure nothing is signed any more: what the disk returns is not trusted.
void Core::sign_when_due(const Now& now) {
  if (!signer_ || !gate_.granting()) return;
  if (auto done = sign(now); !done) stop_granting(done.error());
}

// A key that has to be announced first is a follow-up, whose own commit then signs.
Status Core::sign(const Now& now) {
  if (!signer_) return {};
  auto entry = TRY(signer_->take_due_entry(now));
  if (entry) {
    follow_ups_.push_back(change_of(std::move(*entry)));
    return {};
  }
  return signer_->due(now) ? signer_->sign(now) : Status{};
}

// Carries out the change, then its follow-ups. Returns the outcome of the change itself.
Status Core::carry_out(Change& change, const Now& now, const PictureKept* picture) {
  Status done = commit(change, now, picture);
  (void)settle(now);
  return done;
}

// Commits the follow-ups until there are none. Returns the first failure, which has ended granting.
Status Core::settle(const Now& now) {
  Status all;
  while (!follow_ups_.empty()) {
    Change next = std::move(follow_ups_.front());
    follow_ups_.pop_front();
    if (auto done = commit(next, now, nullptr); !done && all) all = std::move(done);
  }
  return all;
}

// Durable before open: no order is sent before the entry that allows it is committed.
Status Core::commit(Change& change, const Now& now, const PictureKept* picture) {
  if (change.empty()) return {};
  check_change(change, gate_.state());
  if (change.entries.empty() && change.rows.empty()) {  // orders that an earlier entry allows
    send_orders(change);
    sign_when_due(now);
    return {};
  }
  const SiteEdit edit = stamp(change, now);
  check_presence(edit);
  if (auto done = parts_.store->write(change.entries, change.rows, edit, picture); !done) {
    spdlog::error("not recorded: {}", done.error().message);
    if (done.error().kind == ErrorKind::storage) stop_granting(done.error());
    return done;
  }
  INVARIANT(journal().size() == gate_.state().next_number + change.entries.size(),
            "what the store has written is in the tree");
  gate_.commit(edit, change.entries);
  send_orders(change);  // before the checkpoint, which may take a while on a slow disk
  for (const Entry& entry : change.entries) parts_.orders.entry_committed(entry);
  if (auto done = parts_.store->copy_wal(); !done) stop_granting(done.error());
  if (signer_ && !change.entries.empty()) signer_->appended(change.entries, now);
  if (parts_.committed && !change.entries.empty()) parts_.committed(gate_.state().next_number);
  sign_when_due(now);
  return {};
}

// Gives the entries their numbers and their time; returns what they change in the state.
SiteEdit Core::stamp(Change& change, const Now& now) const {
  SiteEdit edit(gate_.state());
  const std::uint64_t first = gate_.state().next_number;
  for (std::size_t i = 0; i < change.entries.size(); ++i) {
    Entry& entry = change.entries[i];
    entry.number = first + i;
    entry.at = now;
    apply(edit, entry, gate_.config());
  }
  return edit;
}

void Core::send_orders(const Change& change) {
  for (const auto& order : change.orders) {
    if (const auto* pulse = std::get_if<PulseOrderOut>(&order)) {
      const std::uint64_t intent = pulse->intent ? *pulse->intent : change.entries[pulse->entry].number;
      INVARIANT(intent < journal().size(), "no pulse leaves before its entry is in the journal");
      parts_.orders.pulse(intent, pulse->signal, pulse->length, pulse->deadline);
    } else if (const auto* keep = std::get_if<KeepStillOut>(&order)) {
      parts_.orders.keep_still(change.entries[keep->entry].number, *keep);
    } else if (const auto* take = std::get_if<TakeStillOut>(&order)) {
      parts_.orders.take_still(change.entries[take->entry].number, *take);
    } else if (signer_ && std::holds_alternative<SignOut>(order)) {
      signer_->ask();
    } else if (const auto* scrub = std::get_if<ScrubOut>(&order)) {
      parts_.store->scrub(*scrub->step);
      if (const auto& done = scrub->step->outcome; !done && done.error().kind == ErrorKind::storage)
        stop_granting(done.error());
    } else if (std::holds_alternative<RestartOut>(order)) {
      parts_.orders.restart();
    } else if (const auto* print = std::get_if<PrintBadgeOut>(&order)) {
      parts_.orders.print(change.entries[print->entry].number, *print);
    }
  }
}

// Ends granting until a restart: the disk's later results are not trusted. The stop itself is a follow-up, recorded where
// that still works, in the space of the reserve file.
void Core::stop_granting(const Error& error) {
  spdlog::error("granting ends: {}", error.message);
  if (!gate_.granting()) return;
  gate_.stop_granting(error.message);
  if (parts_.release_reserve) parts_.release_reserve();
  follow_ups_.push_back(change_of(make_entry(GrantingStopped{.why = error.message.substr(0, 200)})));
}

void Core::publish(const Now& now) {
  if (!view_ || parts_.watched) std::atomic_store(&view_, std::make_shared<const SiteView>(gate_.view(now)));
}

SiteViewPtr Core::view() const { return std::atomic_load(&view_); }

}  // namespace gapura::gateway
