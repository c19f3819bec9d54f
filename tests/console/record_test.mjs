// SPDX-License-Identifier: Apache-2.0
// The aide's phone and the admin's desk as witnesses: a record that goes on is quiet, every other one is said loudly.
import assert from "node:assert/strict";
import { accessible, assertQuiet, screens, shoot } from "./browser.mjs";
import { end, enter, mock, step } from "./mock_session.mjs";
import { MockRecord } from "./mock_record.mjs";

const kept = (page) => page.evaluate(() => localStorage.getItem("gapura.record.gapura.contoh"));
const sizeOf = (note) => Number(note?.split("\n")[1]);
const visit = async (page) => {
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/log/checkpoint"));
  await page.reload();
  await answered;
};
const becomes = (page, size) => page.waitForFunction((n) => Number(localStorage.getItem("gapura.record.gapura.contoh")?.split("\n")[1]) === n, size);
const broken = (page) => page.locator('[data-record="broken"]');

try {
  await step("a record that grows is followed from visit to visit, at every size", async () => {
    const page = await enter("ajudan", screens.phone);
    page.expected.push(/navigator\.vibrate/); // nobody has touched the page that was loaded anew
    await becomes(page, mock.post.record.leaves.length);
    for (const more of [0, 1, 1, 3, 16, 32, 64, 100]) {
      mock.post.record.grow(more);
      await visit(page);
      await becomes(page, mock.post.record.leaves.length);
      assert.equal(await broken(page).count(), 0);
    }
    assertQuiet(page, "record");
    await page.context().close();
  });

  await step("an older, a changed, a wrongly signed and a new record are each said loudly, and nothing kept is overwritten", async () => {
    const page = await enter("ajudan", screens.phone);
    const whole = mock.post.record;
    await becomes(page, whole.leaves.length);
    const before = await kept(page);
    const shows = async (record, words) => {
      mock.post.record = record;
      await visit(page);
      await broken(page).waitFor();
      assert.match(await broken(page).innerText(), words);
      assert.equal(await kept(page), before);
    };
    const like = (change) => {
      const other = Object.assign(new MockRecord(), { privateKey: whole.privateKey, id: whole.id, key: whole.key, leaves: [...whole.leaves] });
      change(other);
      return other;
    };
    await shows(like((other) => other.leaves.splice(20)), /lebih pendek/);
    await accessible(page, "record broken");
    await shoot(page, "36-record-broken");
    await shows(like((other) => { other.leaves[3] = other.leaves[4]; other.grow(9); }), /telah berubah/);
    await shows(like((other) => { other.grow(1); other.privateKey = new MockRecord().privateKey; }), /Tanda tangan/);
    await shows(like((other) => { other.origin = "gapura.contoh/log2"; other.grow(1); }), /Tanda tangan|catatan baru/);

    // After somebody has explained it, in two steps.
    mock.post.record = like((other) => other.leaves.splice(20));
    await visit(page);
    await broken(page).locator("button").click();
    assert.equal(await kept(page), before);
    await broken(page).locator("button").click();
    await broken(page).waitFor({ state: "detached" });
    assert.equal(sizeOf(await kept(page)), 20);
    mock.post.record = whole;
    await page.context().close();
  });

  await step("the admin's desk sees it too", async () => {
    const page = await enter("admin", screens.desk);
    await becomes(page, mock.post.record.leaves.length);
    mock.post.record.leaves.pop();
    await visit(page);
    await broken(page).waitFor();
    await shoot(page, "37-record-admin");
    await page.context().close();
  });
  await end();
} catch (error) {
  await end(error);
}
