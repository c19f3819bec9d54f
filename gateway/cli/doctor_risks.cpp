// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/doctor.h"

namespace gapura::gateway {

void examine_risks(Findings& findings, const Settings& settings) {
  for (const CameraEntry& camera : settings.cameras)
    if (!camera.driver.tls.verify)
      findings.attention("camera " + camera.driver.id.str(),
                         "its certificate is not checked, so its password is sent to any host that answers; accepted: " +
                             camera.accept_unverified_tls,
                         "name its CA (tls_ca) or its certificate (tls_fingerprint)");
  for (const PortalConfig& portal : settings.site.portals)
    if (!portal.accept_hold_on_loss.empty())
      findings.attention(
          "portal " + portal.id.str(),
          "it stays open when the line to its board is cut during a pulse; accepted: " + portal.accept_hold_on_loss,
          "take a board that times the pulse or has a watchdog (docs/wiring.md)");
}

}  // namespace gapura::gateway
