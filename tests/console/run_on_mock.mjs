// SPDX-License-Identifier: Apache-2.0
// Runs the browser tests on the mock: the visit over three screens, then the states that only a mock can bring about.
//   node run_on_mock.mjs [privacy …]
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { listen } from "./mock_server.mjs";

const mock = await listen(0, 0);
const env = {
  ...process.env, GAPURA_URL: mock.url, GAPURA_SIM_CONTROL: mock.control,
  GAPURA_GUARD_NAME: "petugas", GAPURA_AIDE_NAME: "ajudan", GAPURA_ADMIN_NAME: "admin",
  GAPURA_GUARD_PASSWORD: "contoh-contoh", GAPURA_AIDE_PASSWORD: "contoh-contoh", GAPURA_ADMIN_PASSWORD: "contoh-contoh",
};
const run = (name) => new Promise((done) =>
  spawn(process.execPath, [fileURLToPath(new URL(name, import.meta.url))], { env, stdio: "inherit" }).on("exit", (code) => done(code ?? 1)));
let code = 0;
const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : ["privacy"]) code ||= await run(`${name}_test.mjs`);
mock.stop();
process.exit(code);
