// SPDX-License-Identifier: Apache-2.0
#include "gateway/privacy/keeper.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <set>

#include "gateway/registry/personal_sql.h"
#include "gateway/registry/retention.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;

constexpr int files_at_once = 200;
constexpr std::chrono::milliseconds reader_pause{50};
constexpr int most_pauses = 200;  // ten seconds in which readers hold the WAL

const Actor system_actor{UserId("system"), std::nullopt};

Status sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return fail(ErrorKind::storage, "cannot sync " + folder);
  return {};
}

Result<bool> is_mentioned(const Database& db, const std::string& hash) {
  bool found = false;
  TRY(each_row(db,
               "SELECT 1 WHERE EXISTS (SELECT 1 FROM picture WHERE hash = ?1) OR EXISTS (SELECT 1 FROM clip "
               "WHERE hash = ?1) OR EXISTS (SELECT 1 FROM visit WHERE portrait = ?1 AND portrait <> '') OR EXISTS "
               "(SELECT 1 FROM visit WHERE waiting_still = ?1 AND waiting_still <> '')",
               {hash}, {}, [&](const Statement&) { found = true; }));
  return found;
}

Status delete_files(const PictureStore& pictures, const Database& db, const std::vector<DoomedFile>& files) {
  std::set<std::string> folders;
  for (const auto& file : files) {
    const std::string path = pictures.path(file.hash, file.clip ? Media::clip : Media::picture);
    const auto mentioned = TRY(is_mentioned(db, file.hash));
    if (path.empty() || mentioned) continue;  // kept again meanwhile
    if (::unlink(path.c_str()) == 0)
      folders.insert(fs::path(path).parent_path());
    else if (errno != ENOENT)
      return fail(ErrorKind::storage, "cannot delete " + path + ": " + std::strerror(errno));
  }
  for (const auto& folder : folders) TRY(sync_folder(folder));
  return {};
}

Status delete_doomed(CorePort& core, const PictureStore& pictures, const Database& db) {
  for (;;) {
    const auto files = TRY(load_doomed(db, files_at_once));
    if (files.empty()) return {};
    TRY(delete_files(pictures, db, files));
    FilesGone gone;
    for (const auto& file : files) gone.hashes.push_back(file.hash);
    TRY(core.call(std::move(gone), system_actor));
  }
}

Status clear_file(CorePort& core, const std::function<bool()>& go_on) {
  auto step = std::make_shared<ScrubStep>();
  for (int pauses = 0; step->from != 0;) {
    if (!go_on()) return fail(ErrorKind::unavailable, "closing");
    TRY(core.call(ScrubPages{step}, system_actor));
    if (!step->outcome) return step->outcome;
    if (!step->busy) {
      step->from = step->next;
      continue;
    }
    if (++pauses > most_pauses) return fail(ErrorKind::unavailable, "readers held the journal's log for too long");
    std::this_thread::sleep_for(reader_pause);
  }
  return {};
}

Status carry_out(CorePort& core, const PictureStore& pictures, const Database& db, const ErasureRun& run,
                 const std::function<bool()>& go_on) {
  const Actor approver{UserId(run.approved_by), Role::admin};
  for (;;) {
    if (!go_on()) return fail(ErrorKind::unavailable, "closing");
    const auto part = TRY(core.call(EraseNext{run.id}, approver));
    // At once, because the core looks at every file that is still listed, part by part.
    TRY(delete_doomed(core, pictures, db));
    if (part.id.empty()) break;
  }
  TRY(clear_file(core, go_on));
  TRY(core.call(FinishErasure{run.id}, approver));
  return {};
}

}  // namespace

Status carry_out_erasures(CorePort& core, const PictureStore& pictures, const std::string& database,
                          const std::function<bool()>& go_on) {
  const auto db = TRY(Database::open_reader(database));
  const auto run = TRY(find_unfinished_run(db));
  if (run) return carry_out(core, pictures, db, *run, go_on);
  return delete_doomed(core, pictures, db);
}

// Portraits that were replaced later are only in leaves; they are erased with their visit.
Result<std::set<std::string>> portraits_in_leaves(const Database& db) {
  std::set<std::string> hashes;
  TRY(each_row(db,
               "SELECT json_extract(CAST(e.leaf AS TEXT), '$.d.portrait') FROM entry e JOIN visit v ON v.id "
               "= e.visit WHERE e.type IN ('visit_registered','portrait_set') AND v.erased_utc IS NULL",
               {}, {}, [&](const Statement& row) {
                 if (!row.is_null(0)) hashes.insert(row.text(0));
               }));
  return hashes;
}

Result<std::int64_t> sweep_media(const std::string& media_folder, const std::string& database) {
  const auto db = TRY(Database::open_reader(database));
  const auto earlier = TRY(portraits_in_leaves(db));
  std::int64_t deleted = 0;
  std::error_code error;
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  for (fs::recursive_directory_iterator it(media_folder, error), end; it != end; it.increment(error)) {
    if (error) return fail(ErrorKind::storage, "cannot read " + media_folder + ": " + error.message());
    if (!it->is_regular_file(error) || it->last_write_time(error) > yesterday) continue;
    const std::string name = it->path().filename(), hash = name.substr(0, name.find('.'));
    const bool half_written = name.starts_with(".new-");
    if (!half_written && hash.size() != 64) continue;
    if (!half_written) {
      const auto mentioned = TRY(is_mentioned(db, hash));
      if (mentioned || earlier.contains(hash)) continue;
    }
    deleted += fs::remove(it->path(), error) ? 1 : 0;
  }
  return deleted;
}

PrivacyKeeper::PrivacyKeeper(CorePort& core, PictureStore pictures, std::string data_folder)
    : core_(core), pictures_(std::move(pictures)), folder_(std::move(data_folder)), thread_([this] { run(); }) {}

PrivacyKeeper::~PrivacyKeeper() {
  {
    const MutexLock lock(mutex_);
    closing_ = true;
  }
  change_.notify_all();
  thread_.join();
}

void PrivacyKeeper::wake() {
  {
    const MutexLock lock(mutex_);
    woken_ = true;
  }
  change_.notify_all();
}

bool PrivacyKeeper::going_on() {
  const MutexLock lock(mutex_);
  return !closing_;
}

void PrivacyKeeper::run() {
  const std::string database = folder_ + "/gapura.db";
  std::optional<std::chrono::steady_clock::time_point> swept;
  while (going_on()) {
    if (auto done = carry_out_erasures(core_, pictures_, database, [this] { return going_on(); }); !done && going_on())
      spdlog::error("personal data: {}", done.error().message);
    const auto now = std::chrono::steady_clock::now();
    if (!swept || now - *swept > std::chrono::hours(24)) {
      if (auto done = sweep_media(folder_ + "/media", database); !done) spdlog::error("media: {}", done.error().message);
      swept = now;
    }
    MutexLock lock(mutex_);
    change_.wait_for(lock, std::chrono::minutes(10), [this]() REQUIRES(mutex_) { return woken_ || closing_; });
    woken_ = false;
  }
}

}  // namespace gapura::gateway
