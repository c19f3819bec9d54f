// SPDX-License-Identifier: Apache-2.0
// A post to work on the console with: a simulated post on a morning with guests, whose page is the dist folder as it is now
// (npm run watch) and not the one in the daemon. Devices, clock and disk are moved through the control port.
//   node workbench.mjs [--port 8443] [--empty]
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:https";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { sample } from "./sample.mjs";
import { procedure, startPost } from "./simulated_post.mjs";
import * as simulator from "./simulator.mjs";

const dist = fileURLToPath(new URL("../../gateway/console/dist", import.meta.url));
const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
};
const at = process.argv.indexOf("--port");
const port = at < 0 ? 8443 : Number(process.argv[at + 1]);

const post = await startPost({ also: procedure("meeting"), empty: process.argv.includes("--empty") });
simulator.use(post.control);
if (post.admin) await sample(post);

// The daemon's answers pass as they are, also the headers of the page, whose policy it states.
function pass(asked, answer, page) {
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
const tls = (name) => readFileSync(join(post.data, "tls", name));
createServer({ cert: tls("cert.pem"), key: tls("key.pem") }, async (asked, answer) => {
  const { pathname } = new URL(asked.url, "https://localhost");
  if (pathname.startsWith("/api/")) return pass(asked, answer, null);
  const wanted = normalize(pathname).replace(/^(\.\.[/\\])+/, "");
  const name = extname(wanted) ? wanted : "/index.html";
  const bytes = await readFile(join(dist, name)).catch(() => null);
  pass(asked, answer, bytes && { name, bytes });
}).listen(port, "127.0.0.1", () => {
  console.log(`console https://127.0.0.1:${port} · control ${post.control}${post.admin ? "" : ` · code ${post.code}`}`);
  for (const [name, password] of Object.entries(post.accounts)) console.log(`  ${name}  ${password}`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => post.stop().then(() => process.exit(0)));
