// SPDX-License-Identifier: Apache-2.0
// A guard's evening on the running post: metal at the detector, doors and readers that do not work, a refusal for a missing
// step, a stopped card, a guest who is not received, the aide's decision. What the screen says must be so, and it must be heard.
//   post: { url, guard, aide, admin: [name, password], end(signal), begin() }
import assert from "node:assert/strict";
import { accessible, open, screens, shoot, signIn } from "./browser.mjs";
import { acceptedGuest, atTheDesk, no_answer, person } from "./desk.mjs";
import * as simulator from "./simulator.mjs";
import { limit_ms, until } from "./until.mjs";

const metal = [1320, 1760, 1320, 1760];
const metal_period_ms = 2000; // src/tones.ts
const decided = { accept_now: [587, 784, 1175], decline: [587, 440, 294], hold: [587, 698, 698] };
const bells = (tones) => tones.filter((hertz) => hertz === 587).length;
const cameras = ["gate", "exit", "door", "inside"];

export const evening = (post) => atTheDesk(post, "evening", async (desk) => {
  const { guard, aide, page, browser, step, sees, gone, badge, present } = desk;
  const admin = await person(post.url, post.admin);
  const cardOf = (name) => page.locator(`.card:has(.card-name:text-is("${name}"))`);
  const visitOf = async (name) => (await guard.get("/visits?state=open")).visits.find((one) => one.name === name);
  const heard = async (from = 0) => (await page.evaluate((at) => window.heard.slice(at), from)).map(([hertz]) => hertz);
  const heardSoFar = async () => (await heard()).length;
  const clicks = (selector) => page.locator(selector).click();

  // A guest with a card who has not walked through the detector.
  const unscreened = async (name) => ({ name, token: await acceptedGuest(guard, aide, name, false) });
  const walks = (from, times) => until(`the metal tone ${times} times`, async () => {
    const tones = await heard(from);
    return tones.join().split(metal.join()).length > times;
  }, 15_000);
  // A timer of the tone's own period, begun now, ticks twice: a tone that goes on comes before its second tick.
  async function silent() {
    const from = await heardSoFar();
    await page.evaluate((period) => new Promise((done) => {
      let ticks = 0;
      const timer = setInterval(() => ++ticks === 2 && done(clearInterval(timer)), period);
    }), metal_period_ms);
    assert.ok(!(await heard(from)).includes(1760), "the metal tone is over");
  }
  async function band(ready, pattern) {
    await sees(".band", pattern, 20_000);
    const text = await page.locator(".band").innerText();
    assert.doesNotMatch(text, /\bSIAP\b|Arahkan kartu/, "not ready");
    assert.equal(await page.locator(".band").getAttribute("data-ready"), ready);
    await sees(".condition", /PERLU TINDAKAN/);
    await accessible(page, ready);
  }
  const isReady = () => sees('.band[data-verdict="idle"]', /SIAP.*Arahkan kartu tamu ke kamera gerbang/, 40_000);

  await step("metal at the detector sounds until the guard has seen it, and the band says who and what to do", async () => {
    await isReady();
    await page.keyboard.press("Escape"); // a first key: browsers allow no sound before
    const { name } = await unscreened("Tamu Contoh 11");
    await cardOf(name).waitFor();
    const from = await heardSoFar();
    await simulator.walkThroughDetector(true);
    await sees('.band[data-verdict="metal"]', /BERBUNYI.*Deteksi logam berbunyi: Tamu Contoh 11\..*Hentikan tamu dengan sopan.*catat hasilnya/, 10_000);
    await walks(from, 2);
    await shoot(page, "70-metal");
    await accessible(page, "metal");
    await clicks("[data-seen-metal]");
    await silent();
    await sees('.band[data-verdict="metal"][data-seen="yes"]', /Tamu Contoh 11/);
    await shoot(page, "71-metal-seen");
  });

  await step("nothing was done: it sounds again, until the detector's sheet is opened", async () => {
    const from = await heardSoFar();
    await sees('.band[data-verdict="metal"][data-seen="no"]', /berbunyi dan belum ditindak: Tamu Contoh 11/, 60_000);
    await walks(from, 2);
    await clicks("[data-screen-metal]");
    await page.locator('[data-result="rewalk"]').waitFor();
    await silent();
    await page.keyboard.press("u");
    await isReady();
  });

  await step("it is above device alarms, which are one row, and no guest is pushed off the screen", async () => {
    await simulator.misbehave("rtsp", "down");
    const group = page.locator("[data-device-alarms]");
    await sees("[data-device-alarms] summary", /gerbang masuk.*gerbang keluar|gerbang keluar.*gerbang masuk/, 30_000);
    await simulator.walkThroughDetector(true);
    await page.locator('.band[data-verdict="metal"]').waitFor();
    const list = page.locator(".column-action .column-list");
    const first = list.locator("> *").first();
    assert.match(await first.innerText(), /Tamu Contoh 11/);
    assert.equal(await first.getAttribute("data-visit"), (await visitOf("Tamu Contoh 11")).id);
    const box = await first.boundingBox();
    const inside = await list.boundingBox();
    assert.ok(box.y >= inside.y && box.y + box.height <= inside.y + inside.height, `the card is whole: ${JSON.stringify({ box, inside })}`);
    assert.equal(await group.locator(".alarm:visible").count(), 0);
    await shoot(page, "72-metal-cameras");
    await group.locator("summary").click();
    await sees("[data-device-alarms] .alarm", /Perangkat tidak tersambung.*gerbang masuk/);
    const number = Number(await group.getAttribute("data-device-alarms"));
    assert.ok(number >= 5, "five cameras are gone");
    assert.equal(await group.locator(".alarm:visible").count(), number);
    await group.locator("summary").click();
    await simulator.misbehave("rtsp", "up");
    await desk.allOnline();
  });

  await step("the sound switched off does not silence it, and says so", async () => {
    await page.locator(".account summary").click();
    await page.locator(".switches button").first().click();
    await sees(".switches button", /Suara mati \(deteksi logam tetap berbunyi\)/);
    await page.locator(".account summary").click();
    await walks(await heardSoFar(), 2);
    await page.locator(".account summary").click();
    await page.locator(".switches button").first().click();
    await page.locator(".account summary").click();
    await cardOf("Tamu Contoh 11").locator('[data-act="screen"]').click();
    await page.locator('[data-result="manual_check"]').waitFor();
    assert.equal(await page.locator('[data-result="clear"]').count(), 0, "who sounded is not clear without another walk or a look");
    await page.keyboard.press("m");
    await page.locator('dialog[open] input[type="checkbox"]').check();
    await page.locator('[data-result="cleared_by_check"]').click();
    await isReady();
  });

  const isQuiet = (pattern) => sees('.band[data-verdict="metal"][data-seen="yes"]', pattern);
  const pressF5 = async (name) => {
    await cardOf(name).locator("[data-card-button]").focus();
    await page.keyboard.press("F5");
  };
  const detectorOf = (name) => sees("dialog[open] h2", new RegExp(`Hasil deteksi logam · ${name}`));

  await step("with two guests before the detector it asks which one, until a result is recorded or the guard drops it", async () => {
    await unscreened("Tamu Contoh 12");
    await unscreened("Tamu Contoh 13");
    const from = await heardSoFar();
    await simulator.walkThroughDetector(true);
    await sees('.band[data-verdict="metal"]', /BERBUNYI.*tamu mana\?.*pilih kartunya/, 10_000);
    await walks(from, 2);
    await shoot(page, "73-metal-unknown-guest");
    await clicks("[data-seen-metal]");
    await silent();
    await isQuiet(/tamu mana\?/);
    await shoot(page, "73b-metal-unknown-guest-seen");
    await accessible(page, "metal of an unknown guest");
    await clicks("[data-drop-metal]");
    await isReady();

    await simulator.walkThroughDetector(true);
    await sees('.band[data-verdict="metal"][data-seen="no"]', /tamu mana\?/, 10_000);
    await pressF5("Tamu Contoh 12");
    await detectorOf("Tamu Contoh 12");
    await page.keyboard.press("Escape");
    await isQuiet(/tamu mana\?/);
    await guard.post(`/visits/${(await visitOf("Tamu Contoh 12")).id}/screening`, { result: "clear" });
    await isReady();
  });

  await step("F5 leads to the guest at whom it sounded, whichever card has the focus; else it says what to do", async () => {
    await simulator.walkThroughDetector(true);
    await sees('.band[data-verdict="metal"]', /Deteksi logam berbunyi: Tamu Contoh 13/, 10_000);
    await pressF5("Tamu Contoh 12");
    await detectorOf("Tamu Contoh 13");
    await page.keyboard.press("u");
    await isReady();
    await unscreened("Tamu Contoh 10");
    await simulator.walkThroughDetector(true);
    await sees('.band[data-verdict="metal"]', /tamu mana\?/, 10_000);
    await pressF5("Tamu Contoh 12"); // is clear
    await sees(".note", /Pilih tamu yang berbunyi, lalu F5\./);
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await pressF5("Tamu Contoh 10");
    await detectorOf("Tamu Contoh 10");
    await page.keyboard.press("b");
    await isReady();
    await guard.post(`/visits/${(await visitOf("Tamu Contoh 13")).id}/screening`, { result: "clear" });
  });

  await step("the keyboard stays with a lockdown: from its button to the reasons and back", async () => {
    const focused = (selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector)
      .catch(async () => assert.fail(`${selector} has no focus, but ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))}`));
    await page.keyboard.press("F9");
    for (const [to, first, tabs, reason] of [["start", "threat", 2, "drill"], ["end", "over", 0, "over"]]) {
      await page.locator(`dialog[open] [data-plan="all"] [data-lockdown="${to}"]`).focus();
      await page.keyboard.press("Enter");
      await focused(`[data-plan="all"] [data-reason="${first}"]`);
      for (let n = 0; n < tabs; n++) await page.keyboard.press("Tab");
      await focused(`[data-plan="all"] [data-reason="${reason}"]`);
      await page.keyboard.press("Enter");
      await focused(`[data-plan="all"] [data-lockdown="${to === "start" ? "end" : "start"}"]`);
    }
    await page.keyboard.press("Escape");
    await isReady();
  });

  await step("in a lockdown the band says which, for whom, and what to do", async () => {
    await guard.post("/lockdowns/all/start", { reason: "drill" });
    await band("lockdown", /DITUTUP.*Penutupan “Tutup semua”: semua pintu\. Boleh lewat: yang keluar\..*Tahan tamu di tempat aman/);
    await shoot(page, "74-lockdown");
    await guard.post("/lockdowns/all/end", { reason: "over" });
    await isReady();
    await guard.post("/lockdowns/house/start", { reason: "drill" });
    await band("lockdown", /DITUTUP.*“Tutup kediaman”: Pintu kediaman\. Boleh lewat: tidak ada/);
    assert.doesNotMatch(await page.locator(".band").innerText(), /Gerbang putar/);
    await shoot(page, "75-lockdown-house");
    await guard.post("/lockdowns/house/end", { reason: "over" });
    await isReady();
  });

  await step("doors that a person blocked", async () => {
    for (const door of ["gate", "inner-door"]) await admin.post(`/portals/${door}/mode`, { mode: "blocked", reason: "security" });
    await band("blocked", /DIBLOKIR.*tidak ada kartu yang membuka/);
    await shoot(page, "76-blocked");
    await admin.post("/portals/inner-door/mode", { mode: "locked", reason: "normal" });
    await band("some", /SEBAGIAN.*Diblokir: Gerbang putar\./);
    await admin.post("/portals/gate/mode", { mode: "locked", reason: "normal" });
    await isReady();
  });

  await step("one camera gone: which door reads no card; all gone: no card is read", async () => {
    await simulator.misbehave("gate", "stall");
    await band("some", /SEBAGIAN.*Kartu tidak terbaca: Gerbang putar, masuk\..*Buka manual/);
    assert.doesNotMatch(await page.locator(".band").innerText(), /kediaman/);
    await shoot(page, "77-one-camera");
    for (const camera of cameras.slice(1)) await simulator.misbehave(camera, "stall");
    await band("no_reader", /TAK TERBACA.*Semua pembaca kartu mati.*Buka manual/);
    await shoot(page, "78-no-camera");
    for (const camera of cameras) await simulator.misbehave(camera, "normal");
    await desk.allOnline();
    await isReady();
  });

  await step("all controllers gone: no door opens", async () => {
    await simulator.misbehave("unit-1", "refuse_connections");
    await band("no_door", /PINTU MATI.*Semua pengendali pintu mati.*kunci fisik.*F5/);
    await shoot(page, "79-no-door");
    await simulator.misbehave("unit-1", "normal");
    await desk.allOnline();
    await isReady();
  });

  await step("a line that is lost: nothing is called good, on any of the three screens", async () => {
    const desk2 = await open(browser, post.url, screens.desk);
    const phone = await open(browser, post.url, screens.phone);
    for (const one of [desk2, phone]) one.expected.push(no_answer);
    page.expected.push(no_answer);
    await signIn(desk2, ...post.admin);
    await signIn(phone, ...post.aide);
    await desk2.locator('.admin-facts .is-good').waitFor();
    await desk2.locator('.admin-nav a[href="#devices"]').click();
    await desk2.locator(".device-health").first().waitFor();
    await phone.locator(".aide-none").waitFor();
    await post.end("SIGKILL");
    await band("lost", /TERPUTUS.*Lihat gerbangnya langsung.*buku tamu/);
    await sees("[data-health]", /Keadaan perangkat tidak diketahui/);
    assert.doesNotMatch(await page.locator(".status-line").innerText(), /Semua perangkat baik/);
    await shoot(page, "80-lost");
    await desk2.locator('.admin-facts [data-ready="lost"]').waitFor();
    assert.match(await desk2.locator(".admin-facts dl").innerText(), /Tidak diketahui/);
    assert.equal(await desk2.locator(".admin-facts .is-good").count(), 0);
    assert.doesNotMatch(await desk2.locator(".device-list").innerText(), /Tersambung/);
    await shoot(desk2, "81-lost-admin");
    await until("the phone says it", async () => /antrean tidak diketahui/.test(await phone.locator(".aide-main").innerText()));
    assert.doesNotMatch(await phone.locator(".aide-main").innerText(), /Tidak ada tamu yang menunggu/);
    await shoot(phone, "82-lost-aide");
    await desk2.context().close();
    await phone.context().close();
    await post.begin();
    await desk.allOnline();
    await isReady();
    desk.last = (await guard.get("/events?limit=1")).last;
  });

  await step("a refusal names the missing step in the procedure's words, and what to say", async () => {
    const name = "Tamu Contoh 14";
    let visit = await guard.post("/visits", { name, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
    visit = await guard.post(`/visits/${visit.id}/ask`, {});
    await aide.post(`/visits/${visit.id}/decision`, { decision: "accept_now", version: visit.approval_version });
    const { token } = await guard.post(`/visits/${visit.id}/badge`, {});
    await guard.post(`/visits/${visit.id}/screening`, { result: "clear" });
    const { number, all } = await badge(token);
    assert.match(all, /PERIKSA.*Mencocokkan kartu identitas dengan tamu, lalu mengembalikannya saat itu juga.*Katakan: “Mohon maaf/s);
    assert.doesNotMatch(all, /sop_step_missing|identity|\{/);
    await sees('.feed li[data-type="access_denied"]', /Tamu Contoh 14 ditolak di Gerbang putar, masuk.*Mencocokkan kartu identitas/);
    await shoot(page, "83-step");
    await accessible(page, "a missing step");
    const [entry] = (await guard.events(`after=${number - 1}`)).filter((one) => one.number === number);
    assert.deepEqual(entry.data.steps, ["identity"]);
    await guard.post(`/visits/${visit.id}/attest`, { step: "identity" });
  });

  await step("items left behind are a step of their own", async () => {
    const name = "Tamu Contoh 15";
    const token = await acceptedGuest(guard, aide, name);
    const visit = await visitOf(name);
    const walked = simulator.pass(1, "entry", limit_ms); // as soon as it opens
    await badge(token);
    assert.equal((await walked).passed, true);
    await until("the guest is in the waiting room", async () => (await visitOf(name)).presence === "waiting_room");
    await guard.post(`/visits/${visit.id}/deposits`, { what: "Tas", tag: "7", locker: "3" });
    const leads = async (where) => {
      await cardOf(name).locator("[data-card-button]").focus();
      await page.keyboard.press("F7");
      await page.locator(`dialog[open] ${where}`).first().waitFor();
      await page.keyboard.press("Escape");
    };
    await leads("[data-escort]"); // things in the locker are usual on the way in
    const { all } = await present(simulator.show, token, { camera: "exit" });
    assert.match(all, /Titipan belum dikembalikan.*Katakan: “.*titipannya/s);
    await shoot(page, "84-deposit");
    await leads('[data-exit="usual"]'); // who was refused at the exit wants out
  });

  await step("a revoked card: it is kept first, with who revoked it and why; a new one is last", async () => {
    const name = "Tamu Contoh 16";
    const token = await acceptedGuest(guard, aide, name);
    const given = (await visitOf(name)).badge;
    await admin.post(`/badges/${given.id}/revoke`, { reason: "misused" });
    const card = cardOf(name);
    await card.locator('[data-act="stopped_card"]').waitFor();
    assert.equal(await card.locator(".card-step").count(), 0, "“hand out the card” is not what to do now");
    assert.match(await card.locator(".card-act").innerText(), /Tahan kartu, hubungi admin/);
    const { verdict, all } = await badge(token);
    assert.equal(verdict, "refuse");
    assert.match(all, /TOLAK.*Kartu ini sudah dicabut\. Tahan kartunya dan hubungi admin\..*Katakan: “/s);
    await shoot(page, "85-revoked");
    await card.locator("[data-card-button]").focus();
    await page.keyboard.press("F4"); // the key for a new card leads to the same sheet
    const sheet = page.locator("dialog[open]");
    await sees("dialog[open]", new RegExp(`Dicabut oleh ${post.admin[0]}, .*Alasan: Disalahgunakan\\.`));
    assert.equal(await sheet.locator("button:focus").getAttribute("data-keep"), "true");
    await shoot(page, "86-revoked-sheet");
    await accessible(page, "a stopped card");
    await page.keyboard.press("Enter");
    await until("the card is kept", async () => (await visitOf(name)).badge.state === "returned");
    await page.waitForFunction(() => document.activeElement?.hasAttribute("data-leave"));
    await shoot(page, "87-kept");
    await page.keyboard.press("Escape");
    await card.locator('[data-act="stopped_card"]').click();
    await sheet.locator("[data-rebadge]").click();
    assert.equal(await sheet.locator('button[type="submit"]').isDisabled(), true, "not without a reason");
    await page.keyboard.press("Escape");
    await card.locator('[data-act="stopped_card"]').click();
    await sheet.locator("[data-leave]").click();
    await sheet.locator('[data-exit="usual"]').click();
    await card.waitFor({ state: "detached" });
  });

  await step("a card that was reported lost: the same", async () => {
    const name = "Tamu Contoh 17";
    await acceptedGuest(guard, aide, name);
    const given = (await visitOf(name)).badge;
    await guard.post(`/badges/${given.id}/change`, { to: "lost", reason: "guest_said" });
    await cardOf(name).locator('[data-act="stopped_card"]').click();
    await sees("dialog[open]", new RegExp(`Hilang oleh ${post.guard[0]}, .*Alasan: Dilaporkan tamu\\.`));
    await page.locator("[data-keep]").click();
    await until("it is found", async () => (await visitOf(name)).badge.state === "quarantine");
    await page.locator("dialog[open] [data-leave]").click();
    await page.locator('[data-exit="usual"]').click();
    await cardOf(name).waitFor({ state: "detached" });
  });

  for (const [decision, said, body] of [["accept_now", "Diterima", {}], ["hold", "Diminta menunggu", { minutes: 10 }], ["decline", "Ditolak", { reason: "no_appointment" }]]) {
    await step(`the aide has decided (${decision}): one tone of its own and a note that names the guest`, async () => {
      const name = `Tamu Contoh 2${decision.length}`;
      let visit = await guard.post("/visits", { name, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
      visit = await guard.post(`/visits/${visit.id}/ask`, {});
      await cardOf(name).waitFor();
      const from = await heardSoFar();
      await aide.post(`/visits/${visit.id}/decision`, { decision, version: visit.approval_version, ...body });
      await sees(".note-news", new RegExp(`Keputusan untuk ${name}: ${said}`), 10_000);
      const tones = await heard(from);
      assert.ok(tones.join().includes(decided[decision].join()), `${tones} holds ${decided[decision]}`);
      await shoot(page, `88-decided-${decision}`);
      await page.locator(".note-news .note-act").last().click();
      await page.locator(`dialog[open]:has-text("${name}")`).waitFor();
      await page.keyboard.press("Escape");
      assert.equal(bells(await heard(from)), 1, "once");
    });
  }

  await step("a guest who is not received: a polite sentence, and no card is asked for that was not given", async () => {
    const card = cardOf("Tamu Contoh 27");
    await card.locator('[data-act="leave"]').waitFor();
    const text = await card.innerText();
    assert.match(text, /Katakan: “Mohon maaf, Bapak\/Ibu, hari ini belum dapat diterima\. Terima kasih atas kunjungannya\./);
    assert.match(text, /Antar keluar/);
    assert.doesNotMatch(text, /Terima kartu|janji|no_appointment/, "neither a card nor the aide's reason");
    await shoot(page, "89-declined");
    const name = "Tamu Contoh 18"; // has a card already
    let visit = await guard.post("/visits", { name, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
    visit = await guard.post(`/visits/${visit.id}/ask`, {});
    await guard.post(`/visits/${visit.id}/badge`, {});
    await aide.post(`/visits/${visit.id}/decision`, { decision: "decline", reason: "leader_away", version: visit.approval_version });
    await cardOf(name).locator('[data-act="exit"]').waitFor();
    assert.match(await cardOf(name).locator(".card-act").innerText(), /Terima kartu & antar keluar/);
    await page.evaluate(() => document.querySelector('.switches [lang="en"]').click());
    await sees('.card-act[data-act="exit"]', /Take badge, sign guest out/);
    await sees('.card-act[data-act="leave"]', /^(?!.*badge).*Sign guest out/);
    await shoot(page, "90-declined-english");
    await page.evaluate(() => document.querySelector('.switches [lang="id"]').click());
    await sees('.card-act[data-act="leave"]', /Antar keluar/);
    await card.locator('[data-act="leave"]').click();
    await sees("dialog[open]", /Katakan: “Mohon maaf/);
    await page.locator('[data-exit="usual"]').click();
    await card.waitFor({ state: "detached" });
    await cardOf(name).locator('[data-act="exit"]').click();
    await page.locator('[data-exit="usual"]').click();
    await cardOf(name).waitFor({ state: "detached" });
    assert.equal((await guard.get(`/visits/${visit.id}`)).badges.length, 0, "the card came back");
  });
  await admin.context.dispose();
});
