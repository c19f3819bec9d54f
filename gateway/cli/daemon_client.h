// SPDX-License-Identifier: Apache-2.0
// A client of the running daemon over its Unix socket: plain HTTP, the same API as the console's (docs/api.md), as admin
// "local".
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "models/base/result.h"

namespace gapura::gateway {

// Returns `--data`, else $GAPURA_DATA, else /var/lib/gapura.
std::string data_folder_or_default(const std::string& option);

// Not thread-safe. Every call opens its own connection.
class DaemonClient {
 public:
  explicit DaemonClient(std::string data_folder);

  // `path` below /api/v1: "/status". Errors: unavailable (no daemon, or it is busy), timed_out (30 s), and the daemon's own
  // errors, with their sentence.
  Result<boost::json::value> get(const std::string& path) const;
  Result<boost::json::value> post(const std::string& path, const boost::json::object& body) const;
  // Reads all pages of a list: {name: [every row], "total": their number}. `path` as for get(), with a query; a row that
  // appears on two pages is kept once, by its id.
  Result<boost::json::value> get_all(const std::string& path, const char* name) const;
  // Sends a file as it is, with this media type.
  Result<boost::json::value> post_file(const std::string& path, const char* type, const std::string& bytes) const;
  // Returns the bytes of a response that is not JSON. At most 64 MiB.
  Result<std::string> get_bytes(const std::string& path) const;
  // Server-Sent Events: calls `on_data` with each event's JSON until it returns false or the daemon ends the stream.
  Status stream(const std::string& path, const std::function<bool(const boost::json::value&)>& on_data) const;

  const std::string& data_folder() const { return data_folder_; }

 private:
  struct Body {
    const char* type;
    const std::string& bytes;
  };
  Result<boost::json::value> ask(const std::string& path, const Body* body) const;
  Result<std::string> ask_bytes(const std::string& path, const Body* body) const;
  std::string data_folder_, socket_;
};

// Fields of a response, which may come from another version of the daemon: a missing field, or one of another type, reads
// as empty.
const boost::json::value& field(const boost::json::value& value, std::string_view key);
std::string text_of(const boost::json::value& value, std::string_view key);    // numbers and booleans as text too
double number_of(const boost::json::value& value, std::string_view key);       // 0 when it is not a number
std::int64_t count_of(const boost::json::value& value, std::string_view key);  // the same, rounded
bool flag_of(const boost::json::value& value, std::string_view key);
const boost::json::array& list_of(const boost::json::value& value, std::string_view key);
std::string encoded(const std::string& part);  // for one part of a path or query

}  // namespace gapura::gateway
