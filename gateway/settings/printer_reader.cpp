// SPDX-License-Identifier: Apache-2.0
// [[printer]]: what prints badges.
#include <fmt/format.h>

#include <algorithm>

#include "drivers/serial_scanner/serial_line.h"
#include "gateway/settings/site_reader.h"

namespace gapura::gateway {
namespace {

bool is_ipp(const std::string& uri) { return uri.rfind("ipp://", 0) == 0 || uri.rfind("ipps://", 0) == 0; }

}  // namespace

void SiteReader::read_printer(Section section) {
  drivers::PrinterSettings printer;
  printer.id = own_id(section, printers_);
  // Screens identify devices by their id alone.
  if (cameras_.count(printer.id) > 0 || controller_ids_.count(printer.id) > 0 || readers_.count(printer.id) > 0)
    section.mistake("id", fmt::format("expected an id that no other device has, found {}", in_quotes(printer.id)));
  const std::string kind = section.required_choice("kind", {"escpos", "cups", "pdf"});
  if (kind == "escpos") read_receipt_printer(section, printer);
  if (kind == "cups") {
    printer.kind = drivers::PrinterSettings::Kind::cups;
    printer.queue = section.required_text("queue");
    if (!printer.queue.empty() && !is_ipp(printer.queue))
      section.wrong("queue", "an address such as \"ipp://localhost/printers/kartu\" (lpstat -v shows the queues)");
  }
  if (kind == "pdf") {
    printer.kind = drivers::PrinterSettings::Kind::pdf;
    printer.folder = absolute(section.required_text("folder"));
  }
  printer.deadline = section.seconds("deadline_s", printer.deadline, 2, 120);
  section.finish();
  if (settings_.printers.empty()) settings_.site.badge_printer = printer.id;  // the first one prints badges
  settings_.printers.push_back(std::move(printer));
}

void SiteReader::read_receipt_printer(Section& section, drivers::PrinterSettings& printer) {
  printer.host = section.text("host");
  printer.device = section.text("device");
  if (printer.host.empty() == printer.device.empty())
    section.mistake(printer.host.empty() ? "host" : "device",
                    printer.host.empty() ? "missing; expected the printer's address, or the path of its device"
                                         : "expected host or device, not both");
  if (!printer.host.empty() && !is_host(printer.host)) section.wrong("host", "an address or a host name");
  if (!printer.device.empty() && printer.device.front() != '/')
    section.wrong("device", "an absolute path such as \"/dev/usb/lp0\" or \"/dev/serial/by-id/usb-…\"");
  printer.port = section.integer("port", printer.port, 1, 65535);
  printer.baud = section.integer("baud", printer.baud, 1200, 115200);
  if (!drivers::is_baud(printer.baud)) section.wrong("baud", "1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200");
  printer.width_mm = section.integer("width_mm", printer.width_mm, 58, 80);
  if (printer.width_mm != 58 && printer.width_mm != 80) section.wrong("width_mm", "58 or 80, the width of the paper");
  printer.cut = section.flag("cut", printer.cut);
  printer.asks_status = section.flag("status", printer.asks_status);
}

}  // namespace gapura::gateway
