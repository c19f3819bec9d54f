// SPDX-License-Identifier: Apache-2.0
// What is plugged into this machine: scanners and printers, as TOML to paste into the configuration.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "drivers/hid_scanner/input_devices.h"
#include "drivers/serial_scanner/serial_line.h"
#include "gateway/cli/commands.h"

namespace gapura::gateway {
namespace {

namespace json = boost::json;

struct Found {
  std::string kind, place, toml, advice;  // advice: empty when this process may open it
};

std::string named(const std::string& stable, const std::string& usb) {
  return stable.empty() ? fmt::format("usb = \"{}\"", usb) : fmt::format("device = \"{}\"", stable);
}

void add_input_devices(std::vector<Found>& found, const std::string& root) {
  int number = 0;
  for (const drivers::InputDevice& device : drivers::find_input_devices(root)) {
    if (!device.types) continue;
    const std::string remark = device.looks_like_a_scanner ? "" : "  # a keyboard, or a scanner that calls itself one";
    found.push_back({device.looks_like_a_scanner ? "scanner" : "keyboard",
                     fmt::format("{} {} ({})", device.path, printable(device.name), drivers::to_text(device.usb)),
                     fmt::format("[[reader]]{}\nid = \"r-hid-{}\"\nkind = \"hid\"\n{}\nrole = \"post\"\n", remark, ++number,
                                 named(device.stable_path, drivers::to_text(device.usb))),
                     device.readable ? "" : "add the gateway's user to the group input: usermod -aG input gapura"});
  }
}

void add_serial_ports(std::vector<Found>& found, const std::string& root) {
  int number = 0;
  for (const drivers::SerialPort& port : drivers::find_serial_ports(root)) {
    const std::string usb = port.usb ? drivers::to_text(*port.usb) : "";
    const std::string where =
        !port.stable_path.empty() || usb.empty() ? (port.stable_path.empty() ? port.path : port.stable_path) : "";
    found.push_back({"serial", fmt::format("{} {} ({})", port.path, printable(port.product), usb.empty() ? "-" : usb),
                     fmt::format("[[reader]]\nid = \"r-serial-{}\"\nkind = \"serial\"\n{}\nbaud = 9600\nrole = \"post\"\n",
                                 ++number, named(where, usb)),
                     access((root + port.path).c_str(), R_OK | W_OK) == 0
                         ? ""
                         : "add the gateway's user to the group dialout: usermod -aG dialout gapura"});
  }
}

void add_printers(std::vector<Found>& found, const std::string& root) {
  std::error_code error;
  for (const auto& node : std::filesystem::directory_iterator(root + "/dev/usb", error)) {
    const std::string name = node.path().filename().string();
    if (name.rfind("lp", 0) != 0) continue;
    found.push_back(
        {"printer", "/dev/usb/" + name,
         fmt::format("[[printer]]\nid = \"pos\"\nkind = \"escpos\"\ndevice = \"/dev/usb/{}\"\nwidth_mm = 80\n", name),
         access(node.path().c_str(), R_OK | W_OK) == 0 ? ""
                                                       : "add the gateway's user to the group lp: usermod -aG lp gapura"});
  }
}

}  // namespace

int probe_plugged(const Terminal& terminal, const std::string& root) {
  std::vector<Found> found;
  add_input_devices(found, root);
  add_serial_ports(found, root);
  add_printers(found, root);
  if (terminal.json) {
    json::array list;
    for (const Found& one : found)
      list.push_back({{"kind", one.kind}, {"place", one.place}, {"toml", one.toml}, {"what_to_do", one.advice}});
    terminal.out << json::serialize(json::object{{"devices", std::move(list)}}) << '\n';
    return done;
  }
  if (found.empty())
    terminal.out << "# Tidak ada pemindai, port serial atau pencetak USB pada mesin ini.\n"
                    "# No scanner, serial port or USB printer is plugged into this machine.\n";
  for (const Found& one : found)
    terminal.out << "# " << one.place << '\n' << (one.advice.empty() ? "" : "# ! " + one.advice + "\n") << one.toml << '\n';
  return done;
}

}  // namespace gapura::gateway
