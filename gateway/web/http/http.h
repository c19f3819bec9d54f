// SPDX-License-Identifier: Apache-2.0
// Requests and responses as plain values: all that route files know of HTTP. Nothing of Asio or Beast comes through here.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gapura::gateway {

using Header = std::pair<std::string, std::string>;

struct Request {
  std::string method;
  std::string path;             // as sent, not decoded; starts with '/', without the query
  std::string query;            // as sent, without '?'
  std::vector<Header> headers;  // names in lower case
  std::string body;
  std::string peer;            // the other side's address; "local" on the Unix socket
  std::string peer_key;        // who counts as one (peer_address.h); "local" on the Unix socket
  std::string local_address;   // ours, that the peer reached, without a scope; "local" on the Unix socket
  bool loopback = false;       // the peer is this machine
  bool local = false;          // received through the Unix socket from this user or root
  std::string admitted;        // the account that was found good at the header, before the body was read; may be empty
  std::shared_ptr<void> room;  // what a large body takes of the server's total, given back with the request

  std::string_view header(std::string_view name) const;  // empty when absent; the first when repeated
  std::string_view cookie(std::string_view name) const;
  std::optional<std::string> parameter(std::string_view name) const;  // from the query, decoded
};

// The sending half of a response that does not end. Thread-safe.
class Stream {
 public:
  virtual ~Stream() = default;
  // Queues one message. False: the stream is gone, or it was cut because 256 messages or 1 MiB wait to be sent.
  virtual bool send(std::shared_ptr<const std::string> message) = 0;
  virtual std::size_t queued() const = 0;  // messages not handed to the kernel yet
  virtual bool closed() const = 0;
  virtual void close() = 0;
};
using StreamPtr = std::shared_ptr<Stream>;

struct Response {
  int status = 200;
  std::string type;  // Content-Type; empty when there is no body
  std::string body;
  std::vector<Header> headers;
  // Set: the head is sent without a length, then this is called (on the I/O thread) with the stream.
  std::function<void(StreamPtr)> stream;
};

// "%41" to "A". Nothing when an escape is broken or a control character would come out.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

// The path split at '/', each part decoded; nothing when a part is "." or "..", is broken, or hides a separator.
std::optional<std::vector<std::string>> path_segments(std::string_view path);

// Of a Host header, without port and brackets, names in lower case. Empty when a bracket is not closed.
std::string host_without_port(std::string_view host);

const char* status_text(int status);

}  // namespace gapura::gateway
