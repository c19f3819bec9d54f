// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, kept quiet, with what every page is checked for: no console errors, no serious axe finding, a picture.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { limit_ms } from "./until.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const shots = process.env.GAPURA_SHOTS ?? "";
if (shots) mkdirSync(shots, { recursive: true });

export async function launch() {
  const executablePath = process.env.GAPURA_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing: apt-get install chromium, or set GAPURA_CHROMIUM`);
  return chromium.launch({
    executablePath,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
      // The daemon is signed by its own site; a service worker looks at nothing less.
      "--ignore-certificate-errors"],
  });
}

export const screens = {
  desk: { viewport: { width: 1366, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

// What does not end while the page is open, or begins again by itself.
const endless = /\/api\/v1\/(events\/stream|cameras\/[^/]+\/(still\.jpg|live\.mjpeg))/;

function followRequests(page) {
  page.begun = 0;
  page.underWay = new Set();
  page.on("request", (one) => {
    if (!one.url().startsWith("http") || endless.test(one.url())) return;
    page.begun++;
    page.underWay.add(one);
  });
  const over = (one) => page.underWay.delete(one);
  page.on("requestfinished", over).on("requestfailed", over);
  // Those of the page before, which end without a word.
  page.on("framenavigated", (frame) => frame === page.mainFrame() && page.underWay.clear());
}

// Until what the page has asked for is there and drawn: no request is under way, and two frames later none has begun. The
// event stream and the cameras' pictures are left out.
export async function loaded(page, limit = limit_ms) {
  const end = Date.now() + limit;
  for (;;) {
    const begun = page.begun;
    const idle = page.underWay.size === 0;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    if (idle && page.begun === begun) return;
    if (Date.now() > end) throw new Error(`not loaded within ${limit} ms: ${[...page.underWay].map((one) => one.url()).join(" ")}`);
  }
}

// A page of its own person. `problems` collects what a browser complains about.
// The daemon's certificate is its own, so certificate errors are accepted here and only here.
// `before` runs in the page before any script of its own.
// Playwright takes an async function's promise for true: such a wait is over at once.
function refusePromises(page) {
  const wait = page.waitForFunction.bind(page);
  page.waitForFunction = (condition, ...more) => {
    if (Object.getPrototypeOf(async () => {}) === Object.getPrototypeOf(condition)) throw new Error("a condition that is async: use until() of until.mjs");
    return wait(condition, ...more);
  };
}

export async function open(browser, url, screen, { night = false, before } = {}) {
  const context = await browser.newContext({ ...screen, ignoreHTTPSErrors: true, colorScheme: night ? "dark" : "light", locale: "id-ID" });
  // axe is put in through the debugger, which the page's policy does not bind.
  const page = await context.newPage();
  page.setDefaultTimeout(limit_ms);
  if (before) await page.addInitScript(before);
  refusePromises(page);
  followRequests(page);
  page.problems = [];
  // Complaints that are in order. A camera without a fresh picture answers 503, the screen says so, and Chromium logs it;
  // a test adds what it provokes on purpose.
  page.expected = [/503 .*\/cameras\/[\w-]+\/still\.jpg/];
  page.on("console", (message) => {
    if (message.type() === "error") page.problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => page.problems.push(String(error)));
  await page.goto(url);
  return page;
}

// For `before`: what the page plays, as [hertz, when]. The page itself knows nothing of it.
export function hearTones() {
  window.heard = [];
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    const tone = make.call(this);
    const start = tone.start;
    tone.start = function (at) {
      window.heard.push([Math.round(tone.frequency.value), Date.now()]);
      return start.call(this, at);
    };
    return tone;
  };
}

export async function shoot(page, name) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), animations: "disabled", timeout: 90_000 });
}

export async function accessible(page, where) {
  await page.evaluate(axe);
  // What is still fading in has no contrast yet; what never ends is not waited for.
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished)));
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
  const bad = found.filter((one) => one.impact === "serious" || one.impact === "critical");
  if (bad.length) {
    throw new Error(`${where}: ${bad.map((one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary?.split("\n").slice(1, 2)}`).join(" | ")}`).join("; ")}`);
  }
}

export function assertQuiet(page, who) {
  const left = page.problems.filter((text) => !page.expected.some((pattern) => pattern.test(text)));
  if (left.length) throw new Error(`${who}: the browser complained: ${left.join(" | ")}`);
}

export async function signIn(page, name, password) {
  await page.locator('input[name="name"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('button[type="submit"]').click();
}

// "Kirim sekarang", which is there for five seconds, after which the decision is sent by itself: pressed in the page as soon as
// it is drawn.
export const sendNow = (page) => page.waitForFunction(() => {
  const send = document.querySelector(".thumb-send");
  send?.click();
  return send !== null;
});
