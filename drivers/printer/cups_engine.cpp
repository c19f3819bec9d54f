// SPDX-License-Identifier: Apache-2.0
// A queue of CUPS, or any printer that speaks IPP, through libcups. CUPS reports when a job has left its queue but not
// whether paper came out, so the best outcome here is "sent".
#include <cups/cups.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <memory>
#include <thread>

#include "drivers/printer/engine.h"

namespace gapura::drivers {
namespace {

using Connection = std::unique_ptr<http_t, decltype(&httpClose)>;
using Message = std::unique_ptr<ipp_t, decltype(&ippDelete)>;

struct Address {
  std::array<char, 256> host{};
  std::array<char, 512> resource{};
  int port = 631;
  bool encrypted = false;
};

Address parse(const std::string& uri) {
  Address address;
  std::array<char, 32> scheme{};
  std::array<char, 256> user{};
  httpSeparateURI(HTTP_URI_CODING_ALL, uri.c_str(), scheme.data(), scheme.size(), user.data(), user.size(),
                  address.host.data(), address.host.size(), &address.port, address.resource.data(),
                  address.resource.size());
  address.encrypted = std::strcmp(scheme.data(), "ipps") == 0;
  return address;
}

int ms_left(BootTime deadline) { return static_cast<int>(std::max<std::int64_t>((deadline - boot_now()).count(), 1)); }

// Without this libcups would ask for a password at the terminal.
const char* no_password(const char*, http_t*, const char*, const char*, void*) { return nullptr; }
int give_up(http_t*, void*) { return 0; }

class Cups final : public PrintEngine {
 public:
  explicit Cups(std::string uri) : uri_(std::move(uri)), address_(parse(uri_)) {}

  PrinterState read_state(BootTime deadline) override {
    PrinterState state;
    const Connection http = open(deadline);
    if (!http) return not_there(state);
    const Message answer = send(http.get(), request(IPP_OP_GET_PRINTER_ATTRIBUTES));
    if (!answer || ippGetStatusCode(answer.get()) >= IPP_STATUS_ERROR_BAD_REQUEST) return not_there(state);
    state.reachable = true;
    read_reasons(answer.get(), state);
    return state;
  }

  Printed print(const PrintJob& job, BootTime deadline) override {
    const PrinterState before = read_state(deadline);
    if (!before.ready()) return {PrintOutcome::refused, before.text};
    const std::string document = job.pdf();
    if (document.empty()) return {PrintOutcome::refused, "the badge cannot be drawn"};
    const Connection http = open(deadline);
    if (!http) return {PrintOutcome::refused, "the queue went away"};
    Message order = request(IPP_OP_PRINT_JOB);
    ippAddString(order.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr, ("badge " + job.badge).c_str());
    ippAddString(order.get(), IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr, "application/pdf");
    const std::size_t size = ippLength(order.get()) + document.size();
    if (cupsSendRequest(http.get(), order.get(), address_.resource.data(), size) != HTTP_STATUS_CONTINUE)
      return {PrintOutcome::refused, "the queue takes no job: " + last_error()};
    if (cupsWriteRequestData(http.get(), document.data(), document.size()) != HTTP_STATUS_CONTINUE)
      return {PrintOutcome::unknown, "the queue hung up in the middle of the badge: " + last_error()};
    const Message answer(cupsGetResponse(http.get(), address_.resource.data()), ippDelete);
    if (!answer) return {PrintOutcome::unknown, "the queue did not answer: " + last_error()};
    ipp_attribute_t* id = ippFindAttribute(answer.get(), "job-id", IPP_TAG_INTEGER);
    if (ippGetStatusCode(answer.get()) >= IPP_STATUS_ERROR_BAD_REQUEST || !id)
      return {PrintOutcome::refused, "the queue takes no job: " + last_error()};
    return follow(http.get(), ippGetInteger(id, 0), deadline);
  }

 private:
  PrinterState& not_there(PrinterState& state) const {
    state.text = fmt::format("{} does not answer ({}): is CUPS running, and the queue's name right?", uri_, last_error());
    return state;
  }
  static std::string last_error() {
    const char* text = cupsLastErrorString();
    return text != nullptr && *text != '\0' ? text : "no reply";
  }

