// SPDX-License-Identifier: Apache-2.0
// Small files that must be whole or absent: keys, codes, the site's name. Written as a temporary file, fsynced, renamed,
// folder fsynced.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "models/base/result.h"

namespace gapura::gateway {

// Replaces `path`. `mode` is exact, whatever the umask. Errors: storage.
Status write_file(const std::string& path, std::string_view bytes, mode_t mode);
// Errors: not_found, storage (unreadable, or larger than 1 MiB).
Result<std::string> read_small_file(const std::string& path);
// Makes `path` and its parents where they are missing; the last one gets mode 0700. Errors: storage.
Status make_private_folder(const std::string& path);

}  // namespace gapura::gateway
