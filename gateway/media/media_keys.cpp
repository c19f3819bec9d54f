// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/media_keys.h"

namespace gapura::gateway {

Result<Database*> MediaKeys::reader() {
  if (!reader_) {
    auto opened = TRY(Database::open_reader(database_));
    reader_.emplace(std::move(opened));
  }
  return &*reader_;
}

Result<std::optional<Secret>> MediaKeys::find(const std::string& owner) {
  const MutexLock lock(mutex_);
  auto db = TRY(reader());
  return db->vault().find_key(owner);
}

Result<Secret> MediaKeys::find_or_make(const std::string& owner) {
  auto key = find(owner);
  if (!key) return tl::unexpected(key.error());
  if (*key) return **key;
  if (!make_) return fail(ErrorKind::unavailable, "nobody makes the key of " + owner);
  TRY(make_(owner));
  key = find(owner);
  if (!key) return tl::unexpected(key.error());
  if (!*key) return fail(ErrorKind::unavailable, "the key of " + owner + " was not made");
  return **key;
}

Result<std::string> MediaKeys::first_text(std::string_view sql, std::string_view value) {
  const MutexLock lock(mutex_);
  auto db = TRY(reader());
  auto row = TRY(db->prepare(sql));
  auto more = TRY(row.bind(1, value).step());
  return more ? row.text(0) : std::string();
}

Result<std::map<std::string, std::string>> MediaKeys::owners() {
  // Reads much of the file in one statement: without the readers' time limit, and without personal data.
  auto db = TRY(Database::open_archive(database_));
  auto row = TRY(db.prepare(
      "SELECT portrait, guest, arrived_utc FROM visit WHERE portrait <> '' "
      "UNION ALL SELECT waiting_still, guest, arrived_utc FROM visit WHERE waiting_still <> '' "
      "UNION ALL SELECT p.hash, v.guest, e.utc FROM picture p JOIN entry e ON e.number = p.entry JOIN visit v ON v.id = "
      "e.visit UNION ALL SELECT c.hash, v.guest, e.utc FROM clip c JOIN entry e ON e.number = c.entry JOIN visit v ON v.id "
      "= e.visit"));
  std::map<std::string, std::string> owners;
  for (;;) {
    auto more = TRY(row.step());
    if (!more) return owners;
    const auto [known, fresh] = owners.emplace(row.text(0), row.text(1));
    if (!fresh && known->second != row.text(1)) known->second = day_owner(UtcTime(Millis(row.integer(2))));
  }
}

}  // namespace gapura::gateway
