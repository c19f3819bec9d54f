// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/checkpoint_keys.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>

#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

Result<std::optional<std::string>> read_if_there(const std::string& path) {
  auto text = read_small_file(path);
  if (text) return std::optional(std::move(*text));
  if (text.error().kind == ErrorKind::not_found) return std::optional<std::string>();
  return tl::unexpected(text.error());
}

Result<std::optional<SigningKey>> read_key(const std::string& path) {
  auto text = TRY(read_if_there(path));
  if (!text) return std::optional<SigningKey>();
  std::string& whole = *text;
  auto key = SigningKey::parse(std::string_view(whole).substr(0, whole.find('\n')));
  sodium_memzero(whole.data(), whole.size());
  if (!key) return fail(ErrorKind::storage, path + " holds no signing key: put it back from where it was kept");
  return key;
}

// As far as a file system allows: the blocks that held the seed are overwritten before they are freed.
Status overwrite(const std::string& path) {
  if (::chmod(path.c_str(), 0600) != 0) return fail(ErrorKind::storage, "cannot open " + path);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return fail(ErrorKind::storage, "cannot open " + path);
  const off_t size = ::lseek(fd, 0, SEEK_END);
  const std::string zeros(size > 0 ? static_cast<std::size_t>(size) : 0, '0');
  const bool written =
      ::pwrite(fd, zeros.data(), zeros.size(), 0) == static_cast<ssize_t>(zeros.size()) && ::fsync(fd) == 0;
  ::close(fd);
  return written ? Status{} : fail(ErrorKind::storage, "cannot overwrite " + path);
}

}  // namespace

std::string first_origin(const std::string& site) { return "gapura." + site + "/log1"; }

std::string next_origin(const std::string& origin) {
  const auto slash = origin.rfind("/log");
  int number = 0;
  if (slash != std::string::npos) std::from_chars(origin.data() + slash + 4, origin.data() + origin.size(), number);
  return origin.substr(0, slash) + "/log" + std::to_string(number + 1);
}

Result<CheckpointKeys> CheckpointKeys::open(const std::string& data_folder, const std::string& site) {
  const std::string folder = data_folder + "/log";
  TRY(make_private_folder(folder));
  auto next = TRY(read_key(folder + "/next.key"));
  auto current = read_key(folder + "/signing.key");
  if (!current && next) {  // take_next() was interrupted after it had overwritten the old seed
    CheckpointKeys keys(folder, *next);
    keys.next_ = std::move(next);
    TRY(keys.take_next());
    return keys;
  }
  if (!current) return tl::unexpected(current.error());
  const bool is_new = !*current;
  CheckpointKeys keys(folder, is_new ? SigningKey::make(first_origin(site)) : **current);
  keys.is_new_ = is_new;
  keys.next_ = std::move(next);
  if (is_new) TRY(keys.write_key("signing.key", keys.current_));
  TRY(write_file(keys.path("verifier"), keys.current_.verifier().text() + "\n", 0644));
  return keys;
}

Status CheckpointKeys::write_key(const char* name, const SigningKey& key) const {
  std::string text = key.text() + "\n";
  Status written = write_file(path(name), text, 0400);
  sodium_memzero(text.data(), text.size());
  return written;
}

Status CheckpointKeys::make_next(const std::string& name) {
  SigningKey key = SigningKey::make(name);
  TRY(write_key("next.key", key));
  next_ = std::move(key);
  return {};
}

Status CheckpointKeys::take_next() {
  if (!next_) return fail(ErrorKind::bug, "there is no next key to take");
  TRY(overwrite(path("signing.key")));
  TRY(write_key("signing.key", *next_));
  current_ = *next_;
  TRY(write_file(path("verifier"), current_.verifier().text() + "\n", 0644));
  return drop_next();
}

Status CheckpointKeys::drop_next() {
  next_.reset();
  if (::unlink(path("next.key").c_str()) != 0 && errno != ENOENT)
    return fail(ErrorKind::storage, "cannot remove " + path("next.key"));
  return {};
}

Result<std::optional<std::string>> CheckpointKeys::kept_checkpoint() const { return read_if_there(path("checkpoint")); }

Status CheckpointKeys::keep_checkpoint(const std::string& note) const { return write_file(path("checkpoint"), note, 0644); }

}  // namespace gapura::gateway
