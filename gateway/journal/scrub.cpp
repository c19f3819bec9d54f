// SPDX-License-Identifier: Apache-2.0
#include "gateway/journal/scrub.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "gateway/journal/database.h"

namespace gapura::gateway {
namespace {

constexpr std::chrono::milliseconds reader_wait{20};

struct Gap {
  std::size_t from = 0, until = 0;  // within the page
};

unsigned number_at(const std::vector<unsigned char>& page, std::size_t at) { return page[at] * 256u + page[at + 1]; }

// The unused middle of a B-tree page, between its cell pointers and its cells (SQLite's file format, section 1.6). Other
// pages (overflow, free) begin with a page number, whose first byte is zero in every file below 128 GB.
Gap gap_of(const std::vector<unsigned char>& page, bool first) {
  const std::size_t header = first ? 100 : 0;
  const unsigned kind = page[header];
  const bool leaf = kind == 0x0a || kind == 0x0d;
  if (!leaf && kind != 0x02 && kind != 0x05) return {};
  const std::size_t from = header + (leaf ? 8 : 12) + std::size_t{2} * number_at(page, header + 3);
  const unsigned cells = number_at(page, header + 5);
  const std::size_t until = cells == 0 ? 65536 : cells;
  return until <= page.size() && from < until ? Gap{from, until} : Gap{};
}

Result<std::int64_t> pragma(const Database& db, const char* text) {
  auto row = TRY(db.prepare(text));
  TRY(row.step());
  const auto value = row.integer(0);
  row.reset();
  return value;
}

tl::unexpected<Error> failed(const char* doing) {
  return fail(ErrorKind::storage, std::string("cannot ") + doing + " the database while clearing what was erased");
}

}  // namespace

Status scrub_pages(const Database& db, ScrubStep& step) {
  Status emptied = db.truncate_wal(reader_wait);
  step.busy = !emptied && emptied.error().kind == ErrorKind::unavailable;  // a reader still needs the WAL
  if (step.busy) return {};
  if (!emptied) return emptied;
  const auto size = TRY(pragma(db, "PRAGMA page_size"));
  // Through SQLite's own handle of the file: closing another one would drop its locks.
  sqlite3_file* file = nullptr;
  sqlite3_int64 bytes = 0;
  if (sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
      file->pMethods->xFileSize(file, &bytes) != SQLITE_OK)
    return failed("find");
  const std::int64_t last = bytes / size, end = std::min(step.from + step.pages, last + 1);
  std::vector<unsigned char> page(static_cast<std::size_t>(size));
  const std::vector<unsigned char> zeros(page.size());
  step.cleared = 0;
  for (std::int64_t number = step.from; number < end; ++number) {
    const sqlite3_int64 at = (number - 1) * size;
    if (file->pMethods->xRead(file, page.data(), static_cast<int>(page.size()), at) != SQLITE_OK) return failed("read");
    const Gap gap = gap_of(page, number == 1);
    const auto begin = page.begin() + static_cast<std::ptrdiff_t>(gap.from);
    const auto stop = page.begin() + static_cast<std::ptrdiff_t>(gap.until);
    if (std::all_of(begin, stop, [](unsigned char byte) { return byte == 0; })) continue;
    // No reader uses these bytes, so none can see a partial write, and a power cut leaves either the old bytes or zeros.
    if (file->pMethods->xWrite(file, zeros.data(), static_cast<int>(gap.until - gap.from),
                               at + static_cast<sqlite3_int64>(gap.from)) != SQLITE_OK)
      return failed("write");
    ++step.cleared;
  }
  // A page in the writer's cache still has what was cleared, and would write it back with its next change.
  sqlite3_db_release_memory(db.handle());
  if (step.cleared > 0 && file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK) return failed("sync");
  step.next = end > last ? 0 : end;
  return {};
}

}  // namespace gapura::gateway
