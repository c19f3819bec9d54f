// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "drivers/printer/engine.h"

namespace gapura::drivers {
namespace {

// One file per badge, for a printer that only another program can reach. The operator empties the folder.
class Pdf final : public PrintEngine {
 public:
  explicit Pdf(std::string folder) : folder_(std::move(folder)) {}

  PrinterState read_state(BootTime) override {
    PrinterState state;
    state.reachable = ::access(folder_.c_str(), W_OK | X_OK) == 0;
    state.fault = state.reachable ? PrinterFault::none : PrinterFault::folder_closed;
    state.text = state.reachable
                     ? "writes files into " + folder_
                     : folder_ + " cannot be written: " + std::strerror(errno) + "; make it, or mend its rights";
    return state;
  }

  Printed print(const PrintJob& job, BootTime) override {
    const std::string file = fmt::format("{}/badge-{}-{}.pdf", folder_, job.badge, job.order);
    const std::string document = job.pdf();
    if (document.empty()) return {PrintOutcome::refused, "the badge cannot be drawn"};
    if (auto done = write(file, document); !done) return {PrintOutcome::refused, done.error().message};
    return {PrintOutcome::sent, file};
  }

 private:
  // Writes the whole file under its name, or none at all.
  static Status write(const std::string& file, const std::string& bytes) {
    const std::string making = file + ".new";
    const int fd = ::open(making.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) return fail(ErrorKind::unavailable, making + " cannot be written: " + std::strerror(errno));
    bool good = ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fsync(fd) == 0;
    const int code = errno;
    good = ::close(fd) == 0 && good && ::rename(making.c_str(), file.c_str()) == 0;
    if (good) return {};
    ::unlink(making.c_str());
    return fail(ErrorKind::unavailable, file + " cannot be written: " + std::strerror(code));
  }

  const std::string folder_;
};

}  // namespace

std::unique_ptr<PrintEngine> make_pdf(const PrinterSettings& settings) { return std::make_unique<Pdf>(settings.folder); }

}  // namespace gapura::drivers
