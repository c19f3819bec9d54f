// SPDX-License-Identifier: Apache-2.0
// What the kernel and udev report about the devices that are plugged in.
#pragma once

#include <filesystem>
#include <string>

namespace gapura::drivers {

// Returns the first line of a file in /sys; empty where there is none.
std::string first_line(const std::filesystem::path& file);
// Returns the link in `folder`, such as "/dev/input/by-id", that leads to `node` ("event5"). It is the same wherever the
// device is plugged in. Empty where udev made none. `root` is "" except in tests.
std::string stable_path(const std::string& root, const std::string& folder, const std::string& node);

}  // namespace gapura::drivers
