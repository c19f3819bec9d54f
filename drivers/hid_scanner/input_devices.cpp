// SPDX-License-Identifier: Apache-2.0
#include "drivers/hid_scanner/input_devices.h"

#include <linux/input-event-codes.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gapura::drivers {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::uint16_t hex(const std::string& text) { return static_cast<std::uint16_t>(std::strtoul(text.c_str(), nullptr, 16)); }

std::string stable_name(const std::string& root, const std::string& name) {
  std::error_code error;
  for (const auto& link : fs::directory_iterator(root + "/dev/input/by-id", error)) {
    const fs::path target = fs::read_symlink(link.path(), error);
    if (!error && target.filename() == name) return "/dev/input/by-id/" + link.path().filename().string();
  }
  return "";
}

bool says_scanner(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* word : {"scan", "barcode", "bar code", "symbol", "honeywell", "datalogic", "zebra", "newland", "netum",
                           "qr", "reader", "hidkeyboard", "metrologic"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

// A bit of a capability mask as sysfs prints it: words of the kernel's long, the highest first.
bool has_bit(const std::string& mask, unsigned bit) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < mask.size();) {
    const std::size_t end = std::min(mask.find(' ', at), mask.size());
    words.push_back(mask.substr(at, end - at));
    at = end + 1;
  }
  constexpr unsigned width = sizeof(long) * 8;
  const unsigned index = bit / width;
  if (index >= words.size()) return false;
  return (std::strtoul(words[words.size() - 1 - index].c_str(), nullptr, 16) >> (bit % width) & 1u) != 0;
}

}  // namespace

std::vector<InputDevice> find_input_devices(const std::string& root) {
  std::vector<InputDevice> devices;
  std::error_code error;
  for (const auto& node : fs::directory_iterator(root + "/sys/class/input", error)) {
    const std::string name = node.path().filename().string();
    if (name.rfind("event", 0) != 0) continue;
    InputDevice device;
    device.path = "/dev/input/" + name;
    device.stable_path = stable_name(root, name);
    device.name = first_line(node.path() / "device/name");
    device.usb = {hex(first_line(node.path() / "device/id/vendor")), hex(first_line(node.path() / "device/id/product"))};
    const std::string keys = first_line(node.path() / "device/capabilities/key");
    device.types = has_bit(keys, KEY_ENTER) && has_bit(keys, KEY_A) && has_bit(keys, KEY_Z) && has_bit(keys, KEY_1);
    device.looks_like_a_scanner = device.types && says_scanner(device.name);
    device.readable = access((root + device.path).c_str(), R_OK) == 0;
    devices.push_back(std::move(device));
  }
  std::sort(devices.begin(), devices.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return devices;
}

}  // namespace gapura::drivers
