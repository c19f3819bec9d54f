// SPDX-License-Identifier: Apache-2.0
// The thread of a printer: jobs in order, and a status request in between.
#include "drivers/printer.h"

#include <condition_variable>
#include <deque>
#include <thread>

#include "drivers/mutex.h"
#include "drivers/printer/engine.h"
#include "drivers/serial_scanner/serial_line.h"

namespace gapura::drivers {
namespace {

constexpr std::size_t longest_queue = 8;
constexpr Millis state_limit{3'000};

class Worker final : public Printer {
 public:
  Worker(PrinterSettings settings, DeviceSink& sink, Done done, std::unique_ptr<PrintEngine> engine)
      : settings_(std::move(settings)),
        sink_(sink),
        done_(std::move(done)),
        engine_(std::move(engine)),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}
  ~Worker() override {
    thread_.request_stop();
    thread_.join();
    for (const auto& waiting : queue_) report(waiting.job, {PrintOutcome::refused, "the gateway closed before its turn"});
  }
  const PrinterSettings& settings() const override { return settings_; }
  PrinterStats stats() const override {
    const MutexLock lock(mutex_);
    return stats_;
  }

  void print(PrintJob job) override {
    {
      const MutexLock lock(mutex_);
      if (queue_.size() < longest_queue) {
        queue_.push_back({std::move(job), boot_now() + settings_.deadline});
        changed_.notify_all();
        return;
      }
    }
    report(job, {PrintOutcome::refused, "too many badges wait for this printer"});
  }

 private:
  struct Waiting {
    PrintJob job;
    BootTime deadline;
  };

  void run(const std::stop_token& stop) {
    report_state(engine_->read_state(boot_now() + state_limit));
    MutexLock lock(mutex_);
    while (!stop.stop_requested()) {
      changed_.wait_for(lock, stop, settings_.status_interval, [this]() REQUIRES(mutex_) { return !queue_.empty(); });
      if (stop.stop_requested()) return;
      if (queue_.empty()) {
        lock.unlock();
        report_state(engine_->read_state(boot_now() + state_limit));
      } else {
        const Waiting next = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        report(next.job, work(next));
        report_state(engine_->read_state(boot_now() + state_limit));
      }
      lock.lock();
    }
  }

  // A badge that comes out long after it was ordered is unattended.
  Printed work(const Waiting& next) {
    if (boot_now() >= next.deadline) return {PrintOutcome::refused, "it was not its turn in time"};
    return engine_->print(next.job, next.deadline);
  }

  void report(const PrintJob& job, const Printed& printed) {
    {
      const MutexLock lock(mutex_);
      ++stats_.jobs;
      if (printed.outcome == PrintOutcome::refused || printed.outcome == PrintOutcome::unknown) ++stats_.failed;
    }
    done_({job.order, job.badge, printed.outcome, printed.detail, boot_now()});
  }

  // Called on every change that people should know of.
  void report_state(PrinterState state) {
    const bool online = state.ready();
    const std::string text = state.text, fault = word(state.fault);
    {
      const MutexLock lock(mutex_);
      stats_.state = std::move(state);
    }
    if (reported_ && online == reported_online_ && text == reported_text_) return;
    reported_ = true;
    reported_online_ = online;
    reported_text_ = text;
    sink_.health({DeviceHealth::Kind::printer, settings_.id, online, text, boot_now(), fault});
  }

  // Constant after construction
  const PrinterSettings settings_;
  DeviceSink& sink_;
  const Done done_;
  // The printer's thread only
  const std::unique_ptr<PrintEngine> engine_;
  bool reported_ = false, reported_online_ = false;
  std::string reported_text_;
  // Held for a moment
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Waiting> queue_ GUARDED_BY(mutex_);
  PrinterStats stats_ GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace

Result<std::unique_ptr<Printer>> Printer::create(PrinterSettings settings, DeviceSink& sink, Done done) {
  const bool escpos = settings.kind == PrinterSettings::Kind::escpos;
  if (escpos && settings.host.empty() == settings.device.empty())
    return fail(ErrorKind::bad_input, "a receipt printer needs either a host or a device");
  if (escpos && !settings.device.empty() && !is_baud(settings.baud))
    return fail(ErrorKind::bad_input, "no serial line has this speed");
  auto engine = escpos                                         ? make_escpos(settings)
                : settings.kind == PrinterSettings::Kind::cups ? make_cups(settings)
                                                               : make_pdf(settings);
  return std::make_unique<Worker>(std::move(settings), sink, std::move(done), std::move(engine));
}

}  // namespace gapura::drivers
