// SPDX-License-Identifier: Apache-2.0
// A camera that speaks HTTP MJPEG on a port of its own, and can stall, close connections and stop listening.
#pragma once

#include <mutex>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "support/connection_server.h"

namespace gapura::tests {

class MjpegServer {
 public:
  explicit MjpegServer(const cv::Mat& picture, int port = 0)
      : jpeg_(jpeg_of(picture)), server_(port, [this](int client) { feed(client); }) {}

  int port() const { return server_.port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()) + "/stream"; }
  void show(const cv::Mat& picture) {
    std::vector<unsigned char> jpeg = jpeg_of(picture);
    const std::lock_guard lock(mutex_);
    jpeg_ = std::move(jpeg);
  }
  void stall(bool on) { stalled_ = on; }  // the connection stays, nothing comes
  void demand_login() { login_ = true; }  // any name and password are accepted
  void redirect_to(const std::string& address) {
    const std::lock_guard lock(mutex_);
    redirect_ = address;
  }

 private:
  static std::vector<unsigned char> jpeg_of(const cv::Mat& picture) {
    std::vector<unsigned char> jpeg;
    cv::imencode(".jpg", picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 90});
    return jpeg;
  }

  static bool write_all(int socket, const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t n = ::send(socket, at, size, MSG_NOSIGNAL);
      if (n <= 0) return false;
      at += n;
      size -= static_cast<std::size_t>(n);
    }
    return true;
  }
  static bool write_all(int socket, const std::string& text) { return write_all(socket, text.data(), text.size()); }

  // Whether pictures are to follow.
  bool answer_first(int client) {
    std::string redirect;
    {
      const std::lock_guard lock(mutex_);
      redirect = redirect_;
    }
    if (!login_ && redirect.empty()) return true;
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t n = recv(client, bytes, sizeof bytes, 0);
      if (n <= 0) return false;
      request.append(bytes, static_cast<std::size_t>(n));
    }
    if (!redirect.empty()) {
      write_all(client,
                "HTTP/1.1 302 Found\r\nLocation: " + redirect + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return false;
    }
    if (request.find("\r\nAuthorization: Basic ") != std::string::npos) return true;
    write_all(client,
              "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"kamera\"\r\nContent-Length: 0\r\nConnection: "
              "close\r\n\r\n");
    return false;
  }

  void feed(int client) {
    if (!answer_first(client)) return;
    if (!write_all(client, "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n")) return;
    while (!server_.stopping()) {
      std::vector<unsigned char> jpeg;
      {
        const std::lock_guard lock(mutex_);
        jpeg = jpeg_;
      }
      if (!stalled_ && (!write_all(client, "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                                               std::to_string(jpeg.size()) + "\r\n\r\n") ||
                        !write_all(client, jpeg.data(), jpeg.size()) || !write_all(client, "\r\n")))
        return;
      pollfd gone{client, POLLIN, 0};  // 25 frames a second; a client that hangs up wakes this
      char request[4096];
      if (poll(&gone, 1, 40) > 0 && recv(client, request, sizeof request, 0) <= 0) return;
    }
  }

  std::mutex mutex_;
  std::vector<unsigned char> jpeg_;
  std::string redirect_;
  std::atomic<bool> stalled_{false}, login_{false};
  ConnectionServer server_;
};

// Accepts connections and never sends anything: a camera whose firmware hangs.
using SilentServer = ListeningSocket;

}  // namespace gapura::tests
