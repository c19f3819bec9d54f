// SPDX-License-Identifier: Apache-2.0
// Runs the browser tests on the real thing: the daemon of a build folder with its embedded console, and gapura-sim's devices,
// in a temporary folder and on free ports. First a visit, then on a new site what goes wrong in the field, then a guard's
// evening, a dying stream, a crowd and every sheet on sites of their own, then on another how each device may fail;
// then half an hour without a hand at the screens.
//   node run_on_daemon.mjs [build folder] [visit | failures | devices | evening | guests | stream | crowd | sheets | duty]
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const build = resolve(process.argv[2] ?? join(root, "build"));
const folder = mkdtempSync(join(tmpdir(), "gapura-console-"));
const only = process.argv[3] ?? "";
const base = { ...process.env, GAPURA_SHARE: join(root, "config") };
const gapura = (...words) => execFileSync(join(build, "gapura"), words, { env: base, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const running = new Set();

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
function start(name, program, words, more = {}) {
  const child = spawn(join(build, program), words, { env: { ...base, ...more }, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  running.add(child);
  return child;
}
async function end(child, signal) {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.on("exit", done));
  child.kill(signal);
  await ended;
}

// A file system of its own, small enough to fill; only root may mount one.
function smallDisk() {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], { stdio: "pipe" });
    return disk;
  } catch {
    return null;
  }
}

