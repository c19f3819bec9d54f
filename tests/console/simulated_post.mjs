// SPDX-License-Identifier: Apache-2.0
// A post for the browser: the daemon's own gate, journal and web with simulated devices in one process (simulated_post), in a
// temporary folder. Its clock, its devices, its disk and the line to it are moved from here; all it shows is its own.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Line } from "./line.mjs";
import { until } from "./until.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const build = process.env.GAPURA_BUILD ?? join(root, "build");
const base = { ...process.env, GAPURA_SHARE: join(root, "config") };
const day_ms = 86_400_000;

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

// A person's requests to the API: `await post.signIn(name)` gives one. An answer that is no success is an error with its words.
class Person {
  #cookies = new Map();
  #agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });
  constructor(port) {
    this.port = port;
  }
  // The status and the body, whatever it is.
  ask(method, path, body) {
    const json = body !== undefined && !Buffer.isBuffer(body);
    return new Promise((done, failed) => {
      const headers = { "X-Gapura": "1", Cookie: [...this.#cookies].map((one) => one.join("=")).join("; ") };
      if (body !== undefined) headers["Content-Type"] = json ? "application/json" : "image/jpeg";
      const asked = request({ host: "127.0.0.1", port: this.port, path: `/api/v1${path}`, method, agent: this.#agent, headers }, (answer) => {
        for (const cookie of answer.headers["set-cookie"] ?? []) this.#cookies.set(...cookie.split(";")[0].split(/=(.*)/s).slice(0, 2));
        const parts = [];
        answer.on("data", (part) => parts.push(part)).on("end", () => {
          const text = Buffer.concat(parts).toString();
          done({ status: answer.statusCode, body: /json/.test(answer.headers["content-type"] ?? "") ? JSON.parse(text) : text });
        });
      });
      asked.on("error", failed);
      asked.end(json ? JSON.stringify(body) : body);
    });
  }
  async #must(method, path, body) {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  get = (path) => this.#must("GET", path);
  post = (path, body = {}) => this.#must("POST", path, body);
  end = () => this.#agent.destroy();
}

// What a test may add to the post: a procedure of post/, a printer.
export const procedure = (name) => `
[[sop]]
file = "sop-${name}.toml"
`;
export const printer = `
[[printer]]
id = "pos"
kind = "escpos"
host = "127.0.0.1"
deadline_s = 3
`;
const shipped = (name) => readFileSync(new URL(`post/${name}`, import.meta.url), "utf8");

// Both clocks ahead by so much that it is this hour at the site; the rest of the file is the time of day's own share.
function clockAt(hour) {
  const start = new Date();
  if (hour !== null) start.setUTCHours(hour - 8, 0, 0, 0);
  const clock = Buffer.alloc(16);
  clock.writeBigInt64LE(BigInt((start.getTime() - Date.now() + day_ms) % day_ms));
  return clock;
}

// `also`: TOML at the configuration's end; `edit`: changes its text; `at`: the hour of day at the site when it
// begins, null: this machine's time.
// `from`: a copy() of another post, with its data and its clock. Accounts: petugas, ajudan, admin, unless `empty`. A session ends
// after thirty minutes without a request, on this clock too.
export async function startPost({ also = "", edit = (text) => text, at = 10, empty = false, from = null } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gapura-post-"));
  const data = join(folder, "data");
  const [http, control] = [await freePort(), await freePort()];
  const config = join(folder, "site.toml");
  writeFileSync(config, edit(shipped("site.toml")) + also);
  for (const name of also.match(/(?<=^file = ").*(?=")/gm) ?? []) writeFileSync(join(folder, name), shipped(name));
  writeFileSync(join(folder, "disk-faults"), Buffer.alloc(4096));
  if (from) cpSync(from, folder, { recursive: true });
  else writeFileSync(join(folder, "clock"), clockAt(at));

  const gapura = (...words) => execFileSync(join(build, "gapura"), words, { env: base, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const code = from ? "" : JSON.parse(gapura("init", data, "--site", "contoh", "--json")).code;
  const line = await Line.open(http);
  const people = [], copies = [];
  const post = {
    url: `https://127.0.0.1:${line.port}`, control: `http://127.0.0.1:${control}`, port: http, data, code, line, accounts: {}, log: "",
    gapura: (...words) => gapura(...words, "--data", data),
  };

  // The program, until it says that it is open. One that then ends by itself, as a daemon with a supervisor does after a broken
  // invariant, is started again.
  let child = null, stopping = false, opened = null;
  const begin = () => {
    let open, fail;
    opened = new Promise((done, failed) => ([open, fail] = [done, failed]));
    child = spawn(join(build, "tests/simulated_post"), ["--config", config, "--data", data, "--devices", folder, "--http-port", http, "--control-port", control].map(String), {
      env: { ...base, LD_PRELOAD: join(build, "tests/libfault_shim.so"), GAPURA_FAULT_FOLDER: data, GAPURA_FAULT_CONTROL: join(folder, "disk-faults"), ASAN_OPTIONS: `verify_asan_link_order=0:${process.env.ASAN_OPTIONS ?? ""}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => {
      post.log += text;
      if (/is open at/.test(text)) open = open?.();
    });
    child.on("exit", () => open ? fail(new Error(post.log)) : stopping || begin());
  };
  begin();
  const ask = async (path, body) => {
    const answer = await fetch(post.control + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  post.ask = ask;
  // A pulse that is under way would last for all that time: first every lock is shut.
  post.shut = () => until("every lock is shut", async () =>
    (await post.admin.get("/portals")).portals.every((one) => one.lock.observed !== "on" && one.lock.commanded !== true));
  post.pass = async (minutes) => {
    await post.shut();
    await ask("/clock", { pass_ms: Math.round(minutes * 60_000) });
  };
  post.jump = (minutes) => ask("/clock", { jump_ms: Math.round(minutes * 60_000) });
  post.disk = (is) => ask("/disk", { is });
  // The gate's time of day.
  post.now = async () => Date.parse((await post.admin.get("/status")).time);
  post.breakInvariant = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    await ask("/invariant", {}).catch(() => {}); // it ends without an answer
    await ended;
    await opened;
  };
  post.person = () => {
    const made = new Person(http);
    people.push(made);
    return made;
  };
  post.signIn = async (name) => {
    const made = post.person();
    made.user = (await made.post("/session", { name, password: post.accounts[name] })).user;
    return made;
  };
  post.signInAgain = async () => {
    for (const [role, name] of [["admin", "admin"], ["guard", "petugas"], ["aide", "ajudan"]]) post[role] = await post.signIn(name);
  };
  post.addUser = async (name, role) => {
    const { user, password } = await post.admin.post("/users", { name, role });
    post.accounts[name] = password;
    return user;
  };
  // In order, as a service is stopped; then again, on the configuration as `edit` leaves it.
  post.halt = async () => {
    stopping = true;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  };
  post.resume = async (edit = (text) => text) => {
    writeFileSync(config, edit(readFileSync(config, "utf8")));
    stopping = false;
    begin();
    await opened;
  };
  // Of a halted post: what startPost() takes as `from`.
  post.copy = () => {
    const kept = mkdtempSync(join(tmpdir(), "gapura-copy-"));
    copies.push(kept);
    for (const name of ["data", "clock"]) cpSync(join(folder, name), join(kept, name), { recursive: true });
    return kept;
  };
  post.stop = async () => {
    people.forEach((one) => one.end());
    if (!stopping) await post.halt();
    await line.close();
    for (const one of [folder, ...copies]) rmSync(one, { recursive: true, force: true });
  };
  process.on("exit", () => child.kill("SIGKILL"));

  await opened;
  if (!empty && !from) {
    post.accounts.admin = "tiga kerbau minum teh";
    await post.person().post("/setup", { code, name: "admin", password: post.accounts.admin });
    post.admin = await post.signIn("admin");
    for (const [name, role] of [["petugas", "guard"], ["ajudan", "aide"]]) await post.addUser(name, role);
    await post.signInAgain();
  }
  return post;
}
