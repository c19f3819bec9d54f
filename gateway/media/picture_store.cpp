// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/picture_store.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace gapura::gateway {
namespace {

constexpr std::size_t largest = 16u << 20;

const char* ending(Media media) { return media == Media::clip ? ".mp4" : ".jpg"; }

std::string hash_of(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::array<char, crypto_hash_sha256_BYTES * 2 + 1> text{};
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  return text.data();
}

bool is_hash(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Start and end of image; a file cut short or of another kind has no place among evidence.
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

}  // namespace

Result<PictureStore> PictureStore::open(const std::string& data_folder) {
  if (sodium_init() < 0) return fail(ErrorKind::bug, "libsodium does not start");
  const std::string folder = data_folder + "/media";
  if (auto made = make_folder(folder, data_folder); !made) return tl::unexpected(made.error());
  return PictureStore(folder);
}

std::string PictureStore::path(const std::string& hash, Media media) const {
  if (!is_hash(hash)) return {};
  return folder_ + '/' + hash.substr(0, 2) + '/' + hash + ending(media);
}

Result<std::string> PictureStore::keep(std::string_view jpeg) const {
  if (!is_jpeg(jpeg)) return fail(ErrorKind::bad_input, "This is not a whole JPEG picture.");
  return keep_bytes(jpeg, Media::picture);
}

Result<std::string> PictureStore::keep_clip(std::string_view mp4) const {
  if (!is_mp4(mp4)) return fail(ErrorKind::bad_input, "This is not an MP4 clip.");
  return keep_bytes(mp4, Media::clip);
}

Result<std::string> PictureStore::keep_bytes(std::string_view bytes, Media media) const {
  if (bytes.size() > largest) return fail(ErrorKind::bad_input, "The picture or clip is larger than 16 MiB.");
  const std::string hash = hash_of(bytes);
  const std::string final_path = path(hash, media);
  if (::access(final_path.c_str(), F_OK) == 0) return hash;

  const std::string folder = folder_ + '/' + hash.substr(0, 2);
  if (auto made = make_folder(folder, folder_); !made) return tl::unexpected(made.error());
  // A name of its own for each writer: two threads may keep the same bytes at once.
  std::string temporary = folder + "/.new-XXXXXX";
  Status written;
  {
    const File file{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (file.fd < 0) return tl::unexpected(failure("make a file in", folder));
    written = write_whole(file.fd, bytes, temporary);
  }
  if (written && ::rename(temporary.c_str(), final_path.c_str()) != 0)
    written = tl::unexpected(failure("rename", temporary));
  if (!written) {
    ::unlink(temporary.c_str());
    return tl::unexpected(written.error());
  }
  if (auto synced = sync_folder(folder); !synced) return tl::unexpected(synced.error());
  return hash;
}

Result<std::string> PictureStore::load(const std::string& hash, Media media) const {
  const std::string from = path(hash, media);
  if (from.empty()) return fail(ErrorKind::bad_input, "A picture's name is 64 hexadecimal digits.");
  const File file{::open(from.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) {
    if (errno == ENOENT) return fail(ErrorKind::not_found, "There is no such picture; it may have been erased.");
    return tl::unexpected(failure("open", from));
  }
  struct stat about {};
  if (::fstat(file.fd, &about) != 0 || !S_ISREG(about.st_mode) || static_cast<std::size_t>(about.st_size) > largest)
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

}  // namespace gapura::gateway
