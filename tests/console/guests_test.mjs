// SPDX-License-Identifier: Apache-2.0
// Who a guest is, as the guard is asked: the real daemon and a guard's page in Chromium. run_on_daemon.mjs starts this.
import assert from "node:assert/strict";
import { accessible, shoot } from "./browser.mjs";
import { atTheDesk } from "./desk.mjs";

const hour_ms = 3_600_000;
const instant = (from_now) => new Date(Date.now() + from_now).toISOString();
const form = { purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" };

export const guests = (post) => atTheDesk(post, "guests", async ({ guard, aide, page, step }) => {
  page.expected.push(/status of 409 .*\/api\/v1\/visits/); // the question itself
  const question = page.locator(".same-person");
  const open = async () => (await guard.get("/visits?state=open")).visits;
  const named = async (name) => (await open()).filter((one) => one.name === name);

  async function type(name, phone) {
    await page.keyboard.press("F2");
    await page.locator('.dialog-new [name="name"]').waitFor();
    for (const [field, value] of Object.entries({ name, phone, purpose: form.purpose, whom: form.whom }))
      await page.locator(`.dialog-new [name="${field}"]`).fill(value);
    await page.locator('.dialog-new [name="whom"]').press("Enter");
  }

  await step("a number that is here under another name is asked about, and no guest is registered twice", async () => {
    const here = await guard.post("/visits", { ...form, name: "Achmad Contoh", phone: "081234529000" });
    await type("Ahmad Contoh", "+62 (0)812-3452-9000");
    await question.waitFor();
    const words = await question.innerText();
    assert.match(words, /Nomor telepon ini sudah tercatat atas nama lain\. Apakah Ahmad Contoh orang yang sama\?/);
    assert.match(words, /Achmad Contoh/);
    assert.match(words, /sedang berkunjung/);
    assert.equal((await open()).length, 1, "nothing is stored before the answer");
    // The Enter that sent the form answers nothing.
    assert.equal(await page.evaluate(() => document.activeElement?.classList.contains("same-person")), true);
    await page.keyboard.press("Enter");
    assert.equal((await open()).length, 1);
    await accessible(page, "the question who it is");
    await shoot(page, "60-same-person");
    await question.locator("[data-same]").first().click();
    await page.locator(".dialog-new").waitFor({ state: "detached" });
    assert.deepEqual((await open()).map((one) => one.id), [here.id]);
  });

  await step("a relative with the same number is registered as another person", async () => {
    await type("Anak Contoh", "0812 3452 9000");
    await question.waitFor();
    await question.locator('[data-same="new"]').click();
    await page.locator(".card").getByText("Anak Contoh", { exact: true }).waitFor();
    assert.equal((await open()).length, 2);
  });

  await step("an expected guest without a number is recognised by the guard, and the two of one name stay two", async () => {
    const plan = (institution) => aide.post("/visits/plan", { ...form, name: "Tamu Sama", institution, from: instant(-hour_ms), until: instant(2 * hour_ms) });
    const [one, two] = [await plan("PT Satu Contoh"), await plan("PT Dua Contoh")];
    assert.notEqual(one.id, two.id);
    await type("Tamu Sama", "081234529001");
    await question.waitFor();
    assert.match(await question.innerText(), /Sudah ada tamu dengan nama ini/);
    const answers = question.locator('[data-same]:not([data-same="new"])');
    assert.equal(await answers.count(), 2);
    await answers.first().click();
    await page.locator(".dialog-new").waitFor({ state: "detached" });
    const states = (await named("Tamu Sama")).map((visit) => visit.state).sort();
    assert.deepEqual(states, ["planned", "registered"]);
  });

  await step("a plan that is registered from the board asks nothing, also with the name written otherwise", async () => {
    const [left] = (await named("Tamu Sama")).filter((visit) => visit.state === "planned");
    await page.locator(".column-tab").click();
    await page.locator(`.card[data-visit="${left.id}"] [data-act="arrive"]`).click();
    await page.locator('.dialog-new [name="name"]').fill("Tamu Sama Juga");
    await page.locator('.dialog-new [name="whom"]').press("Enter");
    await page.locator(".dialog-new").waitFor({ state: "detached" });
    assert.equal((await open()).find((visit) => visit.id === left.id).state, "registered");
  });

  await step("a number that a spreadsheet rounded is refused with a sentence", async () => {
    page.expected.push(/status of 400 .*\/api\/v1\/visits/);
    const before = (await open()).length;
    await type("Tamu Rusak", "6,28E+12");
    await page.locator(".dialog-failed").first().waitFor();
    assert.equal((await open()).length, before);
  });
});
