// SPDX-License-Identifier: Apache-2.0
// One guest's visit over the three screens in a real browser, against simulated devices. By itself it runs on a simulated post;
// on another one, such as the daemon with gapura-sim (run_on_daemon.mjs), with
//   GAPURA_URL GAPURA_GUARD_NAME GAPURA_GUARD_PASSWORD GAPURA_AIDE_… GAPURA_ADMIN_… GAPURA_SIM_CONTROL [GAPURA_SHOTS folder]
import assert from "node:assert/strict";
import { accessible, assertQuiet, launch, open, screens, shoot, signIn, sendNow } from "./browser.mjs";
import { shownVerdict } from "./desk.mjs";
import * as simulator from "./simulator.mjs";
import { startPost } from "./simulated_post.mjs";
import { limit_ms, until } from "./until.mjs";

const need = (name) => process.env[name] ?? assert.fail(`${name} is not set`);
const post = process.env.GAPURA_URL ? null : await startPost();
if (post) simulator.use(post.control);
const url = post?.url ?? need("GAPURA_URL");
const names = { GUARD: "petugas", AIDE: "ajudan", ADMIN: "admin" };
const account = (role) => (post ? [names[role], post.accounts[names[role]]] : [need(`GAPURA_${role}_NAME`), need(`GAPURA_${role}_PASSWORD`)]);
const guest = `Tamu Contoh ${String(Date.now()).slice(-5)}`;
const steps = [];

async function step(name, run) {
  const began = Date.now();
  await run();
  steps.push(name);
  console.log(`ok ${steps.length} - ${name} (${Date.now() - began} ms)`);
}
const card = (page) => page.locator(`.card:has(.card-name:text-is("${guest}"))`);
const act = (page, name) => card(page).locator(`[data-act="${name}"]`);

// Holds a code to a camera, and waits for what the band says of it.
async function present(page, camera, text) {
  const newerThan = Number((await page.locator(".band").getAttribute("data-number")) ?? -1);
  return shownVerdict(page, simulator.show, text, { newerThan, camera });
}

