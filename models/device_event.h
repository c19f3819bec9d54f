// SPDX-License-Identifier: Apache-2.0
// What devices tell the core: facts with the instant they were observed. Plain values; made by drivers, consumed by the
// core.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/ids.h"
#include "models/time.h"
#include "models/words.h"

namespace gapura {

// Of an input or an output; a contact that is on is open. After any loss of the line it is unknown until read again. Facts
// are levels: a pulse that was missed is reported as two changes.
GAPURA_ENUM(Level, off, on, unknown);

// A JPEG and the instant its frame was captured. Shared, never changed after it is made.
struct Still {
  std::vector<std::uint8_t> jpeg;
  int width = 0;
  int height = 0;
  BootTime captured;
};
using StillPtr = std::shared_ptr<const Still>;

// Why a scanner's own line spoiled what came over it: such a scan is no badge, whatever its characters look like.
GAPURA_ENUM(ScanFault,  //
            none,
            control_character,  // somewhere in it
            too_long,
            incomplete,  // silence before its end
            noise,       // characters outside of a frame
            lost_events,
            unknown_key,  // one that stands for no character
            prefix_missing, suffix_missing);

// A piece of a camera's stream as the camera compressed it, in an MP4 container. Shared, never changed after it is made.
struct Clip {
  std::vector<std::uint8_t> bytes;
  BootTime from, until;  // of its first and last picture; it begins at a key frame, so perhaps a little early
};
using ClipPtr = std::shared_ptr<const Clip>;

// One presentation of badges to one reader. Two or more payloads: different codes in one view (ambiguous_scan).
// Payloads are the raw bytes of the codes, never trusted, each at most 4,096 bytes long.
struct BadgeRead {
  ReaderId reader;
  std::vector<std::string> payloads;
  BootTime captured;
  StillPtr still;  // with the code's outline drawn; null where a reader has no picture
  ScanFault fault = ScanFault::none;
};

// An input or read-back of a controller changed, or its value became known or unknown.
// `signal` is "controller.signal" as in the configuration: "gate1.passage_in".
struct LevelReport {
  std::string signal;
  Level level = Level::unknown;
  BootTime at;
  bool unordered = false;  // an output that is on though nobody here ordered it, or longer than was ordered
};

// What became of a pulse order. Exactly one report per order. After the exceptions 5 and 11 the output is read back.
GAPURA_ENUM(PulseOutcome,  //
            acknowledged,  // the device confirmed the write, or the output was off before and reads back as on
            refused,       // certainly not energised: an exception, an unfit device or order
            expired,       // certainly not energised: the deadline passed, or the gateway ended, before the write was sent
            unconfirmed    // sent, no valid answer in time; read-back could not tell. May have opened.
);

struct PulseReport {
  // The number of the journal entry that allowed it: a grant, or the mode_changed of an unlocked portal, whose renewals all
  // have it; the core ignores the reports of renewals.
  std::uint64_t intent = 0;
  PulseOutcome outcome = PulseOutcome::refused;
  Level readback = Level::unknown;  // of the output, read after the write
  std::string detail;               // for people: "exception 2 (illegal data address)"
  BootTime at;
};

// A device is up or down. Sent on every change and once at start.
struct DeviceHealth {
  GAPURA_CLASS_ENUM(Kind, camera, controller, scanner, detector, printer);
  Kind kind = Kind::camera;
  std::string device;  // its id in the configuration
  bool online = false;
  std::string detail;  // one sentence for people: why, and what to look at
  BootTime at;
  std::string fault = {};  // the same as a code that screens have words for: "frozen"; empty: nothing, or nothing known
};

}  // namespace gapura
