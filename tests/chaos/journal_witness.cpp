// SPDX-License-Identifier: Apache-2.0
#include "journal_witness.h"

#include <fmt/format.h>

#include "gateway/journal/database.h"
#include "gateway/record/verify.h"

namespace gapura::tests {

using namespace gapura::gateway;

void JournalWitness::violate(std::string what) {
  if (violations_.size() < 20) violations_.push_back(std::move(what));
}

bool JournalWitness::read(const std::string& database) {
  auto db = Database::open_archive(database);
  auto row =
      db ? db->prepare("SELECT number, type, point, visit, ref, boot, leaf FROM entry WHERE number >= ?1 ORDER BY number")
         : tl::unexpected(db.error());
  if (!row) return violate("the journal cannot be read: " + row.error().message), false;
  // The newest entry of the last reading is read once more: it must still be what it was.
  row->bind(1, static_cast<std::int64_t>(next_ == 0 ? 0 : next_ - 1));
  std::uint64_t expected = next_ == 0 ? 0 : next_ - 1, opened = 0;
  for (;;) {
    const auto more = row->step();
    if (!more) return violate("the journal cannot be read: " + more.error().message), false;
    if (!*more) break;
    const auto number = static_cast<std::uint64_t>(row->integer(0));
    if (number != expected) return violate(fmt::format("entry {} is missing before {}", expected, number)), false;
    ++expected;
    const std::string type = row->text(1), point = row->text(2);
    if (number + 1 == next_) {
      if (row->blob(6) != last_leaf_) violate(fmt::format("entry {} was changed", number));
      continue;
    }
    last_leaf_ = row->blob(6);
    done_.insert(type + ' ' + row->text(3));
    const BootTime at(Millis(row->integer(5)));
    if (type == "site_opened") opened = number;
    if (type == "access_granted") {
      ++intents_;
      open_[number] = {point, at};
      unused_.emplace(point, at);
    }
    if (type == "access_taken" || type == "access_not_taken" || type == "access_unknown") {
      const auto ref = static_cast<std::uint64_t>(row->integer(4));
      if (!ended_.insert(ref).second) violate(fmt::format("intent {} has a second outcome, {}", ref, number));
      if (opened > ref) ++closed_at_start_;
      open_.erase(ref);
    }
  }
  if (expected < next_) violate(fmt::format("the journal ends at {}, and reached {} before", expected, next_));
  next_ = std::max(next_, expected);
  for (const auto& [number, intent] : open_)
    if (number < opened) violate(fmt::format("intent {} has no outcome after the start at {}", number, opened));
  return true;
}

void JournalWitness::match(const std::vector<simulated::CoilChange>& pulses) {
  for (const auto& pulse : pulses) {
    const std::string point = fmt::format("g{}.in", pulse.unit);
    // An order is dropped two seconds after its decision, at the latest.
    const auto [first, last] = unused_.equal_range(point);
    auto found = last;
    for (auto one = first; one != last; ++one)
      if (one->second <= pulse.at && pulse.at - one->second < Millis(3000)) found = one;
    if (found == last)
      violate(fmt::format("a pulse at {} at {} ms has no intent", point, pulse.at.time_since_epoch().count()));
    else
      unused_.erase(found);
  }
}

void JournalWitness::expect(const std::vector<Act>& acknowledged) {
  for (const auto& act : acknowledged)
    if (!done_.contains(act.type + ' ' + act.visit))
      violate("lost: " + act.type + " of " + act.visit + " was acknowledged");
}

void JournalWitness::verify(const std::string& database) {
  VerifyRequest request;
  request.database = database;
  const auto report = verify_journal(request);
  if (!report) return violate("verify: " + report.error().message);
  if (!report->sound()) violate("verify: " + report->findings.front().what);
}

}  // namespace gapura::tests
