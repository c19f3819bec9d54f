// SPDX-License-Identifier: Apache-2.0
// A guard's desk at a running post: the page in Chromium, the hands of guard and aide at the API, and the simulator's. What
// tests on the daemon share.
import assert from "node:assert/strict";
import { request } from "playwright-core";
import { assertQuiet, hearTones, launch, open, screens, shoot, signIn } from "./browser.mjs";
import * as simulator from "./simulator.mjs";
import { limit_ms, until } from "./until.mjs";

// What Chromium itself logs when a request of the page gets no answer or "not ready": provoked here on purpose.
export const no_answer = /Failed to load resource: (net::ERR_|the server responded with a status of 50)/;

// A person's requests without a page.
export async function person(url, [name, password]) {
  const context = await request.newContext({ baseURL: url, ignoreHTTPSErrors: true, extraHTTPHeaders: { "X-Gapura": "1", Origin: url } });
  const read = async (answer) => {
    assert.ok(answer.ok(), `${answer.url()}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  const post = async (path, data) => read(await context.post(`/api/v1${path}`, { data }));
  await post("/session", { name, password });
  return {
    post, context,
    get: async (path) => read(await context.get(`/api/v1${path}`)),
    events: async (query) => (await read(await context.get(`/api/v1/events?limit=500&${query}`))).events,
  };
}

// A guest who may pass the gate once screened, and the code of the badge.
export async function acceptedGuest(guard, aide, name, screened = true) {
  let visit = await guard.post("/visits", { name, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
  if (visit.next?.evidence === "attested") await guard.post(`/visits/${visit.id}/attest`, { step: visit.next.step });
  visit = await guard.post(`/visits/${visit.id}/ask`, {});
  await aide.post(`/visits/${visit.id}/decision`, { decision: "accept_now", version: visit.approval_version });
  const { token } = await guard.post(`/visits/${visit.id}/badge`, {});
  if (screened) await guard.post(`/visits/${visit.id}/screening`, { result: "clear" });
  return token;
}

// Holds something to a camera until the page's band says a newer verdict, in these words where they are given, then takes it
// away. `took`: milliseconds.
export async function shownVerdict(page, show, what, { newerThan, camera = "gate", words = /^/ }) {
  await simulator.emptyView(camera);
  const began = Date.now();
  await show(camera, what, limit_ms);
  const seen = await page.waitForFunction(([old, source]) => {
    const band = document.querySelector(".band");
    const number = Number(band?.dataset.number ?? -1);
    return number > old && new RegExp(source).test(band.innerText)
      && { number, verdict: band.dataset.verdict, reason: band.querySelector(".band-reason").innerText, all: band.innerText };
  }, [newerThan, words.source], { polling: 20 })
    .catch(async () => assert.fail(`no verdict newer than ${newerThan} with ${words}, but: ${await page.locator(".band").innerText()}`));
  const took = Date.now() - began;
  await simulator.clear(camera);
  return { ...await seen.jsonValue(), took };
}

// Runs steps at the desk; false, with words and a picture, when one fails.
//   post: { url, guard: [name, password], aide: [name, password] }
export async function atTheDesk(post, title, run) {
  const browser = await launch();
  const guard = await person(post.url, post.guard);
  const aide = await person(post.url, post.aide);
  const page = await open(browser, post.url, screens.desk, { before: hearTones });
  let count = 0;
  let name = "the guard signs in";
  const desk = { guard, aide, page, browser, last: -1 }; // last: the newest verdict the band has shown

  async function step(title, run) {
    name = title;
    const began = Date.now();
    await run();
    assertQuiet(page, title);
    console.log(`ok ${++count} - ${title} (${Date.now() - began} ms)`);
  }
  const text = async (selector) => (await page.locator(selector).allInnerTexts()).join("\n");
  // The band's text, the banners or the feed, waited for; says how long it took.
  async function sees(selector, pattern, limit = limit_ms) {
    const began = Date.now();
    await page.waitForFunction(
      ([where, source]) => [...document.querySelectorAll(where)].some((one) => new RegExp(source, "s").test(one.innerText)),
      [selector, pattern.source], { timeout: limit, polling: 50 },
    ).catch(async () => assert.fail(`${selector} never said ${pattern} within ${limit} ms, but: ${await text(selector)}`));
    return Date.now() - began;
  }
  async function gone(selector, limit = limit_ms) {
    const began = Date.now();
    await page.locator(selector).first().waitFor({ state: "detached", timeout: limit });
    return Date.now() - began;
  }
  async function present(show, what, how = {}) {
    const band = await shownVerdict(page, show, what, { newerThan: desk.last, ...how })
      .catch(async (error) => assert.fail(`${error.message}, but the journal: ${JSON.stringify((await guard.get("/events?limit=5")).events)}`));
    desk.last = band.number;
    return band;
  }
  const badge = (token) => present(simulator.show, token);
  // How often the daemon has read something at a camera.
  const reads = async (camera) => (await guard.get("/devices")).devices.find((one) => one.id === `cam-${camera}`).stats.reads;
  const untouched = async () => {
    assert.equal(await page.evaluate(() => window.injected), undefined, "nothing on the page ran");
    assert.equal(await page.locator('img[src="x"], .feed script, .band script, .feed b').count(), 0, "nothing was put into the page");
  };
  const allOnline = async () => {
    let off = [];
    await until("every device is back", async () => {
      off = (await guard.get("/devices")).devices.filter((one) => !one.online);
      return off.length === 0;
    }).catch((error) => assert.fail(`${error.message}; off are ${JSON.stringify(off)}`));
  };

  try {
    await signIn(page, ...post.guard);
    await page.locator(".board").waitFor();
    await allOnline();
    await run(Object.assign(desk, { step, text, sees, gone, present, badge, reads, untouched, allOnline }));
    console.log(`1..${count}`);
    return true;
  } catch (error) {
    console.error(`not ok ${count + 1} - ${name}`, error);
    await shoot(page, `failed-${title}`).catch(() => {});
    if (page.problems.length) console.error([...new Set(page.problems)].slice(0, 12).join("\n"));
    return false;
  } finally {
    await browser.close();
    await guard.context.dispose();
    await aide.context.dispose();
  }
}
