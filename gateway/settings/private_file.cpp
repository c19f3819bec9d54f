// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "drivers/descriptor.h"

namespace gapura::gateway {
namespace {

tl::unexpected<Error> failed(const char* what, const std::string& path) {
  const int code = errno;
  return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::storage,
              fmt::format("{} {}: {}", what, path, strerror(code)));
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Status write_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = path + ".new";
  unlink(temporary.c_str());  // left by a run that was killed
  {
    const Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return failed("cannot make", temporary);
    if (!write_all(file.get(), bytes) || fchmod(file.get(), mode) != 0 || fsync(file.get()) != 0)
      return failed("cannot write", temporary);
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return failed("cannot replace", path);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor parent(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || fsync(parent.get()) != 0) return failed("cannot sync the folder of", path);
  return {};
}

Result<std::string> read_small_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed("cannot open", path);
  std::string bytes;
  char buffer[4096];
  while (bytes.size() <= 1u << 20) {
    const ssize_t count = read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read", path);
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
  return fail(ErrorKind::storage, path + " is larger than 1 MiB");
}

Status make_private_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(ErrorKind::storage, fmt::format("cannot make the folder {}: {}", path, error.message()));
  if (chmod(path.c_str(), 0700) != 0) return failed("cannot make private the folder", path);
  return {};
}

}  // namespace gapura::gateway
