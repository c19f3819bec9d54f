// SPDX-License-Identifier: Apache-2.0
// Whole visits on the screens: the SOP's next step, receipts, hours, screening, items, escort, undo, the attention list, shift,
// emergency, roll call, the aide's other decisions, the admin's desk.
import assert from "node:assert/strict";
import { accessible, assertQuiet, open, screens, shoot, sendNow } from "./browser.mjs";
import { guestsOf } from "./guests.mjs";
import { browser, end, enter, known, openPost, step } from "./post_session.mjs";
import { printer, procedure } from "./simulated_post.mjs";
import * as simulator from "./simulator.mjs";
import { until } from "./until.mjs";

// A guard's page, and what is on it about a visit.
async function deskOf(post) {
  const page = await enter(post, "petugas", screens.desk);
  await page.locator(".board").waitFor();
  const cardOf = (visit) => page.locator(`[data-visit="${visit.id}"]`);
  return {
    page, cardOf, act: (visit, name) => cardOf(visit).locator(`[data-act="${name}"]`),
    async F(visit, key) {
      await page.locator("dialog").waitFor({ state: "detached" });
      await cardOf(visit).locator("[data-card-button]").focus();
      await page.keyboard.press(key);
    },
  };
}
const evening = `
[visiting_hours]
[[visiting_hours.rest]]
id = "malam"
name = "15 menit sebelum magrib"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = "sunset-15"
to = "06:00"
categories = ["general", "special"]
`;

