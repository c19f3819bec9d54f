// SPDX-License-Identifier: Apache-2.0
// The component room on a page of its own: in both themes and both languages without a complaint of axe, in the shipped font,
// at double size without a line that runs out of the page; where the focus goes in a sheet; a table behind each chart.
import assert from "node:assert/strict";
import { accessible, assertQuiet, open, screens, shoot } from "./browser.mjs";
import { serveConsole, temporaryBuild } from "./built_console.mjs";
import { browser, end, openPost, step } from "./post_session.mjs";

const focused = (page, selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);
const made = temporaryBuild();
let server;
const room = (how, screen = screens.desk) => open(browser, `${server.url}komponen.html?${how}`, screen);

let failed;
try {
  await step("The component room builds for development", async () => {
    const built = made.build();
    assert.equal(built.status, 0, built.stderr);
    server = await serveConsole(await openPost({ empty: true }), made.dist);
  });

  for (const theme of ["light", "night"]) for (const lang of ["id", "en"]) {
    await step(`All components, ${theme}, ${lang}`, async () => {
      const page = await room(`theme=${theme}&lang=${lang}`);
      await page.getByRole("heading", { name: "Chart" }).waitFor();
      assert.ok(await page.evaluate(async () => (await document.fonts.ready, document.fonts.check('700 15px "Plus Jakarta Sans"'))), "the font is shipped");
      await page.evaluate(() => document.querySelectorAll(".chart details").forEach((one) => (one.open = true)));
      await accessible(page, `components ${theme} ${lang}`);
      await page.setViewportSize({ width: 1000, height: await page.evaluate(() => document.documentElement.scrollHeight) });
      await shoot(page, `components-${theme}-${lang}`);
      assertQuiet(page, "the component room");
      await page.context().close();
    });
  }

  await step("At 320 px, and at double size, nothing runs out of the page", async () => {
    for (const width of [320, 640]) {
      const page = await room("lang=id", { viewport: { width, height: 700 } });
      await page.getByRole("heading", { name: "Chart" }).waitFor();
      const [wide, wanted] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= wanted, `${wide} px on a page of ${wanted}`);
      await page.context().close();
    }
  });

  await step("In a sheet the focus is at the next thing to do, goes on when that is removed, and comes back", async () => {
    const page = await room("lang=id");
    await page.locator("[data-open-sheet]").click();
    await focused(page, '[data-step="0"]');
    await page.keyboard.press("Enter"); // removes the button that has the focus
    await focused(page, '[data-step="1"]');
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab"); // from the first thing to the last: never out of the sheet
    assert.ok(await page.evaluate(() => !!document.activeElement.closest("dialog")));
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await focused(page, "[data-open-sheet]");
    await page.context().close();
  });

  await step("Escape and a press elsewhere close a menu; a sheet that it opened gives the focus back to its name", async () => {
    const page = await room("lang=id");
    const menu = page.locator("details.account");
    const isOpen = (wanted) => page.waitForFunction((open) => document.querySelector("details.account").open === open, wanted);
    await menu.locator("summary").click();
    await isOpen(true);
    await page.keyboard.press("Escape");
    await isOpen(false);
    await focused(page, "details.account > summary");
    await menu.locator("summary").click();
    await isOpen(true);
    await page.getByRole("heading", { name: "Button" }).click();
    await isOpen(false);
    await menu.locator("summary").click();
    await page.locator("[data-menu-sheet]").click();
    await isOpen(false);
    await page.locator("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await focused(page, "details.account > summary");
    await page.context().close();
  });

  await step("Each chart has a title and its figures as a table", async () => {
    const page = await room("lang=id");
    const charts = page.locator("figure.chart");
    await charts.first().waitFor();
    assert.equal(await charts.count(), 4);
    for (const chart of await charts.all()) {
      const title = await chart.locator("svg > title").textContent();
      assert.equal(await chart.locator("caption").textContent(), title);
      assert.ok((await chart.locator("tbody tr").count()) > 1, title);
    }
    assert.deepEqual(await charts.nth(1).locator("tbody tr").first().locator("td").allTextContents(), ["6,5", "18"]);
    assert.match(await page.locator(".sparkline title").textContent(), /31, 28, 36/);
    assertQuiet(page, "the component room");
  });
} catch (error) {
  failed = error;
}
made.remove();
server?.stop();
await end(failed);
