// SPDX-License-Identifier: Apache-2.0
// The site's own certificate authority and the certificate of its web server, in <data folder>/tls:
//   ca.pem, ca-key.pem (0400)  ECDSA P-256, ten years, may sign only this site's names, private addresses and local
//   domains,
//                              so that a phone that trusts it does not trust it for the rest of the internet
//   cert.pem, key.pem (0400)   the server's, 397 days at most (the limit of browsers), renewed 30 days before the end
#pragma once

#include <string>
#include <vector>

#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::gateway {

struct CertificateFacts {
  UtcTime not_before, not_after;
  std::vector<std::string> names;  // DNS names and addresses that it is valid for
  std::string fingerprint;         // SHA-256 as people compare it: "3F:A0:…"
};

// `names` are host names and addresses besides localhost. Replaces both pairs; devices that trusted the old CA have to
// trust the new one. Errors: bad_input (an invalid name), storage, bug.
Status make_site_certificates(const std::string& folder, const std::string& site_id, const std::vector<std::string>& names,
                              UtcTime now);
// Replaces the server's pair when it is missing, unreadable, ends within 30 days or lacks a name. Returns whether it did.
// Errors: not_found (no CA), bad_input (a name that the CA may not sign), storage.
Result<bool> renew_leaf_if_due(const std::string& folder, const std::string& site_id, const std::vector<std::string>& names,
                               UtcTime now);
// Reads the first certificate of a PEM file. Errors: not_found, bad_input, storage.
Result<CertificateFacts> read_certificate(const std::string& file);

}  // namespace gapura::gateway