try {
  const [post, ordered] = await Promise.all([openPost(), openPost({ also: procedure("escort") + procedure("meeting") + printer })]);
  simulator.use(post.control);
  const guests = guestsOf(post);
  const { fresh, accept, of } = guests;
  const events = async (query) => (await post.admin.get(`/events?limit=500&${query}`)).events;
  await post.addUser("petugas2", "guard");
  const enterHouse = async (door) => {
    const visit = await fresh();
    await accept(visit);
    const { token } = await guests.give(visit);
    await guests.screen(visit);
    await guests.walk(token, "gate");
    if (door) await guests.walk(token, "door");
    return visit;
  };
  const inside = await enterHouse(true);
  for (const door of [true, false]) await enterHouse(door);
  const { page: guard, cardOf, act, F } = await deskOf(post);
  // What is asked and not decided is taken back.
  const clearQuestions = async () => {
    for (const one of (await post.guard.get("/visits?limit=500")).visits)
      if (/^(sent|delivered|seen)$/.test(one.approval)) await post.guard.post(`/visits/${one.id}/withdraw`, { reason: "contoh" });
  };
  await step("the card's one button follows the SOP's next step", async () => {
    const desk = await deskOf(ordered);
    const { page, cardOf, act } = desk;
    const guests = guestsOf(ordered);
    const visit = await guests.fresh();
    await act(visit, "attest").waitFor();
    assert.match(await cardOf(visit).locator(".card-step").textContent(), /Mencocokkan kartu identitas/);
    assert.equal(await cardOf(visit).locator(".primary").count(), 1, "exactly one");
    await act(visit, "attest").click();
    await act(visit, "badge").waitFor(); // this SOP hands the badge out before the detector and before the question
    assert.deepEqual((await guests.of(visit)).attested, ["identity"]);
    await guests.give(visit);
    await act(visit, "screen").waitFor();
    await guests.screen(visit);
    await act(visit, "ask").waitFor();
    await act(visit, "ask").click();
    await cardOf(visit).locator(".card-rest").waitFor();
    assert.equal(await cardOf(visit).locator(".primary").count(), 0, "the aide's turn");
    await guests.decide(visit, { decision: "accept_now" });
    await act(visit, "escort").waitFor();
    await cardOf(visit).scrollIntoViewIfNeeded();
    await accessible(page, "sop");
    await shoot(page, "41-sop");
    assertQuiet(page, "procedure");
    await page.context().close();
  });

  await step("what went wrong with one guest is not said in another guest's sheet", async () => {
    const [one, other] = [await fresh(), await fresh()];
    await guests.ask(one);
    await act(other, "ask").waitFor();
    guard.expected.push(/status of 409/);
    await F(one, "F6");
    await guard.locator(".note-failed").waitFor();
    await cardOf(other).locator(".card-name").click();
    await guard.locator("dialog .detail").waitFor();
    assert.equal(await guard.locator(".dialog-failed").count(), 0);
    await guard.keyboard.press("Escape");
    await guard.locator(".note-failed .icon-button").click();
    for (const visit of [one, other]) await guests.leave(visit);
  });

  await step("a refusal is said in the screen's own words: why, and what to do", async () => {
    const failed = guard.locator(".note-failed span").last();
    const refused = async (title, path, act, sentence, problem) => {
      if (problem) await guard.route(path, (route) => route.fulfill({ status: problem.status, contentType: "application/problem+json", body: JSON.stringify({ type: `/problems/${problem.kind}`, detail: problem.detail }) }));
      guard.expected.push(new RegExp(`status of ${problem?.status ?? 409}`));
      await act();
      await failed.waitFor();
      assert.equal(await failed.innerText(), sentence, title);
      await guard.locator(".note-failed .icon-button").last().click();
      await failed.waitFor({ state: "detached" });
      await guard.unrouteAll();
    };
    const asked = await fresh();
    await guests.ask(asked);
    await refused("asked again", "", () => F(asked, "F6"), "Ajudan sudah ditanya dan belum menjawab. Telepon ajudan, lalu catat jawabannya dengan F8.");
    const declined = await fresh();
    await guests.ask(declined);
    await guests.decide(declined, { decision: "decline", reason: "no_appointment" });
    await guard.locator(`.column-action [data-visit="${declined.id}"]`).waitFor();
    await refused("declined", "", () => F(declined, "F6"), "Tidak ada yang perlu ditanyakan untuk tamu ini.");
    await refused("something else", "**/ask", () => F(asked, "F6"), "Perangkat atau antrean sedang tidak siap. Tunggu sebentar lalu coba lagi.",
      { status: 503, kind: "unavailable", detail: "the gateway is busy or stopping; try again" });
    await simulator.misbehave("unit-1", "silent");
    await guard.locator(".banner-check").first().waitFor();
    guard.expected.push(/status of 503/);
    await guard.locator("[data-release]").click();
    for (const reasons of [0, 1]) await guard.locator("dialog[open] fieldset").nth(reasons).locator(".chip").first().click();
    await guard.locator("dialog[open] .primary").click();
    await guard.locator(".dialog-failed").waitFor();
    assert.equal(await guard.locator(".dialog-failed").innerText(), "Pengendali pintu ini tidak menjawab. Buka dengan kunci fisik dan tulis di buku jaga.");
    await guard.keyboard.press("Escape");
    await guard.locator("dialog").waitFor({ state: "detached" });
    await simulator.misbehave("unit-1", "normal");
    await guard.locator(".banner-check").first().waitFor({ state: "detached" });
    for (const one of [asked, declined]) await guests.leave(one, "turned_away");
  });

  await step("receipts with their age, reminders, and at the third the telephone", async () => {
    const visit = await fresh();
    await guests.ask(visit);
    await cardOf(visit).locator('[data-receipt="sent"]').waitFor();
    await post.aide.post(`/visits/${visit.id}/receipt`, { seen: false });
    await cardOf(visit).locator('[data-receipt="delivered"]').waitFor();
    await post.aide.post(`/visits/${visit.id}/receipt`, { seen: true });
    await cardOf(visit).locator('[data-receipt="seen"]').waitFor();
    assert.match(await cardOf(visit).locator(".receipt").textContent(), /DIBACA\s*00:0\d/);
    await post.pass(5.1);
    await cardOf(visit).getByText("diulang 2×").waitFor();
    await post.pass(5);
    await act(visit, "verbal").waitFor();
    assert.match(await cardOf(visit).textContent(), /telepon ajudan/);
    assert.equal(await guard.locator(`.column-action [data-visit="${visit.id}"]`).count(), 1);
    await shoot(guard, "42-receipts");
  });

  await step("a plan waits under Terjadwal and is registered without a second guest", async () => {
    const from = await post.now();
    const plan = await post.aide.post("/visits/plan", {
      name: "Tamu Contoh Undangan", purpose: "Memenuhi undangan", whom: "Pimpinan", category: "special", party: 3,
      from: new Date(from + 9e5).toISOString(), until: new Date(from + 72e5).toISOString(),
    });
    await guard.locator(".column-tab").click();
    const before = (await post.guard.get("/visits?state=all")).total;
    await guard.locator('.card[data-state="planned"] [data-act="arrive"]').click();
    await guard.locator(".dialog-new .notice").first().waitFor();
    assert.equal(await guard.locator('.dialog-new [name="party"]').inputValue(), "3");
    await guard.locator('.dialog-new [name="identity_type"]').selectOption("ktp");
    await guard.locator('.dialog-new [name="identity_last4"]').fill("0042");
    await guard.locator('.dialog-new [name="vehicle"]').fill("DK 1234 XX");
    await accessible(guard, "plan");
    await shoot(guard, "43-plan");
    await guard.locator('.dialog-new button[type="submit"]').click();
    const visit = await until("registered", async () => (await of(plan)).state === "registered" && of(plan));
    assert.equal((await post.guard.get("/visits?state=all")).total, before, "the plan itself became the visit");
    assert.deepEqual([visit.identity_type, visit.identity_last4, visit.vehicle, visit.party], ["ktp", "0042", "DK 1234 XX", 3]);
    await act(visit, "ask").waitFor();
    assert.match(await cardOf(visit).textContent(), /3 orang/);
  });

  await step("a party gets its badges one after the other; what did not print is dead", async () => {
    const visit = await guests.find("Tamu Contoh Undangan");
    await accept(visit);
    await act(visit, "badge").waitFor();
    await F(visit, "F4");
    await guard.getByText("Kartu 1 dari 3").waitFor();
    await guard.locator('[data-printed="next"]').click();
    await guard.getByText("Kartu 2 dari 3").waitFor();
    await accessible(guard, "party badge");
    await shoot(guard, "44-party-badge");
    await guard.locator('[data-printed="next"]').click();
    await guard.getByText("Kartu 3 dari 3").waitFor();
    await guard.locator('[data-printed="no"]').click();
    await guard.locator("dialog").waitFor({ state: "detached" });
    const mine = (await post.guard.get("/badges?state=all&limit=500")).badges.filter((one) => one.visit === visit.id);
    assert.deepEqual(mine.map((one) => one.state).sort(), ["issued", "issued", "revoked"]);
    assert.equal((await events(`type=badge_printed&visit=${visit.id}`)).filter((one) => one.data.printed).length, 2);
  });

  await step("the printer's word and a person's: what may not be on paper asks, and the answer ends it", async () => {
    simulator.use(ordered.control);
    const { page, act, F } = await deskOf(ordered);
    const guests = guestsOf(ordered);
    const printing = async (state) => {
      await simulator.misbehave("printer", state);
      await until(`the printer is ${state}`, async () => (await ordered.guard.get("/devices")).devices.find((one) => one.id === "pos").online === (state === "normal"));
    };
    const visit = await guests.special();
    await guests.accept(visit);
    await act(visit, "badge").waitFor();
    await simulator.misbehave("printer", "paper_out");
    await F(visit, "F4");
    await page.locator('[data-print="refused"]').waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await act(visit, "check_print").click();
    await page.locator('[data-print="refused"]').waitFor();
    await accessible(page, "print failed");
    await shoot(page, "45-print-failed");
    await simulator.misbehave("printer", "stalls");
    await page.locator("[data-print-again]").click();
    await page.locator('[data-print="ordered"]').waitFor();
    await page.locator('[data-print="unknown"]').waitFor();
    await page.locator('[data-printed="next"], [data-printed="yes"]').first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await act(visit, "check_print").waitFor();
    await ordered.guard.post(`/badges/${(await guests.of(visit)).badge.id}/printed`, { printed: true });
    await act(visit, "check_print").waitFor({ state: "detached" });
    await printing("paper_out");
    await page.locator("[data-printer]").waitFor();
    assert.equal((await page.locator("[data-printer]").innerText()).trim(), "Pencetak mati");
    const over = await page.evaluate(() => [...document.querySelectorAll(".status-line, .status-line *")]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth).map((one) => one.className || one.tagName));
    assert.deepEqual(over, [], "nothing runs off the screen");
    assert.equal(await page.locator(".account summary").evaluate((one) => one.scrollWidth > one.clientWidth), false, "the account can be read");
    await shoot(page, "47-printer-off");
    await printing("normal");
    await page.locator("[data-printer]").waitFor({ state: "detached" });
    assertQuiet(page, "printer");
    await page.context().close();
    simulator.use(post.control);
  });

  await step("the counts: guests in the waiting room are past the gate, and a stopped card is out until it is kept", async () => {
    const count = async (name) => Number(await guard.locator(`[data-count="${name}"] b`).innerText());
    const says = (name, number) => guard.waitForFunction(([what, wanted]) => Number(document.querySelector(`[data-count="${what}"] b`)?.textContent) === wanted, [name, number], { timeout: 10_000 })
      .catch(async () => assert.fail(`${name}: ${await count(name)}, not ${number}`));
    const out = (await count("badges")) + 1;
    const visit = await fresh();
    await accept(visit);
    const { badge } = await guests.give(visit);
    await guests.screen(visit);
    await says("badges", out);
    const rest = cardOf(visit).locator(".card-rest");
    await rest.waitFor();
    const places = async () => (await guard.locator('[data-count="inside"] small').innerText()).match(/(?<= )\d+/g).map(Number).reduce((sum, one) => sum + one, 0);
    await guard.locator('[data-count="inside"] small').waitFor();
    await says("inside", await places());
    await post.guard.post(`/badges/${badge.id}/revoke`, { reason: "contoh" });
    await act(visit, "stopped_card").waitFor();
    assert.equal(await count("badges"), out, "revoked and still out");
    await post.guard.post(`/badges/${badge.id}/return`);
    await says("badges", out - 1);
    await guests.leave(visit);
  });

  await step("a card says where its cleared guest is, and names the doer once", async () => {
    simulator.use(ordered.control);
    const { page, cardOf } = await deskOf(ordered);
    const guests = guestsOf(ordered);
    const visit = await guests.special();
    await guests.accept(visit);
    const { token } = await guests.give(visit);
    await guests.screen(visit);
    const says = (words) =>
      page.waitForFunction(([id, wanted]) => document.querySelector(`[data-visit="${id}"] .card-rest`)?.textContent === wanted, [visit.id, words])
        .catch(async () => assert.fail(`“${await cardOf(visit).locator(".card-rest").innerText()}”, not “${words}”`));
    await says("Silakan masuk: pindai kartu di gerbang");
    await guests.walk(token, "gate");
    await says("Di ruang tunggu");
    await guests.walk(token, "door");
    await says("Tamu keluar dari kediaman setelah pertemuan selesai");
    await page.context().close();
    simulator.use(post.control);
  });

  await step("the code of a badge that another guard gave is not shown, and a new code is the next act", async () => {
    simulator.use(ordered.control);
    await ordered.addUser("petugas2", "guard");
    const colleague = await ordered.signIn("petugas2");
    const { page, act } = await deskOf(ordered);
    const guests = guestsOf(ordered);
    const visit = await guests.special();
    await guests.accept(visit);
    page.expected.push(/403 .*\/badges\/[\w-]+\/qr\.png/);
    await simulator.misbehave("printer", "paper_out");
    const { badge } = await colleague.post(`/visits/${visit.id}/badge`);
    await act(visit, "check_print").click();
    await page.locator("dialog").getByText("hanya tampil bagi petugas yang memberikan kartu ini").waitFor();
    assert.equal(await page.locator("[data-print-again]").count(), 0);
    assert.equal(await page.locator("dialog button[data-first]").count(), 0, "nor the page to print");
    assert.match(await page.locator("[data-reprint]").getAttribute("class"), /primary/);
    await accessible(page, "another guard's badge");
    await shoot(page, "46-badge-of-another");
    await page.locator("[data-reprint]").click();
    await page.locator("dialog").getByText("Mengapa dicetak ulang?").waitFor();
    await page.keyboard.press("Escape"); // back to the badge
    await page.locator("[data-reprint]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await ordered.guard.post(`/badges/${badge.id}/printed`, { printed: true });
    await act(visit, "check_print").waitFor({ state: "detached" });
    assertQuiet(page, "another guard's badge");
    await page.context().close();
    simulator.use(post.control);
  });

  await step("admit now, complete later: a debt in sight until it is paid", async () => {
    await guard.keyboard.press("F2");
    await guard.locator('.dialog-new [name="name"]').fill("Tamu Contoh Cepat");
    await guard.locator("[data-quick]").click();
    await guard.locator("[data-debts]").waitFor();
    const visit = await guests.find("Tamu Contoh Cepat");
    assert.equal(visit.in_debt, true);
    await guard.locator("[data-debts]").click();
    await guard.locator(`[data-debt="${visit.id}"] button`).waitFor();
    await accessible(guard, "debts");
    await shoot(guard, "45-debts");
    await guard.locator(`[data-debt="${visit.id}"] button`).click();
    await guard.locator('.dialog-new [name="purpose"]').fill("Mengantar surat");
    await guard.locator('.dialog-new [name="whom"]').fill("Sekretariat");
    await guard.locator('.dialog-new button[type="submit"]').click();
    await guard.locator("[data-debts]").waitFor({ state: "detached" });
    const paid = await of(visit);
    assert.deepEqual([paid.in_debt, paid.purpose], [false, "Mengantar surat"]);
  });

  await step("outside hours: the rule, sunset, the next hours and three ways on", async () => {
    const late = await openPost({ at: 19, also: evening });
    const { page: guard, cardOf } = await deskOf(late);
    const guests = guestsOf(late);
    const becomes = (what, visit, holds) => until(what, async () => holds(await guests.of(visit)));
    const register = async (name) => {
      await guard.locator("dialog").waitFor({ state: "detached" });
      await guard.keyboard.press("F2");
      await guard.locator(".dialog-new .notice-check").waitFor();
      for (const [field, value] of [["name", name], ["purpose", "Audiensi"], ["whom", "Pimpinan"]]) await guard.locator(`.dialog-new [name="${field}"]`).fill(value);
      await guard.locator('.dialog-new [name="whom"]').press("Enter");
      await guard.locator('[data-hours="ask"]').waitFor();
      return guests.find(name);
    };
    const first = await register("Tamu Contoh Magrib");
    assert.match(await guard.locator(".dialog-hours").innerText(), /15 menit sebelum magrib.*Magrib.*Jam bertamu berikutnya/s);
    await accessible(guard, "hours");
    await shoot(guard, "46-hours");
    await guard.locator('[data-hours="turn_away"]').click();
    await becomes("turned away", first, (one) => one.state === "turned_away");
    const second = await register("Tamu Contoh Malam");
    await guard.locator('[data-hours="reschedule"]').click();
    await guard.locator(".dialog-hours button[type=submit]").click();
    await becomes("rescheduled", second, (one) => one.state === "turned_away");
    const third = await register("Tamu Contoh Izin");
    await guard.locator('[data-hours="ask"]').click();
    await becomes("asked", third, (one) => one.approval === "sent");
    assert.match(await cardOf(third).textContent(), /Di luar jam bertamu/);
    assertQuiet(guard, "hours");
    await guard.context().close();
  });

  await step("the detector: again, an item to the locker, by hand only with an officer of the same gender, the other way with its reason", async () => {
    const visit = await fresh();
    const screened = (what, visit) => until(what, async () => (await of(visit)).screening === what);
    await accept(visit);
    await guests.give(visit);
    await act(visit, "screen").waitFor();
    await F(visit, "F5");
    await guard.locator(".choices").waitFor();
    await accessible(guard, "screening");
    await shoot(guard, "47-screening");
    await guard.keyboard.press("u");
    await screened("rewalk", visit);
    assert.deepEqual((await events(`type=screening_recorded&visit=${visit.id}`)).map((one) => one.data.result), ["alarm", "rewalk"]);
    await F(visit, "F5");
    await guard.locator(".choices").waitFor();
    await guard.keyboard.press("t");
    await guard.locator(".chip").first().click();
    await guard.locator('[name="tag"]').fill("A7");
    await accessible(guard, "deposit");
    await shoot(guard, "48-deposit");
    await guard.keyboard.press("Enter");
    await screened("item_deposited", visit);
    assert.deepEqual((await of(visit)).deposits.map((one) => one.tag), ["A7"]);
    await F(visit, "F5");
    await guard.locator(".choices").waitFor();
    await guard.keyboard.press("m");
    assert.equal(await guard.locator('[data-result="cleared_by_check"]').isDisabled(), true, "not before the tick");
    await guard.locator('.tick input').check();
    await accessible(guard, "by hand");
    await shoot(guard, "49-by-hand");
    await guard.locator('[data-result="cleared_by_check"]').click();
    await screened("cleared_by_check", visit);
    await cardOf(visit).getByText("1 titipan").waitFor();
    const other = await fresh();
    await accept(other);
    await guests.give(other);
    await act(other, "screen").waitFor();
    await F(other, "F5");
    await guard.locator(".choices").waitFor();
    await guard.keyboard.press("j");
    await guard.locator(".chip").first().click();
    await guard.locator(".dialog button[type=submit]").click();
    await screened("alternative", other);
    assert.equal((await events(`type=screening_recorded&visit=${other.id}`))[0].note, "pacemaker");
  });

  await step("an escort by the only guard empties the post, and the return fills it", async () => {
    const visit = (await post.guard.get("/visits?limit=500")).visits.find((one) => one.screening === "cleared_by_check" && one.state === "called");
    await F(visit, "F7");
    await guard.locator('[data-escort="started"]').waitFor();
    assert.match(await guard.locator('[data-escort="started"]').innerText(), /KOSONG/);
    await accessible(guard, "escort");
    await shoot(guard, "50-escort");
    await guard.keyboard.press("Enter");
    await guard.locator('[data-post="empty"]').waitFor();
    assert.match(await guard.locator('[data-post="empty"]').innerText(), /POS KOSONG/);
    assert.match(await cardOf(visit).textContent(), /Diantar/);
    await accessible(guard, "empty post");
    await shoot(guard, "51-empty-post");
    await F(visit, "F7");
    await guard.locator('[data-escort="returned"]').click();
    await guard.locator('[data-post="empty"]').waitFor({ state: "detached" });
    assert.equal((await of(visit)).escort, "returned");
  });

  await step("what is in the locker blocks the exit until it is given back", async () => {
    const visit = (await post.guard.get("/visits?limit=500")).visits.find((one) => one.escort === "returned");
    await post.aide.post(`/visits/${visit.id}/move`, { to: "finished" });
    await act(visit, "exit").click();
    await guard.locator(".exit-held").waitFor();
    assert.equal(await guard.locator('[data-exit="usual"]').isDisabled(), true);
    await accessible(guard, "held exit");
    await shoot(guard, "52-held-exit");
    await guard.locator(".exit-held button").click();
    await guard.locator(".exit-held").waitFor({ state: "detached" });
    await guard.locator('[data-exit="usual"]').click();
    await cardOf(visit).waitFor({ state: "detached" });
    assert.equal((await of(visit)).state, "departed");
  });

  await step("undo: offered after the act, and Ctrl+Z brings the guest back", async () => {
    const visit = (await post.guard.get("/visits?state=all&limit=500")).visits.find((one) => one.escort === "returned");
    await guard.locator(".note-act").first().waitFor();
    await shoot(guard, "53-undo");
    await guard.keyboard.press("Control+z");
    await cardOf(visit).waitFor();
    assert.equal((await of(visit)).closed, null);
    assert.equal((await events(`type=undone&visit=${visit.id}`)).length, 1);
    await guests.leave(visit, "departed");
  });

  await step("a possible match asks a person, with a reason, before anything else", async () => {
    await post.admin.post("/attention", { name: "Tamu Contoh Mirip", why: "contoh" });
    const visit = await fresh({ name: "Tamu Contoh Mirip" });
    await act(visit, "attention").click();
    assert.equal(await guard.locator('[data-match="no"]').isDisabled(), true, "not without a reason");
    await guard.locator(".dialog .chip").first().click();
    await accessible(guard, "attention");
    await shoot(guard, "54-attention");
    await guard.locator('[data-match="no"]').click();
    await act(visit, "ask").waitFor();
    assert.equal((await of(visit)).attention, "no_match");
  });

  await step("a badge is suspended, resumed, lost and found from the visit's sheet", async () => {
    const visit = await fresh();
    await accept(visit);
    const { badge } = await guests.give(visit);
    await cardOf(visit).locator(".card-name").click();
    for (const to of ["suspended", "active", "lost", "quarantine"]) {
      await guard.locator(`.detail-badge [data-to="${to}"]`).click();
      await guard.locator('.detail-badge [data-reason="checked"]').click();
      await until(to, async () => (await post.guard.get(`/badges/${badge.id}`)).state === to);
    }
    await accessible(guard, "badge in the sheet");
    await shoot(guard, "55-badge-found");
    await guard.keyboard.press("Escape");
  });

  await step("shift: begun, offered with a word, accepted by the next guard", async () => {
    await guard.keyboard.press("F10");
    await guard.locator('[data-shift="start"]').click();
    await guard.locator(".account summary small:not(.duty-off)").waitFor();
    await guard.keyboard.press("F10");
    await guard.locator(".dialog select").selectOption({ label: "petugas2" });
    await guard.locator(".dialog textarea").fill("Kunci loker 3 di laci.");
    await accessible(guard, "shift");
    await shoot(guard, "56-shift");
    await guard.locator(".dialog button[type=submit]").click();
    await until("offered", async () => (await post.guard.get("/shift")).handed_to?.name === "petugas2");
    const next = await enter(post, "petugas2", screens.desk);
    await next.locator('[data-shift="offered"]').waitFor();
    assert.match(await next.locator('[data-shift="offered"]').innerText(), /petugas2.*Kunci loker 3/s);
    await accessible(next, "offered");
    await shoot(next, "57-offered");
    await next.locator('[data-shift="offered"] button').click();
    await next.locator('[data-shift="offered"]').waitFor({ state: "detached" });
    assert.deepEqual((await post.guard.get("/shift")).guards.map((one) => one.name), ["petugas2"]);
    assertQuiet(next, "the next guard");
    await next.context().close();
  });

  await step("F9 held for two seconds is the alarm; a tap only shows what there is; a lockdown is on every screen", async () => {
    const panics = async () => (await post.admin.get("/alarms")).alarms.filter((one) => one.kind === "panic").sort((a, b) => a.number - b.number);
    await guard.keyboard.press("F9");
    await guard.locator(".dialog-emergency").waitFor();
    assert.equal((await panics()).length, 0, "a tap sends nothing");
    await accessible(guard, "emergency");
    await shoot(guard, "58-emergency");
    await guard.locator('[data-plan="all"] [data-lockdown="start"]').click();
    await guard.locator('[data-plan="all"] [data-reason="drill"]').click();
    await guard.locator('.banner-lockdown[data-lockdown="all"]').waitFor();
    await guard.keyboard.press("Escape");
    await guard.keyboard.down("F9");
    await guard.locator(".panic-over").waitFor();
    await until("the alarm", async () => (await panics()).length === 1);
    await guard.keyboard.up("F9");
    await guard.locator(".alarm-critical").first().waitFor();
    assert.equal((await panics())[0].silent, false);
    assert.match(await guard.locator(".banner-lockdown").innerText(), /PENUTUPAN: Tutup semua.*sampai.*yang keluar/s);
    await accessible(guard, "lockdown");
    await shoot(guard, "59-lockdown");
    await guard.locator(".live-mark").first().waitFor({ state: "detached" }); // for some seconds after a picture was kept
    const seen = await guard.locator(".guard").innerText();
    await guard.keyboard.down("Shift");
    await guard.keyboard.down("F9");
    await until("the silent alarm", async () => (await panics()).length === 2);
    await guard.keyboard.up("F9");
    await guard.keyboard.up("Shift");
    assert.equal((await panics())[1].silent, true);
    const clean = (text) => text.replace(/\d+[.:]\d+([.:]\d+)?/g, "");
    assert.equal(clean(await guard.locator(".guard").innerText()), clean(seen), "nothing on the guard's screen says so");
  });

  await step("the aide: silent alarm, receipts by themselves, spoken decisions, the leader's state", async () => {
    await clearQuestions();
    const visit = await fresh();
    const spoken = await fresh();
    const { approval_version: version } = await guests.ask(spoken);
    await post.guard.post(`/visits/${spoken.id}/decision`, { decision: "accept_now", reason: "Ajudan Contoh, telepon", version, verbal: true });
    const aide = await enter(post, "ajudan", screens.phone);
    await aide.locator('.aide-panic[data-silent="yes"]').waitFor();
    assert.match(await aide.locator('.aide-panic[data-silent="yes"]').innerText(), /ALARM SENYAP.*Jangan menelepon pos/s);
    await aide.locator(`[data-verbal="${spoken.id}"]`).waitFor();
    await accessible(aide, "aide alarms");
    await shoot(aide, "60-aide-silent");
    await aide.locator(`[data-verbal="${spoken.id}"] [data-review="no"]`).click();
    await aide.locator(`[data-verbal="${spoken.id}"] input`).fill("Saya tidak menelepon");
    await aide.locator(`[data-verbal="${spoken.id}"] button[type=submit]`).click();
    await until("disputed", async () => (await of(spoken)).verbal === "disputed");
    await cardOf(spoken).getByText("Dibantah ajudan").waitFor();
    await aide.locator(".leader-switch select").selectOption("in_a_meeting");
    await guard.locator('[data-leader="in_a_meeting"]').waitFor();
    const other = await fresh();
    await guests.ask(visit);
    await aide.locator(`.guest[data-visit="${visit.id}"]`).waitFor();
    await until("seen by itself", async () => (await of(visit)).approval === "seen");
    await guests.ask(other);
    await until("delivered, not seen", async () => (await of(other)).approval === "delivered");
    // Whom the aide accepted and who is inside: the aide says when the meeting is over.
    await aide.locator(`.queue-row:has-text("${inside.name}")`).click();
    await aide.locator("[data-finish]").click();
    await until("finished", async () => (await of(inside)).state === "finished");
    await aide.context().close();
    for (const one of (await post.admin.get("/alarms")).alarms.filter((one) => one.kind === "panic"))
      await post.admin.post(`/alarms/${one.number}/acknowledge`, { handling: "false_alarm" });
  });

  await step("the aide: to another person, another time, a question back and its answer", async () => {
    await clearQuestions();
    const aide = await enter(post, "ajudan", screens.phone);
    await aide.locator(".aide-main").waitFor();
    const decide = async (visit, kind, fill) => {
      await guests.ask(visit);
      // The guest on the screen stays until the aide picks another.
      await aide.locator(`.guest[data-visit="${visit.id}"]`).or(aide.locator(`.queue-row:has-text("${visit.name}")`)).first().waitFor();
      if (!(await aide.locator(`.guest[data-visit="${visit.id}"]`).isVisible())) await aide.locator(`.queue-row:has-text("${visit.name}")`).click();
      await aide.locator('[data-decide="more"]:enabled').waitFor();
      const box = await aide.locator('[data-decide="more"]').boundingBox();
      assert.ok(box.height >= 48 && box.width >= 48, JSON.stringify(box));
      await aide.locator('[data-decide="more"]').click();
      await accessible(aide, "more");
      await shoot(aide, `61-more-${kind}`);
      await aide.locator(`[data-more="${kind}"]`).click();
      await fill();
      await accessible(aide, kind);
      await shoot(aide, `62-${kind}`);
      await aide.locator(".dialog button[type=submit]").click();
      await sendNow(aide);
    };
    const asked = await fresh();
    await decide(asked, "ask", () => aide.locator(".dialog .chip").first().click());
    await act(asked, "answer").waitFor();
    assert.match(await cardOf(asked).locator(".card-step").textContent(), /Ada surat atau undangan/);
    await act(asked, "answer").click();
    await guard.locator(".dialog input").fill("Ada undangan nomor 12");
    await accessible(guard, "answer");
    await guard.keyboard.press("Enter");
    await aide.locator(".guest-answer").waitFor();
    assert.match(await aide.locator(".guest-answer").innerText(), /Ada undangan nomor 12/);
    await guests.decide(asked, { decision: "accept_now" });
    const referred = await fresh();
    await decide(referred, "refer", () => aide.locator(".dialog input").fill("Kepala Biro Umum"));
    await until("referred", async () => (await of(referred)).state === "referred");
    await cardOf(referred).getByText("Dialihkan").first().waitFor();
    const later = await fresh();
    await decide(later, "reschedule", () => aide.locator('.dialog input[type="datetime-local"]').fill("2030-01-07T09:00"));
    await until("rescheduled", async () => (await of(later)).state === "rescheduled");
    const [decided] = await events(`type=approval_decided&visit=${later.id}`);
    assert.equal(new Date(decided.data.when).toISOString(), "2030-01-07T01:00:00.000Z", "the site's wall clock, not this machine's");
    assertQuiet(aide, "aide");
    await aide.context().close();
  });

  await step("roll call: marks taken without a connection are kept over a reload of the list and merged", async () => {
    const admin = await enter(post, "admin", screens.desk);
    const marked = async () => (await post.admin.get("/muster")).people.filter((one) => one.safe).map((one) => one.visit);
    admin.expected.push(known);
    await admin.locator('.admin-nav a[href="#muster"]').click();
    await admin.locator('[data-muster="start"]').click();
    await admin.locator('[data-reason="drill"]').click();
    await admin.locator('.muster[data-running="true"]').waitFor();
    const people = admin.locator(".muster-list li");
    const total = await people.count();
    assert.ok(total >= 3);
    await accessible(admin, "muster");
    await admin.context().setOffline(true);
    const first = await people.nth(0).getAttribute("data-person");
    const began = await post.now();
    await people.nth(0).locator("button").click();
    await admin.locator('[data-muster="pending"]').waitFor();
    await admin.locator('[data-muster="offline"]').waitFor();
    assert.deepEqual(await marked(), []);
    assert.ok(JSON.parse(await admin.evaluate(() => localStorage.getItem("gapura.muster.marks"))).some((one) => one.visit === first));
    await accessible(admin, "muster offline");
    await shoot(admin, "63-muster-offline");
    const elsewhere = await people.nth(0).getAttribute("data-person");
    await post.guard.post("/muster/mark", { visit: elsewhere }); // another phone marks a guest meanwhile
    await admin.context().setOffline(false);
    await until("merged", async () => [first, elsewhere].every(((safe) => (one) => safe.includes(one))(await marked())));
    await admin.locator('[data-muster="pending"]').waitFor({ state: "detached" });
    const [mark] = (await events("type=muster_marked")).filter((one) => one.visit === first);
    assert.ok(Math.abs(new Date(mark.data.at).getTime() - began) < 5000, "the time at which the person was seen");
    assert.equal(await admin.locator(".muster-safe").count(), 2);
    await admin.locator('[data-muster="end"]').click();
    await admin.locator('[data-reason="done"]').click();
    await admin.locator('.muster[data-running="false"]').waitFor();
    await admin.context().close();
  });

  await step("the admin's desk: cards, staff, modes, lockdown, attention list, what to mend", async () => {
    const admin = await enter(post, "admin", screens.desk);
    await admin.locator('[data-maker="stock"]').click();
    await admin.locator('.add-user input[type="number"]').fill("3");
    await admin.locator(".add-user .primary").click();
    await admin.locator(".made-cards img").nth(2).waitFor();
    await accessible(admin, "stock");
    await shoot(admin, "64-stock");
    await admin.locator(".made-acts .plain").click();
    await admin.locator('[data-maker="staff"]').click();
    await admin.locator('.add-user [name="host"]').fill("ajudan-1");
    await admin.locator(".add-user .primary").click();
    await admin.locator(".made-cards img").first().waitFor();
    assert.equal((await post.admin.get("/badges?state=all&limit=500")).badges.filter((one) => one.kind === "staff").length, 1);
    await admin.locator(".made-acts .plain").click();
    const row = admin.locator("tr[data-badge]").first();
    await row.locator("[data-more]").click();
    await row.locator("[data-forgive]").click();
    await accessible(admin, "forgive");
    await shoot(admin, "65-forgive");
    await row.locator('[data-reason="reader"]').click();
    await until("forgiven", async () => (await events("type=passback_forgiven")).length === 1);
    await admin.locator('.admin-nav a[href="#portals"]').click();
    const door = admin.locator('[data-portal="inner-door"]');
    await door.locator("select").selectOption("blocked");
    await door.locator('[data-reason="repair"]').click();
    await door.locator('select[data-mode="blocked"]').waitFor();
    assert.ok((await admin.locator("[data-area]").count()) >= 2);
    await accessible(admin, "modes");
    await shoot(admin, "66-modes");
    await admin.locator('.admin-nav a[href="#emergency"]').click();
    await admin.locator('[data-plan="all"] [data-lockdown="end"]').click();
    await admin.locator('[data-plan="all"] [data-reason="over"]').click();
    await admin.locator(".banner-lockdown").waitFor({ state: "detached" });
    await accessible(admin, "lockdown plans");
    await shoot(admin, "67-lockdown");
    await admin.locator('.admin-nav a[href="#attention"]').click();
    await admin.locator('[name="name"]').fill("Tamu Contoh 99");
    await admin.locator('[name="why"]').fill("Contoh");
    await admin.locator(".attention-form .primary").click();
    await admin.locator('tr[data-attention]:has-text("Tamu Contoh 99")').waitFor();
    await accessible(admin, "attention list");
    await shoot(admin, "68-attention");
    for (const open of [true, false, true]) {
      await simulator.input(2, 0, open);
      await until(`the door is ${open ? "open" : "shut"}`, async () => (await post.admin.get("/portals")).portals.find((one) => one.id === "inner-door").contact === (open ? "on" : "off"));
      await post.pass(0.2); // longer than it may be open
      if (open) await until("held open", async () => (await post.admin.get("/alarms")).alarms.some((one) => one.kind === "held_open" && one.active));
    }
    await admin.locator('.admin-nav a[href="#alarms"]').click();
    assert.match(await admin.locator('[data-fix="inner-door"]').innerText(), /Perbaiki Pintu kediaman.*2×/s);
    await accessible(admin, "alarm report");
    await shoot(admin, "69-alarms");
    assertQuiet(admin, "admin");
    await admin.context().close();
  });

  await step("nothing that a page asks by itself keeps its session alive", async () => {
    const asked = { true: [], false: [] };
    guard.on("request", (one) => {
      const path = new URL(one.url()).pathname;
      if (one.method() === "GET" && path.startsWith("/api/")) asked[one.headers()["x-gapura-background"] === "1"].push(path);
    });
    const readings = (part) => asked.true.filter((path) => path.includes(part)).length;
    await until("two readings of the status, and stills", () => readings("/status") >= 2 && readings("/still.jpg") >= 2);
    assert.deepEqual(asked.false.filter((path) => !/\/(events\/stream|pictures\/)/.test(path)), []);
  });
  assertQuiet(guard, "guard");
  await end();
} catch (error) {
  await end(error);
}
