// SPDX-License-Identifier: Apache-2.0
// The daemon's API from memory, for developing the console and for testing its components without a build of the daemon.
// It keeps the contract of docs/api.md as far as a screen can see it; it is no proof of anything about the daemon.
// The control port speaks like gapura-sim's: POST /show, /pass, /detector, /misbehave.
//   node mock_server.mjs [--port 8080] [--control 8600] [--empty] [--setup]
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { picture, qr } from "./mock_pictures.mjs";
import { privacyRoutes } from "./mock_privacy.mjs";
import { siteRoutes } from "./mock_site.mjs";
import { MockPost } from "./mock_post.mjs";

const option = (name, usual) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : process.argv[at + 1]?.startsWith("--") === false ? process.argv[at + 1] : true;
};
const dist = join(fileURLToPath(import.meta.url), "../../../gateway/console/dist");
const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
};
// The same header as the daemon's, so a violation shows here first.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; " +
  "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const post = new MockPost({ sample: !option("empty", false), setup: Boolean(option("setup", false)) });
const sessions = new Map();
const done = new Map(); // Idempotency-Key → answer
const streams = new Set();
// A silent alarm does not exist for a guard.
const hidden = (event, user) => user?.role === "guard" && (event.type === "duress_signalled" || event.data.silent === true);
post.onEvent = (event) => {
  for (const stream of streams) if (!hidden(event, stream.user)) stream.write(`id: ${event.number}\nevent: entry\ndata: ${JSON.stringify(event)}\n\n`);
};
setInterval(() => streams.forEach((stream) => stream.write(`event: beat\ndata: {"last":${post.events.length - 1}}\n\n`)), 4000).unref();
// A list as the daemon gives it, page by page; the cursor is a number here.
const paged = (name, all, query) => {
  const from = Number(query.get("after") || 0);
  const until = from + Math.min(500, Number(query.get("limit") || 100));
  return { [name]: all.slice(from, until), total: all.length, more: until < all.length ? String(until) : null };
};

class Problem extends Error {
  constructor(status, kind, detail = "", more = {}) {
    super(detail);
    Object.assign(this, { status, kind, detail, more });
  }
}
post.Problem = Problem;
post.foreign = new Set(); // badges that another guard gave

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const bytes = Buffer.concat(parts);
  if (!bytes.length || request.headers["content-type"]?.startsWith("image/")) return {};
  return JSON.parse(bytes.toString());
}
const send = (response, status, body, headers = {}) => {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
};

// [method, pattern, roles ("" = anybody signed in), handler(parameters, body, user, query)]
const routes = [
  ["GET", "/users", "admin", () => ({ users: post.users.map(post.userShape) })],
  ["POST", "/users", "admin", (_, body) => [201, post.addUser(body.name, body.role, body.password)]],
  ["POST", "/users/:id/disable", "admin", ([id]) => ({ user: post.disableUser(id) })],
  ["POST", "/users/:id/password", "admin", ([id]) => ({ password: post.resetPassword(id) })],
  ["GET", "/visits", "", (_, __, user, query) => paged("visits", post.forRoster(post.listVisits(query.get("state") ?? "open", query.get("date"), query.get("find")), user), query)],
  ...siteRoutes(post),
  ...privacyRoutes(post),
  ["GET", "/visits/:id", "", ([id]) => post.visitWithEvents(id)],
  ["POST", "/visits/:id/unmask", "aide admin", ([id], body, user) => post.unmask(id, body.reason, user)],
  ["POST", "/visits", "guard", (_, body, user) => [201, post.register(body, user)]],
  ["POST", "/visits/:id/ask", "guard", ([id], _, user) => post.ask(id, user)],
  ["POST", "/visits/:id/decision", "aide guard", ([id], body, user) => post.decide(id, body, user)],
  ["POST", "/visits/:id/portrait", "guard", ([id], body, user) => post.setPortrait(id, body.portrait, user)],
  ["POST", "/visits/:id/badge", "guard", ([id], body, user) => [201, post.issue(id, body, user)]],
  ["POST", "/visits/:id/close", "guard", ([id], body, user) => post.close(id, body, user)],
  ["GET", "/badges", "", (_, __, ___, query) => paged("badges", post.listBadges(query.get("state") ?? "out"), query)],
  ["POST", "/badges/find", "guard", (_, body) => post.findBadges(body.code)],
  ["GET", "/badges/:id", "", ([id]) => post.badgeShape(post.badge(id))],
  ["POST", "/badges/:id/revoke", "admin guard", ([id], body, user) => post.revoke(id, body.reason, user)],
  ["POST", "/badges/:id/return", "guard", ([id], _, user) => post.giveBack(id, user)],
  ["POST", "/pictures", "guard", (_, body) => {
    const hash = post.keepPicture(body.camera ? `still-${body.camera}` : "upload");
    return [201, { hash, url: `/api/v1/pictures/${hash}.jpg` }];
  }],
  ["GET", "/devices", "", () => ({ devices: post.devices })],
  ["POST", "/cameras/:id/view", "guard admin", ([id], body, user) => [202, { entry: post.acceptView(id, user) }]],
  ["GET", "/portals", "", () => ({ portals: post.portals })],
  ["POST", "/granting/resume", "guard admin", (_, body, user) => [202, { entry: post.resume(user) }]],
  ["POST", "/points/:id/release", "guard", ([id], body, user) => [202, { entry: post.release(id, body.reason, user) }]],
  ["GET", "/alarms", "", (_, __, user) => ({ alarms: post.standingAlarms(user), total: post.standingAlarms(user).length })],
  ["POST", "/alarms/:id/acknowledge", "guard admin", ([id], body, user) => post.acknowledge(Number(id), body.handling, user)],
  ["GET", "/events", "", (_, __, ___, query) => post.listEvents(query)],
  ["GET", "/status", "", () => post.status()],
].map(([method, path, roles, act]) => ({ method, roles, act, path: new RegExp(`^${path.replace(/:\w+/g, "([^/]+)")}$`) }));

