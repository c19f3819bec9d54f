// SPDX-License-Identifier: Apache-2.0
#include "drivers/hid_scanner/input_devices.h"

#include <linux/input-event-codes.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "drivers/serial_scanner/serial_line.h"
#include "drivers/sysfs.h"
#include "models/base/text.h"

namespace gapura::drivers {
namespace {

namespace fs = std::filesystem;

bool says_scanner(const std::string& name) {
  for (const char* word : {"scan", "barcode", "bar code", "symbol", "honeywell", "datalogic", "zebra", "newland", "netum",
                           "qr", "reader", "hidkeyboard", "metrologic"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

// Tests a bit of a capability mask as sysfs prints it: words of the kernel's long, the highest first.
bool has_bit(const std::string& mask, unsigned bit) {
  const auto words = split(mask, ' ');
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
    device.stable_path = stable_path(root, "/dev/input/by-id", name);
    device.name = first_line(node.path() / "device/name");
    const std::string vendor = first_line(node.path() / "device/id/vendor");
    device.usb = parse_usb_id(vendor + ":" + first_line(node.path() / "device/id/product")).value_or(UsbId{});
    const std::string keys = first_line(node.path() / "device/capabilities/key");
    device.types = has_bit(keys, KEY_ENTER) && has_bit(keys, KEY_A) && has_bit(keys, KEY_Z) && has_bit(keys, KEY_1);
    device.looks_like_a_scanner = device.types && says_scanner(lower_case(device.name));
    device.readable = access((root + device.path).c_str(), R_OK) == 0;
    devices.push_back(std::move(device));
  }
  std::sort(devices.begin(), devices.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return devices;
}

}  // namespace gapura::drivers
