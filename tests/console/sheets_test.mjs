// SPDX-License-Identifier: Apache-2.0
// The reader on the desk opens what it reads, and the keyboard never leaves an open sheet: at the running post, with a
// serial scanner on the desk. run_on_daemon.mjs starts this with a post: { url, guard, aide, admin: [name, password] }
import assert from "node:assert/strict";
import { accessible, loaded, shoot } from "./browser.mjs";
import { atTheDesk, person } from "./desk.mjs";
import * as simulator from "./simulator.mjs";
import { until } from "./until.mjs";

const form = { purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" };

export const sheets = (post) => atTheDesk(post, "sheets", async (desk) => {
  const { guard, aide, page, step, sees } = desk;
  const admin = await person(post.url, post.admin);
  await page.addInitScript(() => {
    window.tones = [];
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
      const tone = make.call(this);
      const start = tone.start.bind(tone);
      tone.start = (at) => (window.tones.push(tone.frequency.value), start(at));
      return tone;
    };
  });
  await page.reload();
  await page.locator(".board").waitFor();

  const dialog = page.locator("dialog[open]");
  const cardOf = (visit) => page.locator(`.card[data-visit="${visit.id}"]`);
  const closed = () => dialog.first().waitFor({ state: "detached" });
  // A guest on the way: registered, asked, accepted, given a badge, screened, gone in.
  const stages = ["registered", "asked", "accepted", "badge", "clear"];
  async function guest(name, stage) {
    const until = stages.indexOf(stage);
    let visit = await guard.post("/visits", { ...form, name });
    if (until >= 1) {
      if (visit.next?.evidence === "attested") await guard.post(`/visits/${visit.id}/attest`, { step: visit.next.step });
      visit = await guard.post(`/visits/${visit.id}/ask`, {});
    }
    if (until >= 2) visit = await aide.post(`/visits/${visit.id}/decision`, { decision: "accept_now", version: visit.approval_version });
    let token = null;
    if (until >= 3) {
      const made = await guard.post(`/visits/${visit.id}/badge`, {});
      token = made.token;
      await guard.post(`/badges/${made.badge.id}/printed`, { printed: true });
    }
    if (until >= 4) await guard.post(`/visits/${visit.id}/screening`, { result: "clear" });
    visit = await guard.get(`/visits/${visit.id}`);
    // The page knows all of it: until then it offers what comes before.
    const known = `.card[data-visit="${visit.id}"][data-approval="${visit.approval}"][data-screening="${visit.screening}"]`;
    await page.locator(stage === "badge" ? `${known}:has([data-act="screen"])` : known).waitFor();
    return { ...visit, token };
  }
  const tones = () => page.evaluate(() => window.tones.splice(0));
  const scan = (text) => simulator.scan("serial-scanner", text);

  // ——— the reader on the desk
  const way = await guest("Tamu Contoh Jalan", "badge");
  const inside = await guest("Tamu Contoh Dalam", "clear");
  await guard.post(`/visits/${inside.id}/move`, { to: "in_meeting" });
  await page.locator(`.column-inside .card[data-visit="${inside.id}"]`).waitFor();

  await step("a guest on the way in shows the badge at the desk: the visit opens", async () => {
    await scan(way.token);
    await dialog.locator(".detail").waitFor({ timeout: 10_000 });
    assert.match(await dialog.locator("h2").first().innerText(), /Tamu Contoh Jalan/);
    await page.keyboard.press("Escape");
    await closed();
  });

  await step("a guest who leaves shows the badge at the desk: the exit opens, and Enter ends the visit", async () => {
    const began = Date.now();
    await scan(inside.token);
    await dialog.locator('[data-exit="usual"]').waitFor({ timeout: 10_000 });
    console.log(`   scan → exit sheet ${Date.now() - began} ms`);
    assert.match(await dialog.locator("h2").first().innerText(), /Tamu Contoh Dalam/);
    await shoot(page, "85-desk-exit");
    await page.keyboard.press("Enter");
    await closed();
    await until("the visit is closed", async () => (await guard.get(`/visits/${inside.id}`)).closed);
  });

  await step("a badge of a visit that is over, and unknown codes: reported, with a sound", async () => {
    await page.keyboard.press("/"); // a key, so that the browser allows sound
    await page.keyboard.press("Escape");
    for (const [text, words] of [
      [inside.token, /Kunjungan Tamu Contoh Dalam sudah selesai/],
      ["https://example.invalid/kode", /Kode ini bukan kartu tamu Gapura/],
      ["G1:00000000000000000000000000", /Kartu ini tidak terdaftar|Kode ini bukan kartu tamu Gapura/],
    ]) {
      await tones();
      await page.evaluate(() => document.querySelectorAll(".note .icon-button").forEach((one) => one.click()));
      await page.locator(".note").first().waitFor({ state: "detached" });
      await scan(text);
      await sees(".note", words, 10_000);
      await page.waitForFunction(() => window.tones.length > 0, null, { timeout: 10_000 }).catch(() => assert.fail(`${text}: no sound`));
      assert.equal(await dialog.count(), 0);
    }
    await shoot(page, "86-desk-unknown");
  });

  await step("a stock card is bound to the guest in focus; without one the guard is asked to choose", async () => {
    const { cards } = await admin.post("/badges/stock", { count: 2 });
    const accepted = await guest("Tamu Contoh Stok", "accepted");
    await cardOf(accepted).locator("[data-card-button]").focus();
    await scan(cards[0].token);
    await dialog.locator("[data-card]").first().waitFor({ timeout: 10_000 });
    assert.match(await dialog.innerText(), /Tamu Contoh Stok/);
    await page.keyboard.press("Enter");
    await until("the card is bound", async () => (await guard.get(`/visits/${accepted.id}`)).badges.length === 1);
    await dialog.locator(".badge-made").waitFor();
    assert.equal(await dialog.locator("[data-printed]").count(), 0, "nothing of it is printed");
    await page.keyboard.press("Enter");
    await closed();
  });

  await step("a scan changes no form that is being filled in; it waits beside it", async () => {
    await page.keyboard.press("F2");
    await page.keyboard.type("Tamu Contoh Ketik");
    await scan(way.token);
    await sees(".dialog-news", /Kartu Tamu Contoh Jalan ditunjukkan di meja\. Isian ini tidak berubah\./, 10_000);
    await shoot(page, "87-desk-while-typing");
    await page.keyboard.type(" Lanjut");
    assert.equal(await dialog.locator('input[name="name"]').inputValue(), "Tamu Contoh Ketik Lanjut");
    await page.keyboard.press("Escape");
    await closed();
    await page.locator('.note:has-text("Tamu Contoh Jalan") .note-act').click();
    await dialog.locator(".detail").waitFor();
    await page.keyboard.press("Escape");
    await closed();
    // The same while the guard types into the search.
    await page.keyboard.press("/");
    await page.keyboard.type("contoh");
    await scan(way.token);
    await sees(".note-news", /Kartu Tamu Contoh Jalan/, 10_000);
    assert.equal(await dialog.count(), 0);
    assert.equal(await page.locator('input[type="search"]').inputValue(), "contoh");
    await page.locator('input[type="search"]').fill("");
  });

  // ——— the keyboard in sheets
  async function stays(what) {
    const lost = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const top = [...document.querySelectorAll("dialog[open]")].pop();
      const here = document.activeElement;
      if (!top) return "the sheet is closed";
      return top.contains(here) && !here.matches(":disabled") ? "" : `the focus is on ${here.tagName} ${here.className}`;
    });
    assert.equal(lost, "", what);
  }
  async function press(key, what) {
    await page.keyboard.press(key);
    await stays(`${what}, after ${key}`);
  }
  // Through everything in the sheet and round once.
  async function walk(what) {
    await stays(`${what}, opened`);
    const all = await dialog.last().locator("input, select, textarea, button, summary, [tabindex='0']").count();
    for (let n = 0; n < all + 2; n++) await press("Tab", what);
    await press("Shift+Tab", what);
  }
  async function opens(visit, key, what, { from = null } = {}) {
    if (visit) await cardOf(visit).locator("[data-card-button]").focus();
    else if (from) await page.locator(from).focus();
    await page.keyboard.press(key);
    await dialog.first().waitFor().catch(() => assert.fail(`${what} did not open`));
    await stays(`${what}, opened`);
  }
  async function escapes(visit, what) {
    // Each closes the sheet on top.
    for (let left = await dialog.count(); left > 0; left--) {
      await page.keyboard.press("Escape");
      await page.waitForFunction((less) => document.querySelectorAll("dialog[open]").length < less, left);
    }
    if (!visit) return;
    const back = await page.evaluate(() => document.activeElement.closest("[data-visit]")?.dataset.visit ?? document.activeElement.tagName);
    assert.equal(back, visit.id, `${what}: the focus is back on the card`);
  }
  // Presses Tab until the thing has the focus; never outside the sheet.
  async function reach(selector, what) {
    for (let n = 0; n < 60; n++) {
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      await press("Tab", what);
    }
    assert.fail(`${what}: ${selector} was not reached by Tab`);
  }
  async function chooses(selector, what) {
    await reach(selector, what);
    await press("Enter", what);
  }

  await step("the detector's sheet: B, U, T, M, J by key", async () => {
    const visit = await guest("Tamu Contoh Detektor", "badge");
    for (const key of ["t", "m", "j"]) {
      await opens(visit, "F5", "detector");
      await press(key, "detector");
      assert.ok(await page.evaluate(() => document.activeElement.matches("input, .chip")), `detector ${key}: the next thing has the focus`);
      await walk(`detector ${key}`);
      if (key === "j") await shoot(page, "88-detector-other");
      await escapes(visit, `detector ${key}`);
    }
    await opens(visit, "F5", "detector");
    await press("t", "detector");
    await page.keyboard.type("Kunci");
    await reach('input[name="tag"]', "deposit");
    await page.keyboard.type("A1");
    await page.keyboard.press("Enter");
    await closed();
    await opens(visit, "F5", "detector");
    await page.keyboard.press("b");
    await closed();
    await until("it is clear", async () => (await guard.get(`/visits/${visit.id}`)).screening === "clear");
  });

  await step("“Tercetak?” is answered by its own key: neither Enter nor Escape passes it", async () => {
    const visit = await guest("Tamu Contoh Cetak", "accepted");
    await opens(visit, "F4", "badge");
    await dialog.locator(".printed").waitFor();
    const badge = (await guard.get(`/visits/${visit.id}`)).badges[0];
    const unanswered = async () => assert.equal((await guard.get(`/badges/${badge.id}`)).events.filter((one) => one.type === "badge_printed").length, 0);
    for (const key of ["Enter", "Enter", "Escape", "Enter"]) {
      await press(key, "badge");
      assert.equal(await dialog.locator(".printed").count(), 1, `the question stays after ${key}`);
      await unanswered();
    }
    await sees(".printed-first", /Jawab dulu/);
    await accessible(page, "printed question");
    await shoot(page, "89-printed-question");
    await walk("badge");
    await page.keyboard.press("y");
    await closed();
    await until("yes is recorded", async () => (await guard.get(`/badges/${badge.id}`)).events.some((one) => one.type === "badge_printed" && one.data.printed === true));
    const other = await guest("Tamu Contoh Gagal Cetak", "accepted");
    await opens(other, "F4", "badge");
    await press("Enter", "badge");
    await page.keyboard.press("t");
    await closed();
    await until("no kills the badge", async () => (await guard.get(`/visits/${other.id}`)).badges.length === 0);
    // A new one with its reason, by keys alone.
    await opens(other, "F4", "new badge");
    await press("Enter", "new badge");
    await walk("new badge");
    await escapes(other, "new badge");
  });

  await step("a badge just made is counted before the board shows it: no second one is offered", async () => {
    const visit = await guest("Tamu Contoh Lambat", "accepted");
    let release;
    const held = new Promise((done) => (release = done));
    const visits = /\/api\/v1\/visits(\/[\w-]+)?(\?|$)/;
    await page.route(visits, async (route) => {
      if (route.request().method() === "GET") await held;
      await route.continue();
    });
    await opens(visit, "F4", "badge");
    await dialog.locator(".printed").waitFor();
    const offered = await dialog.locator('[data-printed="next"]').count();
    release();
    await page.unrouteAll({ behavior: "wait" });
    assert.equal(offered, 0);
    await page.keyboard.press("y");
    await closed();
    assert.equal((await guard.get(`/visits/${visit.id}`)).badges.length, 1);
  });

  await step("the way out: each choice and back", async () => {
    const visit = await guest("Tamu Contoh Pulang", "badge");
    await opens(visit, "F7", "exit");
    await walk("exit");
    await chooses(".choice-check", "exit without the badge");
    assert.ok(await page.evaluate(() => document.activeElement.matches(".chip")), "the reasons have the focus");
    await press("Enter", "exit reason");
    await walk("exit reason");
    await chooses(".dialog-foot .plain", "exit, back");
    await escapes(visit, "exit");
    const early = await guest("Tamu Contoh Pagi", "registered");
    await opens(early, "F7", "turned away");
    await chooses(".choice-refuse", "turned away");
    await press("Enter", "turned away");
    await escapes(early, "turned away");
    await opens(visit, "F7", "exit");
    await reach('[data-exit="usual"]', "exit");
    await page.keyboard.press("Enter"); // the choice closes the sheet
    await closed();
    await cardOf(visit).waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement.matches(".card-name"), null, { timeout: 10_000 })
      .catch(async () => assert.fail(`after the exit the focus is on ${await page.evaluate(() => document.activeElement.tagName)}`));
  });

  await step("a thing given back: the focus moves to the exit", async () => {
    const visit = await guest("Tamu Contoh Titip", "clear");
    await guard.post(`/visits/${visit.id}/deposits`, { what: "Kunci", tag: "T1" });
    await guard.post(`/visits/${visit.id}/deposits`, { what: "Tas", tag: "T2" });
    await cardOf(visit).getByText("2", { exact: false }).first().waitFor();
    await guard.post(`/visits/${visit.id}/move`, { to: "in_meeting" });
    await page.locator(`.column-inside .card[data-visit="${visit.id}"]`).waitFor();
    await opens(visit, "F7", "exit with things");
    await dialog.locator(".exit-held").waitFor();
    await press("Enter", "one given back");
    await until("one is back", async () => (await guard.get(`/visits/${visit.id}`)).deposits.filter((one) => one.state === "returned").length === 1);
    await dialog.locator('li[data-deposit="returned"]').waitFor(); // the page knows it, and its focus is at the next
    await stays("one given back");
    await press("Enter", "both given back");
    await until("both are back", async () => (await guard.get(`/visits/${visit.id}`)).deposits.every((one) => one.state === "returned"));
    await page.waitForFunction(() => document.activeElement.matches('[data-exit="usual"]'), null, { timeout: 10_000 });
    await escapes(visit, "exit with things");
  });

  await step("every other sheet of the post, through and round by Tab", async () => {
    const asked = await guest("Tamu Contoh Tanya", "asked");
    const accepted = await guest("Tamu Contoh Terima", "accepted");
    const cleared = await guest("Tamu Contoh Bersih", "clear");
    await guard.post("/visits", { ...form, name: "Tamu Contoh Cepat", quick: true });
    await page.locator("[data-debts]").waitFor();
    const rows = [
      [null, "F2", "new guest"], [null, "F10", "shift"],
      [asked, "F8", "verbal"], [cleared, "F7", "escort"], [accepted, "Shift+F4", "stock"],
      [null, "Enter", "plan", { from: "[data-plan]" }], [null, "Enter", "release", { from: "[data-release]" }], [null, "Enter", "debts", { from: "[data-debts]" }],
      [null, "Enter", "details", { from: `.card[data-visit="${asked.id}"] .card-name` }],
    ];
    for (const [visit, key, what, more] of rows) {
      await opens(visit, key, what, more);
      await loaded(page);
      await walk(what);
      if (what === "release") await press("Enter", what);
      await escapes(visit, what);
    }
    await opens(null, "F9", "emergency");
    await walk("emergency");
    await chooses("dialog[open] button:not(.icon-button)", "emergency");
    await escapes(null, "emergency");
  });

  await step("from the details: deposit, withdraw, deviation and their way back", async () => {
    const visit = await guest("Tamu Contoh Rinci", "asked");
    const name = `.card[data-visit="${visit.id}"] .card-name`;
    await opens(null, "Enter", "details", { from: name });
    await dialog.locator(".detail").waitFor();
    await chooses("[data-exception='deviate']", "deviation");
    await walk("deviation");
    await escapes(null, "deviation");
    await opens(null, "Enter", "details", { from: name });
    await dialog.locator(".detail").waitFor();
    await dialog.getByRole("button", { name: "Tarik" }).first().focus();
    await press("Enter", "withdraw");
    await press("Enter", "withdraw reason");
    await walk("withdraw");
    await escapes(null, "withdraw");
    assert.ok(await page.evaluate(() => document.activeElement !== document.body), "the focus is somewhere");
  });

  await step("the aide's question and a possible match with the attention list", async () => {
    const visit = await guest("Tamu Contoh Balik", "asked");
    await aide.post(`/visits/${visit.id}/decision`, { decision: "ask", reason: "Dari instansi mana?", version: visit.approval_version });
    await cardOf(visit).locator('[data-act="answer"]').waitFor();
    await opens(visit, "Enter", "answer");
    await walk("answer");
    await escapes(visit, "answer");
    await admin.post("/attention", { name: "Tamu Contoh Waspada", why: "contoh", blocks: false });
    const listed = await guest("Tamu Contoh Waspada", "registered");
    await cardOf(listed).locator('[data-act="attention"]').waitFor();
    await opens(listed, "Enter", "attention");
    await press("Enter", "attention reason");
    await walk("attention");
    await reach('[data-match="no"]', "attention");
    await page.keyboard.press("Enter"); // the answer closes the sheet
    await closed();
    const where = await page.evaluate(() => document.activeElement.closest("[data-visit]")?.dataset.visit);
    assert.equal(where, listed.id, "the card moved to another column, and the focus with it");
  });
  await step("F9 held while a sheet is open: that it is held and that it went out is said over the sheet", async () => {
    // Nothing lies over the middle of it.
    const uncovered = (pattern, limit) => page.waitForFunction((source) => [...document.querySelectorAll("p")].some((one) => {
      if (!new RegExp(source).test(one.textContent)) return false;
      const { left, top, width, height } = one.getBoundingClientRect();
      const there = width && document.elementFromPoint(left + width / 2, top + height / 2);
      return there && (one === there || one.contains(there));
    }), pattern.source, { timeout: limit, polling: 50 }).catch(() => assert.fail(`${pattern} is not to be seen over the sheet`));
    await page.keyboard.press("F2");
    await page.keyboard.type("Tamu Contoh Darurat");
    await page.keyboard.down("F9");
    await uncovered(/Terus tahan/, 1800);
    await shoot(page, "90-panic-held-in-sheet");
    await uncovered(/Alarm darurat dikirim/, 10_000);
    await page.keyboard.up("F9");
    await stays("after the call for help");
    assert.match(await dialog.locator('input[name="name"]').inputValue(), /Tamu Contoh Darurat$/, "what was typed stays");
    await accessible(page, "panic in a sheet");
    await shoot(page, "91-panic-sent-in-sheet");
    await escapes(null, "new guest");
  });
  await admin.context.dispose();
});