// A time of day that can be moved, by Debian's faketime; the boot clock stays true.
function movedClock() {
  const library = readdirSync("/usr/lib").map((one) => `/usr/lib/${one}/faketime/libfaketimeMT.so.1`).find(existsSync);
  if (!library) return null;
  const file = join(folder, "clock");
  let ahead_ms = 0;
  const move = (by_ms) => {
    ahead_ms += by_ms;
    writeFileSync(`${file}.new`, `+${(ahead_ms / 1000).toFixed(3)}`);
    renameSync(`${file}.new`, file); // the daemon reads it whenever it looks at the clock
  };
  const ten = new Date();
  ten.setUTCHours(3, 0, 0, 0); // ten in the morning of the demo site, no midnight near
  move((ten.getTime() - Date.now() + 86_400_000) % 86_400_000);
  return { move, env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1", DONT_FAKE_MONOTONIC: "1" } };
}

// A new site with its accounts, and the daemon that serves it.
async function open(data, config, http, clock = null) {
  gapura("init", data, "--site", "demo");
  const site = { url: `https://127.0.0.1:${http}`, data, gapura: (...words) => gapura(...words, "--data", data) };
  let daemon = null;
  site.begin = async () => {
    daemon = start("gapura", "gapura", ["serve", "--config", config, "--data", data], clock?.env);
    await until("the daemon answers", () => spawnSync(join(build, "gapura"), ["status", "--data", data], { env: base, stdio: "ignore" }).status === 0);
  };
  site.end = (signal) => end(daemon, signal);
  site.memory_kib = () => Number(readFileSync(`/proc/${daemon.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
  // The daemon's children, one for each camera; the kernel lists them by the thread that made them.
  site.workers = () => readdirSync(`/proc/${daemon.pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${daemon.pid}/task/${thread}/children`, "utf8").split(" ").map(Number).filter(Boolean));
  await site.begin();
  const account = (name, role) => [name, JSON.parse(gapura("user", "add", name, "--role", role, "--data", data, "--json")).password];
  if (clock) Object.assign(site, { move: clock.move, second: account("ajudan2", "aide") });
  return Object.assign(site, { guard: account("petugas", "guard"), aide: account("ajudan", "aide"), admin: account("admin", "admin") });
}

// A second turnstile, on a serial line, with a serial scanner.
const sideGate = (devices) => `
[[bus]]
id = "rs485"
kind = "modbus-rtu"
device = "${join(devices, "rs485")}"
baud = 115200
[[controller]]
id = "gate2"
bus = "rs485"
unit = 1
profile = "turnstile"
[[reader]]
id = "r-side-in"
kind = "serial"
device = "${join(devices, "serial-scanner")}"
gap_ms = 20
[[portal]]
id = "side"
name = "Gerbang samping"
kind = "turnstile"
controller = "gate2"
entry_release = "release_in"
exit_release = "release_out"
entry_passage = "passage_in"
exit_passage = "passage_out"
pulse_ms = 3000
order_ms = 5000
passage_ms = 4500
[[access_point]]
id = "side.in"
portal = "side"
from = "outside"
to = "waiting_room"
reader = "r-side-in"
requires = ["decision", "screening"]
`;

// A reader on the guard's desk, and a printer that makes files.
const deskDevices = (devices) => `
[[reader]]
id = "r-desk"
kind = "serial"
device = "${join(devices, "serial-scanner")}"
gap_ms = 20
role = "post"
[[printer]]
id = "berkas"
kind = "pdf"
folder = "${devices}"
`;
// Two lockdowns, and metal without a disposition is reported soon.
const lockdowns = `
[[lockdown]]
id = "all"
name = "Tutup semua"
areas = ["waiting_room", "residence"]
may_pass = ["leaving"]
[[lockdown]]
id = "house"
name = "Tutup kediaman"
areas = ["residence"]
[rules]
screening_prompt_s = 30
screening_deviation_s = 600
`;

function visit(site) {
  const env = { ...process.env, GAPURA_URL: site.url };
  for (const role of ["guard", "aide", "admin"]) {
    [env[`GAPURA_${role.toUpperCase()}_NAME`], env[`GAPURA_${role.toUpperCase()}_PASSWORD`]] = site[role];
  }
  return new Promise((done) =>
    spawn(process.execPath, [fileURLToPath(new URL("console_test.mjs", import.meta.url))], { env, stdio: "inherit" }).on("exit", (status) => done(status === 0)));
}

let good = false;
let disk = null;
try {
  const [http, rtsp, modbus, control] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const config = join(folder, "site.toml");
  writeFileSync(config, readFileSync(join(root, "config/demo.toml"), "utf8")
    .replace("[[area]]", "[journal]\nreserve_mib = 16  # fits into the small disk of the failures\n\n[[area]]")
    .replaceAll("\npassage_ms = ", "\norder_ms = 5000  # on a busy machine the usual second and a half is over, and the order rightly dropped\npassage_ms = ")
    .replaceAll("8443", http).replaceAll("8554", rtsp).replaceAll("1502", modbus));
  process.env.GAPURA_SIM_CONTROL = `http://127.0.0.1:${control}`;
  const simulator = await import("./simulator.mjs");
  start("sim", "gapura-sim", ["--rtsp-port", rtsp, "--modbus-port", modbus, "--control-port", control, "--fps", 6, "--rtu", join(folder, "rs485"), "--devices", folder].map(String));
  const begun = { cameras: [] }; // what the simulator's state is until it listens
  const watched = () => until("the cameras are watched", async () => {
    const { cameras } = await simulator.state().catch(() => begun);
    return cameras.length > 0 && cameras.every((camera) => camera.watched);
  });
  good = true;
  if (!only || only === "visit") {
    const site = await open(join(folder, "site"), config, http);
    await watched();
    good = await visit(site);
    await site.end("SIGTERM");
  }
  if (good && (!only || only === "failures")) {
    disk = smallDisk();
    const site = await open(join(disk ?? folder, "second"), config, http);
    await watched();
    const { failures } = await import("./failures_test.mjs");
    good = await failures({ ...site, disk });
    await site.end("SIGTERM");
  }
  // What a part appends to the configuration is its own.
  for (const [part, more] of Object.entries({ evening: lockdowns, guests: "", stream: "", crowd: "", sheets: deskDevices(folder) })) {
    if (!good || (only && only !== part)) continue;
    const its = join(folder, `${part}.toml`);
    writeFileSync(its, readFileSync(config, "utf8") + more);
    const site = await open(join(folder, part), its, http);
    await watched();
    const { [part === "stream" ? "streams" : part]: run } = await import(`./${part}_test.mjs`);
    good = await run(site);
    await site.end("SIGTERM");
  }
  if (good && (!only || only === "duty")) {
    const clock = movedClock();
    if (!clock) console.log("SKIPPED: console_duty: Debian's package faketime is not installed");
    if (clock) {
      const site = await open(join(folder, "fourth"), config, http, clock);
      await watched();
      const { duty } = await import("./duty_test.mjs");
      good = await duty(site);
      await site.end("SIGTERM");
    }
  }
  if (good && (!only || only === "devices")) {
    // Long pulses and short limits: a busy machine is slow, and "too long" should not take long.
    writeFileSync(config, readFileSync(config, "utf8").replace("pulse_ms = 1000", "pulse_ms = 3000").replace("passage_ms = 6000", "passage_ms = 4500").replace("held_ms = 15000", "held_ms = 4000")
      .replaceAll('roles = ["badge"', 'frozen_s = 3\nroles = ["badge"')
      .replace(/(id = "cam-inside"\nurl = "[^"]+"\nfrozen_s = 3\n)roles = \["badge"\]/, '$1roles = ["waiting_room"]')
      .replace('passage = "passage"\n\n', 'passage = "passage"\nready = "ready"\nstuck_s = 3\n\n')
      .replace('id = "r-door-out"\nkind = "camera"\ncamera = "cam-inside"', `id = "r-door-out"\nkind = "hid"\ndevice = "${join(folder, "hid-scanner")}"`)
      + sideGate(folder));
    const site = await open(join(folder, "third"), config, http);
    await watched();
    const { devices } = await import("./devices_test.mjs");
    good = await devices(site);
  }
} catch (error) {
  good = false;
  console.error(error);
}
await Promise.all([...running].map((child) => end(child, "SIGTERM")));
if (disk) execFileSync("umount", [disk]);
if (good) rmSync(folder, { recursive: true, force: true });
else console.error(`the logs are in ${folder}`);
process.exit(good ? 0 : 1);
