// SPDX-License-Identifier: Apache-2.0
// The admin's screen for personal data: the due list and its destruction, the second agreement, holds, cases; earlier guests, masked
// until somebody says why.
import assert from "node:assert/strict";
import { accessible, assertQuiet, screens, shoot } from "./browser.mjs";
import { end, enter, mock, step } from "./mock_session.mjs";

const words = (page, selector) => page.locator(selector).innerText();

try {
  const page = await enter("admin", screens.desk);
  await page.locator('a[href="#privacy"]').click();
  await step("the due list says what would go, what is held and which backups still hold it", async () => {
    await page.locator('[data-class="visit"]').waitFor();
    assert.match(await words(page, '[data-class="visit"]'), /HM\.01\.02.*365 hari.*214.*2/s);
    assert.match(await words(page, '[data-class="audit"]'), /tetap/);
    assert.match(await words(page, '[data-part="due"]'), /cadangan-januari\.gapura/);
    await accessible(page, "privacy");
    await shoot(page, "60-privacy-due");
  });

  await step("an account that is no second person sees why, and from when it may agree", async () => {
    page.expected.push(/403 .*\/retention\/rules\/clip\/agree/);
    for (const [kind, more, sentence] of [
      ["too_new", { from: "2026-02-03T00:15:00.000+00:00" }, /mulai 0[23].02.2026 \d\d[.:]15/],
      ["same_hand", {}, /dianggap satu orang.*gapura user reset/s],
    ]) {
      mock.post.privacy.refuses = { kind, more };
      await page.locator('[data-class="clip"] [data-agree]').click();
      const note = page.locator(".note-failed").filter({ hasText: kind === "too_new" ? "belum boleh" : "satu orang" });
      await note.waitFor();
      assert.match(await note.innerText(), sentence);
      assert.ok(!(await note.innerText()).includes("in the daemon's words"), "one language");
      await shoot(page, `60-privacy-${kind}`);
    }
    await accessible(page, "privacy refused");
    mock.post.privacy.refuses = null;
  });

  await step("the second admin agrees to a shorter period", async () => {
    assert.match(await words(page, '[data-class="clip"]'), /Diusulkan 3 hari; disetujui: admin kedua/);
    await page.locator('[data-class="clip"] [data-agree]').click();
    await page.locator('[data-class="clip"] [data-agree]').waitFor({ state: "detached" });
    assert.match(await words(page, '[data-class="clip"]'), /3 hari/);
  });

  await step("destruction takes two steps, is followed to its end, and leaves a certificate", async () => {
    await page.locator("[data-approve]").click();
    assert.equal(mock.post.privacy.runs.length, 0, "the first step destroys nothing");
    await page.locator("[data-approve-sure]").click();
    await page.locator('[data-part="runs"] [data-run]').waitFor();
    assert.match(await words(page, '[data-part="runs"]'), /180 orang, 214 kunjungan/);
    assert.match(await page.locator("[data-run] a").getAttribute("href"), /\/retention\/runs\/r-0011223344556677\/certificate\.pdf$/);
    assert.match(await words(page, '[data-part="due"]'), /Tidak ada yang jatuh tempo/);
  });

  await step("a person is found, masked, and a case counts down; a late one is loud", async () => {
    await page.locator('[data-part="desk"] [name="phone"]').fill("0800-000-123");
    await page.locator('[data-part="desk"] button[type="submit"]').first().click();
    const row = page.locator("[data-guest]").first();
    await row.waitFor();
    assert.match(await row.innerText(), /T\*\*\* C\*\*\*\*\* 0\*.*123/s);
    assert.equal(await page.locator("[data-guest]").nth(1).locator("button").count(), 0, "nothing to do for an erased person");
    for (const [kind, purpose] of [["erase", "uji lewat waktu"], ["correct", "nomor telepon keliru"]]) {
      await row.locator("[data-open-case]").click();
      await page.locator("[data-new-case] select").selectOption(kind);
      await page.locator('[data-new-case] [name="requester"]').fill("Tamu Contoh 01, KTP dicek");
      await page.locator('[data-new-case] [name="purpose"]').fill(purpose);
      await page.locator("[data-new-case] button").click();
      await page.locator("[data-new-case]").waitFor({ state: "detached" });
    }
    await page.locator('[data-case="c-1"]').waitFor();
    assert.match(await words(page, '[data-case="c-1"]'), /sisa 71 jam/);
    assert.match(await words(page, '[data-case="c-0"]'), /LEWAT 2 jam/);
  });

  await step("a case is answered with the correction, another one is refused with its ground", async () => {
    await page.locator('[data-case="c-1"] [data-close]').click();
    assert.ok(await page.locator('[data-case="c-1"] [data-answer]').isDisabled(), "no answer without words");
    await page.locator('[data-case="c-1"] label:has-text("Telepon baru") input').fill("0800-000-124");
    await page.locator('[data-case="c-1"] [name="ground"]').fill("Nomor diperbaiki");
    await page.locator('[data-case="c-0"] [data-close]').click();
    assert.match(await words(page, '[data-case="c-0"]'), /Tidak dapat dikembalikan/);
    await page.locator('[data-case="c-0"]').scrollIntoViewIfNeeded();
    await shoot(page, "61-privacy-desk");
    await page.locator('[data-case="c-1"] [data-answer]').click();
    await page.locator('[data-case="c-1"]:has-text("Dijawab")').waitFor();
    await page.locator('[data-case="c-0"] [name="ground"]').fill("Perkara berjalan");
    await page.locator('[data-case="c-0"] [data-refuse]').click();
    await page.locator('[data-case="c-0"]:has-text("Ditolak")').waitFor();
    assert.equal(mock.post.privacy.cases.find((one) => one.id === "c-0").ground, "Perkara berjalan");
  });

  await step("a hold is set with its case and released with a reason", async () => {
    await page.locator('[name="hold"]').fill("g-00112233aabbccdd");
    await page.locator('[name="why"]').fill("Perkara contoh");
    await page.locator('[data-part="holds"] button[type="submit"]').click();
    const hold = page.locator("[data-hold]");
    await hold.waitFor();
    assert.equal(mock.post.privacy.holds[0].guest, "g-00112233aabbccdd");
    await hold.locator("button").click();
    await hold.locator("input").fill("Perkara selesai");
    await accessible(page, "privacy hold");
    await hold.locator("button.danger").click();
    await hold.waitFor({ state: "detached" });
  });
  assertQuiet(page, "privacy");

  const past = (name) => mock.post.visits.find((one) => one.name === name);
  await step("an earlier guest is masked, opened with a reason only, and the looking is said and recorded", async () => {
    const visit = past("Tamu Contoh 31");
    await page.locator('a[href="#visits"]').click();
    const row = page.locator(`[data-past-visit="${visit.id}"]`);
    assert.match(await row.innerText(), /T\*\*\* C\*\*\*\*\* 3\*.*Pimpinan.*tersamar/s);
    const date = page.locator('[data-past] [name="date"]');
    await date.fill("2020-01-31");
    await row.waitFor({ state: "detached" });
    assert.match(await words(page, "[data-past]"), /Pada hari/);
    // An answer that comes late, for a day that nobody looks at any more, changes nothing.
    const held = new Promise((take) => page.route(/date=2020-02-01/, take, { times: 1 }));
    await date.fill("2020-02-01");
    const late = await held;
    await date.fill(visit.arrived.slice(0, 10));
    await row.waitFor();
    const came = page.waitForResponse(/date=2020-02-01/);
    await late.continue();
    await (await came).finished();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    assert.equal(await row.count(), 1, "the day that was asked for last stands");
    await row.scrollIntoViewIfNeeded();
    await shoot(page, "62-past-visits");
    await row.click();
    const sheet = page.locator('[data-masked="yes"]');
    await sheet.waitFor();
    assert.equal(await sheet.locator("img").count(), 0, "no picture of a masked visit is asked for");
    assert.doesNotMatch(await sheet.innerText(), /naskah perjanjian|Balai Contoh|0800-0000-0031/);
    assert.ok(await page.locator("[data-unmask] button").isDisabled(), "no looking without words");
    await accessible(page, "masked visit");
    await shoot(page, "63-masked-visit");
    await page.locator('[data-unmask] [name="reason"]').fill("Membalas surat tamu");
    await page.keyboard.press("Enter");
    await page.locator("[data-unmasked]").waitFor();
    const shown = page.locator('[data-masked="no"]');
    assert.match(await shown.innerText(), /tercatat di jurnal.*naskah perjanjian.*Balai Contoh.*0800-0000-0031/s);
    assert.match(await shown.locator(".detail-feed").innerText(), /Tamu Contoh 31/, "its history names the guest as its head does");
    for (const picture of await shown.locator("img").all()) assert.ok(await picture.evaluate(async (image) => { await image.decode(); return image.naturalWidth > 0; }));
    assert.equal(await shown.locator("img").count(), 2, "portrait and waiting room");
    const read = mock.post.events.findLast((entry) => entry.type === "data_read");
    assert.deepEqual([read.visit, read.actor, read.note], [visit.id, "admin", "Membalas surat tamu"]);
    await accessible(page, "unmasked visit");
    await shoot(page, "64-unmasked-visit");
    await page.keyboard.press("Escape");
    await row.click();
    await page.locator('[data-masked="yes"]').waitFor(); // looked at once: closed means masked again
    await page.keyboard.press("Escape");
  });

  await step("a restricted person has no button", async () => {
    await page.locator(`[data-past-visit="${past("Tamu Contoh 32").id}"]`).click();
    await page.locator('[data-masked="yes"]').waitFor();
    assert.match(await words(page, "dialog"), /\(dibatasi\).*dibatasi.*meja subjek data/s);
    assert.equal(await page.locator("[data-unmask]").count(), 0);
    await page.keyboard.press("Escape");
  });
  assertQuiet(page, "earlier guests");
  await page.context().close();

  await step("the aide looks back on the phone; a picture that closes again is said, never broken", async () => {
    const phone = await enter("ajudan", screens.phone);
    phone.expected.push(/403 .*\/pictures\//);
    await phone.locator(".account summary").click();
    await phone.locator("[data-open-past]").click();
    await phone.locator(`[data-past-visit="${past("Tamu Contoh 31").id}"]`).click();
    await phone.locator('[data-unmask] [name="reason"]').fill("Menyiapkan pertemuan lanjutan");
    await shoot(phone, "65-aide-masked");
    mock.post.mayLoad = () => false; // what the daemon says once the quarter of an hour is over
    await phone.locator("[data-unmask] button").click();
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
