// SPDX-License-Identifier: Apache-2.0
// The aide's phone and the admin's desk as witnesses: a record that continues is shown quietly, every other one is prominent.
// And who was refused at the web, in the admin's journal.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { accessible, assertQuiet, screens, shoot } from "./browser.mjs";
import { end, enter, openPost, step } from "./post_session.mjs";
import * as simulator from "./simulator.mjs";

const kept = (page) => page.evaluate(() => localStorage.getItem("gapura.record.gapura.contoh"));
const sizeOf = (note) => Number(note?.split("\n")[1]);
// Loads the page again; what the record's checkpoint then is.
const visit = async (page) => {
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/log/checkpoint") && answer.status() === 200);
  await page.reload();
  return (await answered).json();
};
const becomes = (page, size) => page.waitForFunction((n) => Number(localStorage.getItem("gapura.record.gapura.contoh")?.split("\n")[1]) === n, size);
const broken = (page) => page.locator('[data-record="broken"]');

try {
  const post = await openPost({ at: null });
  simulator.use(post.control);
  // So many entries more, all of them signed.
  let leader = 0;
  const grow = async (site, aide, admin, more) => {
    for (let n = 0; n < more; n++) await aide.post("/leader", { state: ["receiving", "resting"][++leader % 2] });
    return (await admin.post("/log/checkpoint")).size;
  };
  const phone = await enter(post, "ajudan", screens.phone);
  phone.expected.push(/navigator\.vibrate/); // the page that was loaded again was not touched yet
  await phone.locator(".aide-main").waitFor();
  const desk = await enter(post, "admin", screens.desk);
  await desk.locator(".admin main").waitFor();

  await step("a record that grows is followed from visit to visit, at every size", async () => {
    let before = 0;
    for (const more of [0, 1, 1, 3, 16, 32, 64]) {
      const size = await grow(post, post.aide, post.admin, more);
      assert.ok(size >= before + more);
      before = size;
      assert.equal((await visit(phone)).size, size);
      await becomes(phone, size);
      assert.equal(await broken(phone).count(), 0);
    }
    assertQuiet(phone, "record");
  });

  // An older state of the same gate, with its keys, in which the same people are signed in.
  await post.halt();
  const older = post.copy();
  await post.resume();
  await post.signInAgain();
  const size = await grow(post, post.aide, post.admin, 100);
  for (const page of [phone, desk]) {
    await visit(page);
    await becomes(page, size);
  }
  const before = await kept(phone);
  const shows = async (page, words) => {
    await visit(page);
    await broken(page).waitFor();
    assert.match(await broken(page).innerText(), words);
  };
  const here = post.line.target;

  await step("an older and a changed record are each said loudly, and nothing kept is overwritten", async () => {
    const other = await openPost({ from: older });
    Object.assign(other.accounts, post.accounts);
    post.line.to(other.port);
    await shows(phone, /lebih pendek/);
    await accessible(phone, "record broken");
    await shoot(phone, "36-record-broken");
    await shows(desk, /lebih pendek/);
    await shoot(desk, "37-record-admin");
    await other.signInAgain();
    await grow(other, other.aide, other.admin, 120); // longer than what is kept, and another
    await shows(phone, /telah berubah/);
    assert.equal(await kept(phone), before);
  });

  await step("a checkpoint that was changed on its way is said loudly", async () => {
    post.line.to(here);
    await grow(post, post.aide, post.admin, 1);
    await phone.route("**/log/checkpoint", async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      const letter = body.checkpoint.length - 10; // of the signature
      body.checkpoint = body.checkpoint.slice(0, letter) + (body.checkpoint[letter] === "A" ? "B" : "A") + body.checkpoint.slice(letter + 1);
      await route.fulfill({ response: answer, json: body });
    });
    await shows(phone, /Tanda tangan/);
    await phone.unrouteAll();
    assert.equal(await kept(phone), before);
  });

  await step("a new record is loud until a person has explained it, in two steps", async () => {
    await post.halt();
    cpSync(join(older, "data/gapura.db"), join(post.data, "gapura.db")); // the officers put an older file back, and go on from it
    post.gapura("log", "continue", "--officer", "admin", "--reason", "contoh", "--alone");
    await post.resume();
    await shows(phone, /catatan baru/);
    assert.equal(await kept(phone), before);
    await broken(phone).locator("button").click();
    assert.equal(await kept(phone), before);
    await broken(phone).locator("button").click();
    await broken(phone).waitFor({ state: "detached" });
    const now = await kept(phone);
    assert.equal(now.split("\n")[0], "gapura.contoh/log2");
    assert.ok(sizeOf(now) < sizeOf(before));
    await phone.context().close();
    await desk.context().close();
  });

  await step("the admin's journal says who was refused, from where and how often; the guard's feed does not", async () => {
    const [here, elsewhere] = ["127.0.0.7", "127.0.0.66"]; // each address of the loopback is another one to the gate
    const other = await openPost();
    simulator.use(other.control);
    const ask = (from, method, path, body, cookie = "") => new Promise((done, failed) => {
      const headers = { "X-Gapura": "1", Cookie: cookie, ...(body && { "Content-Type": "application/json" }) };
      const asked = request({ host: "127.0.0.1", localAddress: from, port: other.port, path: `/api/v1${path}`, method, headers, rejectUnauthorized: false, agent: false }, (answer) => {
        answer.resume().on("end", () => done({ status: answer.statusCode, cookie: (answer.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ") }));
      });
      asked.on("error", failed);
      asked.end(body && JSON.stringify(body));
    });
    const guard = await enter(other, "petugas", screens.desk);
    await guard.locator(".feed li").first().waitFor();
    const page = await enter(other, "admin", screens.desk);
    await page.locator('.admin-nav a[href="#journal"]').click();
    const said = (sentence) => page.locator(".journal td").getByText(sentence).first().waitFor();

    const { cookie } = await ask(here, "POST", "/session", { name: "petugas", password: other.accounts.petugas });
    await said(`petugas masuk akun dari ${here} (perangkat belum dikenal)`);
    await ask(elsewhere, "POST", "/session", { name: "petugas", password: "salah" }, cookie);
    await said(`Gagal masuk akun dari ${elsewhere}: nama atau kata sandi salah. Akun: petugas, perangkat dikenal`);
    const forbidden = () => ask(here, "POST", "/users", { name: "x", role: "admin" }, cookie);
    for (let n = 0; n < 3; n++) assert.equal((await forbidden()).status, 403);
    await said(`Permintaan POST /users dari ${here} ditolak: bukan wewenang perannya. Akun: petugas`);
    await ask(elsewhere, "GET", "/visits", undefined, "__Host-sid=0123456789abcdef0123456789abcdef");
    await said(`Permintaan GET /visits dari ${elsewhere} ditolak: sesi tidak dikenal. Akun: tidak dikenal`);
    // One account is guessed at from everywhere: more addresses than are entered one by one.
    const guess = (n) => ask(`127.0.1.${n}`, "POST", "/session", { name: "tidak-ada", password: "salah" });
    for (let n = 1; n <= 60; n++) await guess(n);
    await other.pass(2);
    await guess(61);
    await said(/Gagal masuk akun dari beberapa alamat: terlalu banyak percobaan\. Akun: tidak dikenal, perangkat belum dikenal \(\d+ kali\)/);
    await said(`Permintaan POST /users dari ${here} ditolak: bukan wewenang perannya. Akun: petugas (2 kali)`);
    await accessible(page, "journal of refusals");
    await shoot(page, "38-refusals");
    await other.ask("/rex", { unit: 2 });
    await guard.locator('.feed li[data-type="exit_requested"]').first().waitFor();
    assert.equal(await guard.locator('.feed li[data-type="request_refused"], .feed li[data-type="sign_in_refused"]').count(), 0);
    await page.locator("select").selectOption("sign_in_refused");
    const refused = (await other.admin.get("/events?limit=500&type=sign_in_refused")).events.length;
    await page.waitForFunction((n) => document.querySelectorAll(".journal tbody tr").length === n, refused);
    await page.context().close();
    await guard.context().close();
  });
  await end();
} catch (error) {
  await end(error);
}
