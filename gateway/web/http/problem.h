// SPDX-License-Identifier: Apache-2.0
// Errors as RFC 9457 problem+json. Handlers throw Problem; the one place that catches it is Api::answer (and the server's
// own framing errors use problem_response directly).
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "gateway/web/http/http.h"
#include "gateway/web/http/idempotency.h"
#include "models/base/result.h"

namespace gapura::gateway {

class Problem : public std::exception {
 public:
  // `kind` is one of docs/api.md's; it decides the status unless one is given.
  Problem(std::string kind, std::string detail, int status = 0);
  // Error::from becomes the member "from": when it would no longer be refused.
  explicit Problem(const Error& error);
  const char* what() const noexcept override { return detail_.c_str(); }
  const std::string& kind() const { return kind_; }
  const std::vector<std::string>& ids() const { return ids_; }  // Error::ids
  // A further member of the answer.
  Problem with(const std::string& member, boost::json::value value) &&;
  // The client may come again after this long: Retry-After.
  Problem after(std::chrono::seconds wait) &&;
  Response response() const;

 private:
  std::string kind_, detail_;
  int status_;
  std::vector<std::string> ids_;
  boost::json::object more_;
  std::chrono::seconds wait_{0};
};

// The core did not confirm in time: what was asked may still happen. `outcome` tells later whether it did.
class InDoubt : public Problem {
 public:
  explicit InDoubt(std::function<Outcome()> outcome);
  std::function<Outcome()> outcome;
};

// An aide who is off duty asks for a guest of others.
Problem not_on_duty();

Response problem_response(int status, const std::string& kind, const std::string& detail,
                          const boost::json::object& more = {});

}  // namespace gapura::gateway
