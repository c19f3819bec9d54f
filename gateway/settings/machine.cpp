// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/machine.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "models/base/sha256.h"

namespace gapura::gateway {

Result<int> lock_data_folder(const std::string& folder) {
  const int fd = ::open((folder + "/gapura.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(ErrorKind::storage,
                "cannot open " + folder + "/gapura.lock: is the data folder there? (gapura init " + folder + ")");
  if (lockf(fd, F_TLOCK, 0) != 0) {
    ::close(fd);
    return fail(ErrorKind::unavailable, "another gapura is serving " + folder);
  }
  return fd;
}

std::string read_boot_id(const Randomness& randomness) {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  if (std::getline(file, id) && id.size() >= 8) return id.substr(0, 8);
  std::array<std::uint8_t, 4> bytes{};
  randomness(bytes);
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace gapura::gateway
