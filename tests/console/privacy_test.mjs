// SPDX-License-Identifier: Apache-2.0
// The admin's screen for personal data: the due list and its destruction, the second agreement, holds, cases; earlier guests, masked
// until a person says why.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { accessible, assertQuiet, screens, shoot } from "./browser.mjs";
import { guestsOf } from "./guests.mjs";
import { end, enter, openPost, step } from "./post_session.mjs";
import { until } from "./until.mjs";

const words = (page, selector) => page.locator(selector).innerText();
const hour = 60, day = 24 * hour;
const periods = [["visit", 365, "anonymise"], ["portrait", 30, "destroy"], ["nik", 1, "destroy"], ["clip", 7, "destroy"],
  ["approval", 365, "destroy"], ["deviation", 365, "destroy"], ["audit", 1, "permanent"]]
  .map(([name, days, action]) => `\n[[retention]]\nclass = "${name}"\njra = "HM.01.02"\ndays = ${days}\naction = "${action}"\n`).join("");

try {
  const post = await openPost({ also: periods });
  const guests = guestsOf(post);
  // A guest with a portrait who asked, was accepted and left again.
  const come = async (n, part = {}) => {
    const { hash } = await post.guard.post("/pictures", { camera: "cam-gate" });
    const visit = await guests.fresh({ name: guests.named(n), phone: `0800-0000-00${n}`, portrait: hash, ...part });
    await guests.accept(visit);
    return guests.leave(visit, "departed");
  };
  const found = async (n) => (await post.admin.post("/subjects/find", { phone: `0800-0000-00${n}` })).people[0].guest;
  const answer = async (n, kind) => {
    const { id } = await post.admin.post("/cases", { guest: await found(n), kind, requester: "Tamu Contoh, KTP dicek", purpose: "contoh" });
    return post.admin.post(`/cases/${id}/close`, { outcome: "answered", reason: "contoh" });
  };

  // A second admin, made at the machine, and one whom that one made; six guests, a backup; a year and more passes. Then a
  // shorter period of the clips waits, to which the second admin has agreed.
  post.accounts.kedua = JSON.parse(post.gapura("user", "add", "kedua", "--role", "admin", "--json")).password;
  post.accounts.tangan = (await (await post.signIn("kedua")).post("/users", { name: "tangan", role: "admin" })).password;
  const old = [];
  for (let n = 11; n <= 16; n++) old.push(await come(n));
  for (const one of old.slice(0, 2)) await post.admin.post("/holds", { visit: one.id, reason: "Perkara contoh" });
  const passphrase = join(dirname(post.data), "passphrase");
  writeFileSync(passphrase, "tiga kerbau minum teh\n");
  post.gapura("backup", join(dirname(post.data), "cadangan-januari.gapura"), "--key", passphrase);
  await post.pass(400 * day);
  await post.halt();
  await post.resume((text) => text.replace(/(class = "clip"\n.*\ndays = )7/, "$13"));
  await post.signInAgain();
  await (await post.signIn("kedua")).post("/retention/rules/clip/agree");
  // Of an earlier day than the one that is looked at: 31, 32 whose data are restricted, 33 who is erased, and a case that is late.
  const visit31 = await come(31, { purpose: "Membahas naskah perjanjian", institution: "Balai Contoh" });
  const visit32 = await come(32);
  await come(33);
  await post.pass(6);
  await answer(32, "restrict");
  await answer(33, "erase");
  const late = await post.admin.post("/cases", { guest: await found(31), kind: "erase", requester: "Tamu Contoh 31, KTP dicek", purpose: "uji lewat waktu" });
  await post.pass(74 * hour);
  await post.signInAgain();
  await post.addUser("baru", "admin");
  const page = await enter(post, "admin", screens.desk);
  await page.locator('a[href="#privacy"]').click();
  await step("the due list says what would go, what is held and which backups still hold it", async () => {
    await page.locator('[data-class="visit"]').waitFor();
    assert.match(await words(page, '[data-class="visit"]'), /HM\.01\.02.*365 hari.*4.*2/s);
    assert.match(await words(page, '[data-class="audit"]'), /tetap/);
    assert.match(await words(page, '[data-part="due"]'), /cadangan-januari\.gapura/);
    await accessible(page, "privacy");
    await shoot(page, "60-privacy-due");
  });

  await step("an account that is no second person sees why, and from when it may agree", async () => {
    const from = new Date((await post.now()) + (72 + 8) * 3_600_000).toISOString(); // at the site
    for (const [name, kind, sentence] of [
      ["baru", "belum boleh", new RegExp(`mulai ${from.slice(8, 10)}.${from.slice(5, 7)}.${from.slice(0, 4)} \\d\\d[.:]\\d\\d`)],
      ["tangan", "satu orang", /dianggap satu orang.*gapura user reset/s],
    ]) {
      const other = await enter(post, name, screens.desk);
      other.expected.push(/403 .*\/retention\/rules\/clip\/agree/);
      await other.locator('a[href="#privacy"]').click();
      await other.locator('[data-class="clip"] [data-agree]').click();
      const note = other.locator(".note-failed").filter({ hasText: kind });
      await note.waitFor();
      assert.match(await note.innerText(), sentence);
      assert.doesNotMatch(await note.innerText(), /password|account|person/, "one language");
      await shoot(other, `60-privacy-${name}`);
      await accessible(other, "privacy refused");
      assertQuiet(other, name);
      await other.context().close();
    }
  });

  await step("the second admin agrees to a shorter period", async () => {
    assert.match(await words(page, '[data-class="clip"]'), /Diusulkan 3 hari; disetujui: kedua/);
    await page.locator('[data-class="clip"] [data-agree]').click();
    await page.locator('[data-class="clip"] [data-agree]').waitFor({ state: "detached" });
    assert.match(await words(page, '[data-class="clip"]'), /3 hari/);
  });

  await step("destruction takes two steps, is followed to its end, and leaves a certificate", async () => {
    await page.locator("[data-approve]").click();
    const runs = async () => (await post.admin.get("/retention/runs")).runs.filter((one) => one.guest === null);
    assert.equal((await runs()).length, 0, "the first step destroys nothing");
    await page.locator("[data-approve-sure]").click();
    const [run] = await until("approved", async () => (await runs()).length === 1 && runs());
    const line = page.locator(`[data-run="${run.id}"]`);
    await line.waitFor();
    assert.match(await line.innerText(), /4 orang, 4 kunjungan/);
    const certificate = await line.locator("a").getAttribute("href");
    assert.match(certificate, new RegExp(`/retention/runs/${run.id}/certificate\\.pdf$`));
    assert.match((await (await page.context().request.get(new URL(certificate, post.url).href)).body()).toString("latin1"), /^%PDF-/);
    assert.match(await words(page, '[data-part="due"]'), /Tidak ada yang jatuh tempo/);
  });

  let correction;
  await step("a person is found, masked, and a case counts down; a late one is loud", async () => {
    await page.locator('[data-part="desk"] [name="date"]').fill(visit31.arrived.slice(0, 10));
    await page.locator('[data-part="desk"] button[type="submit"]').first().click();
    const erased = page.locator("[data-guest]:has-text('sudah dihapus')");
    await erased.waitFor();
    assert.equal(await erased.locator("button").count(), 0, "nothing to do for an erased person");
    await page.locator('[data-part="desk"] [name="date"]').fill("");
    await page.locator('[data-part="desk"] [name="phone"]').fill("0800-0000-0031");
    await page.locator('[data-part="desk"] button[type="submit"]').first().click();
    await erased.waitFor({ state: "detached" });
    const row = page.locator("[data-guest]");
    assert.match(await row.innerText(), /T\*\*\* C\*\*\*\*\* 3\*.*031/s);
    await row.locator("[data-open-case]").click();
    await page.locator("[data-new-case] select").selectOption("correct");
    await page.locator('[data-new-case] [name="requester"]').fill("Tamu Contoh 31, KTP dicek");
    await page.locator('[data-new-case] [name="purpose"]').fill("nomor telepon keliru");
    await page.locator("[data-new-case] button").click();
    await page.locator("[data-new-case]").waitFor({ state: "detached" });
    correction = (await until("opened", async () => (await post.admin.get("/cases")).cases.filter((one) => one.kind === "correct")))[0].id;
    await page.locator(`[data-case="${correction}"]`).waitFor();
    assert.match(await words(page, `[data-case="${correction}"]`), /sisa 7[12] jam/);
    assert.match(await words(page, `[data-case="${late.id}"]`), /LEWAT 2 jam/);
  });

  await step("a case is answered with the correction, another one is refused with its ground", async () => {
    await page.locator(`[data-case="${correction}"] [data-close]`).click();
    assert.ok(await page.locator(`[data-case="${correction}"] [data-answer]`).isDisabled(), "no answer without words");
    await page.locator(`[data-case="${correction}"] label:has-text("Telepon baru") input`).fill("0800-0000-0034");
    await page.locator(`[data-case="${correction}"] [name="ground"]`).fill("Nomor diperbaiki");
    await page.locator(`[data-case="${late.id}"] [data-close]`).click();
    assert.match(await words(page, `[data-case="${late.id}"]`), /Tidak dapat dikembalikan/);
    await page.locator(`[data-case="${late.id}"]`).scrollIntoViewIfNeeded();
    await shoot(page, "61-privacy-desk");
    await page.locator(`[data-case="${correction}"] [data-answer]`).click();
    await page.locator(`[data-case="${correction}"]:has-text("Dijawab")`).waitFor();
    await page.locator(`[data-case="${late.id}"] [name="ground"]`).fill("Perkara berjalan");
    await page.locator(`[data-case="${late.id}"] [data-refuse]`).click();
    await page.locator(`[data-case="${late.id}"]:has-text("Ditolak")`).waitFor();
    const cases = (await post.admin.get("/cases")).cases;
    assert.equal(cases.find((one) => one.id === late.id).ground, "Perkara berjalan");
    const { guest } = cases.find((one) => one.id === correction);
    assert.equal((await post.admin.post("/subjects/find", { phone: "0800-0000-0034" })).people[0].guest, guest, "the number is corrected");
  });

  await step("a hold is set with its case and released with a reason", async () => {
    const { guest } = (await post.admin.get("/cases")).cases[0];
    await page.locator('[name="hold"]').fill(guest);
    await page.locator('[name="why"]').fill("Perkara contoh");
    await page.locator('[data-part="holds"] button[type="submit"]').click();
    const hold = page.locator(`[data-hold]:has-text("${guest}")`);
    await hold.waitFor();
    assert.equal((await post.admin.get("/holds")).holds.filter((one) => one.guest === guest).length, 1);
    await hold.locator("button").click();
    await hold.locator("input").fill("Perkara selesai");
    await accessible(page, "privacy hold");
    await hold.locator("button.danger").click();
    await hold.waitFor({ state: "detached" });
  });
  assertQuiet(page, "privacy");

  await step("an earlier guest is masked, opened with a reason only, and the looking is said and recorded", async () => {
    const visit = visit31;
    await page.locator('a[href="#visits"]').click();
    const row = page.locator(`[data-past-visit="${visit.id}"]`);
    assert.match(await row.innerText(), /T\*\*\* C\*\*\*\*\* 3\*.*Pimpinan.*tersamar/s);
    const date = page.locator('[data-past] [name="date"]');
    await date.fill("2020-01-31");
    await row.waitFor({ state: "detached" });
    assert.match(await words(page, "[data-past]"), /Pada hari/);
    // An answer that comes late, for a day that is no longer shown, changes nothing.
    const held = new Promise((take) => page.route(/date=2020-02-01/, take, { times: 1 }));
    await date.fill("2020-02-01");
    const late = await held;
    await date.fill(visit.arrived.slice(0, 10));
    await row.waitFor();
    const came = page.waitForResponse(/date=2020-02-01/);
    await late.continue();
    await (await came).finished();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    assert.equal(await row.count(), 1, "the day that was asked for last is shown");
    await row.scrollIntoViewIfNeeded();
    await shoot(page, "62-past-visits");
    await row.click();
    const sheet = page.locator('[data-masked="yes"]');
    await sheet.waitFor();
    assert.equal(await sheet.locator("img").count(), 0, "no picture of a masked visit is asked for");
    assert.doesNotMatch(await sheet.innerText(), /naskah perjanjian|Balai Contoh|0800-0000-0034/);
    assert.ok(await page.locator("[data-unmask] button").isDisabled(), "no looking without words");
    await accessible(page, "masked visit");
    await shoot(page, "63-masked-visit");
    await page.locator('[data-unmask] [name="reason"]').fill("Membalas surat tamu");
    await page.keyboard.press("Enter");
    await page.locator("[data-unmasked]").waitFor();
    const shown = page.locator('[data-masked="no"]');
    assert.match(await shown.innerText(), /tercatat di jurnal.*naskah perjanjian.*Balai Contoh.*0800-0000-0034/s);
    assert.match(await shown.locator(".detail-feed").innerText(), /Tamu Contoh 31/, "its history names the guest as its head does");
    for (const picture of await shown.locator("img").all()) assert.ok(await picture.evaluate(async (image) => { await image.decode(); return image.naturalWidth > 0; }));
    assert.equal(await shown.locator("img").count(), 2, "portrait and waiting room");
    const [read] = (await post.admin.get("/events?type=data_read&limit=1")).events;
    assert.deepEqual([read.visit, read.actor, read.data.what], [visit.id, "admin", "visit"]);
    const { events } = await post.admin.post(`/visits/${visit.id}/unmask`, { reason: "pemeriksaan" }); // reasons belong to what is masked
    assert.equal(events.find((one) => one.number === read.number).note, "Membalas surat tamu");
    await accessible(page, "unmasked visit");
    await shoot(page, "64-unmasked-visit");
    await page.keyboard.press("Escape");
    await row.click();
    await page.locator('[data-masked="yes"]').waitFor(); // looked at once: closed means masked again
    await page.keyboard.press("Escape");
  });

  await step("a restricted person has no button", async () => {
    await page.locator(`[data-past-visit="${visit32.id}"]`).click();
    await page.locator('[data-masked="yes"]').waitFor();
    assert.match(await words(page, "dialog"), /\(dibatasi\).*dibatasi.*meja subjek data/s);
    assert.equal(await page.locator("[data-unmask]").count(), 0);
    await page.keyboard.press("Escape");
  });
  assertQuiet(page, "earlier guests");
  await page.context().close();

  await step("the aide looks back on the phone; a picture that closes again is said, never broken", async () => {
    const phone = await enter(post, "ajudan", screens.phone);
    phone.expected.push(/403 .*\/pictures\//);
    await phone.locator(".account summary").click();
    await phone.locator("[data-open-past]").click();
    await phone.locator(`[data-past-visit="${visit31.id}"]`).click();
    await phone.locator('[data-unmask] [name="reason"]').fill("Menyiapkan pertemuan lanjutan");
    await shoot(phone, "65-aide-masked");
    // The pictures are asked for when the quarter of an hour is over.
    const held = new Promise((first) => phone.route("**/pictures/*.jpg", async (route) => { first(); await later; await route.continue(); }));
    let over;
    const later = new Promise((done) => (over = done));
    await phone.locator("[data-unmask] button").click();
    await held;
    await post.pass(16);
    over();
    await phone.locator('.past-visit:has-text("Gambar tertutup")').waitFor();
    await phone.locator(".past-pictures img").first().waitFor({ state: "detached" });
    await accessible(phone, "aide's earlier guest");
    await shoot(phone, "66-aide-unmasked");
    assertQuiet(phone, "aide");
    await phone.context().close();
  });
  await end();
} catch (error) {
  await end(error);
}
