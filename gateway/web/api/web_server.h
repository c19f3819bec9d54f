// SPDX-License-Identifier: Apache-2.0
// The HTTPS server: console, API, live events. A client of the core through CorePort, a reader of the database, nothing
// more.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/camera.h"
#include "gateway/contract/command.h"
#include "gateway/contract/site_view.h"
#include "gateway/media/picture_store.h"
#include "gateway/settings/settings.h"
#include "gateway/web/http/http_server.h"

namespace gapura::gateway {

// Times of the server's own, which tests shorten.
struct WebPace {
  HttpLimits http;
  std::chrono::milliseconds heartbeat{4'000};       // of event streams
  std::chrono::milliseconds session_check{15'000};  // whether viewers of live pictures may still see them
};

// Everything the web may touch. All of it thread-safe and alive longer than the server.
struct WebContext {
  const Settings& settings;
  std::string data_folder;  // gapura.db, media/, tls/cert.pem, tls/key.pem, setup-code.sha256, gapura.sock
  CorePort& core;
  PictureStore pictures;
  std::function<SiteViewPtr()> site;
  std::function<std::vector<DeviceView>()> devices;
  std::function<drivers::Camera*(const CameraId&)> camera;  // null when there is no such camera
  std::function<Now()> now;
  std::function<void()> erase_now = {};  // carries out an approved destruction; may be empty
  WebPace pace = {};
};

// Thread-safe. One I/O thread, four request workers, one hashing thread.
class WebServer : public CommitListener {
 public:
  // Listens on settings.http (TLS) and on <data_folder>/gapura.sock (plain HTTP for the command line; the peer must be this
  // user or root, and acts as admin "local"). Until an admin exists it binds the loopback address only.
  static Result<std::unique_ptr<WebServer>> start(WebContext context);
  virtual int port() const = 0;  // as bound; differs from the settings when those say 0
};

}  // namespace gapura::gateway
