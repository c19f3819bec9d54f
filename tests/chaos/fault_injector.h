// SPDX-License-Identifier: Apache-2.0
// The test's side of the shim: arms it, and reads what it did.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "shim/fault_control.h"

namespace gapura::tests {

class FaultInjector {
 public:
  FaultInjector(std::string folder, const std::string& file) : folder_(std::move(folder)), file_(file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof(FaultControl)) != 0) throw std::runtime_error("no control file " + file);
    void* at = mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (at == MAP_FAILED) throw std::runtime_error("cannot map " + file);
    shared_ = new (at) FaultControl{};
  }
  ~FaultInjector() { munmap(shared_, sizeof(FaultControl)); }
  FaultInjector(const FaultInjector&) = delete;
  FaultInjector& operator=(const FaultInjector&) = delete;

  std::vector<std::string> environment() const {
    return {"LD_PRELOAD=" GAPURA_FAULT_SHIM, "GAPURA_FAULT_FOLDER=" + folder_, "GAPURA_FAULT_CONTROL=" + file_};
  }
  // The `call`-th call from now on fails; 0: none, calls are only counted.
  void arm(std::uint64_t call, int error, bool sticky) {
    shared_->fail_from = 0;
    shared_->calls = 0;
    shared_->failed = 0;
    shared_->in_journal = 0;
    shared_->error = error;
    shared_->sticky = sticky ? 1 : 0;
    shared_->fail_from = call;
  }
  void disarm() { shared_->fail_from = 0; }
  std::uint64_t calls() const { return shared_->calls; }
  std::uint64_t failed() const { return shared_->failed; }
  std::uint64_t in_journal() const { return shared_->in_journal; }
  std::string first() const { return shared_->failed > 0 ? shared_->first : ""; }

 private:
  std::string folder_, file_;
  FaultControl* shared_;
};

}  // namespace gapura::tests
