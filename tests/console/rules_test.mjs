// SPDX-License-Identifier: Apache-2.0
// Plans, stock cards, the detector's test, exceptions, the aides' roster, doors by schedule, and the page without a line.
import assert from "node:assert/strict";
import { accessible, assertQuiet, screens, shoot, sendNow } from "./browser.mjs";
import { guestsOf } from "./guests.mjs";
import { end, enter, known, openPost, step } from "./post_session.mjs";
import { procedure } from "./simulated_post.mjs";
import * as simulator from "./simulator.mjs";
import { until } from "./until.mjs";

const noDialog = (page) => page.locator("dialog").waitFor({ state: "detached" });
// The door to the residence is open from 10.20.
const scheduled = (text) => text.replace("held_ms = 4000\n", `$&[[portal.unlocked]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = "10:20"
to = "12:00"
holidays = true
`);

try {
  const post = await openPost({ also: procedure("meeting"), edit: scheduled });
  simulator.use(post.control);
  const guests = guestsOf(post);
  const { fresh, accept, of } = guests;
  const party = (number) => guests.special({ party: number }); // of whom the procedure lets in three at once
  const events = async (type) => (await post.admin.get(`/events?limit=500&type=${type}`)).events;
  const named = async (name) => (await post.guard.get("/visits?state=all&limit=500")).visits.find((one) => one.name === name);
  const clearQuestions = async () => {
    for (const one of (await post.guard.get("/visits?limit=500")).visits)
      if (/^(sent|delivered|seen)$/.test(one.approval)) await post.guard.post(`/visits/${one.id}/withdraw`, { reason: "contoh" });
  };
  const guard = await enter(post, "petugas", screens.desk);
  await guard.locator(".board").waitFor();
  const cardOf = (visit) => guard.locator(`.board [data-visit="${visit.id}"]`);
  const detail = async (visit) => {
    await noDialog(guard);
    await cardOf(visit).locator(".card-name").click();
    await guard.locator(".exceptions").waitFor();
  };

  await step("the guard enters a plan, whom from the house's list, and calls it off with a reason", async () => {
    await guard.locator("[data-plan]").click();
    await guard.locator('.plan-form [name="name"]').fill("Tamu Contoh Janji");
    await guard.locator('.plan-form [name="purpose"]').fill("Rapat koordinasi");
    await guard.locator('[data-whom="biro-umum"]').click();
    assert.equal(await guard.locator('.plan-form [name="whom"]').inputValue(), "Kepala Biro Umum");
    assert.equal(await guard.locator('[data-whom="ajudan-1"]').count(), 0, "a host who only escorts is not offered");
    await guard.locator('.plan-form [name="from"]').fill("2030-01-07T09:00");
    assert.equal(await guard.locator('.plan-form [name="until"]').inputValue(), "2030-01-07T11:00");
    await guard.locator('.plan-form [name="until"]').fill("2030-01-07T08:00");
    assert.equal(await guard.locator(".plan-form .primary").isDisabled(), true);
    await guard.locator('.plan-form [name="until"]').fill("2030-01-07T10:00");
    await accessible(guard, "plan form");
    await shoot(guard, "70-plan-form");
    await guard.locator(".plan-form .primary").click();
    const plan = await until("planned", () => named("Tamu Contoh Janji"));
    assert.deepEqual([plan.state, new Date(plan.expected).toISOString()], ["planned", "2030-01-07T01:00:00.000Z"]);
    await noDialog(guard);
    await guard.locator(".column-tab").click();
    await detail(plan);
    await guard.locator('[data-exception="cancel"]').click();
    await guard.locator(".dialog .chip").first().click();
    await accessible(guard, "cancel a plan");
    await guard.locator(".dialog .primary").click();
    await until("cancelled", async () => (await of(plan)).state === "cancelled");
  });

  await step("the new guest's form takes whom from the same list", async () => {
    await noDialog(guard);
    await guard.keyboard.press("F2");
    await guard.locator('.dialog-new [data-whom="pimpinan"]').click();
    assert.equal(await guard.locator('.dialog-new [name="whom"]').inputValue(), "Pimpinan");
    await accessible(guard, "new guest with hosts");
    await shoot(guard, "71-whom");
    await guard.keyboard.press("Escape");
  });

  await step("a stock card shown at the desk goes to the chosen guest; without one the guard is asked to choose", async () => {
    const { cards: [shown, typed] } = await post.admin.post("/badges/stock", { count: 2 });
    const bound = (what, card, visit) => until(what, async () => {
      const badge = await post.guard.get(`/badges/${card.badge}`);
      return badge.visit === visit.id && badge.state === "issued";
    });
    await guests.ask(await fresh()); // another guest, who waits for the aide
    const visit = await fresh();
    await accept(visit);
    await cardOf(visit).locator('[data-act="badge"]').waitFor();
    await guard.locator(".search input").click();
    await guard.locator(".column-waiting .card").first().locator("[data-card-button]").focus();
    await simulator.scan("serial-scanner", shown.token);
    await guard.getByText(/Pilih dulu kartu tamunya/).waitFor();
    await cardOf(visit).locator("[data-card-button]").focus();
    await simulator.scan("serial-scanner", shown.token);
    await guard.locator(".dialog .primary:enabled").waitFor();
    await accessible(guard, "stock card");
    await shoot(guard, "72-stock-card");
    await guard.locator(".dialog .primary").click();
    await bound("bound", shown, visit);
    await guard.locator(".badge-face").waitFor();
    await guard.keyboard.press("Escape");
    const other = await fresh();
    await accept(other);
    await cardOf(other).locator('[data-act="badge"]').waitFor();
    await noDialog(guard);
    await cardOf(other).locator("[data-card-button]").focus();
    await guard.keyboard.press("Shift+F4");
    await guard.locator('.dialog [name="card"]').fill(typed.badge.slice(2, 7));
    await guard.locator(`[data-card="${typed.badge}"][aria-pressed="true"]`).waitFor();
    await guard.keyboard.press("Enter");
    await bound("bound by its number", typed, other);
    await guard.locator(".badge-face").waitFor();
    await guard.keyboard.press("Escape");
    await guard.evaluate(() => document.querySelector("dialog")?.close());
  });

  await step("the test piece, once each shift: silence is said with the manual step", async () => {
    await noDialog(guard);
    await guard.keyboard.press("F10");
    await guard.locator('[data-shift="start"]').click();
    await noDialog(guard);
    await guard.locator(".account summary small:not(.duty-off)").waitFor();
    await guard.keyboard.press("F10");
    await guard.locator('[data-detector="wtmd"][data-tested="no"]').waitFor();
    await guard.locator('[data-detector="wtmd"] [data-alarmed="no"]').click();
    await guard.locator('[data-detector="wtmd"][data-tested="failed"] .notice').waitFor();
    await accessible(guard, "detector test");
    await shoot(guard, "73-detector-test");
    await guard.locator('[data-detector="wtmd"] [data-alarmed="yes"]').click();
    await guard.locator('[data-detector="wtmd"][data-tested="yes"]').waitFor();
    assert.deepEqual((await events("detector_tested")).map((one) => one.data.alarmed), [false, true]);
    await guard.keyboard.press("Escape");
  });

  await step("a decision of the SOP is answered on the screen; after a no its door stays shut, after a yes it opens", async () => {
    const visit = await fresh({ category: "special" });
    await accept(visit);
    const { token } = await guests.give(visit);
    const decide = cardOf(visit).locator('[data-act="decide_step"]');
    const sentences = async () => (await events("step_attested")).filter((one) => one.visit === visit.id).map((one) => one.data);
    await decide.click();
    await guard.locator(".dialog [data-answer]").nth(1).waitFor();
    await guard.keyboard.press("Enter"); // picks none
    await accessible(guard, "a decision of the SOP");
    await shoot(guard, "74-decision");
    assert.deepEqual(await sentences(), []);
    await guard.keyboard.press("2");
    await noDialog(guard);
    await simulator.show("gate", token);
    await guard.locator('.band[data-verdict="check"]').filter({ hasText: "Menanyakan surat undangan: Ada dan sah" }).waitFor();
    await shoot(guard, "74-no-letter");
    await simulator.clear("gate");
    await decide.click();
    await guard.locator('.dialog [data-answer="yes"]').click();
    await noDialog(guard);
    assert.deepEqual((await of(visit)).attested, ["letter:yes"]);
    assert.deepEqual((await sentences()).map((one) => one.answer), ["no", "yes"]);
    await guests.screen(visit);
    await guests.walk(token, "gate");
    await guests.leave(visit);
  });

  await step("a deviation with its reason, a forgiven passage, the aide's permission by telephone", async () => {
    const visit = await party(5);
    await accept(visit);
    await guests.give(visit);
    await cardOf(visit).locator('[data-act="screen"], [data-act="rebadge"]').first().waitFor();
    await detail(visit);
    await accessible(guard, "exceptions");
    await shoot(guard, "74-exceptions");
    await guard.locator('[data-exception="deviate"]').click();
    await guard.locator('.dialog [name="kind"]').selectOption("late");
    assert.equal(await guard.locator(".dialog .primary").isDisabled(), true, "not without a reason");
    await guard.locator(".dialog .chip").nth(1).click();
    await accessible(guard, "deviation");
    await shoot(guard, "75-deviation");
    await guard.locator(".dialog .primary").click();
    await until("noted", async () => (await events("deviation_noted")).some((one) => one.data.kind === "late" && one.note === "device"));
    await detail(visit);
    await guard.locator('[data-exception="forgive"]').click();
    await guard.locator(".dialog .chip").first().click();
    await guard.locator(".dialog .primary").click();
    await until("forgiven", async () => (await events("passback_forgiven")).some((one) => one.visit === visit.id));
    await detail(visit);
    await guard.locator('[data-exception="permit"]').click();
    await guard.locator(".dialog input").fill("Ajudan Contoh, telepon");
    await shoot(guard, "76-permit");
    await guard.locator(".dialog .primary").click();
    await until("permitted", async () => (await of(visit)).members_permit === "petugas");
    await noDialog(guard);
    await detail(visit);
    await guard.getByText("Semua boleh masuk: petugas").waitFor();
    await guard.keyboard.press("Escape");
  });

  await step("the aides' roster: who is on duty is asked, the second after T2, and only their phones ring", async () => {
    await clearQuestions();
    await post.addUser("ajudan2", "aide");
    const first = await enter(post, "ajudan", screens.phone);
    await first.locator('.duty[data-place="nobody"]').waitFor();
    await first.locator(".duty").click();
    await first.locator('[data-take="first"]').click();
    await first.locator('.duty[data-place="first"]').waitFor();
    const second = await enter(post, "ajudan2", screens.phone, { night: true });
    await second.locator('.duty[data-place="off"]').waitFor();
    await second.locator("[data-off-duty]").getByText("Anda sedang tidak bertugas. ajudan yang bertugas.").waitFor();
    assert.equal(await second.locator(".queue-row, .guest").count(), 0, "no guest of others");
    await accessible(second, "off duty");
    await shoot(second, "76-off-duty");
    await second.locator(".duty").click();
    await accessible(second, "roster");
    await shoot(second, "77-roster");
    await second.locator('[data-take="second"]').click();
    await second.locator('.duty[data-place="second"]').waitFor();
    const visit = await fresh();
    await guests.ask(visit);
    await until("seen by the one on duty", async () => (await of(visit)).approval === "seen");
    await second.locator(`.queue-others .queue-row:has-text("${visit.name}")`).waitFor();
    assert.equal(await second.locator(".aide-count b").count(), 0, "no number calls the second");
    assert.doesNotMatch(await second.title(), /\(/);
    await accessible(second, "the second's queue");
    await second.locator(`.queue-others .queue-row:has-text("${visit.name}")`).click();
    await second.locator("[data-of-others]").getByText("Tamu ini ditujukan kepada ajudan.").waitFor();
    assert.equal(await second.locator("[data-decide]").count(), 0, "the second decides nothing before the post asks them");
    await shoot(second, "78-second");
    await cardOf(visit).getByText("ke ajudan").waitFor();
    await post.pass(5.1);
    await second.locator(`.guest[data-visit="${visit.id}"] [data-second]`).waitFor();
    await cardOf(visit).locator("[data-second]").getByText("ajudan kedua: ajudan2").waitFor();
    await shoot(second, "79-second-asked");
    await first.locator(".duty").click();
    await first.locator('[data-offer="ajudan2"]').click();
    await second.locator('[data-duty="offered"] button').click();
    await second.locator('.duty[data-place="first"]').waitFor();
    await first.locator('.duty[data-place="off"]').waitFor();
    const roster = await post.admin.get("/duty");
    assert.deepEqual([roster.first.name, roster.second], ["ajudan2", null]);
    assertQuiet(first, "the aide");
    assertQuiet(second, "the second aide");
    await first.context().close();
    await second.context().close();
    await (await post.signIn("ajudan2")).post("/duty/leave");
    await guests.decide(visit, { decision: "accept_now" });
  });

  await step("the aide lets a whole party in with the acceptance, plans a visit, and exempts who is inside", async () => {
    await clearQuestions();
    const inside = await fresh();
    await accept(inside);
    const { token } = await guests.give(inside);
    await guests.screen(inside);
    await guests.walk(token, "gate");
    await guests.walk(token, "door");
    const aide = await enter(post, "ajudan", screens.phone);
    await aide.locator(".aide-main").waitFor();
    const visit = await party(14);
    await guests.ask(visit);
    await aide.locator(`.guest[data-visit="${visit.id}"]`).waitFor();
    await aide.locator('[name="all_members"]').check();
    await accessible(aide, "permit with acceptance");
    await shoot(aide, "80-permit-aide");
    await aide.locator('[data-decide="accept"]:enabled').click();
    await sendNow(aide);
    await until("accepted as a whole", async () => {
      const now = await of(visit);
      return now.approval === "accepted" && now.members_permit === "ajudan";
    });
    await aide.locator(`.queue-row:has-text("${inside.name}")`).click();
    await aide.locator('[data-exception="exempt"]').click();
    await aide.locator(".dialog .chip").first().click();
    await accessible(aide, "exempt");
    await aide.locator(".dialog .primary").click();
    await until("exempt", async () => (await of(inside)).passback_exempt);
    await aide.locator(".account summary").click();
    await aide.locator("[data-plan]").click();
    await aide.locator('.plan-form [name="name"]').fill("Tamu Contoh Undangan Ajudan");
    await aide.locator('.plan-form [name="purpose"]').fill("Silaturahmi");
    await aide.locator('[data-whom="pimpinan"]').click();
    await accessible(aide, "plan on the phone");
    await shoot(aide, "81-plan-aide");
    await aide.locator(".plan-form .primary").click();
    await until("planned", async () => (await named("Tamu Contoh Undangan Ajudan"))?.state === "planned");
    assertQuiet(aide, "aide");
    await aide.context().close();
  });

  await step("the admin: plans, exemptions, who is on duty, and doors that are open by schedule", async () => {
    const admin = await enter(post, "admin", screens.desk, { night: true });
    await admin.locator('.admin-nav a[href="#visits"]').click();
    await admin.locator('[data-exception="cancel"]').first().waitFor();
    const visit = await fresh();
    await admin.locator(`tr[data-visit="${visit.id}"] [data-exception="exempt"]`).click();
    await admin.locator(".dialog .chip").first().click();
    await admin.locator(".dialog .primary").click();
    await until("exempt", async () => (await of(visit)).passback_exempt);
    await noDialog(admin);
    await accessible(admin, "visits");
    await shoot(admin, "82-visits");
    await admin.locator('.admin-nav a[href="#users"]').click();
    await admin.locator('[data-appoint="first"]').selectOption({ label: "ajudan2" });
    await until("appointed", async () => (await post.admin.get("/duty")).first?.name === "ajudan2");
    await accessible(admin, "appoint");
    await shoot(admin, "83-appoint");
    await post.pass(15);
    await admin.locator('.admin-nav a[href="#portals"]').click();
    await admin.locator('[data-portal="inner-door"] [data-schedule="open"]').waitFor();
    await guard.getByText(/Pintu kediaman: .*\(jadwal\)/).first().waitFor();
    await accessible(admin, "schedule");
    await shoot(admin, "84-schedule");
    assertQuiet(admin, "admin");
    await admin.context().close();
  });

  await step("the post's sheets at night", async () => {
    const page = await enter(post, "petugas", screens.desk, { night: true });
    const visit = await party(5);
    await post.guard.post(`/visits/${visit.id}/ask`);
    await (await post.signIn("ajudan2")).post(`/visits/${visit.id}/decision`, { decision: "accept_now", version: 1 }); // who is on duty
    const card = page.locator(`.board [data-visit="${visit.id}"]`);
    await card.locator('[data-act="badge"]').waitFor();
    await card.locator(".card-name").click();
    for (const kind of ["deviate", "permit"]) {
      await page.locator(`[data-exception="${kind}"]`).click();
      await page.locator(`[data-exception="${kind}"] .primary`).waitFor();
      await accessible(page, `${kind} at night`);
      await shoot(page, `86-${kind}-night`);
      await page.keyboard.press("Escape");
      await noDialog(page);
      await card.locator(".card-name").click();
    }
    await page.keyboard.press("Escape");
    for (const [key, wait] of [["Shift+F4", '.dialog [name="card"], .dialog .notice'], ["F10", ".detector-test"]]) {
      await noDialog(page);
      await card.locator("[data-card-button]").focus();
      await page.keyboard.press(key);
      await page.locator(wait).first().waitFor();
      await accessible(page, `${key} at night`);
      await shoot(page, `87-${key}-night`);
      await page.keyboard.press("Escape");
    }
    await noDialog(page);
    await page.locator("[data-plan]").click();
    await page.locator(".plan-form").waitFor();
    await accessible(page, "plan at night");
    await shoot(page, "88-plan-night");
    assertQuiet(page, "night");
    await page.context().close();
  });

  await step("roll call: the page is loaded again without a line, marks are taken, and merge when it is back", async () => {
    const aide = await enter(post, "ajudan", screens.phone);
    aide.expected.push(known);
    guard.expected.push(known);
    await aide.locator(".aide-main").waitFor();
    await post.guard.post("/muster/start", { reason: "drill" });
    await aide.locator(".banner-check").first().waitFor(); // the roll call is said; it was not opened on this phone
    await until("the page is kept", () => aide.evaluate(async () => (await navigator.serviceWorker.ready) && (await caches.match("/")) !== undefined));
    await aide.waitForFunction(() => JSON.parse(localStorage.getItem("gapura.muster") ?? "null")?.list.entry != null);
    await post.line.cut();
    await aide.reload();
    await aide.locator('.adrift .muster[data-running="true"]').waitFor();
    assert.match(await aide.locator(".adrift").innerText(), /tidak terjangkau/);
    const first = await aide.locator(".muster-list li").first().getAttribute("data-person");
    await aide.locator(".muster-list li button").first().click();
    await aide.locator('[data-muster="pending"]').waitFor();
    await accessible(aide, "adrift");
    await shoot(aide, "85-adrift");
    await aide.reload(); // and once more: the mark is kept
    await aide.locator('[data-muster="pending"]').waitFor();
    const safe = async () => (await post.guard.get("/muster")).people.filter((one) => one.safe).map((one) => one.visit);
    assert.deepEqual(await safe(), []);
    await post.line.mend();
    await until("merged", async () => (await safe()).includes(first));
    await aide.locator(".aide-main").waitFor(); // the session goes on by itself
    await post.guard.post("/muster/end", { reason: "done" });
    await aide.context().close();
  });
  await end();
} catch (error) {
  await end(error);
}
