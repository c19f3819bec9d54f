// SPDX-License-Identifier: Apache-2.0
// Half an hour without a hand at the guard's monitor and the aide's phone, on the real daemon with its time of day moved; and
// what an aide who is off duty sees. run_on_daemon.mjs starts this with a post:
//   { url, guard: [name, password], aide: …, second: …, move(by_ms) }
import assert from "node:assert/strict";
import { accessible, assertQuiet, open, screens, shoot, signIn, sendNow } from "./browser.mjs";
import { acceptedGuest, atTheDesk, person } from "./desk.mjs";
import { until } from "./until.mjs";

const pins = { guard: "493817", aide: "208846" };
const refused = /the server responded with a status of 403/; // an act that asks for the PIN first

export const duty = (post) => atTheDesk(post, "duty", async (desk) => {
  const { page, step, badge } = desk;
  page.expected.push(refused);
  const token = await acceptedGuest(desk.guard, desk.aide, "Tamu Contoh 01");
  const waiting = await registered(desk.guard, "Tamu Contoh 02");

  async function registered(guard, name) {
    const visit = await guard.post("/visits", { name, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
    return visit.next?.evidence === "attested" ? guard.post(`/visits/${visit.id}/attest`, { step: visit.next.step }) : visit;
  }
  // In steps that no clock calls a jump, each seen by the daemon.
  async function pass(minutes) {
    const witness = await person(post.url, post.guard);
    for (let left_s = minutes * 60; left_s > 0; left_s -= 50) {
      const before = Date.parse((await witness.get("/status")).time);
      const by_ms = Math.min(50, left_s) * 1000;
      post.move(by_ms);
      await until("the daemon sees the later time", async () => Date.parse((await witness.get("/status")).time) >= before + by_ms);
    }
    return witness;
  }
  async function setPin(where, pin) {
    await where.locator("[data-pin-offer] .banner-act").click();
    await where.locator('[data-set-pin] [name="pin"]').fill("123456");
    await where.locator('[data-set-pin] [name="again"]').fill("123456");
    await where.locator("[data-set-pin] .primary").click();
    await where.locator("[data-set-pin] .form-error").getByText("mudah ditebak").waitFor();
    await where.locator('[data-set-pin] [name="pin"]').fill(pin);
    await where.locator('[data-set-pin] [name="again"]').fill(pin);
    await accessible(where, "set a PIN");
    await where.locator("[data-set-pin] .primary").click();
    await where.locator("[data-pin-offer]").waitFor({ state: "detached" });
  }
  const give = async (where, pin) => {
    await where.locator('[data-proof] [name="pin"]').fill(pin);
    await where.locator('[data-proof] [name="pin"]').press("Enter");
  };
  const approvalOf = async (who, id) => (await who.get(`/visits/${id}`)).approval;
  const ask = page.locator(`[data-visit="${waiting.id}"] [data-act="ask"]`);

  await step("the guard sets a PIN on the monitor", async () => {
    page.expected.push(/the server responded with a status of 400/); // a PIN of the first to be tried
    await page.locator("[data-pin-offer]").waitFor();
    await shoot(page, "90-pin-offer");
    await setPin(page, pins.guard);
    await page.locator(".account summary").click();
    await page.locator(".account-menu").getByText("PIN terpasang di perangkat ini.").waitFor();
    await page.locator(".account summary").click();
  });

  let witness;
  await step("after 31 minutes untouched the monitor says that it is view only, and a badge's verdict is shown", async () => {
    witness = await pass(31);
    await page.locator("[data-view-only]").getByText("Hanya melihat.").waitFor();
    const band = await badge(token);
    assert.equal(band.verdict, "pass");
    assert.equal(await page.locator(".login").count(), 0);
    await accessible(page, "view only");
    await shoot(page, "91-view-only");
  });

  await step("F9 calls for help without a PIN", async () => {
    await page.keyboard.down("F9");
    await page.getByText("Alarm darurat dikirim.").first().waitFor();
    await page.keyboard.up("F9");
    assert.equal(await page.locator("[data-proof]").count(), 0);
    const calls = (await witness.get("/alarms")).alarms.filter((one) => one.kind === "panic");
    assert.equal(calls.length, 1);
    assert.equal(await page.locator("[data-view-only]").count(), 1, "a call for help makes nothing fresh");
  });

  await step("an act asks for the PIN: left alone nothing is done, a wrong one is said, the right one does it", async () => {
    await ask.click();
    await page.locator("[data-proof]").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "pin");
    await page.keyboard.press("Escape");
    await page.getByText("Belum dilakukan: layar ini hanya melihat sampai PIN dimasukkan.").first().waitFor();
    assert.equal(await approvalOf(witness, waiting.id), "none");
    await ask.click();
    await give(page, "493818");
    await page.locator("[data-proof] .form-error").getByText("PIN tidak cocok.").waitFor();
    await accessible(page, "a wrong PIN");
    await shoot(page, "92-wrong-pin");
    assert.equal(await approvalOf(witness, waiting.id), "none");
    await give(page, pins.guard);
    await until("the aide is asked", async () => (await approvalOf(witness, waiting.id)) === "sent");
    await page.locator("[data-proof]").waitFor({ state: "detached" });
    await page.locator("[data-view-only]").waitFor({ state: "detached" });
  });

  const browser = page.context().browser();
  const phone = await open(browser, post.url, screens.phone);
  phone.expected.push(/the server responded with a status of 40[03]/);
  await step("the aide sets a PIN on the phone and takes the duty", async () => {
    await signIn(phone, ...post.aide);
    await phone.locator(`.guest[data-visit="${waiting.id}"]`).waitFor();
    await setPin(phone, pins.aide);
    await phone.locator(".duty").click();
    await phone.locator('[data-take="first"]').click();
    await phone.locator('.duty[data-place="first"]').waitFor();
  });

  let second;
  await step("an aide who is off duty sees that, and sees no guest", async () => {
    second = await open(browser, post.url, screens.phone, { night: true });
    await signIn(second, ...post.second);
    await second.locator("[data-off-duty]").getByText("Anda sedang tidak bertugas. ajudan yang bertugas.").waitFor();
    assert.equal(await second.locator(".guest, .queue-row").count(), 0);
    assert.ok(!(await second.locator("body").innerText()).includes("Tamu Contoh"));
    assert.ok(!(await second.locator("body").innerText()).includes("Tidak ada tamu yang menunggu"), "that would not be true");
    await accessible(second, "off duty");
    await shoot(second, "93-off-duty");
    await second.context().close();
  });

  let third;
  await step("31 minutes later the phone still has the queue, and the post sees that the question arrived", async () => {
    await pass(16); // the guard's monitor is used meanwhile, the phone is not
    witness = await pass(15);
    await phone.locator("[data-view-only]").getByText("Antrean dan panggilan darurat tetap bekerja").waitFor();
    third = await registered(witness, "Tamu Contoh 03");
    await witness.post(`/visits/${third.id}/ask`, {});
    await phone.locator(`.queue-row:has-text("Tamu Contoh 03")`).waitFor();
    await until("delivered", async () => /delivered|seen/.test(await approvalOf(witness, third.id)));
    assert.equal(await phone.locator("[data-proof]").count(), 0, "what the phone says by itself asks for nothing");
    await accessible(phone, "the phone is view only");
    await shoot(phone, "94-phone-view-only");
  });

  await step("a decision asks for the PIN first and is then sent", async () => {
    await phone.locator(`.queue-row:has-text("Tamu Contoh 03")`).click();
    await phone.locator(`.guest[data-visit="${third.id}"]`).waitFor();
    await phone.locator('[data-decide="accept"]:enabled').click();
    await give(phone, pins.aide);
    await sendNow(phone);
    await until("accepted", async () => (await approvalOf(witness, third.id)) === "accepted");
    await phone.locator("[data-view-only]").waitFor({ state: "detached" });
  });

  await step("another aide takes the duty over with one tap: the queue moves there, and the first phone says so", async () => {
    second = await open(browser, post.url, screens.phone);
    await signIn(second, ...post.second);
    await second.locator('[data-off-duty] [data-take="over"]').click();
    await second.locator('.duty[data-place="first"]').waitFor();
    await second.locator(`.guest[data-visit="${waiting.id}"]`).waitFor();
    await phone.locator("[data-off-duty]").getByText("ajudan2 yang bertugas").waitFor();
    assert.equal(await phone.locator(`.queue-row:has-text("Tamu Contoh 02")`).count(), 0);
    const [entry] = (await witness.events("type=duty_changed")).slice(-1);
    assert.deepEqual([entry.actor, entry.data.why], ["ajudan2", "taken_over"]);
    await shoot(phone, "95-taken-over");
    assertQuiet(phone, "the first phone");
    assertQuiet(second, "the second phone");
  });
});
