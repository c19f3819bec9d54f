// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "drivers/printer/engine.h"
#include "drivers/printer/escpos.h"
#include "drivers/printer/line.h"

namespace gapura::drivers {
namespace {

constexpr Millis answer_limit{700};  // to a question that is answered at once

class EscPos final : public PrintEngine {
 public:
  explicit EscPos(const PrinterSettings& settings) : settings_(settings) {}

  PrinterState read_state(BootTime deadline) override {
    auto line = PrinterLine::open(settings_, deadline);
    if (!line) return unreachable(line.error());
    return ask(*line, deadline);
  }

  Printed print(const PrintJob& job, BootTime deadline) override {
    auto line = PrinterLine::open(settings_, deadline);
    if (!line) return {PrintOutcome::refused, line.error().message};
    const PrinterState before = ask(*line, deadline);
    if (!before.ready()) return {PrintOutcome::refused, before.text};
    const Raster raster = job.raster(settings_.dots());
    if (raster.bits.empty()) return {PrintOutcome::refused, "the badge cannot be drawn"};
    const std::string bytes = escpos::picture(raster, settings_.cut);
    const std::size_t taken = line->write(bytes, deadline);
    if (taken < bytes.size())
      return {PrintOutcome::unknown, fmt::format("it took {} of {} bytes and then no more", taken, bytes.size())};
    return answers_ ? finish(*line, deadline) : drained(*line, deadline);
  }

 private:
  static PrinterState unreachable(const Error& error) {
    PrinterState state;
    const bool barred = error.kind == ErrorKind::not_permitted || error.kind == ErrorKind::conflict;
    state.fault = barred ? PrinterFault::no_access : PrinterFault::unreachable;
    state.text = error.message;
    return state;
  }

  PrinterState ask(PrinterLine& line, BootTime deadline) {
    escpos::Answers answers;
    if (settings_.asks_status) {
      answers.printer = ask(line, 1, deadline);
      if (answers.printer) {  // a printer that does not answer once is not asked three times more
        answers.offline = ask(line, 2, deadline);
        answers.error = ask(line, 3, deadline);
        answers.paper = ask(line, 4, deadline);
      }
    }
    answers_ = answers.printer.has_value();
    return escpos::read_state(answers);
  }

  static std::optional<std::uint8_t> ask(PrinterLine& line, int n, BootTime deadline) {
    line.forget_input();
    const BootTime until = std::min(deadline, boot_now() + answer_limit);
    const std::string question = escpos::ask_now(n);
    if (line.write(question, until) < question.size()) return std::nullopt;
    return line.read(escpos::answers_now, until);
  }

  // A printer that answers is asked in sequence: its answer comes after the last dot.
  Printed finish(PrinterLine& line, BootTime deadline) {
    line.forget_input();
    const std::string_view question(escpos::ask_in_turn, sizeof escpos::ask_in_turn);
    const bool asked = line.write(question, deadline) == question.size();
    const auto answer = asked ? line.read(escpos::answers_in_turn, deadline) : std::nullopt;
    if (!answer) {
      const PrinterState now = ask(line, boot_now() + 2 * answer_limit);
      return {PrintOutcome::unknown, now.ready() ? "it did not say that it has finished" : now.text};
    }
    const PrinterState after = ask(line, std::max(deadline, boot_now() + 2 * answer_limit));
    if (escpos::says_paper_out_in_turn(*answer) || (answers_ && !after.ready()))
      return {PrintOutcome::unknown, after.ready() ? "its paper ended while it printed" : after.text};
    return {PrintOutcome::printed, after.text};
  }

  static Printed drained(PrinterLine& line, BootTime deadline) {
    if (!line.drain(deadline)) return {PrintOutcome::unknown, "the line broke off before everything had left"};
    return {PrintOutcome::sent, "it answers no question: look at the paper"};
  }

  const PrinterSettings settings_;
  bool answers_ = false;  // whether it answered the last request
};

}  // namespace

std::unique_ptr<PrintEngine> make_escpos(const PrinterSettings& settings) { return std::make_unique<EscPos>(settings); }

}  // namespace gapura::drivers