let hanging = [];
let hangs = false;
async function api(request, response, url) {
  if (hangs) await new Promise((go) => hanging.push(go));
  const path = url.pathname.slice("/api/v1".length);
  const sid = /sid=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  const user = sessions.get(sid);
  if (request.method !== "GET" && request.headers["x-gapura"] !== "1") throw new Problem(403, "not_permitted", "X-Gapura");
  if (path === "/setup" && request.method === "GET") return send(response, 200, { needed: post.setup });
  if (path === "/setup") {
    const body = await bodyOf(request);
    if (!post.setup || body.code !== "GAPURA-CONTOH") throw new Problem(403, "not_permitted");
    post.setup = false;
    return send(response, 201, { user: post.addUser(body.name, "admin", body.password).user });
  }
  if (path === "/session" && request.method === "POST") {
    const body = await bodyOf(request);
    const found = post.users.find((one) => one.name === body.name && one.password === body.password && !one.disabled);
    if (!found) throw new Problem(401, "unauthenticated");
    const fresh = randomBytes(16).toString("hex");
    sessions.set(fresh, found);
    return send(response, 200, { user: post.userShape(found) }, { "Set-Cookie": `sid=${fresh}; Path=/; HttpOnly; SameSite=Strict` });
  }
  if (request.method === "GET") (request.headers["x-gapura-background"] === "1" ? post.background : post.foreground).push(path);
  if (!user || user.disabled) throw new Problem(401, "unauthenticated");
  if (path === "/session" && request.method === "DELETE") {
    sessions.delete(sid);
    return send(response, 204);
  }
  if (path === "/session" && request.method === "GET") {
    return send(response, 200, { user: post.userShape(user), site: post.site, version: "0.1.0-mock", pin: true, pin_settable: false, view_only: false });
  }
  if (path === "/events/stream") {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    const after = Number(request.headers["last-event-id"] ?? url.searchParams.get("after") ?? post.events.length - 1);
    response.write(": hello\n\n");
    response.user = user;
    for (const event of post.events.slice(after + 1)) if (!hidden(event, user)) response.write(`id: ${event.number}\nevent: entry\ndata: ${JSON.stringify(event)}\n\n`);
    streams.add(response);
    response.on("close", () => streams.delete(response));
    return;
  }
  const lively = /^\/cameras\/([\w-]+)\/live\.mjpeg$/.exec(path);
  if (lively) {
    response.writeHead(200, { "Content-Type": "multipart/x-mixed-replace; boundary=frame", "Cache-Control": "no-store" });
    const part = Buffer.from(picture(`still-${lively[1]}`));
    const timer = setInterval(() => {
      if (!post.devices.find((device) => device.id === lively[1])?.online) return;
      response.write(`--frame\r\nContent-Type: image/svg+xml\r\nContent-Length: ${part.length}\r\n\r\n`);
      response.write(part);
      response.write("\r\n");
    }, 200);
    response.on("close", () => clearInterval(timer));
    return;
  }
  const still = /^\/(?:cameras\/([\w-]+)\/still|pictures\/([\w-]+))\.jpg$/.exec(path);
  if (still) {
    const offline = still[1] && !post.devices.find((device) => device.id === still[1])?.online;
    if (offline) throw new Problem(503, "unavailable", "tidak ada gambar");
    if (still[2] && !post.mayLoad(still[2], user)) throw new Problem(403, "not_permitted", "This belongs to a finished visit of another day.");
    response.writeHead(200, { "Content-Type": "image/svg+xml", "Cache-Control": "no-store" });
    return response.end(picture(still[1] ? `still-${still[1]}` : post.pictures.get(still[2]) ?? "upload"));
  }
  const secret = /^\/badges\/([\w-]+)\/(?:qr\.png|page)$/.exec(path);
  if (secret && (post.foreign.has(secret[1]) || (user.role === "admin" && post.badge(secret[1]).kind === "paper")))
    throw new Problem(403, "not_permitted", "Only the person who had this badge made can print it.");
  if (/^\/badges\/[\w-]+\/qr\.png$/.test(path)) {
    response.writeHead(200, { "Content-Type": "image/svg+xml", "Cache-Control": "no-store" });
    return response.end(qr());
  }
  if (/^\/badges\/[\w-]+\/page$/.test(path)) {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    return response.end("<!doctype html><html lang=id><title>Kartu contoh</title><h1>Kartu contoh</h1>");
  }
  for (const route of routes) {
    const found = route.method === request.method && route.path.exec(path);
    if (!found) continue;
    if (route.roles && !route.roles.includes(user.role)) throw new Problem(403, "not_permitted");
    const key = request.headers["idempotency-key"];
    if (key && done.has(key)) return send(response, ...done.get(key));
    const result = route.act(found.slice(1), await bodyOf(request), user, url.searchParams);
    const answer = Array.isArray(result) ? result : [200, result];
    if (key) done.set(key, answer);
    return send(response, ...answer);
  }
  throw new Problem(404, "not_found");
}

