// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/daemon_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/un.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <set>

namespace gapura::gateway {
namespace {

namespace json = boost::json;
using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr std::size_t largest_answer = 64u << 20;
constexpr long answer_seconds = 30;

size_t append(char* data, size_t, size_t count, void* target) {
  auto& text = *static_cast<std::string*>(target);
  if (text.size() + count > largest_answer) return 0;
  text.append(data, count);
  return count;
}

Error curl_error(CURLcode code, const std::string& socket) {
  if (code == CURLE_OPERATION_TIMEDOUT) return {ErrorKind::timed_out, "the daemon did not answer in time; it may be busy"};
  if (code == CURLE_COULDNT_CONNECT)
    return {ErrorKind::unavailable,
            fmt::format("no daemon answers at {}; start it with `gapura serve`, or name its folder with --data", socket)};
  return {ErrorKind::unavailable, fmt::format("talking to the daemon failed: {}", curl_easy_strerror(code))};
}

// Kinds of docs/api.md, from the last part of the problem's type.
ErrorKind kind_of(const std::string& type, long status) {
  const std::string kind = type.substr(type.rfind('/') + 1);
  if (kind == "bad_input") return ErrorKind::bad_input;
  if (kind == "not_found") return ErrorKind::not_found;
  if (kind == "not_permitted" || kind == "unauthenticated") return ErrorKind::not_permitted;
  if (kind == "too_new") return ErrorKind::too_new;
  if (kind == "same_hand") return ErrorKind::same_hand;
  if (kind == "not_on_duty") return ErrorKind::not_on_duty;
  if (kind == "conflict") return ErrorKind::conflict;
  if (kind == "same_person") return ErrorKind::same_person;
  if (kind == "unavailable" || kind == "too_many") return ErrorKind::unavailable;
  if (kind == "timed_out") return ErrorKind::timed_out;
  if (kind == "storage") return ErrorKind::storage;
  return status == 503 ? ErrorKind::unavailable : ErrorKind::bug;
}

Error problem(const std::string& body, long status) {
  json::error_code error;
  const json::value answer = json::parse(body, error);
  const std::string detail = error ? "" : text_of(answer, "detail");
  const std::string title = error ? "" : text_of(answer, "title");
  std::string message = !detail.empty()  ? detail
                        : !title.empty() ? title
                                         : fmt::format("the daemon answered with status {}", status);
  std::string between = ": ";
  if (!error)
    for (const json::value& one : list_of(answer, "candidates")) {
      message += fmt::format("{}{} ({})", between, text_of(one, "name"), text_of(one, "person"));
      between = ", ";
    }
  return {kind_of(error ? "" : text_of(answer, "type"), status), std::move(message)};
}

Curl connection(const std::string& socket, const std::string& path) {
  Curl curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) return curl;
  curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_URL, ("http://gapura/api/v1" + path).c_str());
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");  // an http_proxy in the environment must not apply
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 5L);
  return curl;
}

// Server-Sent Events as they arrive, split at lines; only the `data` of entries is used here, not that of heartbeats.
struct EventLines {
  const std::function<bool(const json::value&)>& on_data;
  std::string rest, raw;
  bool stopped = false, is_entry = true;

  bool take(std::string_view bytes) {
    if (raw.size() < 4096) raw.append(bytes.substr(0, 4096));  // kept in case it is a problem document instead
    rest.append(bytes);
    for (auto end = rest.find('\n'); end != std::string::npos && !stopped; end = rest.find('\n')) {
      const std::string line = rest.substr(0, end);
      rest.erase(0, end + 1);
      if (line.empty()) is_entry = true;
      if (line.rfind("event:", 0) == 0) is_entry = line == "event: entry";
      if (!is_entry || line.rfind("data:", 0) != 0) continue;
      json::error_code error;
      const json::value event = json::parse(line.substr(5), error);
      if (!error) stopped = !on_data(event);
    }
    return !stopped && rest.size() < (1u << 20);
  }
};

size_t take_lines(char* data, size_t, size_t count, void* target) {
  return static_cast<EventLines*>(target)->take({data, count}) ? count : 0;
}

}  // namespace

std::string data_folder_or_default(const std::string& option) {
  if (!option.empty()) return option;
  const char* environment = std::getenv("GAPURA_DATA");
  return environment != nullptr && *environment != '\0' ? environment : "/var/lib/gapura";
}

