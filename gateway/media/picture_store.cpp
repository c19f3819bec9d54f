// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/picture_store.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "gateway/media/media_keys.h"
#include "gateway/media/sealed_file.h"
#include "models/base/sha256.h"

namespace gapura::gateway {
namespace {

constexpr std::size_t largest = 16u << 20;

const char* ending(Media media) { return media == Media::clip ? ".mp4" : ".jpg"; }

bool is_hash(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Checks start and end of image: an incomplete file, or one of another kind, is not kept as evidence.
bool is_jpeg(std::string_view bytes) {
  return bytes.size() >= 4 && bytes.substr(0, 3) == "\xff\xd8\xff" && bytes.substr(bytes.size() - 2) == "\xff\xd9";
}

bool is_mp4(std::string_view bytes) { return bytes.size() > 8 && bytes.substr(4, 4) == "ftyp"; }

Error failure(const std::string& doing, const std::string& path) {
  return {ErrorKind::storage, "cannot " + doing + ' ' + path + ": " + std::strerror(errno)};
}

struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

Status write_whole(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return tl::unexpected(failure("write", path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return tl::unexpected(failure("sync", path));
  return {};
}

Status sync_folder(const std::string& folder) {
  const File handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (handle.fd < 0 || ::fsync(handle.fd) != 0) return tl::unexpected(failure("sync", folder));
  return {};
}

Status make_folder(const std::string& path, const std::string& parent) {
  if (::mkdir(path.c_str(), 0700) == 0) return sync_folder(parent);
  if (errno == EEXIST) return {};
  return tl::unexpected(failure("make", path));
}

std::string today() { return day_owner(std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now())); }

// The owner of an old file of an unknown person.
std::string day_of_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return today();
  return day_owner(UtcTime(std::chrono::seconds(about.st_mtime)));
}

std::string read_start(const std::string& path) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  std::string bytes(256, '\0');
  const ssize_t got = file.fd < 0 ? 0 : ::read(file.fd, bytes.data(), bytes.size());
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return bytes;
}

Result<std::string> read_whole(const std::string& from) {
  const File file{::open(from.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) {
    if (errno == ENOENT) return fail(ErrorKind::not_found, "There is no such picture; it may have been erased.");
    return tl::unexpected(failure("open", from));
  }
  struct stat about {};
  if (::fstat(file.fd, &about) != 0 || !S_ISREG(about.st_mode) ||
      static_cast<std::size_t>(about.st_size) > largest + sealed_file_overhead)
    return fail(ErrorKind::storage, from + " is no picture of this store");
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return tl::unexpected(failure("read", from));
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

Result<PictureStore> PictureStore::open(const std::string& data_folder, KeyMaker make_key) {
  if (sodium_init() < 0) return fail(ErrorKind::bug, "libsodium does not start");
  const std::string folder = data_folder + "/media";
  TRY(make_folder(folder, data_folder));
  return PictureStore(folder, std::make_shared<MediaKeys>(data_folder + "/gapura.db", std::move(make_key)));
}

std::string PictureStore::path(const std::string& hash, Media media) const {
  if (!is_hash(hash)) return {};
  return folder_ + '/' + hash.substr(0, 2) + '/' + hash + ending(media);
}

Result<std::string> PictureStore::keep(std::string_view jpeg, const std::string& owner) const {
  if (!is_jpeg(jpeg)) return fail(ErrorKind::bad_input, "This is not a whole JPEG picture.");
  return keep_bytes(jpeg, Media::picture, owner);
}

Result<std::string> PictureStore::keep_clip(std::string_view mp4, const std::string& owner) const {
  if (!is_mp4(mp4)) return fail(ErrorKind::bad_input, "This is not an MP4 clip.");
  return keep_bytes(mp4, Media::clip, owner);
}

Result<std::string> PictureStore::keep_bytes(std::string_view bytes, Media media, const std::string& owner) const {
  if (bytes.size() > largest) return fail(ErrorKind::bad_input, "The picture or clip is larger than 16 MiB.");
  std::string hash = sha256_hex(bytes);
  if (::access(path(hash, media).c_str(), F_OK) == 0) {  // the same bytes again, perhaps of another person
    if (!owner.empty()) TRY(set_owner(hash, owner, media));
    return hash;
  }
  TRY(write(hash, media, owner.empty() ? today() : owner, bytes));
  return hash;
}

Status PictureStore::write(const std::string& hash, Media media, const std::string& owner, std::string_view bytes) const {
  const auto key = TRY(keys_->find_or_make(owner));
  const std::string sealed = seal_file(key, owner, hash, bytes);
  const std::string folder = folder_ + '/' + hash.substr(0, 2);
  TRY(make_folder(folder, folder_));
  // A unique name per writer: two threads may keep the same bytes at once.
  std::string temporary = folder + "/.new-XXXXXX";
  Status written;
  {
    const File file{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (file.fd < 0) return tl::unexpected(failure("make a file in", folder));
    written = write_whole(file.fd, sealed, temporary);
  }
  if (written && ::rename(temporary.c_str(), path(hash, media).c_str()) != 0)
    written = tl::unexpected(failure("rename", temporary));
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(folder);
}

Result<std::string> PictureStore::load(const std::string& hash, Media media) const {
  const std::string from = path(hash, media);
  if (from.empty()) return fail(ErrorKind::bad_input, "A picture's name is 64 hexadecimal digits.");
  auto bytes = TRY(read_whole(from));
  const std::string owner = owner_of_file(bytes);
  if (owner.empty()) return bytes;
  const auto key = TRY(keys_->find(owner));
  if (!key) return fail(ErrorKind::not_found, "There is no such picture any more: the key of its person was destroyed.");
  auto plain = open_file(*key, hash, bytes);
  if (!plain) return fail(ErrorKind::storage, from + " was changed or damaged");
  return std::move(*plain);
}

Status PictureStore::set_owner(const std::string& hash, const std::string& owner, Media media) const {
  const std::string from = path(hash, media);
  if (from.empty()) return fail(ErrorKind::bad_input, "A picture's name is 64 hexadecimal digits.");
  const auto bytes = TRY(read_whole(from));
  const std::string now = owner_of_file(bytes);
  if (now == owner) return {};
  const bool from_a_person = !now.empty() && !is_day(now);
  if (from_a_person && is_day(owner)) return {};  // a known person remains the owner
  const auto plain = TRY(load(hash, media));
  return write(hash, media, from_a_person ? today() : owner, plain);
}

std::string PictureStore::sealed_for(const std::string& hash, Media media) const {
  return owner_of_file(read_start(path(hash, media)));
}

Result<std::string> PictureStore::owner_of(const VisitId& visit) const {
  return keys_->first_text("SELECT guest FROM visit WHERE id = ?1", visit.str());
}

Result<std::size_t> PictureStore::seal_old_files(const std::function<bool()>& stop) const {
  // So that the first picture of an unknown person need not wait for the core.
  TRY(keys_->find_or_make(today()));
  const auto owners = TRY(keys_->owners());
  std::size_t sealed = 0;
  Status trouble;  // the first error: a bad file does not prevent the others from being sealed
  std::error_code error;
  for (auto file = std::filesystem::recursive_directory_iterator(folder_, error);
       !error && file != std::filesystem::recursive_directory_iterator(); file.increment(error)) {
    if (stop()) return sealed;
    const std::string hash = file->path().stem().string(), end = file->path().extension().string();
    const Media media = end == ".mp4" ? Media::clip : Media::picture;
    if (!is_hash(hash) || end != ending(media)) continue;
    const auto known = owners.find(hash);
    const auto owner = known != owners.end() ? known->second : std::string();
    const std::string now = owner_of_file(read_start(file->path().string()));
    if (!now.empty() && (owner.empty() || !is_day(now) || is_day(owner))) continue;
    const Status given = set_owner(hash, owner.empty() ? day_of_file(file->path().string()) : owner, media);
    if (given) {
      ++sealed;
    } else if (given.error().kind != ErrorKind::not_found && trouble) {  // gone meanwhile is as good as sealed
      trouble = given;
    }
  }
  if (!trouble) return tl::unexpected(trouble.error());
  if (error) return fail(ErrorKind::storage, "cannot read " + folder_ + ": " + error.message());
  return sealed;
}

}  // namespace gapura::gateway
