// SPDX-License-Identifier: Apache-2.0
#include "gateway/registry/people_search.h"

namespace gapura::gateway {
namespace {

Result<std::vector<FoundPerson>> people_of(Statement& row) {
  std::vector<FoundPerson> found;
  for (;;) {
    const auto more = TRY(row.step());
    if (!more) return found;
    found.push_back({row.text(0), row.text(1), row.text(2), row.text(3)});
  }
}

}  // namespace

Result<std::vector<FoundPerson>> find_by_phone(const Database& reader, std::string_view phone) {
  auto row = TRY(reader.prepare(
      "SELECT id, full_name, phone, institution FROM guest WHERE phone_index = blind_index('phone', ?1) ORDER BY made_utc "
      "DESC LIMIT 100"));
  return people_of(row.bind(1, phone));
}

Result<std::vector<FoundPerson>> find_by_name(const Database& reader, std::string_view letters, int at_most) {
  if (letters.size() < 3) return fail(ErrorKind::bad_input, "name: at least three letters are expected");
  auto row = TRY(reader.prepare(
      "SELECT id, full_name, phone, institution FROM (SELECT guest AS late, max(arrived_utc) AS at FROM (SELECT guest, "
      "arrived_utc FROM visit ORDER BY arrived_utc DESC LIMIT 20000) GROUP BY guest) JOIN guest ON id = late "
      "WHERE instr(lower(full_name), lower(?1)) > 0 ORDER BY at DESC LIMIT ?2"));
  return people_of(row.bind(1, letters).bind(2, static_cast<std::int64_t>(at_most)));
}

}  // namespace gapura::gateway
