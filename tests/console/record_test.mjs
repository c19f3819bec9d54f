// SPDX-License-Identifier: Apache-2.0
// The aide's phone and the admin's desk as witnesses: a record that continues is shown quietly, every other one is prominent.
// And who was refused at the web, in the admin's journal.
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

  await step("the admin's journal says who was refused, from where and how often; the guard's feed does not", async () => {
    const guard = await enter("petugas", screens.desk);
    await guard.locator(".feed li").first().waitFor();
    const page = await enter("admin", screens.desk);
    await page.locator('.admin-nav a[href="#journal"]').click();
    mock.post.emit("session_opened", { user: "u-1", address: "192.168.10.7", device: "unknown" }, { actor: "petugas" });
    mock.post.emit("sign_in_refused", { why: "wrong", account: "petugas", address: "192.168.10.66", device: "known", times: 1 });
    mock.post.emit("sign_in_refused", { why: "throttled", account: "unknown", address: "several", device: "unknown", times: 270 });
    mock.post.emit("request_refused", { why: "role", account: "petugas", address: "192.168.10.7", route: "POST /users", times: 2 }, { actor: "petugas" });
    mock.post.emit("request_refused", { why: "no_session", account: "unknown", address: "local", route: "GET /visits", times: 1 });
    for (const sentence of [
      "petugas masuk akun dari 192.168.10.7 (perangkat belum dikenal)",
      "Gagal masuk akun dari 192.168.10.66: nama atau kata sandi salah. Akun: petugas, perangkat dikenal",
      "Gagal masuk akun dari beberapa alamat: terlalu banyak percobaan. Akun: tidak dikenal, perangkat belum dikenal (270 kali)",
      "Permintaan POST /users dari 192.168.10.7 ditolak: bukan wewenang perannya. Akun: petugas (2 kali)",
      "Permintaan GET /visits dari mesin ini ditolak: sesi tidak dikenal. Akun: tidak dikenal",
    ]) await page.locator(".journal td").getByText(sentence, { exact: true }).waitFor();
    await accessible(page, "journal of refusals");
    await shoot(page, "38-refusals");
    mock.post.emit("granting_resumed", {}, { actor: "petugas" });
    await guard.locator('.feed li[data-type="granting_resumed"]').waitFor();
    assert.equal(await guard.locator('.feed li[data-type="request_refused"], .feed li[data-type="sign_in_refused"]').count(), 0);
    await page.locator("select").selectOption("sign_in_refused");
    await page.waitForFunction(() => document.querySelectorAll(".journal tbody tr").length === 2);
    await page.context().close();
    await guard.context().close();
  });
  await end();
} catch (error) {
  await end(error);
}
