// SPDX-License-Identifier: Apache-2.0
#include "simulated/demo/api_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <mutex>

namespace gapura::simulated {

namespace json = boost::json;

struct ApiClient::Request {
  const char* method = "GET";
  std::string path, type, body;
};

struct ApiClient::Answer {
  long status = 0;
  std::string body;
};

struct ApiClient::Curl {
  CURL* handle = curl_easy_init();
  ~Curl() { curl_easy_cleanup(handle); }
};

namespace {

std::size_t collect(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

ErrorKind kind_of(long status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorKind::not_permitted;
    case 404:
      return ErrorKind::not_found;
    case 409:
      return ErrorKind::conflict;
    case 503:
    case 504:
      return ErrorKind::unavailable;
    default:
      return ErrorKind::bad_input;
  }
}

// RFC 9457: the detail is the sentence for people, the title names the kind.
std::string problem_text(const std::string& body) {
  json::error_code error;
  const json::value problem = json::parse(body, error);
  if (error || !problem.is_object()) return body.substr(0, 200);
  for (const char* key : {"detail", "title"}) {
    const json::value* text = problem.get_object().if_contains(key);
    if (text && text->is_string()) return std::string(text->get_string());
  }
  return body.substr(0, 200);
}

}  // namespace

ApiClient::ApiClient(std::string base, const std::string& ca_file, Account account)
    : base_(std::move(base)), account_(std::move(account)) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  curl_ = std::make_unique<Curl>();
  curl_easy_setopt(curl_->handle, CURLOPT_COOKIEFILE, "");  // keep cookies in memory
  curl_easy_setopt(curl_->handle, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl_->handle, CURLOPT_TIMEOUT_MS, 40000L);
  curl_easy_setopt(curl_->handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_->handle, CURLOPT_NOPROXY, "*");
  if (!ca_file.empty()) curl_easy_setopt(curl_->handle, CURLOPT_CAINFO, ca_file.c_str());
}

ApiClient::~ApiClient() = default;

Result<json::value> ApiClient::get(const std::string& path) { return ask({"GET", path, {}, {}}); }

Result<json::value> ApiClient::post(const std::string& path, const json::value& body) {
  return ask({"POST", path, "application/json", json::serialize(body)});
}

Result<json::value> ApiClient::post_jpeg(const std::string& path, const std::vector<std::uint8_t>& jpeg) {
  return ask({"POST", path, "image/jpeg", std::string(jpeg.begin(), jpeg.end())});
}

Result<std::string> ApiClient::get_bytes(const std::string& path) {
  auto answer = TRY(answer_to({"GET", path, {}, {}}));
  return std::move(answer.body);
}

Result<json::value> ApiClient::ask(const Request& request) {
  auto answer = TRY(answer_to(request));
  json::error_code error;
  json::value value = answer.body.empty() ? json::value() : json::parse(answer.body, error);
  if (error) return fail(ErrorKind::bad_input, fmt::format("{} {}: the answer is no JSON", request.method, request.path));
  return value;
}

Result<ApiClient::Answer> ApiClient::answer_to(const Request& request) {
  if (!signed_in_) {
    TRY(sign_in());
  }
  auto answer = send(request);
  if (answer && answer->status == 401 && account_.token.empty()) {  // the session has ended
    TRY(sign_in());
    answer = send(request);
  }
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status >= 400) {
    return fail(kind_of(answer->status),
                fmt::format("{} {}: {} ({})", request.method, request.path, problem_text(answer->body), answer->status));
  }
  return answer;
}

Status ApiClient::sign_in() {
  if (account_.token.empty()) {
    const json::value body{{"name", account_.name}, {"password", account_.password}};
    auto answer = TRY(send({"POST", "/api/v1/session", "application/json", json::serialize(body)}));
    if (answer.status >= 400) {
      return fail(ErrorKind::not_permitted, fmt::format("{} can't sign in: {}", account_.name, problem_text(answer.body)));
    }
  }
  signed_in_ = true;
  return {};
}

Result<ApiClient::Answer> ApiClient::send(const Request& request) {
  CURL* curl = curl_->handle;
  Answer answer;
  const std::string url = base_ + request.path;
  const bool post = std::string_view(request.method) == "POST";
  curl_slist* headers = nullptr;
  headers = curl_slist_append(headers, "X-Gapura: 1");
  headers = curl_slist_append(headers, "Expect:");  // no 100-continue: bodies are small
  headers = curl_slist_append(headers, ("Origin: " + base_).c_str());
  if (post) headers = curl_slist_append(headers, ("Content-Type: " + request.type).c_str());
  if (!account_.token.empty()) headers = curl_slist_append(headers, ("Authorization: Bearer " + account_.token).c_str());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, post ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
  if (post) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  }
  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  if (code != CURLE_OK) return fail(ErrorKind::unavailable, fmt::format("{}: {}", url, curl_easy_strerror(code)));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace gapura::simulated
