// SPDX-License-Identifier: Apache-2.0
// A day with hundreds of open visits at the running post: no guest is missing from the board or its search, and the page stays
// usable. run_on_daemon.mjs starts this with a post: { url, guard, aide, admin: [name, password] }
import assert from "node:assert/strict";
import { open, screens, shoot, signIn } from "./browser.mjs";
import { atTheDesk } from "./desk.mjs";

const walk_ins = 600;
const invitations = 1450; // more than a page holds, together
const held = 2000;
const said = (n) => n.toLocaleString("id-ID"); // 2.000
const digits = (n) => String(n).padStart(4, "0");
const inMonths = (hours) => new Date(Date.now() + (24 * 60 + hours) * 3600_000).toISOString();

// Eight at a time, as fast as the daemon takes them.
async function each(count, make) {
  let next = 1;
  const worker = async () => {
    while (next <= count) await make(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

export const crowd = (post) => atTheDesk(post, "crowd", async (desk) => {
  const { guard, page, step } = desk;
  const browser = page.context().browser();
  const register = (name, n) => guard.post("/visits", { name, purpose: "Undangan contoh", whom: "Pimpinan", category: "general", phone: `0800-1000-${digits(n)}` });
  const cards = () => page.locator(".board .card[data-visit]").count();
  const card = (name) => page.locator(`.board .card:has(.card-name:text-is("${name}"))`);

  await step(`${walk_ins} guests are at the post: the one who arrived last is on the board after a reload, and found`, async () => {
    await each(walk_ins, (n) => register(`Tamu Contoh ${digits(n)}`, n));
    const last = await register("Tamu Terakhir Contoh", 9999);
    const began = Date.now();
    await page.reload();
    await page.waitForFunction((all) => document.querySelectorAll(".board .card[data-visit]").length === all, walk_ins + 1, { timeout: 20_000 })
      .catch(async () => assert.fail(`the board holds ${await cards()} of ${walk_ins + 1}`));
    const drawn = Date.now() - began;
    await page.locator('input[type="search"]').fill("terakhir");
    await card("Tamu Terakhir Contoh").waitFor({ timeout: 2000 });
    assert.equal(await cards(), 1);
    await page.locator('input[type="search"]').fill("0800-1000-0599");
    await card("Tamu Contoh 0599").waitFor({ timeout: 2000 });
    await page.locator('input[type="search"]').fill("");
    // Scrolled from end to end as by a wheel. The times are printed and not judged: they are of this machine at this moment.
    const worst = await page.evaluate(async () => {
      const list = [...document.querySelectorAll(".column-list")].sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
      const frames = [];
      let before = performance.now();
      for (let n = 0; n < 120; n++) {
        list.scrollTop += 400;
        const at = await new Promise(requestAnimationFrame);
        frames.push(at - before);
        before = at;
      }
      return frames.sort((a, b) => b - a).slice(0, 6);
    });
    const typed = await page.evaluate(async () => {
      const began = performance.now();
      const field = document.querySelector('input[type="search"]');
      field.value = "contoh 00";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - began;
    });
    console.log(`   ${walk_ins + 1} cards: drawn ${drawn} ms after the reload, slowest frames of a scroll ${worst.map(Math.round).join(" ")} ms, a letter of the search ${Math.round(typed)} ms`);
    await page.locator('input[type="search"]').fill("");
    await shoot(page, "82-crowd");
    const answer = await guard.get("/visits?state=open&limit=500");
    assert.equal(answer.visits.length, 500);
    assert.equal(answer.total, walk_ins + 1, "the API says how many there are");
    await guard.post(`/visits/${last.id}/close`, { outcome: "left_early" });
    await card("Tamu Terakhir Contoh").waitFor({ state: "detached" });
  });

  await step(`${invitations} are expected besides: the board says what it does not hold, and the search finds them`, async () => {
    await each(invitations, (n) => guard.post("/visits/plan", { name: `Undangan Contoh ${digits(n)}`, purpose: "Undangan contoh", whom: "Pimpinan", category: "general", phone: `0800-2000-${digits(n)}`, from: inMonths(0), until: inMonths(2) }));
    await page.reload();
    const open = walk_ins + invitations;
    await page.locator(`[data-beyond="${open - held}"]`).waitFor({ timeout: 30_000 });
    await desk.sees("[data-beyond]", new RegExp(`memuat ${said(held)} dari ${said(open)} kunjungan terbuka`));
    assert.equal(await cards(), walk_ins, "who is here is held before who is expected");
    await page.locator('input[type="search"]').fill(`Undangan Contoh ${invitations}`);
    await card(`Undangan Contoh ${invitations}`).waitFor({ timeout: 5000 });
    await shoot(page, "83-crowd-search");
    // Found, it can be worked with: arrived is one act.
    await card(`Undangan Contoh ${invitations}`).locator('[data-act="arrive"]').click();
    await page.locator("dialog[open] input[name=name]").waitFor();
    assert.equal(await page.locator("dialog[open] input[name=name]").inputValue(), `Undangan Contoh ${invitations}`);
    await page.keyboard.press("Escape");
    await page.locator('input[type="search"]').fill("");
  });

  await step("the admin's list says so as well, and finds who is not in it", async () => {
    const admin = await open(browser, post.url, screens.desk);
    await signIn(admin, ...post.admin);
    await admin.locator(".admin-facts").waitFor();
    await admin.locator('a[href="#visits"]').click();
    await admin.locator("[data-beyond]").waitFor({ timeout: 30_000 });
    await admin.locator('input[name="find"]').fill(`Undangan Contoh ${invitations}`);
    await admin.locator(`tr:has-text("Undangan Contoh ${invitations}")`).waitFor();
    assert.equal(await admin.locator("main tr[data-visit]").count(), 1);
    await shoot(admin, "84-crowd-admin");
    await admin.context().close();
  });

  await step("the command line lists every one of them", async () => {
    const lines = post.gapura("visit", "list").trim().split("\n");
    assert.equal(lines.length, 1 + walk_ins + invitations);
  });
});
