// SPDX-License-Identifier: Apache-2.0
// Two clients of the server under test: libcurl for whole requests, and a bare TLS or Unix socket for what a correct client
// would never send.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "gateway/web/post.h"
#include "support/wait_until.h"

struct ssl_st;

namespace gapura::test {

using tests::patience;

struct Answer {
  int status = 0;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body, error;
  boost::json::object json() const;
  std::string text(const char* member) const;  // of the JSON body
  std::string header(const std::string& name) const;
};
// The last word of a refusal's type.
inline std::string problem(const Answer& answer) { return answer.text("type").substr(answer.text("type").rfind('/') + 1); }

// Like a browser: keeps its cookies; sends X-Gapura and its Origin as the console does.
class Client {
 public:
  explicit Client(const Served& post, bool over_socket = false) : post_(&post), over_socket_(over_socket) {}

  Answer get(const std::string& path, std::vector<std::string> headers = {});
  Answer post(const std::string& path, const std::string& body, std::vector<std::string> headers = {});
  Answer request(const std::string& method, const std::string& path, const std::string& body,
                 std::vector<std::string> headers);
  Answer login(const std::string& name, const std::string& password = good_password);

  bool proper = true;  // false: neither X-Gapura nor Origin
  std::map<std::string, std::string> cookies;

 private:
  const Served* post_;
  bool over_socket_;
};

// Returns a client that is signed in as one of the post's accounts.
Client signed_in(const Served& post, const std::string& name);

class RawClient {
 public:
  // `from`: the loopback address to connect from.
  explicit RawClient(int port, const std::string& from = "127.0.0.1", int tls_version = 0);
  explicit RawClient(const std::string& unix_path);
  RawClient(RawClient&& other) noexcept;
  ~RawClient();

  // Whether the server accepts this version of TLS (0x0303: 1.2).
  static bool try_version(int port, int version);

  bool connected() const { return fd_ >= 0 && ready_; }
  bool send(const std::string& bytes);
  // Reads until `text` has come, the other side closed, or the limit is over. True in the first case.
  bool read_until(const std::string& text, std::chrono::milliseconds limit = tests::patience);
  bool closed_within(std::chrono::milliseconds limit);
  std::string received;

 private:
  int read_more(std::chrono::milliseconds limit);  // number of bytes, 0: closed, -1: nothing in time
  int fd_ = -1;
  ssl_st* ssl_ = nullptr;
  bool ready_ = false;
};

// Opens this many connections at once from one loopback address, accepted by the server or not.
std::vector<RawClient> crowd_from(const Served& post, const std::string& address, int count);

}  // namespace gapura::test
