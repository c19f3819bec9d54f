// SPDX-License-Identifier: Apache-2.0
// One signed-in person (or program) at the daemon's HTTPS API (docs/api.md). Private to the scenario.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "models/base/result.h"

namespace gapura::simulated {

struct Account {
  std::string name, password;
  std::string token;  // a bearer token; then name and password are not used
};

// Used by one thread at a time. Signs in at the first request, and again after the session has ended.
class ApiClient {
 public:
  // `ca_file` is the site's certificate authority; empty: the system's.
  ApiClient(std::string base, const std::string& ca_file, Account account);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  // Returns the answer's JSON. Errors have the problem's own text; unavailable when there is no answer.
  Result<boost::json::value> get(const std::string& path);
  Result<std::string> get_bytes(const std::string& path);  // the body as it came
  Result<boost::json::value> post(const std::string& path, const boost::json::value& body);
  Result<boost::json::value> post_jpeg(const std::string& path, const std::vector<std::uint8_t>& jpeg);

 private:
  struct Request;
  struct Answer;
  Result<boost::json::value> ask(const Request& request);
  Result<Answer> answer_to(const Request& request);  // signed in, not an error
  Result<Answer> send(const Request& request);
  Status sign_in();

  const std::string base_;
  const Account account_;
  struct Curl;
  std::unique_ptr<Curl> curl_;
  bool signed_in_ = false;
};

}  // namespace gapura::simulated
