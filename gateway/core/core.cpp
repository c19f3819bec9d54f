// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/core.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>

#include "models/planted.h"

namespace gapura::gateway {
namespace {

// A run that ended because the disk failed is believed again only after the file was read from end to end.
Status check_after_a_stop(const Database& db) {
  auto stopped = db.prepare(
      "SELECT coalesce((SELECT max(number) FROM entry WHERE type = 'granting_stopped'), -1) > "
      "coalesce((SELECT max(number) FROM entry WHERE type = 'site_opened'), -1)");
  if (!stopped) return tl::unexpected(stopped.error());
  auto row = stopped->step();
  if (!row) return tl::unexpected(row.error());
  if (stopped->integer(0) == 0) return {};
  stopped->reset();
  auto check = db.prepare("PRAGMA integrity_check(1)");
  if (!check) return tl::unexpected(check.error());
  row = check->step();
  if (!row) return tl::unexpected(row.error());
  if (const std::string verdict = check->text(0); verdict != "ok")
    return fail(ErrorKind::storage, "the journal is damaged (" + verdict + "): restore a backup on a sound disk");
  return {};
}

bool wants_restart(const Change& change) {
  return std::any_of(change.orders.begin(), change.orders.end(),
                     [](const OrderOut& order) { return std::holds_alternative<RestartOut>(order); });
}

}  // namespace

Core::Core(CoreParts parts, SiteState state)
    : parts_(std::move(parts)),
      registry_(parts_.database),
      gate_(parts_.site, std::move(state), registry_, parts_.randomness, parts_.clock.now()),
      begin_(*parts_.database.prepare("BEGIN IMMEDIATE")),
      commit_(*parts_.database.prepare("COMMIT")),
      rollback_(*parts_.database.prepare("ROLLBACK")) {}

Result<std::unique_ptr<Core>> Core::open(CoreParts parts, const std::string& version) {
  auto state = load_state(parts.database);
  if (!state) return tl::unexpected(state.error());
  std::unique_ptr<Core> core(new Core(std::move(parts), std::move(*state)));
  const Now now = core->parts_.clock.now();
  if (auto sound = check_after_a_stop(core->parts_.database); !sound) return tl::unexpected(sound.error());
  if (auto opened = core->open_record(); !opened) return tl::unexpected(opened.error());
  Change change = core->gate_.start(now, version);
  if (auto done = core->carry_out(change, now); !done) return tl::unexpected(done.error());
  if (core->signer_) core->signer_->ask();
  if (auto done = core->sign(now); !done) return tl::unexpected(done.error());
  // Without the reserve a full disk could not be recorded, so nothing is granted until there is room.
  if (!core->parts_.why_not_granting.empty())
    core->storage_failed({ErrorKind::storage, core->parts_.why_not_granting}, now);
  core->publish(now);
  return core;
}

Status Core::open_record() {
  auto journal = Journal::open(parts_.database);
  if (!journal) return tl::unexpected(journal.error());
  journal_.emplace(std::move(*journal));
  if (!parts_.log_keys) return {};
  auto signer = LogSigner::open(parts_.database, *journal_, std::move(*parts_.log_keys));
  if (!signer) return tl::unexpected(signer.error());
  signer_.emplace(std::move(*signer));
  return {};
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
    storage_failed(done.error(), now);  // nothing that a device says may fail to be recorded for any lesser reason
    // Granting has ended, so the same scan is now a denial; any other fact is told once more, in the reserve's space.
    if (std::holds_alternative<BadgeRead>(input)) change = gate_.step(input, now);
    change.orders.clear();
    done = carry_out(change, now, picture);
  }
  publish(now);  // before the answer: whoever asked may look at once
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
  if (change.empty()) return sign_when_due(now);
  if (auto done = carry_out(change, now); !done) {
    storage_failed(done.error(), now);
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
  Change change;
  change.entries.push_back(make_entry(EventType::site_closed));
  const Now now = parts_.clock.now();
  (void)carry_out(change, now);
  if (!signer_ || !gate_.granting()) return;
  signer_->ask();
  if (auto done = sign(now); !done) spdlog::error("the journal is closed without a checkpoint: {}", done.error().message);
}

// After a failure of the disk nothing is signed any more: what it says is not believed.
void Core::sign_when_due(const Now& now) {
  if (!signer_ || !gate_.granting()) return;
  if (auto done = sign(now); !done) storage_failed(done.error(), now);
}

Status Core::sign(const Now& now) {
  if (!signer_) return {};
  auto entry = signer_->take_due_entry(now);
  if (!entry) return tl::unexpected(entry.error());
  if (*entry) {  // carry_out() comes back here and signs it
    Change change;
    change.entries.push_back(std::move(**entry));
    return carry_out(change, now);
  }
  return signer_->due(now) ? signer_->sign(now) : Status{};
}

// Durable before open: no order leaves before the entry that allows it is committed.
Status Core::carry_out(Change& change, const Now& now, const PictureKept* picture) {
  if (change.empty()) return {};
  if (change.entries.empty() && change.rows.empty()) {  // orders that an earlier entry allows
    send_orders(change, now);
    sign_when_due(now);
    return {};
  }
  SiteEdit edit(gate_.state());
  if (PLANTED(pulse_before_commit)) send_orders(change, now);
  if (auto done = write(change, now, picture, edit); !done) {
    (void)rollback_.run();
    if (!PLANTED(tree_not_rolled_back)) journal_->roll_back();
    if (PLANTED(failed_commit_counts)) gate_.commit(edit, change.entries);
    spdlog::error("not recorded: {}", done.error().message);
    if (done.error().kind == ErrorKind::storage) storage_failed(done.error(), now);
    return done;
  }
  journal_->commit();
  gate_.commit(edit, change.entries);
  send_orders(change, now);  // before the checkpoint, which may take a while on a slow disk
  for (const Entry& entry : change.entries) parts_.orders.happened(entry);
  if (auto done = parts_.database.checkpoint(parts_.checkpoint_pages); !done) storage_failed(done.error(), now);
  if (signer_ && !change.entries.empty()) signer_->appended(change.entries, now);
  if (parts_.committed && !change.entries.empty()) parts_.committed(gate_.state().next_number);
  sign_when_due(now);
  return {};
}

Status Core::write(Change& change, const Now& now, const PictureKept* picture, SiteEdit& edit) {
  if (auto done = begin_.run(); !done) return done;
  const std::uint64_t first = gate_.state().next_number;
  for (std::size_t i = 0; i < change.entries.size(); ++i) {
    Entry& entry = change.entries[i];
    entry.number = first + i;
    entry.at = now;
    if (PLANTED(gap_in_numbers) && entry.number % 50 == 49) ++entry.number;
    if (auto done = journal_->append(entry, parts_.boot_id); !done) return done;
    apply(edit, entry, gate_.config());
  }
  for (const auto& row : change.rows)
    if (auto done = row(parts_.database, first); !done) return done;
  if (auto done = registry_.write(edit); !done) return done;
  if (picture) {
    if (auto done = registry_.write_picture(*picture); !done) return done;
  }
  return commit_.run();
}

void Core::send_orders(const Change& change, const Now& now) {
  for (const auto& order : change.orders) {
    if (const auto* pulse = std::get_if<PulseOrderOut>(&order)) {
      parts_.orders.pulse(pulse->intent ? *pulse->intent : change.entries[pulse->entry].number, pulse->signal,
                          pulse->length, pulse->deadline);
    } else if (const auto* keep = std::get_if<KeepStillOut>(&order)) {
      parts_.orders.keep_still(change.entries[keep->entry].number, *keep);
    } else if (const auto* take = std::get_if<TakeStillOut>(&order)) {
      parts_.orders.take_still(change.entries[take->entry].number, *take);
    } else if (signer_ && std::holds_alternative<SignOut>(order)) {
      signer_->ask();
    } else if (const auto* scrub = std::get_if<ScrubOut>(&order)) {
      scrub->step->outcome = scrub_pages(parts_.database, *scrub->step);
      if (const auto& done = scrub->step->outcome; !done && done.error().kind == ErrorKind::storage)
        storage_failed(done.error(), now);
    } else if (std::holds_alternative<RestartOut>(order)) {
      parts_.orders.restart();
    } else if (const auto* print = std::get_if<PrintBadgeOut>(&order)) {
      parts_.orders.print(change.entries[print->entry].number, *print);
    }
  }
}

// Terminal for granting: what the disk says afterwards is not believed. The stop itself is recorded where that still works,
// in the space that the reserve file held.
void Core::storage_failed(const Error& error, const Now& now) {
  spdlog::error("the journal cannot be written, granting ends: {}", error.message);
  if (!gate_.granting()) return;
  if (PLANTED(granting_after_storage_error)) return;
  gate_.stop_granting(error.message);
  if (parts_.release_reserve) parts_.release_reserve();
  Change change;
  change.entries.push_back(make_entry(GrantingStopped{.why = error.message.substr(0, 200)}));
  (void)carry_out(change, now);
  publish(now);
}

void Core::publish(const Now& now) {
  if (!view_ || parts_.watched) std::atomic_store(&view_, std::make_shared<const SiteView>(gate_.view(now)));
}

SiteViewPtr Core::view() const { return std::atomic_load(&view_); }

}  // namespace gapura::gateway