async function file(response, path) {
  const wanted = normalize(path).replace(/^(\.\.[/\\])+/, "");
  const name = extname(wanted) ? wanted : "/index.html";
  try {
    const bytes = await readFile(join(dist, name));
    response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff" });
    response.end(bytes);
  } catch {
    send(response, 404, { type: "/problems/not_found", status: 404 });
  }
}

let mockPort = 0;
const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const run = url.pathname.startsWith("/api/v1/") ? api(request, response, url) : file(response, url.pathname);
  run.catch((error) => {
    if (!(error instanceof Problem) && error.code !== "ECONNRESET") console.error(error);
    const { status = 500, kind = "bug", detail = String(error), more = {} } = error;
    response.writeHead(status, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify({ type: `/problems/${kind}`, title: kind, status, detail, ...more }));
  });
});

const control = http.createServer((request, response) => {
  const run = async () => {
    const body = await bodyOf(request);
    const act = { "/show": "show", "/pass": "pass", "/detector": "detector", "/misbehave": "misbehave", "/clear": "clear" }[request.url];
    if (!act) return send(response, 404, { error: "no such request" });
    if (body.device === "stream") { // mock only: what a lost line looks like
      streams.forEach((stream) => stream.destroy());
      return send(response, 200, {});
    }
    send(response, 200, await post[act](body));
  };
  run().catch((error) => send(response, 400, { error: String(error) }));
});

export function listen(port, controlPort) {
  return new Promise((ready) => {
    server.listen(port, "127.0.0.1", () => ((mockPort = server.address().port), control).listen(controlPort, "127.0.0.1", () =>
      ready({ url: `http://127.0.0.1:${server.address().port}`, control: `http://127.0.0.1:${control.address().port}`, post,
        // A dead line: nothing answers until it is mended, on the same port.
        cut: () => new Promise((done) => { streams.forEach((stream) => stream.destroy()); server.close(done); server.closeAllConnections(); }),
        hang: (on) => { hangs = on; if (!on) hanging.splice(0).forEach((go) => go()); },
        mend: () => new Promise((done) => server.listen(mockPort, "127.0.0.1", done)),
        stop: () => { streams.forEach((stream) => stream.destroy()); server.close(); control.close(); server.closeAllConnections(); control.closeAllConnections(); } })));
  });
}
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const running = await listen(Number(option("port", 8080)), Number(option("control", 8600)));
  console.log(`console ${running.url} · control ${running.control} · accounts petugas, ajudan, admin, password contoh-contoh`);
}
