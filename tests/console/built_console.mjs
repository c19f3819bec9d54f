// SPDX-License-Identifier: Apache-2.0
// Another build of the console than the one in the daemon, over the daemon's API: the pages of a folder as they are now.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:https";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../gateway/console", import.meta.url));
// A build for development in a temporary folder.
export function temporaryBuild() {
  const work = mkdtempSync(join(tmpdir(), "gapura-console-"));
  return {
    work, dist: join(work, "dist"),
    // `env`: GAPURA_LOCALE is the folder of the catalogues. What vite says is in `stdout` and `stderr`.
    build: (env = {}) =>
      spawnSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--mode", "development", "--outDir", join(work, "dist"), "--emptyOutDir"],
        { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" }),
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
};

// The daemon's answers pass as they are, also the headers of the page, whose policy it states.
function pass(post, asked, answer, page) {
  const far = request({ host: "127.0.0.1", port: post.port, method: asked.method, path: asked.url, headers: asked.headers, rejectUnauthorized: false }, async (came) => {
    if (!page) {
      answer.writeHead(came.statusCode, came.headers);
      return came.pipe(answer);
    }
    came.resume();
    const { "content-length": _, "content-encoding": __, etag: ___, ...headers } = came.headers;
    answer.writeHead(200, { ...headers, "content-type": types[extname(page.name)] ?? "application/octet-stream", "cache-control": "no-store" });
    answer.end(page.bytes);
  });
  far.on("error", () => answer.destroy());
  answer.on("close", () => far.destroy());
  asked.pipe(far);
}

// Serves the folder `dist` over the API of a simulated post; port 0 takes a free one. Resolves to the address and what ends it.
export function serveConsole(post, dist, port = 0) {
  const tls = (name) => readFileSync(join(post.data, "tls", name));
  const server = createServer({ cert: tls("cert.pem"), key: tls("key.pem") }, async (asked, answer) => {
    const { pathname } = new URL(asked.url, "https://localhost");
    if (pathname.startsWith("/api/")) return pass(post, asked, answer, null);
    const wanted = normalize(pathname).replace(/^(\.\.[/\\])+/, "");
    const name = extname(wanted) ? wanted : "/index.html";
    const bytes = await readFile(join(dist, name)).catch(() => null);
    pass(post, asked, answer, bytes && { name, bytes });
  });
  const stop = () => { server.closeAllConnections(); server.close(); };
  return new Promise((ready) => server.listen(port, "127.0.0.1", () => ready({ url: `https://127.0.0.1:${server.address().port}/`, stop })));
}
