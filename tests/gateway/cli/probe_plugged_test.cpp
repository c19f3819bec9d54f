// SPDX-License-Identifier: Apache-2.0
// gapura devices probe: what it prints can be pasted and read.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/cli/commands.h"
#include "support/temporary_folder.h"

using namespace gapura::gateway;
namespace fs = std::filesystem;

namespace {

std::string probe(const std::string& root, bool json = false) {
  std::ostringstream out, err;
  CHECK(probe_plugged({out, err, json}, root) == done);
  return out.str();
}

void write(const fs::path& file, const std::string& line) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << line << '\n';
}

}  // namespace

TEST_CASE("a machine without scanners says so, in both languages") {
  const gapura::tests::TemporaryFolder root;
  CHECK(probe(root.path()).find("Tidak ada pemindai") != std::string::npos);
  CHECK(probe(root.path()).find("No scanner") != std::string::npos);
  CHECK(probe(root.path(), true) == "{\"devices\":[]}\n");
}

TEST_CASE("scanners, serial ports and printers are listed as TOML with advice on rights") {
  const gapura::tests::TemporaryFolder folder;
  const fs::path root = folder.path();
  const fs::path input = root / "sys/class/input/event3/device";
  write(input / "name", "Contoh\x1b[2J Barcode Scanner");
  write(input / "id/vendor", "0c2e");
  write(input / "id/product", "0b61");
  write(input / "capabilities/key", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe");
  const fs::path usb = root / "sys/devices/usb1/1-2";
  write(usb / "idVendor", "0c2e");
  write(usb / "idProduct", "0b6a");
  write(usb / "product", "Contoh CDC");
  fs::create_directories(usb / "1-2:1.0");
  fs::create_directories(root / "sys/class/tty/ttyACM0");
  fs::create_directory_symlink(usb / "1-2:1.0", root / "sys/class/tty/ttyACM0/device");
  write(root / "dev/usb/lp0", "");
  const std::string text = probe(folder.path());
  CHECK(text.find("[[reader]]\nid = \"r-hid-1\"\nkind = \"hid\"\nusb = \"0c2e:0b61\"") != std::string::npos);
  CHECK(text.find("[[reader]]\nid = \"r-serial-1\"\nkind = \"serial\"\nusb = \"0c2e:0b6a\"") != std::string::npos);
  CHECK(text.find("device = \"/dev/usb/lp0\"") != std::string::npos);
  CHECK(text.find("usermod -aG input") != std::string::npos);  // its node is not there: it may not be read
  CHECK(text.find("usermod -aG dialout") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}
