// SPDX-License-Identifier: Apache-2.0
// The stored and shown words of the small enumerations.
#include "models/device_event.h"
#include "models/site.h"

namespace gapura {

const char* to_text(Level level) {
  switch (level) {
    case Level::off:
      return "off";
    case Level::on:
      return "on";
    case Level::unknown:
      return "unknown";
  }
  return "unknown";
}

const char* to_text(PulseOutcome outcome) {
  switch (outcome) {
    case PulseOutcome::acknowledged:
      return "acknowledged";
    case PulseOutcome::refused:
      return "refused";
    case PulseOutcome::expired:
      return "expired";
    case PulseOutcome::unconfirmed:
      return "unconfirmed";
  }
  return "unconfirmed";
}

const char* to_text(DeviceHealth::Kind kind) {
  switch (kind) {
    case DeviceHealth::Kind::camera:
      return "camera";
    case DeviceHealth::Kind::controller:
      return "controller";
    case DeviceHealth::Kind::scanner:
      return "scanner";
    case DeviceHealth::Kind::detector:
      return "detector";
    case DeviceHealth::Kind::printer:
      return "printer";
  }
  return "device";
}

const char* to_text(PortalKind kind) { return kind == PortalKind::door ? "door" : "turnstile"; }

}  // namespace gapura