  Connection open(BootTime deadline) const {
    cupsSetPasswordCB2(no_password, nullptr);
    Connection http(httpConnect2(address_.host.data(), address_.port, nullptr, AF_UNSPEC,
                                 address_.encrypted ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED, 1,
                                 ms_left(deadline), nullptr),
                    httpClose);
    if (http) httpSetTimeout(http.get(), ms_left(deadline) / 1000.0, give_up, nullptr);
    return http;
  }

  Message request(ipp_op_t operation) const {
    Message message(ippNewRequest(operation), ippDelete);
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri_.c_str());
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, "gapura");
    return message;
  }

  // libcups frees the request.
  Message send(http_t* http, Message message) const {
    return {cupsDoRequest(http, message.release(), address_.resource.data()), ippDelete};
  }

  static void read_reasons(ipp_t* answer, PrinterState& state) {
    ipp_attribute_t* status = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
    const bool stopped = status && ippGetInteger(status, 0) == IPP_PSTATE_STOPPED;
    ipp_attribute_t* accepts = ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    ipp_attribute_t* reasons = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    const auto says = [&](const char* word) {
      for (int i = 0; reasons && i < ippGetCount(reasons); ++i)
        if (std::strncmp(ippGetString(reasons, i, nullptr), word, std::strlen(word)) == 0) return true;
      return false;
    };
    state.cover_open = says("cover-open") || says("door-open");
    state.paper = says("media-empty") || says("media-needed") ? Paper::out
                  : says("media-low")                         ? Paper::near_end
                                                              : Paper::unknown;
    state.error = stopped || (accepts && !ippGetBoolean(accepts, 0)) || says("offline") || says("media-jam");
    const auto is = [&](PrinterFault fault, const char* sentence) {
      state.fault = fault;
      state.text = sentence;
    };
    if (state.cover_open) return is(PrinterFault::cover_open, "its cover is open: close it");
    if (state.paper == Paper::out) return is(PrinterFault::paper_out, "it is out of paper: put some in");
    if (says("media-jam")) return is(PrinterFault::paper_jam, "paper is jammed: clear it");
    if (state.error)
      return is(PrinterFault::queue_stopped, "its queue is stopped: start it (cupsenable) when the printer is well");
    if (state.paper == Paper::near_end) return is(PrinterFault::paper_low, "its paper is nearly at the end");
    is(PrinterFault::none, "ready, as far as its queue knows");
  }

  ipp_jstate_t job_state(http_t* http, int id) const {
    Message question = request(IPP_OP_GET_JOB_ATTRIBUTES);
    ippAddInteger(question.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
    const Message answer = send(http, std::move(question));
    ipp_attribute_t* state = answer ? ippFindAttribute(answer.get(), "job-state", IPP_TAG_ENUM) : nullptr;
    return state ? static_cast<ipp_jstate_t>(ippGetInteger(state, 0)) : IPP_JSTATE_PROCESSING;
  }

  // Waits for the job's end. A job that does not end in time is cancelled, because its badge would come out unattended.
  Printed follow(http_t* http, int id, BootTime deadline) const {
    ipp_jstate_t state = job_state(http, id);
    for (; state < IPP_JSTATE_STOPPED && boot_now() < deadline; state = job_state(http, id))
      std::this_thread::sleep_for(Millis(200));  // IPP has no notification
    if (state == IPP_JSTATE_COMPLETED) return {PrintOutcome::sent, "its queue has finished; look at the paper"};
    if (state == IPP_JSTATE_CANCELED || state == IPP_JSTATE_ABORTED)
      return {PrintOutcome::unknown, "its queue gave the job up; look at the paper"};
    Message cancel = request(IPP_OP_CANCEL_JOB);
    ippAddInteger(cancel.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
    const Message answer = send(http, std::move(cancel));
    const bool cancelled = answer && ippGetStatusCode(answer.get()) < IPP_STATUS_ERROR_BAD_REQUEST;
    const bool untouched = state == IPP_JSTATE_PENDING || state == IPP_JSTATE_HELD;
    return {cancelled && untouched ? PrintOutcome::refused : PrintOutcome::unknown,
            "its queue did not finish in time; the job was cancelled"};
  }

  const std::string uri_;
  const Address address_;
};

}  // namespace

std::unique_ptr<PrintEngine> make_cups(const PrinterSettings& settings) { return std::make_unique<Cups>(settings.queue); }

}  // namespace gapura::drivers
