// SPDX-License-Identifier: Apache-2.0
// The admin's screen for personal data: the due list and its destruction, the second agreement, holds, cases.
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
  await page.context().close();
  await end();
} catch (error) {
  await end(error);
}
