// SPDX-License-Identifier: Apache-2.0
// A badge printer. It reports only what it knows: that everything was sent, or that the printer has processed it. That
// paper came out is for a person to confirm.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/reader.h"
#include "models/base/result.h"
#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura::drivers {

// One bit a dot, rows from the top, each padded to whole bytes, the leftmost dot in the highest bit; 1 is black.
struct Raster {
  int width = 0, height = 0;
  std::vector<std::uint8_t> bits;
  int stride() const { return (width + 7) / 8; }
};

struct PrinterSettings {
  // escpos: a receipt printer. cups: a queue of CUPS or any IPP printer. pdf: files in a folder.
  enum class Kind { escpos, cups, pdf };
  std::string id;
  Kind kind = Kind::escpos;
  std::string host;  // escpos over the network
  int port = 9100;
  std::string device;  // escpos: /dev/usb/lp0, or a serial line
  int baud = 19200;    // of a serial line
  int width_mm = 80;   // of the paper: 58 (384 dots) or 80 (576 dots)
  bool cut = true;
  bool asks_status = true;         // escpos: DLE EOT and GS r; false for printers that print these requests
  std::string queue;               // cups: ipp://localhost/printers/kartu
  std::string folder;              // pdf
  Millis deadline{15'000};         // for one badge, from the order on
  Millis status_interval{10'000};  // interval of status requests

  int dots() const { return width_mm == 58 ? 384 : 576; }
};

// The outcome of a job; there is exactly one report per job.
GAPURA_ENUM(PrintOutcome,  //
            printed,       // sent, and the printer answered afterwards that it has processed it
            sent,          // everything left this machine (a file: is written); the printer cannot report more
            refused,  // certainly nothing on paper: not reached, the printer reported a fault, or the order came too late
            unknown   // interrupted in the middle, or the printer stopped answering: look at the paper
);

struct PrintJob {
  std::uint64_t order = 0;  // number of the journal entry that ordered it
  std::string badge;        // its id, for names of files and jobs
  // Draws the badge, on the printer's thread, `dots` wide. None: it cannot be drawn, and the job is refused.
  std::function<Raster(int dots)> raster;
  std::function<std::string()> pdf;
};

struct PrintReport {
  std::uint64_t order = 0;
  std::string badge;
  PrintOutcome outcome = PrintOutcome::refused;
  std::string detail;  // for people
  BootTime at;
};

// Three-valued, because many printers cannot report it.
GAPURA_ENUM(Paper, unknown, ok, near_end, out);
// What is wrong with the printer, as a code for screens in any language; paper_low alone leaves it ready.
enum class PrinterFault {
  none,
  unreachable,  // no reply at its address, or its cable is out
  no_access,    // the gateway's user may not open it, or another program holds it
  cover_open,
  paper_out,
  paper_low,
  paper_jam,
  cutter_stuck,
  says_offline,   // without a reason
  queue_stopped,  // cups
  folder_closed,  // pdf: missing, or not writable
};
struct PrinterState {
  bool reachable = false;
  Paper paper = Paper::unknown;
  bool cover_open = false, error = false;
  PrinterFault fault = PrinterFault::unreachable;
  std::string text;  // one sentence for people, in English
  // True unless the printer reported a reason not to print.
  bool ready() const { return reachable && paper != Paper::out && !cover_open && !error; }
};

struct PrinterStats {
  PrinterState state;
  std::uint64_t jobs = 0, failed = 0;  // failed: refused or unknown
};

// Thread-safe. Owns one thread; calls do not wait for the printer.
class Printer {
 public:
  using Done = std::function<void(PrintReport)>;  // on the printer's thread
  static Result<std::unique_ptr<Printer>> create(PrinterSettings settings, DeviceSink& sink, Done done);
  virtual ~Printer() = default;  // reports jobs that were not begun as refused

  virtual const PrinterSettings& settings() const = 0;
  // Queues a job; with a full queue (8) it is reported as refused.
  virtual void print(PrintJob job) = 0;
  virtual PrinterStats stats() const = 0;
};

}  // namespace gapura::drivers

namespace gapura {
template <>
inline constexpr auto words<drivers::PrinterFault> =
    std::to_array<const char*>({"", "unreachable", "no_access", "cover_open", "paper_out", "paper_low", "paper_jam",
                                "cutter_stuck", "says_offline", "queue_stopped", "folder_closed"});
}  // namespace gapura
