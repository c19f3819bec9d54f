// SPDX-License-Identifier: Apache-2.0
// The hand of a tester, through the simulator's control port: gapura-sim's or a simulated post's.
import http from "node:http";
import { until } from "./until.mjs";

let control = process.env.GAPURA_SIM_CONTROL ?? "http://127.0.0.1:8600";
export const use = (url) => (control = url);

// Each request on a connection of its own: the control server ends one after five requests.
function request(method, path, body = "") {
  return new Promise((done, failed) => {
    const headers = body ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) } : {};
    const asked = http.request(control + path, { method, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on("error", failed).on("data", (part) => parts.push(part)).on("end", () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode === 200 && text) return done(JSON.parse(text));
        failed(new Error(`simulator ${path}: ${answer.statusCode} ${JSON.stringify(answer.headers)} ${text}`));
      });
    });
    asked.on("error", failed).end(body);
  });
}
const ask = (path, body) => request("POST", path, JSON.stringify(body));

export const show = (camera, text, ms = 1500) => ask("/show", { camera, text, ms });
export const showTwo = (camera, texts, ms = 1500) => ask("/show", { camera, texts, ms });
// On a sheet, straight and still: a code of thousands of bytes has modules of three pixels, which are not read in a hand.
export const showSheet = (camera, bytes, ms = 1500) => ask("/show", { camera, bytes_base64: Buffer.from(bytes).toString("base64"), sheet: true, ms });
export const clear = (camera) => ask("/clear", { camera });
// A reader takes a card that comes back within a second (drivers/qr_reader/presentation.h) for one that never left, and does
// not read it again: a card is shown after ten pictures (1.6 s) without one. A drawn camera reads what is held to it at once.
export async function emptyView(camera) {
  await clear(camera);
  const now = async () => (await state()).cameras.find((one) => one.name === camera);
  const from = await now();
  if (from.url.startsWith("drawn:")) return;
  await until(`camera ${camera} sends ten pictures`, async () => (await now()).frames >= from.frames + 10);
}
export const pass = (unit, direction, within_ms, line = "tcp") => ask("/pass", { line, unit, direction, within_ms });
export const scan = (scanner, text) => ask("/scan", { scanner, text });
export const scanBytes = (scanner, bytes) => ask("/scan", { scanner, bytes_base64: Buffer.from(bytes).toString("base64") });
// One person after the other: the detector's inputs are off, and the board was asked twice since, before the next one walks.
export async function walkThroughDetector(alarm = false) {
  let asked = null;
  await until("the board has seen the detector's inputs off", async () => {
    const detector = (await state()).units.find((one) => one.line === "tcp" && one.unit === 3);
    asked = detector.inputs[0] || detector.inputs[1] ? null : (asked ?? detector.requests);
    return asked !== null && detector.requests >= asked + 2;
  });
  return ask("/detector", { unit: 3, alarm });
}
export const misbehave = (device, name, ms) => ask("/misbehave", { device, name, ms });
export const input = (unit, input, on) => ask("/input", { unit, input, on });
export const writeCoil = (unit, coil, on) => ask("/coil", { unit, coil, on });
export const state = () => request("GET", "/state");
export const trace = async (line = "tcp") => (await request("GET", `/trace?line=${line}`)).trace;
