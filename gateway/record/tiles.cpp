// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "gateway/journal/journal.h"
#include "gateway/record/checkpoint_signer.h"
#include "gateway/record/proof.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t tile_width = 256;

Status write_tile(const std::string& path, const std::string& bytes) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  std::ofstream file(path + ".new", std::ios::binary);
  file << bytes;
  file.close();
  if (file) fs::rename(path + ".new", path, error);
  if (!file || error)
    return fail(ErrorKind::storage, "cannot write " + path + ": is there room, and may this user write there?");
  return {};
}

// Big-endian length, then the leaf.
Status append_bundle(const Database& db, std::uint64_t first, std::uint64_t count, std::string& entries,
                     std::string& hashes) {
  auto rows = TRY(db.prepared("SELECT leaf FROM entry WHERE number >= ?1 AND number < ?2 ORDER BY number"));
  rows->bind(1, static_cast<std::int64_t>(first)).bind(2, static_cast<std::int64_t>(first + count));
  std::uint64_t read = 0;
  for (;; ++read) {
    const auto more = TRY(rows->step());
    if (!more) break;
    const std::string leaf = rows->blob(0);
    entries += static_cast<char>(leaf.size() >> 8);
    entries += static_cast<char>(leaf.size() & 0xff);
    entries += leaf;
    const Hash hash = leaf_hash(leaf);
    hashes += as_bytes(hash);
  }
  if (read != count)
    return fail(ErrorKind::storage, "entries are missing between " + std::to_string(first) + " and " +
                                        std::to_string(first + count) + ": gapura log verify says more");
  return {};
}

class Exporter {
 public:
  Exporter(const Database& db, std::string folder, std::uint64_t size) : db_(db), folder_(std::move(folder)), size_(size) {}
  std::uint64_t files() const { return files_; }

  Status leaves(const std::function<void(std::uint64_t)>& progress) {
    for (std::uint64_t first = 0; first < size_; first += tile_width) {
      const std::uint64_t count = std::min(tile_width, size_ - first);
      const std::string bundle = folder_ + "/" + tile_path("entries", first / tile_width, count);
      const std::string tile = folder_ + "/" + tile_path("0", first / tile_width, count);
      if (progress && first % (tile_width * 256) == 0) progress(first);
      if (count == tile_width && fs::exists(bundle) && fs::exists(tile)) continue;
      std::string entries, hashes;
      TRY(append_bundle(db_, first, count, entries, hashes));
      TRY(write_tile(bundle, entries));
      TRY(write_tile(tile, hashes));
      files_ += 2;
    }
    return {};
  }

  // Each hash of a tile is the root of a full tile below.
  Status level(int level) {
    const NodeSource node = stored_nodes(db_);
    const std::uint64_t hashes = size_ >> (8 * level);
    for (std::uint64_t first = 0; first < hashes; first += tile_width) {
      const std::uint64_t count = std::min(tile_width, hashes - first);
      const std::string path = folder_ + "/" + tile_path(std::to_string(level), first / tile_width, count);
      if (count == tile_width && fs::exists(path)) continue;
      std::string bytes;
      for (std::uint64_t i = first; i < first + count; ++i) {
        const auto hash = TRY(node(8 * level, i));
        bytes += as_bytes(hash);
      }
      TRY(write_tile(path, bytes));
      ++files_;
    }
    return {};
  }

 private:
  const Database& db_;
  std::string folder_;
  std::uint64_t size_, files_ = 0;
};

}  // namespace

std::string tile_path(const std::string& level, std::uint64_t index, std::uint64_t count) {
  std::string path;
  for (bool last = true; last || index > 0; last = false, index /= 1000) {
    std::string part = std::to_string(1000 + index % 1000).substr(1);
    path = last ? part : fmt::format("x{}/{}", part, path);
  }
  return "tile/" + level + "/" + path + (count < tile_width ? ".p/" + std::to_string(count) : "");
}

Result<ExportedArchive> export_tiles(const Database& db, const std::string& folder, const std::string& note,
                                     const std::function<void(std::uint64_t)>& progress) {
  const auto checkpoint = TRY(parse_checkpoint_note(note));
  Exporter out(db, folder, checkpoint.size);
  TRY(out.leaves(progress));
  for (int level = 1; checkpoint.size >> (8 * level) > 0; ++level) TRY(out.level(level));
  const auto keys = TRY(announced_keys(db));
  std::string list;
  for (const auto& key : keys) list += key.text + "\n";
  TRY(write_tile(folder + "/verifier", list));
  // Last, so that everything that a checkpoint covers exists when the checkpoint does.
  TRY(write_tile(folder + "/checkpoint", note));
  return ExportedArchive{checkpoint.size, out.files() + 2};
}

}  // namespace gapura::gateway
