// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace gapura::test {
namespace {

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* out) {
  static_cast<std::string*>(out)->append(bytes, size);
  return size;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* out) {
  const std::string line(bytes, size);
  const auto colon = line.find(": ");
  if (colon == std::string::npos) return size;
  std::string name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  static_cast<Answer*>(out)->headers.emplace(name, line.substr(colon + 2, line.find_last_not_of("\r\n") - colon - 1));
  return size;
}

SSL_CTX* client_context() {
  static SSL_CTX* context = [] {
    std::signal(SIGPIPE, SIG_IGN);
    // Both ends of every connection are in this process.
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    return SSL_CTX_new(TLS_client_method());
  }();
  return context;
}

}  // namespace

boost::json::object Answer::json() const {
  boost::system::error_code code;
  auto value = boost::json::parse(body, code);
  return !code && value.is_object() ? value.get_object() : boost::json::object{};
}
std::string Answer::text(const char* member) const {
  const auto object = json();
  const auto* value = object.if_contains(member);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}
std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

Answer Client::get(const std::string& path, std::vector<std::string> headers) {
  return request("GET", path, "", std::move(headers));
}
Answer Client::post(const std::string& path, const std::string& body, std::vector<std::string> headers) {
  headers.push_back("Content-Type: application/json");
  return request("POST", path, body, std::move(headers));
}

Answer Client::request(const std::string& method, const std::string& path, const std::string& body,
                       std::vector<std::string> headers) {
  Answer answer;
  CURL* curl = curl_easy_init();
  const std::string url = over_socket_ ? "http://localhost" + path : post_->url(path);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  if (over_socket_) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, post_->socket().c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);  // the certificate is the test's own
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30'000L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  if (method != "GET" && proper) {
    headers.push_back("X-Gapura: 1");
    headers.push_back("Origin: " + post_->url(""));
  }
  std::string jar;
  for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + '=' + value;
  if (!jar.empty()) headers.push_back("Cookie: " + jar);
  curl_slist* list = nullptr;
  for (const auto& line : headers) list = curl_slist_append(list, line.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) answer.error = curl_easy_strerror(code);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  curl_slist_free_all(list);
  curl_easy_cleanup(curl);
  for (auto [it, end] = answer.headers.equal_range("set-cookie"); it != end; ++it) {
    const auto equals = it->second.find('=');
    cookies[it->second.substr(0, equals)] = it->second.substr(equals + 1, it->second.find(';') - equals - 1);
  }
  return answer;
}

Answer Client::login(const std::string& name, const std::string& password) {
  return post("/api/v1/session", boost::json::serialize(boost::json::object{{"name", name}, {"password", password}}));
}

Client signed_in(const Served& post, const std::string& name) {
  Client client(post);
  const Answer answer = client.login(name);
  if (answer.status != 200) throw std::runtime_error("login: " + answer.body + answer.error);
  return client;
}

std::vector<RawClient> crowd_from(const Served& post, const std::string& address, int count) {
  std::vector<RawClient> crowd;
  for (int i = 0; i < count; ++i) crowd.emplace_back(post.port(), address);
  return crowd;
}

bool RawClient::try_version(int port, int version) { return RawClient(port, "127.0.0.1", version).connected(); }

RawClient::RawClient(int port, const std::string& from, int tls_version) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, from.c_str(), &address.sin_addr);
  if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  const timeval limit{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ssl_ = SSL_new(client_context());
  SSL_clear_mode(ssl_, SSL_MODE_AUTO_RETRY);
  SSL_set_fd(ssl_, fd_);
  if (tls_version != 0) {
    SSL_set_security_level(ssl_, 0);  // otherwise OpenSSL itself would not offer an old version
    SSL_set_min_proto_version(ssl_, tls_version);
    SSL_set_max_proto_version(ssl_, tls_version);
  }
  ready_ = SSL_connect(ssl_) == 1;
}

RawClient::RawClient(const std::string& unix_path) {
  (void)client_context();
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
  ready_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

RawClient::RawClient(RawClient&& other) noexcept
    : received(std::move(other.received)),
      fd_(std::exchange(other.fd_, -1)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      ready_(other.ready_) {}

RawClient::~RawClient() {
  if (ssl_) SSL_free(ssl_);
  if (fd_ >= 0) ::close(fd_);
}

bool RawClient::send(const std::string& bytes) {
  if (!ready_) return false;
  const int size = static_cast<int>(bytes.size());
  if (ssl_) return SSL_write(ssl_, bytes.data(), size) == size;
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == size;
}

int RawClient::read_more(std::chrono::milliseconds limit) {
  if (!ready_) return 0;
  pollfd wait{fd_, POLLIN, 0};
  const bool has = (ssl_ && SSL_pending(ssl_) > 0) || ::poll(&wait, 1, static_cast<int>(limit.count())) > 0;
  if (!has) return -1;
  char bytes[16384];
  const auto got = ssl_ ? SSL_read(ssl_, bytes, sizeof bytes) : static_cast<int>(::recv(fd_, bytes, sizeof bytes, 0));
  // A session ticket was received, and no answer yet.
  if (ssl_ && got <= 0 && SSL_get_error(ssl_, got) == SSL_ERROR_WANT_READ) return read_more(limit);
  if (got <= 0) return 0;
  received.append(bytes, static_cast<std::size_t>(got));
  return got;
}

bool RawClient::read_until(const std::string& text, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (received.find(text) == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0 || read_more(left) <= 0) return received.find(text) != std::string::npos;
  }
  return true;
}

bool RawClient::closed_within(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    const int got = read_more(left);
    if (got == 0) return true;
  }
}

}  // namespace gapura::test
