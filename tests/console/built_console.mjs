// SPDX-License-Identifier: Apache-2.0
// A build of the console for development in a temporary folder, and its pages over the API of a mock.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../gateway/console", import.meta.url));
export const work = mkdtempSync(join(tmpdir(), "gapura-console-"));
export const cleanUp = () => rmSync(work, { recursive: true, force: true });

// `env`: GAPURA_LOCALE is the folder of the catalogues. What vite says is in `stdout` and `stderr`.
export const buildConsole = (env = {}) =>
  spawnSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--mode", "development", "--outDir", join(work, "dist"), "--emptyOutDir"],
    { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" });

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

function passOn(request, response, to) {
  const onward = http.request(new URL(request.url, to), { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

// Resolves to the address and what ends it.
export function serveConsole(mock_url) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, mock_url);
    if (pathname.startsWith("/api/")) return passOn(request, response, mock_url);
    const file = join(work, "dist", pathname === "/" ? "index.html" : pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  });
  const stop = () => { server.closeAllConnections(); server.close(); };
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready({ url: `http://127.0.0.1:${server.address().port}/`, stop })));
}
