// SPDX-License-Identifier: Apache-2.0
// Answers HTTP on a Unix socket like the daemon, with the responses that a test set, by method and path.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace gapura::tests {

class FakeDaemon {
 public:
  struct Answer {
    int status = 200;
    std::string body;
    std::string type = "application/json";
  };
  struct Request {
    std::string head, body;
  };

  explicit FakeDaemon(const std::string& folder)
      : stop_(eventfd(0, EFD_CLOEXEC)), listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder + "/gapura.sock";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener_, 8) != 0)
      throw std::runtime_error("no socket at " + path);
    thread_ = std::thread([this] { run(); });
  }
  ~FakeDaemon() {
    eventfd_write(stop_, 1);
    thread_.join();
    close(listener_);
    close(stop_);
  }

  void answer(const std::string& method_and_path, Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_[method_and_path] = std::move(answer);
  }
  std::vector<Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void run() {
    for (;;) {
      pollfd entries[] = {{stop_, POLLIN, 0}, {listener_, POLLIN, 0}};
      poll(entries, 2, -1);
      if (entries[0].revents != 0) return;
      const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      serve(peer);
      close(peer);
    }
  }

  void serve(int peer) {
    std::string bytes;
    char buffer[4096];
    std::size_t head = std::string::npos, wanted = 0;
    while (head == std::string::npos || bytes.size() < head + 4 + wanted) {
      const ssize_t count = read(peer, buffer, sizeof buffer);
      if (count <= 0) return;
      bytes.append(buffer, static_cast<std::size_t>(count));
      head = bytes.find("\r\n\r\n");
      const auto length = bytes.find("Content-Length: ");
      if (head != std::string::npos && length < head) wanted = std::stoul(bytes.substr(length + 16));
    }
    const Answer answer = take({bytes.substr(0, head), bytes.substr(head + 4)});
    const std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Said\r\nContent-Type: " + answer.type +
                             "\r\nConnection: close\r\n\r\n" + answer.body;
    static_cast<void>(send(peer, text.data(), text.size(), MSG_NOSIGNAL));
  }

  Answer take(Request request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const std::string key = request.head.substr(0, request.head.find(" HTTP/"));
    const auto found = answers_.find(key);
    if (found != answers_.end()) return found->second;
    return {404, R"({"type":"/problems/not_found","title":"Not found","status":404,"detail":"nothing at )" + key + "\"}"};
  }

  int stop_, listener_;
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::vector<Request> requests_;
  std::thread thread_;
};

}  // namespace gapura::tests
