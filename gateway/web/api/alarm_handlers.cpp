// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "gateway/web/api/bodies.h"
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

// A silent alarm does not exist for a guard, so that a guard under threat cannot be asked about it.
answer::Alarm alarm_now(Call& call, std::int64_t number) {
  auto alarm = call.db.alarm(number);
  if (!alarm) throw Problem("not_found", "There is no such alarm.");
  return std::move(*alarm);
}

std::uint64_t entry_number(const Call& call) {
  const std::string& text = call.parameters[0];
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || number < 0)
    throw Problem("not_found", "There is no such entry.");
  return static_cast<std::uint64_t>(number);
}

}  // namespace

Response get_alarms(Call& call) { return json_response(call, call.db.alarms()); }

Response get_alarm_report(Call& call) { return json_response(call, call.db.alarm_report(call.now.utc)); }

Response post_alarm_acknowledge(Call& call) {
  const auto number = entry_number(call);
  (void)alarm_now(call, static_cast<std::int64_t>(number));
  auto asked = call.read<AcknowledgeAlarm>();
  asked.alarm = number;
  call.ask(asked);
  return json_response(call, alarm_now(call, static_cast<std::int64_t>(number)));
}

// Looks at all of them before it touches one.
Response post_alarms_acknowledge(Call& call) {
  const auto numbers = call.read<AlarmNumbers>().numbers;
  std::vector<std::int64_t> open;
  for (const auto number : numbers) {
    const answer::Alarm alarm = alarm_now(call, number);
    if (alarm.priority == AlarmPriority::critical)
      throw Problem("conflict", "A critical alarm is acknowledged alone: " + std::to_string(number) + ".");
    const bool known = std::find(open.begin(), open.end(), number) != open.end();
    if (!known && !alarm.acknowledged_by) open.push_back(number);
  }
  auto asked = call.read<AcknowledgeAlarm>();
  for (const auto number : open) {
    asked.alarm = static_cast<std::uint64_t>(number);
    call.ask(asked);
  }
  answer::Alarms all;
  for (const auto number : numbers) all.alarms.push_back(alarm_now(call, number));
  return json_response(call, all);
}

// Everybody takes back what is theirs to say: the aide decisions, the guard all else and what was taken down by ear.
Response post_event_undo(Call& call) {
  const auto number = entry_number(call);
  const auto entry = call.db.event(static_cast<std::int64_t>(number));
  if (!entry) throw Problem("not_found", "There is no such entry.");
  const auto* verbal = entry->data.if_contains("verbal");
  const bool decision = entry->type == word(EventType::approval_decided);
  const bool of_the_aide = decision && !(verbal && verbal->is_bool() && verbal->get_bool());
  const unsigned may = of_the_aide ? aide : decision ? guard | aide : guard;
  if (!(call.who.roles & may)) throw Problem("not_permitted", "Only who may say this may take it back.");
  const Reply made = call.ask(Undo{number});
  return json_response(call, answer::Entry{made.entry});
}

}  // namespace gapura::gateway
