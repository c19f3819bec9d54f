// SPDX-License-Identifier: Apache-2.0
// The event stream dies without a word while every other request finds its way: each screen says so within 15 seconds,
// reconnects by itself, and shows what it missed. run_on_daemon.mjs starts this with a post:
//   { url, data: its folder, guard, aide, admin: [name, password] }
import assert from "node:assert/strict";
import { assertQuiet, open, screens, shoot, signIn } from "./browser.mjs";
import { atTheDesk } from "./desk.mjs";
import { wayTo } from "./frozen_stream.mjs";

const noticed_ms = 15_000;

export const streams = (post) => atTheDesk(post, "streams", async (desk) => {
  const { guard, step } = desk;
  const browser = desk.page.context().browser();
  const way = await wayTo(post.url, post.data);

  // Each role's page, what shows that it is up, what it says to do meanwhile, and where a guest who arrived is shown.
  const rows = [
    ["guard", screens.desk, ".board", /catat kejadian di buku tamu/, (name) => `.board .card:has-text("${name}")`],
    ["aide", screens.phone, ".aide-main", /telepon pos/, (name) => `.aide-main :is(.guest, .queue-row, h2):has-text("${name}")`],
    ["admin", screens.desk, ".admin-facts", /bisa tertinggal\.$/m, (name) => `main tr:has-text("${name}")`],
  ];
  try {
    for (const [role, screen, ready, act, where] of rows) {
      await step(`the ${role}'s stream dies, everything else works: said, back by itself, nothing missed`, async () => {
        const page = await open(browser, way.url, screen);
        await signIn(page, ...post[role]);
        await page.locator(ready).waitFor();
        if (role === "admin") await page.locator('a[href="#visits"]').click();
        // The banner may be gone again within milliseconds, so that the page keeps what it said.
        await page.evaluate(() => new MutationObserver(() => (window.lostSaid = document.querySelector('[data-banner="lost"]')?.innerText || window.lostSaid))
          .observe(document.body, { subtree: true, childList: true }));
        await way.beats(1); // the stream is up and quiet: no entry is on its way
        assert.ok(way.freeze() >= 1, "a stream was running");
        const before = way.passed();
        const began = Date.now();
        const name = `Tamu Contoh ${role} ${began % 100000}`;
        let visit = await guard.post("/visits", { name, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
        if (visit.next?.evidence === "attested") await guard.post(`/visits/${visit.id}/attest`, { step: visit.next.step });
        visit = await guard.post(`/visits/${visit.id}/ask`, {});
        const said = await page.waitForFunction(() => window.lostSaid, null, { timeout: noticed_ms }).then(() => Date.now() - began, () => 0);
        if (said) {
          assert.match(await page.evaluate(() => window.lostSaid), act);
          await shoot(page, `80-stream-lost-${role}`);
        }
        assert.ok(way.passed() > before, "other requests found their way meanwhile");
        assert.ok(said > 0, `${role}: nothing was said within ${noticed_ms} ms`);
        await page.locator('[data-banner="lost"]').waitFor({ state: "detached", timeout: noticed_ms });
        await page.locator(where(name)).first().waitFor({ timeout: 5000 });
        console.log(`   ${role}: said after ${said} ms, back after ${Date.now() - began} ms`);
        await shoot(page, `81-stream-back-${role}`);
        // And it runs: what is entered now is shown immediately.
        const next = `${name} kedua`;
        visit = await guard.post("/visits", { name: next, purpose: "Audiensi contoh", whom: "Pimpinan", category: "general" });
        if (visit.next?.evidence === "attested") await guard.post(`/visits/${visit.id}/attest`, { step: visit.next.step });
        await guard.post(`/visits/${visit.id}/ask`, {});
        await page.locator(where(next)).first().waitFor({ timeout: 5000 });
        assertQuiet(page, role);
        await page.context().close();
      });
    }
    await step("a page whose stream is quiet for half a minute says nothing: it hears the heartbeat", async () => {
      const page = await open(browser, way.url, screens.desk);
      await signIn(page, ...post.admin);
      await page.locator(".admin-facts").waitFor();
      await page.evaluate(() => {
        window.lost = 0;
        new MutationObserver(() => (window.lost += document.querySelectorAll('[data-banner="lost"]').length)).observe(document.body, { subtree: true, childList: true });
      });
      await way.beats(8); // half a minute, three times what counts as silence
      assert.equal(await page.evaluate(() => window.lost), 0, "a live stream is not called dead");
      await page.context().close();
    });
  } finally {
    way.close();
  }
});
