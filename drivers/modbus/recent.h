// SPDX-License-Identifier: Apache-2.0
// The last 1,024 durations and their percentiles. Not thread-safe.
#pragma once

#include <algorithm>
#include <vector>

namespace gapura::drivers::modbus {

class Recent {
 public:
  void add(double value) {
    if (values_.size() < capacity)
      values_.push_back(value);
    else
      values_[next_ % capacity] = value;
    ++next_;
  }
  double percentile(double share) const {
    if (values_.empty()) return 0;
    std::vector<double> copy = values_;
    const auto at = copy.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(copy.size() - 1));
    std::nth_element(copy.begin(), at, copy.end());
    return *at;
  }

 private:
  static constexpr std::size_t capacity = 1024;
  std::vector<double> values_;
  std::size_t next_ = 0;
};

}  // namespace gapura::drivers::modbus
