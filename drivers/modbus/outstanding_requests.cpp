// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "drivers/modbus/connection.h"

namespace gapura::drivers::modbus {
namespace {

constexpr std::size_t most_outstanding = 64;  // per line; more means units that never respond, of which the newest are kept

bool is_read(std::uint8_t function) { return function >= 1 && function <= 4; }

int answer_bytes(std::span<const std::uint8_t> pdu) {
  const int count = pdu[3] << 8 | pdu[4];
  return pdu[0] <= 2 ? (count + 7) / 8 : count * 2;
}

// An exception names only its function, and the exception to a write may be for any write.
bool could_respond(std::span<const std::uint8_t> request, std::span<const std::uint8_t> pdu) {
  if (request[0] != pdu[0]) return false;
  return !is_read(pdu[0]) || answer_bytes(request) == answer_bytes(pdu);
}

}  // namespace

void OutstandingRequests::add(int unit, std::span<const std::uint8_t> pdu) {
  for (const Unanswered& one : outstanding_)
    if (one.unit == unit && std::ranges::equal(one.pdu, pdu)) return;
  if (outstanding_.size() >= most_outstanding) outstanding_.erase(outstanding_.begin());
  outstanding_.push_back({unit, Pdu(pdu.begin(), pdu.end())});
}

void OutstandingRequests::settle(int unit) {
  std::erase_if(outstanding_, [unit](const Unanswered& one) { return one.unit == unit; });
}

bool OutstandingRequests::may_be(int unit, std::span<const std::uint8_t> reply) const {
  return std::ranges::any_of(outstanding_, [&](const Unanswered& one) {
    if (one.unit != unit) return false;
    return reply[0] == (one.pdu[0] | 0x80) || (reply[0] == one.pdu[0] && misfit(one.pdu, reply).empty());
  });
}

bool OutstandingRequests::ambiguous(int unit, std::span<const std::uint8_t> pdu) const {
  return std::ranges::any_of(outstanding_,
                             [&](const Unanswered& one) { return one.unit == unit && could_respond(one.pdu, pdu); });
}

// A read of the same place with a response of another length. The place may end there: an exception distinguishes as well.
Pdu OutstandingRequests::sorting_question(int unit, std::span<const std::uint8_t> pdu) const {
  if (!ambiguous(unit, pdu)) return {};
  Pdu question(pdu.begin(), pdu.end());
  int count = is_read(pdu[0]) ? pdu[3] << 8 | pdu[4] : 1;
  if (!is_read(pdu[0])) question[0] = pdu[0] == 5 ? 1 : 3;
  const int step = question[0] <= 2 ? 8 : 1;
  do {
    question[3] = static_cast<std::uint8_t>(count >> 8);
    question[4] = static_cast<std::uint8_t>(count);
    count += step;
  } while (ambiguous(unit, question) && count < 120);
  question.resize(5);
  return question;
}

}  // namespace gapura::drivers::modbus
