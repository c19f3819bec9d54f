// SPDX-License-Identifier: Apache-2.0
// Runs the browser test on the real thing: the daemon of a build folder with its embedded console, and gapura-sim's devices,
// in a temporary folder and on free ports.   node run_on_daemon.mjs [build folder]
import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const build = resolve(process.argv[2] ?? join(root, "build"));
const folder = mkdtempSync(join(tmpdir(), "gapura-console-"));
const data = join(folder, "site");
const base = { ...process.env, GAPURA_SHARE: join(root, "config") };
const gapura = (...words) => execFileSync(join(build, "gapura"), words, { env: base, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const running = [];

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
function start(name, program, words) {
  const child = spawn(join(build, program), words, { env: base, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(folder, `${name}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  running.push(child);
  return child;
}
// The condition is asked again until it holds; a limit, not a sleep, decides.
async function until(what, holds, limit_ms = 30_000) {
  const end = Date.now() + limit_ms;
  while (Date.now() < end) {
    if (await holds().catch(() => false)) return;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${what}: not within ${limit_ms} ms`);
}

let code = 1;
try {
  const [http, rtsp, modbus, control] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const config = join(folder, "site.toml");
  writeFileSync(config, readFileSync(join(root, "config/demo.toml"), "utf8")
    .replaceAll("8443", http).replaceAll("8554", rtsp).replaceAll("1502", modbus));
  gapura("init", data, "--site", "demo");
  start("sim", "gapura-sim", ["--rtsp-port", rtsp, "--modbus-port", modbus, "--control-port", control].map(String));
  start("gapura", "gapura", ["serve", "--config", config, "--data", data]);
  await until("the daemon answers", async () => execFileSync(join(build, "gapura"), ["status", "--data", data], { env: base, stdio: "pipe" }).length > 0);
  const account = (name, role) => JSON.parse(gapura("user", "add", name, "--role", role, "--data", data, "--json")).password;
  const url = `https://localhost:${http}`;
  const env = {
    ...process.env, GAPURA_URL: url, GAPURA_SIM_CONTROL: `http://127.0.0.1:${control}`,
    GAPURA_GUARD_NAME: "petugas", GAPURA_GUARD_PASSWORD: account("petugas", "guard"),
    GAPURA_AIDE_NAME: "ajudan", GAPURA_AIDE_PASSWORD: account("ajudan", "aide"),
    GAPURA_ADMIN_NAME: "admin", GAPURA_ADMIN_PASSWORD: account("admin", "admin"),
  };
  await until("the cameras are watched", async () => {
    const state = await (await fetch(`${env.GAPURA_SIM_CONTROL}/state`)).json();
    return state.cameras.every((camera) => camera.watched);
  });
  code = await new Promise((done) =>
    spawn(process.execPath, [fileURLToPath(new URL("console_test.mjs", import.meta.url))], { env, stdio: "inherit" }).on("exit", (status) => done(status ?? 1)));
} catch (error) {
  console.error(error);
}
for (const child of running) child.kill("SIGTERM");
await Promise.all(running.map((child) => child.exitCode ?? new Promise((done) => child.on("exit", done))));
if (code === 0) rmSync(folder, { recursive: true, force: true });
else console.error(`the logs are in ${folder}`);
process.exit(code);