DaemonClient::DaemonClient(std::string data_folder)
    : data_folder_(std::move(data_folder)), socket_(data_folder_ + "/gapura.sock") {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
}

Result<json::value> DaemonClient::get(const std::string& path) const { return ask(path, nullptr); }

Result<json::value> DaemonClient::post(const std::string& path, const json::object& body) const {
  const std::string text = json::serialize(body);
  const Body sent{"application/json", text};
  return ask(path, &sent);
}

Result<json::value> DaemonClient::post_file(const std::string& path, const char* type, const std::string& bytes) const {
  const Body sent{type, bytes};
  return ask(path, &sent);
}

Result<std::string> DaemonClient::get_bytes(const std::string& path) const { return ask_bytes(path, nullptr); }

Result<json::value> DaemonClient::ask(const std::string& path, const Body* body) const {
  const auto answer = TRY(ask_bytes(path, body));
  if (answer.empty()) return json::value(nullptr);
  json::error_code error;
  json::value value = json::parse(answer, error);
  if (error) return fail(ErrorKind::bug, "the daemon's answer is no JSON: " + error.message());
  return value;
}

Result<json::value> DaemonClient::get_all(const std::string& path, const char* name) const {
  json::array rows;
  std::set<std::string> known;
  for (std::string after;;) {
    const auto page = TRY(get(path + "&limit=500" + (after.empty() ? "" : "&after=" + encoded(after))));
    for (const json::value& row : list_of(page, name))
      if (known.insert(text_of(row, "id")).second) rows.push_back(row);
    const std::string more = text_of(page, "more");
    if (more.empty() || more == after) break;
    after = more;
  }
  const auto total = static_cast<std::int64_t>(rows.size());
  return json::object{{name, std::move(rows)}, {"total", total}};
}

Result<std::string> DaemonClient::ask_bytes(const std::string& path, const Body* body) const {
  if (socket_.size() >= sizeof(sockaddr_un::sun_path))
    return fail(ErrorKind::bad_input, fmt::format("{} is too long for a socket (107 bytes)", socket_));
  const Curl curl = connection(socket_, path);
  if (!curl) return fail(ErrorKind::bug, "libcurl does not start");
  const std::string type = std::string("Content-Type: ") + (body ? body->type : "application/json");
  Headers headers(curl_slist_append(nullptr, type.c_str()), &curl_slist_free_all);
  curl_slist_append(headers.get(), "X-Gapura: 1");
  curl_slist_append(headers.get(), "Expect:");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  std::string answer;
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, answer_seconds);
  if (body != nullptr) {
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->bytes.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body->bytes.c_str());
  }
  if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
    return tl::unexpected(curl_error(code, socket_));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return tl::unexpected(problem(answer, status));
  return answer;
}

Status DaemonClient::stream(const std::string& path, const std::function<bool(const json::value&)>& on_data) const {
  const Curl curl = connection(socket_, path);
  if (!curl) return fail(ErrorKind::bug, "libcurl does not start");
  EventLines lines{on_data, {}, {}};
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take_lines);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &lines);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);  // the daemon sends something every 4 s
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, 60L);
  const CURLcode code = curl_easy_perform(curl.get());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (lines.stopped) return {};
  if (code != CURLE_OK) return tl::unexpected(curl_error(code, socket_));
  if (status < 200 || status > 299) return tl::unexpected(problem(lines.raw, status));
  return {};
}

const json::value& field(const json::value& value, std::string_view key) {
  static const json::value nothing;
  const json::object* object = value.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(key);
  return found == nullptr ? nothing : *found;
}

std::string text_of(const json::value& value, std::string_view key) {
  const json::value& found = field(value, key);
  if (const json::string* text = found.if_string()) return std::string(text->data(), text->size());
  return found.is_null() ? "" : json::serialize(found);
}

double number_of(const json::value& value, std::string_view key) {
  const json::value& found = field(value, key);
  json::error_code error;
  return found.is_number() ? found.to_number<double>(error) : 0;
}

std::int64_t count_of(const json::value& value, std::string_view key) { return std::llround(number_of(value, key)); }

bool flag_of(const json::value& value, std::string_view key) {
  const bool* flag = field(value, key).if_bool();
  return flag != nullptr && *flag;
}

const json::array& list_of(const json::value& value, std::string_view key) {
  static const json::array nothing;
  const json::array* list = field(value, key).if_array();
  return list == nullptr ? nothing : *list;
}

std::string encoded(const std::string& part) {
  std::string out;
  for (const char c : part) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace gapura::gateway
