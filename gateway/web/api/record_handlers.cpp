// SPDX-License-Identifier: Apache-2.0
// The record's checkpoints and proofs, for screens that keep the last checkpoint and see whether the next goes on from it.
#include <charconv>

#include "drivers/base64.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/daily_sheet.h"
#include "gateway/record/proof.h"
#include "gateway/web/api/handlers.h"

namespace gapura::gateway {
namespace {

std::uint64_t size_of(std::string_view text, const char* what) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || code != std::errc() || end != text.data() + text.size())
    throw Problem("bad_input", std::string(what) + " expects a number.");
  return number;
}

template <class T>
T must(Result<T> result) {
  if (!result) throw Problem(result.error());
  return std::move(*result);
}

Response checkpoint_now(Call& call) {
  const StoredNote newest = must(find_checkpoint(call.db.database()));
  const Checkpoint checkpoint = must(parse_checkpoint_note(newest.note));
  answer::Checkpoint answer{.checkpoint = newest.note,
                            .origin = checkpoint.origin,
                            .size = checkpoint.size,
                            .root = to_base64(checkpoint.root),
                            .time = UtcTime(Millis(newest.utc))};
  for (const auto& key : must(announced_keys(call.db.database()))) answer.keys.push_back(key.text);
  return json_response(call, answer);
}

}  // namespace

Response get_log_checkpoint(Call& call) { return checkpoint_now(call); }

Response post_log_checkpoint(Call& call) {
  call.ask(SignCheckpoint{});
  return checkpoint_now(call);
}

Response get_log_consistency(Call& call) {
  const std::uint64_t from = size_of(call.request.parameter("from").value_or(""), "?from=");
  const std::uint64_t to = size_of(call.request.parameter("to").value_or(""), "?to=");
  if (from > to || to > static_cast<std::uint64_t>(call.db.last_event() + 1))
    throw Problem("bad_input", "?from= and ?to= expect sizes that the record has had, the smaller one first.");
  return json_response(call, answer::Consistency{from, to, must(prove_growth(call.db.database(), from, to))});
}

Response get_log_proof(Call& call) {
  const std::uint64_t number = size_of(call.parameters[0], "The path");
  Response response;
  response.type = "text/plain; charset=utf-8";
  response.body = must(prove_entry(call.db.database(), number, must(find_checkpoint(call.db.database(), number + 1)).note));
  return response;
}

Response get_log_sheet(Call& call) {
  const auto& site = call.api.context.settings;
  const std::string& date = call.parameters[0];
  if (date == local_date(call.now)) call.ask(SignCheckpoint{});
  const DailySheet sheet = must(load_daily_sheet(call.db.database(), site.site_name, date, call.now, Words(site.language)));
  Response response;
  response.type = "application/pdf";
  response.headers.emplace_back("Content-Disposition", "inline; filename=\"gapura-" + sheet.date + ".pdf\"");
  response.body = must(to_pdf(sheet));
  return response;
}

}  // namespace gapura::gateway
