// SPDX-License-Identifier: Apache-2.0
// An IPP printer in this process, for states that a real queue cannot be put into: messages coded by libcups over HTTP.
#pragma once

#include <cups/cups.h>
#include <httplib.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace gapura::tests {

class IppServer {
 public:
  IppServer() {
    http_.Post("/ipp/print", [this](const httplib::Request& request, httplib::Response& response) {
      response.set_content(answer(request.body), "application/ipp");
    });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  ~IppServer() {
    http_.stop();
    thread_.join();
  }
  std::string uri() const { return "ipp://127.0.0.1:" + std::to_string(port_) + "/ipp/print"; }
  std::string document() const {
    const std::lock_guard lock(mutex_);
    return document_;
  }

  std::atomic<const char*> reason{"none"};           // printer-state-reasons
  std::atomic<int> job_state{IPP_JSTATE_COMPLETED};  // of every job
  std::atomic<int> jobs{0}, cancelled{0};

 private:
  using Message = std::unique_ptr<ipp_t, decltype(&ippDelete)>;
  struct Bytes {
    std::string text;
    std::size_t at = 0;
  };
  static ssize_t take(void* from, ipp_uchar_t* buffer, size_t size) {
    Bytes& bytes = *static_cast<Bytes*>(from);
    const std::size_t count = std::min(size, bytes.text.size() - bytes.at);
    std::copy_n(bytes.text.data() + bytes.at, count, buffer);
    bytes.at += count;
    return static_cast<ssize_t>(count);
  }
  static ssize_t put(void* into, ipp_uchar_t* buffer, size_t size) {
    static_cast<Bytes*>(into)->text.append(reinterpret_cast<const char*>(buffer), size);
    return static_cast<ssize_t>(size);
  }

  std::string answer(const std::string& body) {
    Bytes in{body}, out;
    const Message asked(ippNew(), ippDelete);
    ippReadIO(&in, take, 1, nullptr, asked.get());
    const Message told(ippNewResponse(asked.get()), ippDelete);
    ippSetStatusCode(told.get(), IPP_STATUS_OK);
    switch (ippGetOperation(asked.get())) {
      case IPP_OP_GET_PRINTER_ATTRIBUTES:
        ippAddInteger(told.get(), IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_IDLE);
        ippAddBoolean(told.get(), IPP_TAG_PRINTER, "printer-is-accepting-jobs", 1);
        ippAddString(told.get(), IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", nullptr, reason.load());
        break;
      case IPP_OP_PRINT_JOB: {
        const std::lock_guard lock(mutex_);
        document_ = body.substr(in.at);
        ippAddInteger(told.get(), IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", ++jobs);
        break;
      }
      case IPP_OP_GET_JOB_ATTRIBUTES:
        ippAddInteger(told.get(), IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", job_state.load());
        break;
      case IPP_OP_CANCEL_JOB:
        ++cancelled;
        break;
      default:
        ippSetStatusCode(told.get(), IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED);
    }
    ippSetState(told.get(), IPP_STATE_IDLE);
    ippWriteIO(&out, put, 1, nullptr, told.get());
    return out.text;
  }

  httplib::Server http_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::string document_;
  std::thread thread_;
};

}  // namespace gapura::tests
