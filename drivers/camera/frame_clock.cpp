// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/frame_clock.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gapura::drivers {
namespace {

constexpr double clock_was_set = 1000;    // ms; a larger jump of the stamps means that the camera's clock was set
constexpr double bucket = 500;            // ms; the fastest arrival of a bucket is taken as one that did not wait
constexpr std::size_t most_buckets = 16;  // eight seconds
constexpr std::size_t apart = 4;          // buckets between the two whose offsets are compared
constexpr double reach = most_buckets * bucket;
constexpr double most_rate = 0.25;
constexpr std::size_t fewest_rates = 3;
constexpr double most_spread = 0.08;  // of the middle half of the rates; as from a jitter of 160 ms between two buckets
// Rise of the floor per ms that needs no other explanation: a lasting wait is forgotten at this speed.
constexpr double forgotten = 0.002;

}  // namespace

void FrameClock::begin(Arrival now) {
  history_.clear();
  rate_ = 0;
  floor_ = now.offset;
  bucket_began_ = now.at;
  fastest_ = now;
}

// The median of the rates between arrivals two seconds apart; one wait, however long, does not move it. The previous rate
// is kept where the median does not describe the stamps: when it is steeper than a camera's, a wait is growing or ending;
// and in the first eight seconds, with few rates, they must agree.
double FrameClock::measured_rate() const {
  std::vector<double> rates;
  for (std::size_t i = apart; i < history_.size(); ++i)
    rates.push_back((history_[i].offset - history_[i - apart].offset) / (history_[i].at - history_[i - apart].at));
  if (rates.size() < fewest_rates) return rate_;
  std::sort(rates.begin(), rates.end());
  const std::size_t count = rates.size();
  const bool agreed = history_.size() == most_buckets || rates[count * 3 / 4] - rates[count / 4] <= most_spread;
  const double median = rates[count / 2];
  return agreed && std::abs(median) <= most_rate ? median : rate_;
}

// The floor rises to the line below the history only as far as a change of the rate explains it: a wait that began suddenly
// and lasts is still a wait.
void FrameClock::learn(Arrival now) {
  if (now.at - bucket_began_ < bucket) {
    if (now.offset < fastest_.offset) fastest_ = now;
    return;
  }
  history_.push_back(fastest_);
  if (history_.size() > most_buckets) history_.pop_front();
  bucket_began_ = now.at;
  fastest_ = now;
  const double rate = measured_rate();
  const double explained = floor_ + std::max(0.0, rate - rate_) * reach;
  double line = now.offset;
  for (const Arrival& earlier : history_) line = std::min(line, earlier.offset + rate * (now.at - earlier.at));
  floor_ = std::max(floor_, std::min(line, explained));
  rate_ = rate;
}

Millis FrameClock::lag(Millis stamp, BootTime received) {
  const auto at = static_cast<double>(received.time_since_epoch().count());
  const Arrival now{at, at - static_cast<double>(stamp.count())};
  if (before_) {
    const double passed = at - before_->at;
    floor_ += passed * (rate_ + forgotten);
    // A picture's delay grows by no more than the elapsed time, and no picture arrives before it was taken.
    const bool was_set = now.offset - before_->offset > passed + clock_was_set || now.offset < floor_ - clock_was_set;
    if (was_set) before_.reset();
  }
  if (!before_) begin(now);
  before_ = now;
  floor_ = std::min(floor_, now.offset);
  // In our time: while a picture waits, slow stamps fall behind further.
  const Millis waited{static_cast<std::int64_t>((now.offset - floor_) / (1 - rate_))};
  if (waited <= oldest_picture) learn(now);
  return waited;
}

}  // namespace gapura::drivers