const browser = await launch();
let failed = null;
try {
  const guard = await open(browser, url, screens.desk);
  const aide = await open(browser, url, screens.phone);
  const admin = await open(browser, url, screens.desk);
  let token = "";

  await step("signing in leads each role to its own screen", async () => {
    await guard.locator("form").waitFor();
    await accessible(guard, "sign-in");
    await shoot(guard, "01-sign-in");
    await shoot(aide, "01-sign-in-phone");
    await signIn(guard, ...account("GUARD"));
    await signIn(aide, ...account("AIDE"));
    await signIn(admin, ...account("ADMIN"));
    await guard.locator(".board").waitFor();
    await aide.locator(".aide-main").waitFor();
    await admin.locator(".admin main").waitFor();
    await guard.locator(".strip-one img").first().waitFor();
    await accessible(guard, "guard");
    await shoot(guard, "02-guard");
  });

  await step("the form is filled by keyboard, and a reload costs nothing", async () => {
    await guard.keyboard.press("F2");
    await guard.keyboard.type(guest);
    await guard.keyboard.press("Tab");
    await guard.keyboard.type("Audiensi contoh");
    await guard.reload();
    await guard.locator(".board").waitFor();
    await guard.keyboard.press("F2");
    assert.equal(await guard.locator('.dialog-new [name="name"]').inputValue(), guest);
    assert.equal(await guard.locator('.dialog-new [name="purpose"]').inputValue(), "Audiensi contoh");
    await guard.locator('.dialog-new [name="whom"]').focus();
    await guard.keyboard.type("Pimpinan");
    await guard.locator('.dialog-new [name="institution"]').fill("Lembaga Contoh");
    await guard.keyboard.press("F2"); // takes the portrait
    await guard.locator(".new-picture img").waitFor();
    await accessible(guard, "new guest");
    await shoot(guard, "03-new-guest");
  });

  await step("a scan while someone types shows its verdict and changes no field", async () => {
    const { verdict } = await present(guard, "gate", "https://contoh.invalid/bukan-kartu");
    assert.notEqual(verdict, "pass");
    assert.equal(await guard.locator('.dialog-new [name="name"]').inputValue(), guest);
    await shoot(guard, "04-scan-while-typing");
  });

  await step("Enter registers, Enter again does the procedure's step and asks the aide", async () => {
    await guard.locator('.dialog-new [name="whom"]').press("Enter");
    // The demo follows an SOP whose first step a guard attests; the simulated post follows none.
    await act(guard, "attest").or(act(guard, "ask")).waitFor();
    if (await act(guard, "attest").isVisible()) {
      await guard.waitForFunction(() => document.activeElement?.getAttribute("data-act") === "attest");
      await guard.keyboard.press("Enter");
    }
    await act(guard, "ask").waitFor();
    await guard.waitForFunction(() => document.activeElement?.getAttribute("data-act") === "ask");
    await guard.keyboard.press("Enter");
    await guard.locator(`.column-waiting .card:has(.card-name:text-is("${guest}"))`).waitFor();
  });

  await step("the aide sees the guest, looks, takes a decision back, then accepts", async () => {
    const shown = aide.locator(`.guest:has(h2:text-is("${guest}"))`);
    const row = aide.locator(`.queue-row:has-text("${guest}")`);
    await shown.or(row).first().waitFor();
    if (!(await shown.isVisible())) await row.click();
    await shown.locator(".guest-still img").waitFor();
    await accessible(aide, "aide");
    await shoot(aide, "05-aide");
    await shown.locator("button").click();
    await aide.locator(".dialog-look").waitFor();
    await shoot(aide, "06-aide-look");
    await aide.locator(".dialog-look .icon-button").click();
    for (const kind of ["accept", "wait", "decline"]) {
      const box = await aide.locator(`[data-decide="${kind}"]`).boundingBox();
      assert.ok(box.height >= 48 && box.width >= 48, `${kind} is at least 48 px: ${JSON.stringify(box)}`);
    }
    await aide.locator('[data-decide="decline"]').click();
    await shoot(aide, "07-aide-decline");
    await accessible(aide, "aide declines");
    await aide.locator(".decline-choice").first().click();
    await aide.locator(".thumb-undo").click();
    await aide.locator('[data-decide="wait"]').click();
    await shoot(aide, "08-aide-wait");
    await aide.keyboard.press("Escape");
    await aide.locator('[data-decide="accept"]').click();
    await aide.locator(".thumb-held").waitFor();
    await shoot(aide, "09-aide-held");
    await accessible(aide, "aide holds");
    await sendNow(aide);
    await act(guard, "badge").waitFor();
  });

  await step("F4 gives a badge with a code to print", async () => {
    await act(guard, "badge").focus();
    const answer = guard.waitForResponse((one) => one.url().endsWith("/badge") && one.request().method() === "POST");
    await guard.keyboard.press("F4");
    const issued = await (await answer).json();
    token = issued.token;
    assert.match(token, /^G1:/);
    await guard.waitForFunction(() => document.querySelector(".badge-qr")?.naturalWidth > 0);
    admin.expected.push(/403 .*\/badges\/[\w-]+\/(qr\.png|page)/);
    const forOthers = await admin.evaluate((urls) => Promise.all(urls.map((url) => fetch(url).then((one) => one.status))), [issued.qr, issued.page]);
    assert.deepEqual(forOthers, [403, 403], "another account sees neither the code nor the page");
    assert.ok(!(await guard.locator("body").innerText()).includes(token), "the code's text is not on the screen");
    await accessible(guard, "badge");
    await shoot(guard, "10-badge");
    await guard.keyboard.press("y"); // printed
    await act(guard, "screen").waitFor();
  });

  await step("before the detector the gate says PERIKSA, with what to do", async () => {
    const { verdict } = await present(guard, "gate", token);
    assert.equal(verdict, "check");
    assert.match(await guard.locator(".band-reason").innerText(), /deteksi|detector/i);
    await guard.locator("img.band-still").waitFor();
    await accessible(guard, "check");
    await shoot(guard, "11-check");
  });

  await step("F5 and one letter record the detector's result", async () => {
    await simulator.walkThroughDetector();
    await act(guard, "screen").focus();
    await guard.keyboard.press("F5");
    await guard.locator(".choices").waitFor();
    await accessible(guard, "detector result");
    await shoot(guard, "12-detector");
    await guard.keyboard.press("b");
    await card(guard).locator(".tone-pass").waitFor();
    await act(guard, "screen").waitFor({ state: "detached" });
  });

  await step("the gate says LOLOS, with the scan's still beside the portrait, and the passage follows", async () => {
    const walked = simulator.pass(1, "entry", limit_ms); // as soon as it opens
    const { verdict, took } = await present(guard, "gate", token);
    assert.equal(verdict, "pass");
    console.log(`   shown → verdict on screen: ${took} ms`);
    await guard.locator("img.band-still").waitFor();
    await shoot(guard, "13-pass");
    assert.equal((await walked).passed, true);
    await guard.locator('.feed li[data-type="access_taken"]').first().waitFor();
    await accessible(guard, "pass");
  });

  await step("two clicks revoke the badge, and every door says so", async () => {
    // The gate's output is on until its pulse is over, and until then the gate truly does not refuse.
    const portals = () => admin.evaluate(async () => (await fetch("/api/v1/portals", { headers: { "X-Gapura": "1" } })).json());
    await until("the gate's output is off", async () =>
      (await portals()).portals.every((portal) => portal.lock.observed !== "on" && portal.lock.commanded !== true));
    const row = admin.locator(`tr[data-badge]:has(th:text-is("${guest}"))`);
    await row.waitFor();
    await accessible(admin, "badges");
    await row.locator("[data-revoke]").click();
    await shoot(admin, "14-revoke");
    await row.locator('[data-reason="misused"]').click();
    await admin.locator(".revoked li").first().waitFor();
    assert.equal(await admin.locator(".revoked li.is-bad").count(), 0);
    await accessible(admin, "revoked");
    await shoot(admin, "15-revoked");
  });

  await step("the next scan is TOLAK, and three verdicts differ without colour", async () => {
    const { verdict } = await present(guard, "gate", token);
    assert.equal(verdict, "refuse");
    assert.match(await guard.locator(".band-reason").innerText(), /dicabut|revoked/i);
    assert.equal(await guard.locator(".band .shape-refuse").count(), 1);
    await guard.locator("img.band-still").waitFor();
    await accessible(guard, "refuse");
    await shoot(guard, "16-refuse");
    await guard.evaluate(() => (document.documentElement.style.filter = "grayscale(1)"));
    await shoot(guard, "17-refuse-grey");
    await guard.evaluate(() => (document.documentElement.style.filter = ""));
  });

  await step("an alarm is acknowledged with what was done", async () => {
    const alarm = guard.locator(".alarm").first();
    await alarm.waitFor();
    const before = await guard.locator(".alarm").count();
    await alarm.locator("button").first().click();
    await guard.waitForFunction((n) => document.querySelectorAll(".alarm .alarm-ways").length < n, before);
  });

  await step("the guard ends the visit and the card leaves the board", async () => {
    await card(guard).locator(".card-name").click();
    await guard.locator(".detail").waitFor();
    await accessible(guard, "detail");
    await shoot(guard, "18-detail");
    await guard.keyboard.press("Escape");
    await card(guard).locator("[data-card-button]").focus();
    await guard.keyboard.press("F7");
    await guard.locator('[data-exit="usual"]').waitFor();
    await accessible(guard, "exit");
    await shoot(guard, "19-exit");
    await guard.keyboard.press("Enter");
    await card(guard).waitFor({ state: "detached" });
  });

  await step("a guard opens by hand only with a reason", async () => {
    await guard.locator(".toolbar [data-release]").click();
    assert.equal(await guard.locator('.dialog button[type="submit"]').isDisabled(), true);
    await guard.locator(".dialog .chips").first().locator(".chip").first().click();
    await guard.locator(".dialog .chips").nth(1).locator(".chip").first().click();
    await accessible(guard, "release");
    await shoot(guard, "20-release");
    await guard.locator('.dialog button[type="submit"]').click();
    await guard.locator('.feed li[data-type="access_granted"]').first().waitFor();
  });

  await step("the admin's pages are whole, and an account's password shows once", async () => {
    for (const page of ["devices", "portals", "users", "journal"]) {
      await admin.locator(`.admin-nav a[href="#${page}"]`).click();
      await admin.locator(".device, .table tbody tr").first().waitFor();
      await accessible(admin, page);
      await shoot(admin, `21-${page}`);
    }
    await admin.locator('.admin-nav a[href="#users"]').click();
    const name = `contoh${String(Date.now()).slice(-6)}`;
    await admin.locator(".add-user input").fill(name);
    await admin.locator(".add-user button").click();
    assert.ok((await admin.locator(".secret code").innerText()).length >= 10);
    await accessible(admin, "password");
    await shoot(admin, "22-password");
    const row = admin.locator(`tr:has(th:has-text("${name}"))`);
    await row.locator(".danger").click();
    await row.locator(".revoke-why .danger").click();
    await row.locator(".state-revoked").waitFor();
  });

  await step("an admin can't admit", async () => {
    const body = { name: guest, purpose: "x", whom: "x", category: "general" };
    const answer = await admin.context().request.post(`${url}/api/v1/visits`, { data: body, headers: { "X-Gapura": "1", Origin: new URL(url).origin } });
    assert.equal(answer.status(), 403);
  });

  await step("English and the night are a switch away", async () => {
    await guard.locator(".account summary").click();
    await accessible(guard, "menu");
    await guard.locator('.switches [lang="en"]').click();
    await guard.waitForFunction(() => document.documentElement.lang === "en");
    assert.match(await guard.locator(".column-waiting h2").innerText(), /Waiting/);
    await guard.locator('.switches button[aria-pressed]').nth(1).click();
    await guard.waitForFunction(() => document.documentElement.dataset.theme === "night");
    await accessible(guard, "guard at night");
    await shoot(guard, "23-english-night");
  });

  for (const [page, who] of [[guard, "guard"], [aide, "aide"], [admin, "admin"]]) assertQuiet(page, who);
  console.log(`1..${steps.length}`);
} catch (error) {
  failed = error;
  for (const context of browser.contexts()) for (const page of context.pages()) {
    await shoot(page, `failed-${browser.contexts().indexOf(context)}`).catch(() => {});
    if (page.problems?.length) console.error(page.problems.join("\n"));
  }
}
await browser.close();
if (failed) console.error(`not ok ${steps.length + 1}`, failed, post?.log ?? "");
await post?.stop();
process.exit(failed ? 1 : 0);
