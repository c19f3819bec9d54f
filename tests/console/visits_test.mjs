// SPDX-License-Identifier: Apache-2.0
// Whole visits on the screens, with the states that the mock can bring about: the SOP's next step, receipts, hours, screening,
// items, escort, undo, the attention list, shift, emergency, roll call, the aide's other decisions, the admin's desk.
import assert from "node:assert/strict";
import { accessible, assertQuiet, open, screens, shoot } from "./browser.mjs";
import { browser, end, enter, known, mock, step } from "./mock_session.mjs";
import { sampleSop, stamp } from "./mock_site.mjs";

const { post } = mock;
const guardUser = post.users[0];
const aideUser = post.users[1];
let number = 50;
const fresh = (part = {}) => post.visit(post.register({ name: `Tamu Contoh ${++number}`, purpose: "Audiensi", whom: "Pimpinan", category: "general", ...part }, guardUser).id);
const accept = (visit) => {
  post.ask(visit.id, guardUser);
  post.decide(visit.id, { decision: "accept_now", version: visit.approval_version }, aideUser);
};
const touch = (visit, type = "visit_completed") => post.emit(type, {}, { visit: visit.id });
const until = async (what, holds) => {
  for (const last = Date.now() + 20_000; Date.now() < last; await new Promise((next) => setTimeout(next, 30))) if (holds()) return;
  assert.fail(`${what}: never`);
};

try {
  const guard = await enter("petugas", screens.desk);
  await guard.locator(".card").first().waitFor();
  const cardOf = (visit) => guard.locator(`[data-visit="${visit.id}"]`);
  const act = (visit, name) => cardOf(visit).locator(`[data-act="${name}"]`);
  const F = async (visit, key) => {
    await guard.locator("dialog").waitFor({ state: "detached" });
    await cardOf(visit).locator("[data-card-button]").focus();
    await guard.keyboard.press(key);
  };

  await step("the card's one button follows the SOP's next step", async () => {
    post.sops = [sampleSop];
    const visit = fresh();
    await act(visit, "attest").waitFor();
    assert.match(await cardOf(visit).locator(".card-step").textContent(), /Mencocokkan kartu identitas/);
    assert.equal(await cardOf(visit).locator(".primary").count(), 1, "exactly one");
    await act(visit, "attest").click();
    await act(visit, "badge").waitFor(); // this SOP hands the badge out before the detector and before the question
    assert.deepEqual(visit.attested, ["identity"]);
    post.issue(visit.id, {}, guardUser);
    await act(visit, "screen").waitFor();
    post.screen(visit.id, { result: "clear" }, guardUser);
    await act(visit, "ask").waitFor();
    await act(visit, "ask").click();
    await cardOf(visit).locator(".card-rest").waitFor();
    assert.equal(await cardOf(visit).locator(".primary").count(), 0, "the aide's turn");
    post.decide(visit.id, { decision: "accept_now", version: visit.approval_version }, aideUser);
    await act(visit, "escort").waitFor();
    await cardOf(visit).scrollIntoViewIfNeeded();
    await accessible(guard, "sop");
    await shoot(guard, "41-sop");
    post.sops = [];
    post.close(visit.id, { outcome: "left_early", reason: "contoh" }, guardUser);
  });

  await step("what went wrong with one guest is not said in another guest's sheet", async () => {
    const [one, other] = [fresh(), fresh()];
    post.ask(one.id, guardUser);
    await act(other, "ask").waitFor();
    guard.expected.push(/status of 409/);
    await F(one, "F6");
    await guard.locator(".note-failed").waitFor();
    await cardOf(other).locator(".card-name").click();
    await guard.locator("dialog .detail").waitFor();
    assert.equal(await guard.locator(".dialog-failed").count(), 0);
    await guard.keyboard.press("Escape");
    await guard.locator(".note-failed .icon-button").click();
    for (const visit of [one, other]) post.close(visit.id, { outcome: "left_early", reason: "contoh" }, guardUser);
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
    const asked = fresh();
    post.ask(asked.id, guardUser);
    await refused("asked again", "", () => F(asked, "F6"), "Ajudan sudah ditanya dan belum menjawab. Telepon ajudan, lalu catat jawabannya dengan F8.");
    const declined = fresh();
    post.ask(declined.id, guardUser);
    post.decide(declined.id, { decision: "decline", reason: "no_appointment", version: declined.approval_version }, aideUser);
    await guard.locator(`.column-action [data-visit="${declined.id}"]`).waitFor();
    await refused("declined", "", () => F(declined, "F6"), "Tidak ada yang perlu ditanyakan untuk tamu ini.");
    await refused("something else", "**/ask", () => F(asked, "F6"), "Perangkat atau antrean sedang tidak siap. Tunggu sebentar lalu coba lagi.",
      { status: 503, kind: "unavailable", detail: "the gateway is busy or stopping; try again" });
    const door = { status: 503, kind: "unavailable", detail: "its controller does not answer: open with the key and note it in the shift log" };
    await refused("a dead door", "**/release", async () => {
      await guard.locator("[data-release]").click();
      for (const reasons of [0, 1]) await guard.locator("dialog[open] fieldset").nth(reasons).locator(".chip").first().click();
      await guard.locator("dialog[open] .primary").click();
      await guard.locator(".dialog-failed").waitFor();
      assert.equal(await guard.locator(".dialog-failed").innerText(), "Pengendali pintu ini tidak menjawab. Buka dengan kunci fisik dan tulis di buku jaga.");
      await guard.keyboard.press("Escape");
      if (await guard.locator("dialog[open]").count()) await guard.keyboard.press("Escape");
    }, "Pengendali pintu ini tidak menjawab. Buka dengan kunci fisik dan tulis di buku jaga.", door);
    for (const one of [asked, declined]) post.close(one.id, { outcome: "left_early", reason: "contoh" }, guardUser);
  });

  await step("receipts with their age, reminders, and at the third the telephone", async () => {
    const visit = fresh();
    post.ask(visit.id, guardUser);
    await cardOf(visit).locator('[data-receipt="sent"]').waitFor();
    post.receipt(visit.id, false, aideUser);
    await cardOf(visit).locator('[data-receipt="delivered"]').waitFor();
    post.receipt(visit.id, true, aideUser);
    await cardOf(visit).locator('[data-receipt="seen"]').waitFor();
    assert.match(await cardOf(visit).locator(".receipt").textContent(), /DIBACA\s*00:0\d/);
    visit.escalation = 2;
    post.emit("approval_escalated", { level: 2 }, { visit: visit.id });
    await cardOf(visit).getByText("diulang 2×").waitFor();
    visit.escalation = 3;
    post.emit("approval_escalated", { level: 3 }, { visit: visit.id });
    await act(visit, "verbal").waitFor();
    assert.match(await cardOf(visit).textContent(), /telepon ajudan/);
    assert.equal(await guard.locator(`.column-action [data-visit="${visit.id}"]`).count(), 1);
    await shoot(guard, "42-receipts");
  });

  await step("a plan waits under Terjadwal and is registered without a second guest", async () => {
    post.plan({ name: "Tamu Contoh Undangan", purpose: "Memenuhi undangan", whom: "Pimpinan", category: "special", party: 3, from: stamp(Date.now() + 9e5), until: stamp(Date.now() + 72e5) });
    await guard.locator(".column-tab").click();
    const before = post.visits.length;
    await guard.locator('.card[data-state="planned"] [data-act="arrive"]').click();
    await guard.locator(".dialog-new .notice").first().waitFor();
    assert.equal(await guard.locator('.dialog-new [name="party"]').inputValue(), "3");
    await guard.locator('.dialog-new [name="identity_type"]').selectOption("ktp");
    await guard.locator('.dialog-new [name="identity_last4"]').fill("0042");
    await guard.locator('.dialog-new [name="vehicle"]').fill("DK 1234 XX");
    await accessible(guard, "plan");
    await shoot(guard, "43-plan");
    await guard.locator('.dialog-new button[type="submit"]').click();
    await until("registered", () => post.visits.some((one) => one.name === "Tamu Contoh Undangan" && one.state === "registered"));
    assert.equal(post.visits.length, before, "the plan itself became the visit");
    const visit = post.visits.find((one) => one.name === "Tamu Contoh Undangan");
    assert.deepEqual([visit.identity_type, visit.identity_last4, visit.vehicle, visit.party], ["ktp", "0042", "DK 1234 XX", 3]);
    await act(visit, "ask").waitFor();
    assert.match(await cardOf(visit).textContent(), /3 orang/);
  });

  await step("a party gets its badges one after the other; what did not print is dead", async () => {
    const visit = post.visits.find((one) => one.name === "Tamu Contoh Undangan");
    accept(visit);
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
    const mine = post.badges.filter((one) => one.visit === visit.id);
    assert.deepEqual(mine.map((one) => one.state), ["issued", "issued", "revoked"]);
    assert.equal(post.events.filter((one) => one.type === "badge_printed" && one.data.printed).length, 2);
  });

  await step("the printer's word and a person's: what may not be on paper asks, and the answer ends it", async () => {
    const visit = post.visits.find((one) => one.name === "Tamu Contoh Undangan");
    const badge = post.badges.find((one) => one.visit === visit.id && one.state === "issued");
    post.printerSays(badge.id, "refused");
    await act(visit, "check_print").click();
    await guard.locator('[data-print="refused"]').waitFor();
    await accessible(guard, "print failed");
    await shoot(guard, "45-print-failed");
    await guard.locator("[data-print-again]").click();
    await guard.locator('[data-print="ordered"]').waitFor();
    post.printerSays(badge.id, "unknown");
    await guard.locator('[data-print="unknown"]').waitFor();
    await guard.locator('[data-printed="next"], [data-printed="yes"]').first().waitFor();
    await guard.keyboard.press("Escape");
    await guard.locator("dialog").waitFor({ state: "detached" });
    await act(visit, "check_print").waitFor();
    post.printed(badge.id, true, { name: "petugas" });
    await act(visit, "check_print").waitFor({ state: "detached" });
    const printer = { id: "pos", kind: "printer", online: false, since: new Date().toISOString(), detail: "it is out of paper", stats: {} };
    post.devices.push(printer);
    post.emit("device_offline", { kind: "printer", detail: printer.detail }, { point: "pos" });
    await guard.locator("[data-printer]").waitFor();
    assert.equal((await guard.locator("[data-printer]").innerText()).trim(), "Pencetak mati");
    const over = await guard.evaluate(() => [...document.querySelectorAll(".status-line, .status-line *")]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth).map((one) => one.className || one.tagName));
    assert.deepEqual(over, [], "nothing runs off the screen");
    assert.equal(await guard.locator(".account summary").evaluate((one) => one.scrollWidth > one.clientWidth), false, "the account can be read");
    await shoot(guard, "47-printer-off");
    post.devices.splice(post.devices.indexOf(printer), 1);
    post.emit("device_online", { kind: "printer" }, { point: "pos" });
    await guard.locator("[data-printer]").waitFor({ state: "detached" });
  });

  await step("the counts: guests in the waiting room are past the gate, and a stopped card is out until it is kept", async () => {
    const count = async (name) => Number(await guard.locator(`[data-count="${name}"] b`).innerText());
    const says = (name, number) => guard.waitForFunction(([what, wanted]) => Number(document.querySelector(`[data-count="${what}"] b`)?.textContent) === wanted, [name, number], { timeout: 10_000 })
      .catch(async () => assert.fail(`${name}: ${await count(name)}, not ${number}`));
    const visit = fresh();
    accept(visit);
    const { badge } = post.issue(visit.id, {}, guardUser);
    post.screen(visit.id, { result: "clear" }, guardUser);
    const rest = cardOf(visit).locator(".card-rest");
    await rest.waitFor();
    const places = async () => (await guard.locator('[data-count="inside"] small').innerText()).match(/(?<= )\d+/g).map(Number).reduce((sum, one) => sum + one, 0);
    await guard.locator('[data-count="inside"] small').waitFor();
    await says("inside", await places());
    const out = await count("badges");
    Object.assign(post.badges.find((one) => one.id === badge.id), { state: "revoked", reason: "contoh", ended: stamp() });
    touch(visit, "badge_revoked");
    await act(visit, "stopped_card").waitFor();
    assert.equal(await count("badges"), out, "revoked and still out");
    Object.assign(post.badges.find((one) => one.id === badge.id), { state: "returned" });
    touch(visit, "badge_returned");
    await says("badges", out - 1);
    post.close(visit.id, { outcome: "left_early", reason: "contoh" }, guardUser);
  });

  await step("a card says where its cleared guest stands, and names the doer once", async () => {
    const visit = fresh();
    accept(visit);
    post.issue(visit.id, {}, guardUser);
    post.screen(visit.id, { result: "clear" }, guardUser);
    const at = post.nextStep;
    const next = { step: "meet", activity: "Tamu memasuki kediaman dan bertemu dengan pimpinan", executor: "guest", evidence: "system" };
    post.nextStep = (one, badges) => (one.id === visit.id ? next : at.call(post, one, badges));
    const says = async (part, words) => {
      Object.assign(visit, { sop: sampleSop.id, ...part });
      touch(visit);
      await guard.waitForFunction(([id, wanted]) => document.querySelector(`[data-visit="${id}"] .card-rest`)?.textContent === wanted, [visit.id, words], { timeout: 10_000 })
        .catch(async () => assert.fail(`“${await cardOf(visit).locator(".card-rest").innerText()}”, not “${words}”`));
    };
    await says({ presence: "at_post" }, "Silakan masuk: pindai kartu di gerbang");
    await says({ presence: "waiting_room" }, "Di ruang tunggu");
    await says({ presence: "inside", state: "in_meeting" }, "Tamu memasuki kediaman dan bertemu dengan pimpinan");
    post.nextStep = at;
    post.close(visit.id, { outcome: "left_early", reason: "contoh" }, guardUser);
  });

  await step("the code of a badge that another guard gave is not shown, and a new code is the next act", async () => {
    const visit = fresh();
    accept(visit);
    const { badge } = post.issue(visit.id, {}, guardUser);
    guard.expected.push(/403 .*\/badges\/[\w-]+\/qr\.png/);
    post.foreign.add(badge.id);
    post.printerSays(badge.id, "refused");
    await act(visit, "check_print").click();
    await guard.locator("dialog").getByText("hanya tampil bagi petugas yang memberikan kartu ini").waitFor();
    assert.equal(await guard.locator("[data-print-again]").count(), 0);
    assert.equal(await guard.locator("dialog button[data-first]").count(), 0, "nor the page to print");
    assert.match(await guard.locator("[data-reprint]").getAttribute("class"), /primary/);
    await accessible(guard, "another guard's badge");
    await shoot(guard, "46-badge-of-another");
    await guard.locator("[data-reprint]").click();
    await guard.locator("dialog").getByText("Mengapa dicetak ulang?").waitFor();
    await guard.keyboard.press("Escape"); // back to the badge
    await guard.locator("[data-reprint]").waitFor();
    await guard.keyboard.press("Escape");
    await guard.locator("dialog").waitFor({ state: "detached" });
    post.foreign.clear();
    post.printed(badge.id, true, { name: "petugas" });
    await act(visit, "check_print").waitFor({ state: "detached" });
  });

  await step("admit now, complete later: a debt in sight until it is paid", async () => {
    await guard.keyboard.press("F2");
    await guard.locator('.dialog-new [name="name"]').fill("Tamu Contoh Cepat");
    await guard.locator("[data-quick]").click();
    await guard.locator("[data-debts]").waitFor();
    const visit = post.visits.find((one) => one.name === "Tamu Contoh Cepat");
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
    assert.deepEqual([visit.in_debt, visit.purpose], [false, "Mengantar surat"]);
  });

  await step("outside hours: the rule, sunset, the next hours and three ways on", async () => {
    post.hoursNow = { open: false, reason: "rest_hours", rule: "15 menit sebelum magrib", sunset: stamp(), next_open: stamp(Date.now() + 14 * 36e5) };
    const register = async (name) => {
      await guard.locator("dialog").waitFor({ state: "detached" });
      await guard.keyboard.press("F2");
      await guard.locator(".dialog-new .notice-check").waitFor();
      for (const [field, value] of [["name", name], ["purpose", "Audiensi"], ["whom", "Pimpinan"]]) await guard.locator(`.dialog-new [name="${field}"]`).fill(value);
      await guard.locator('.dialog-new [name="whom"]').press("Enter");
      await guard.locator('[data-hours="ask"]').waitFor();
      return post.visits.find((one) => one.name === name);
    };
    const first = await register("Tamu Contoh Magrib");
    assert.match(await guard.locator(".dialog-hours").innerText(), /15 menit sebelum magrib.*Magrib.*Jam bertamu berikutnya/s);
    await accessible(guard, "hours");
    await shoot(guard, "46-hours");
    await guard.locator('[data-hours="turn_away"]').click();
    await until("turned away", () => first.state === "turned_away");
    const second = await register("Tamu Contoh Malam");
    await guard.locator('[data-hours="reschedule"]').click();
    await guard.locator(".dialog-hours button[type=submit]").click();
    await until("rescheduled", () => second.state === "turned_away");
    const third = await register("Tamu Contoh Izin");
    await guard.locator('[data-hours="ask"]').click();
    await until("asked", () => third.approval === "sent");
    assert.match(await cardOf(third).textContent(), /Di luar jam bertamu/);
    post.hoursNow = { ...post.hoursNow, open: true };
  });

  await step("the detector: again, an item to the locker, by hand only with an officer of the same gender, the other way with its reason", async () => {
    const visit = fresh();
    accept(visit);
    post.issue(visit.id, {}, guardUser);
    await act(visit, "screen").waitFor();
    await F(visit, "F5");
    await guard.locator(".choices").waitFor();
    await accessible(guard, "screening");
    await shoot(guard, "47-screening");
    await guard.keyboard.press("u");
    await until("walks again", () => visit.screening === "rewalk");
    assert.deepEqual(post.events.filter((one) => one.visit === visit.id && one.type === "screening_recorded").map((one) => one.data.result), ["alarm", "rewalk"]);
    await F(visit, "F5");
    await guard.locator(".choices").waitFor();
    await guard.keyboard.press("t");
    await guard.locator(".chip").first().click();
    await guard.locator('[name="tag"]').fill("A7");
    await accessible(guard, "deposit");
    await shoot(guard, "48-deposit");
    await guard.keyboard.press("Enter");
    await until("deposited", () => visit.screening === "item_deposited" && post.deposits.some((one) => one.visit === visit.id && one.tag === "A7"));
    await F(visit, "F5");
    await guard.locator(".choices").waitFor();
    await guard.keyboard.press("m");
    assert.equal(await guard.locator('[data-result="cleared_by_check"]').isDisabled(), true, "not before the tick");
    await guard.locator('.tick input').check();
    await accessible(guard, "by hand");
    await shoot(guard, "49-by-hand");
    await guard.locator('[data-result="cleared_by_check"]').click();
    await until("cleared", () => visit.screening === "cleared_by_check");
    await cardOf(visit).getByText("1 titipan").waitFor();
    const other = fresh();
    accept(other);
    post.issue(other.id, {}, guardUser);
    await F(other, "F5");
    await guard.locator(".choices").waitFor();
    await guard.keyboard.press("j");
    await guard.locator(".chip").first().click();
    await guard.locator(".dialog button[type=submit]").click();
    await until("the other way", () => other.screening === "alternative");
    assert.equal(post.events.filter((one) => one.visit === other.id && one.type === "screening_recorded")[0].note, "pacemaker");
  });

  await step("an escort by the only guard empties the post, and the return fills it", async () => {
    const visit = post.visits.find((one) => one.screening === "cleared_by_check" && one.state === "called");
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
    assert.equal(visit.escort, "returned");
  });

  await step("what is in the locker blocks the exit until it is given back", async () => {
    const visit = post.visits.find((one) => one.escort === "returned");
    Object.assign(visit, { state: "finished", presence: "inside" });
    touch(visit);
    await act(visit, "exit").click();
    await guard.locator(".exit-held").waitFor();
    assert.equal(await guard.locator('[data-exit="usual"]').isDisabled(), true);
    await accessible(guard, "held exit");
    await shoot(guard, "52-held-exit");
    await guard.locator(".exit-held button").click();
    await guard.locator(".exit-held").waitFor({ state: "detached" });
    await guard.locator('[data-exit="usual"]').click();
    await cardOf(visit).waitFor({ state: "detached" });
    assert.equal(visit.state, "departed");
  });

  await step("undo: offered after the act, and Ctrl+Z brings the guest back", async () => {
    const visit = post.visits.find((one) => one.escort === "returned");
    await guard.locator(".note-act").first().waitFor();
    await shoot(guard, "53-undo");
    await guard.keyboard.press("Control+z");
    await cardOf(visit).waitFor();
    assert.equal(visit.closed, null);
    assert.equal(post.events.filter((one) => one.type === "undone" && one.visit === visit.id).length, 1);
    post.close(visit.id, { outcome: "departed", reason: "contoh" }, guardUser);
  });

  await step("a possible match asks a person, with a reason, before anything else", async () => {
    post.attentionNames.push("Tamu Contoh Mirip");
    const visit = fresh({ name: "Tamu Contoh Mirip" });
    await act(visit, "attention").click();
    assert.equal(await guard.locator('[data-match="no"]').isDisabled(), true, "not without a reason");
    await guard.locator(".dialog .chip").first().click();
    await accessible(guard, "attention");
    await shoot(guard, "54-attention");
    await guard.locator('[data-match="no"]').click();
    await act(visit, "ask").waitFor();
    assert.equal(visit.attention, "no_match");
  });

  await step("a badge is suspended, resumed, lost and found from the visit's sheet", async () => {
    const visit = fresh();
    accept(visit);
    const { badge } = post.issue(visit.id, {}, guardUser);
    await cardOf(visit).locator(".card-name").click();
    for (const to of ["suspended", "active", "lost", "quarantine"]) {
      await guard.locator(`.detail-badge [data-to="${to}"]`).click();
      await guard.locator('.detail-badge [data-reason="checked"]').click();
      await until(to, () => badge.state === to);
    }
    await accessible(guard, "badge in the sheet");
    await shoot(guard, "55-badge-found");
    await guard.keyboard.press("Escape");
  });

  await step("shift: begun, offered with a word, accepted by the next guard", async () => {
    post.addUser("petugas2", "guard", "contoh-contoh");
    touch(post.visits[0], "shift_started");
    await guard.keyboard.press("F10");
    await guard.locator('[data-shift="start"]').click();
    await guard.locator(".account summary small:not(.duty-off)").waitFor();
    await guard.keyboard.press("F10");
    await guard.locator(".dialog select").selectOption({ label: "petugas2" });
    await guard.locator(".dialog textarea").fill("Kunci loker 3 di laci.");
    await accessible(guard, "shift");
    await shoot(guard, "56-shift");
    await guard.locator(".dialog button[type=submit]").click();
    await until("offered", () => post.shift.handed_to?.name === "petugas2");
    const next = await enter("petugas2", screens.desk);
    await next.locator('[data-shift="offered"]').waitFor();
    assert.match(await next.locator('[data-shift="offered"]').innerText(), /petugas2.*Kunci loker 3/s);
    await accessible(next, "offered");
    await shoot(next, "57-offered");
    await next.locator('[data-shift="offered"] button').click();
    await next.locator('[data-shift="offered"]').waitFor({ state: "detached" });
    assert.deepEqual(post.shift.guards.map((one) => one.name), ["petugas2"]);
    assertQuiet(next, "the next guard");
    await next.context().close();
  });

  await step("F9 held for two seconds is the alarm; a tap only shows what there is; a lockdown is on every screen", async () => {
    const panics = () => post.alarms.filter((one) => one.kind === "panic");
    await guard.keyboard.press("F9");
    await guard.locator(".dialog-emergency").waitFor();
    assert.equal(panics().length, 0, "a tap sends nothing");
    await accessible(guard, "emergency");
    await shoot(guard, "58-emergency");
    await guard.locator('[data-plan="all"] [data-lockdown="start"]').click();
    await guard.locator('[data-plan="all"] [data-reason="drill"]').click();
    await guard.locator('.banner-lockdown[data-lockdown="all"]').waitFor();
    await guard.keyboard.press("Escape");
    await guard.keyboard.down("F9");
    await guard.locator(".panic-over").waitFor();
    await until("the alarm", () => panics().length === 1);
    await guard.keyboard.up("F9");
    await guard.locator(".alarm-critical").first().waitFor();
    assert.equal(panics()[0].silent, false);
    assert.match(await guard.locator(".banner-lockdown").innerText(), /PENUTUPAN: Tutup semua.*sampai.*yang keluar/s);
    await accessible(guard, "lockdown");
    await shoot(guard, "59-lockdown");
    const seen = await guard.locator(".guard").innerText();
    await guard.keyboard.down("Shift");
    await guard.keyboard.down("F9");
    await until("the silent alarm", () => panics().length === 2);
    await guard.keyboard.up("F9");
    await guard.keyboard.up("Shift");
    assert.equal(panics()[1].silent, true);
    const clean = (text) => text.replace(/\d+:\d+(:\d+)?/g, "");
    assert.equal(clean(await guard.locator(".guard").innerText()), clean(seen), "nothing on the guard's screen says so");
  });

  await step("the aide: silent alarm, receipts by themselves, spoken decisions, the leader's state", async () => {
    for (const one of post.visits) if (!one.closed && /^(sent|delivered|seen)$/.test(one.approval)) one.approval = "withdrawn";
    const visit = fresh();
    const told = fresh();
    post.ask(told.id, guardUser);
    post.decide(told.id, { decision: "accept_now", reason: "Ajudan Contoh, telepon", version: told.approval_version, verbal: true }, guardUser);
    const aide = await enter("ajudan", screens.phone);
    await aide.locator('.aide-panic[data-silent="yes"]').waitFor();
    assert.match(await aide.locator('.aide-panic[data-silent="yes"]').innerText(), /ALARM SENYAP.*Jangan menelepon pos/s);
    await aide.locator(`[data-verbal="${told.id}"]`).waitFor();
    await accessible(aide, "aide alarms");
    await shoot(aide, "60-aide-silent");
    await aide.locator(`[data-verbal="${told.id}"] [data-review="no"]`).click();
    await aide.locator(`[data-verbal="${told.id}"] input`).fill("Saya tidak menelepon");
    await aide.locator(`[data-verbal="${told.id}"] button[type=submit]`).click();
    await until("disputed", () => told.verbal === "disputed");
    await cardOf(told).getByText("Dibantah ajudan").waitFor();
    await aide.locator(".leader-switch select").selectOption("in_a_meeting");
    await guard.locator('[data-leader="in_a_meeting"]').waitFor();
    const other = fresh();
    post.ask(visit.id, guardUser);
    await aide.locator(`.guest[data-visit="${visit.id}"]`).waitFor();
    await until("seen by itself", () => visit.approval === "seen");
    post.ask(other.id, guardUser);
    await until("delivered, not seen", () => other.approval === "delivered");
    // Whom the aide accepted and who is inside: the aide says when the meeting is over.
    const inside = post.visits.find((one) => one.name === "Tamu Contoh 06");
    await aide.locator(`.queue-row:has-text("${inside.name}")`).click();
    await aide.locator("[data-finish]").click();
    await until("finished", () => inside.state === "finished");
    await aide.context().close();
    for (const one of post.alarms) if (one.kind === "panic") Object.assign(one, { acknowledged_by: "admin", active: false, handling: "false_alarm" });
  });

  await step("the aide: to somebody else, another time, a question back and its answer", async () => {
    for (const one of post.visits) if (!one.closed && /^(sent|delivered|seen)$/.test(one.approval)) one.approval = "withdrawn";
    const aide = await enter("ajudan", screens.phone);
    await aide.locator(".aide-main").waitFor();
    const decide = async (visit, kind, fill) => {
      post.ask(visit.id, guardUser);
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
      await aide.locator(".thumb-send").click();
    };
    const asked = fresh();
    await decide(asked, "ask", () => aide.locator(".dialog .chip").first().click());
    await act(asked, "answer").waitFor();
    assert.match(await cardOf(asked).locator(".card-step").textContent(), /Ada surat atau undangan/);
    await act(asked, "answer").click();
    await guard.locator(".dialog input").fill("Ada undangan nomor 12");
    await accessible(guard, "answer");
    await guard.keyboard.press("Enter");
    await aide.locator(".guest-answer").waitFor();
    assert.match(await aide.locator(".guest-answer").innerText(), /Ada undangan nomor 12/);
    post.decide(asked.id, { decision: "accept_now", version: asked.approval_version }, aideUser);
    const referred = fresh();
    await decide(referred, "refer", () => aide.locator(".dialog input").fill("Kepala Biro Umum"));
    await until("referred", () => referred.state === "referred");
    await cardOf(referred).getByText("Dialihkan").first().waitFor();
    const later = fresh();
    await decide(later, "reschedule", () => aide.locator('.dialog input[type="datetime-local"]').fill("2030-01-07T09:00"));
    await until("rescheduled", () => later.state === "rescheduled");
    const when = post.events.filter((one) => one.visit === later.id && one.type === "approval_decided")[0].data.when;
    assert.equal(new Date(when).toISOString(), "2030-01-07T01:00:00.000Z", "the site's wall clock, not this machine's");
    assertQuiet(aide, "aide");
    await aide.context().close();
  });

  await step("roll call: marks taken without a connection are kept over a reload of the list and merged", async () => {
    const admin = await enter("admin", screens.desk);
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
    const began = Date.now();
    await people.nth(0).locator("button").click();
    await admin.locator('[data-muster="pending"]').waitFor();
    await admin.locator('[data-muster="offline"]').waitFor();
    assert.equal(post.roll.safe.size, 0);
    assert.ok(JSON.parse(await admin.evaluate(() => localStorage.getItem("gapura.muster.marks"))).some((one) => one.visit === first));
    await accessible(admin, "muster offline");
    await shoot(admin, "63-muster-offline");
    const elsewhere = await people.nth(0).getAttribute("data-person");
    post.mark(elsewhere, stamp(), guardUser); // another phone marks somebody meanwhile
    await admin.context().setOffline(false);
    await until("merged", () => post.roll.safe.has(first) && post.roll.safe.has(elsewhere));
    await admin.locator('[data-muster="pending"]').waitFor({ state: "detached" });
    assert.ok(Math.abs(Date.parse(post.roll.at[first]) - began) < 5000, "the time at which the person was seen");
    assert.equal(await admin.locator(".muster-safe").count(), 2);
    await admin.locator('[data-muster="end"]').click();
    await admin.locator('[data-reason="done"]').click();
    await admin.locator('.muster[data-running="false"]').waitFor();
    await admin.context().close();
  });

  await step("the admin's desk: cards, staff, modes, lockdown, attention list, what to mend", async () => {
    const admin = await enter("admin", screens.desk);
    await admin.locator('[data-maker="stock"]').click();
    await admin.locator('.add-user input[type="number"]').fill("3");
    await admin.locator(".add-user .primary").click();
    await admin.locator(".made-cards img").nth(2).waitFor();
    await accessible(admin, "stock");
    await shoot(admin, "64-stock");
    await admin.locator(".made-acts .plain").click();
    await admin.locator('[data-maker="staff"]').click();
    await admin.locator('.add-user [name="host"]').fill("pegawai-contoh");
    await admin.locator(".add-user .primary").click();
    await admin.locator(".made-cards img").first().waitFor();
    assert.equal(post.badges.filter((one) => one.kind === "staff").length, 1);
    await admin.locator(".made-acts .plain").click();
    const row = admin.locator("tr[data-badge]").first();
    await row.locator("[data-more]").click();
    await row.locator("[data-forgive]").click();
    await accessible(admin, "forgive");
    await shoot(admin, "65-forgive");
    await row.locator('[data-reason="reader"]').click();
    await until("forgiven", () => post.events.some((one) => one.type === "passback_forgiven"));
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
    await admin.locator("tr[data-attention]").waitFor();
    await accessible(admin, "attention list");
    await shoot(admin, "68-attention");
    post.raise("held_open", "medium", "inner-door");
    post.raise("held_open", "medium", "inner-door");
    await admin.locator('.admin-nav a[href="#alarms"]').click();
    assert.match(await admin.locator('[data-fix="inner-door"]').innerText(), /Perbaiki Pintu kediaman.*2×/s);
    await accessible(admin, "alarm report");
    await shoot(admin, "69-alarms");
    assertQuiet(admin, "admin");
    await admin.context().close();
  });

  await step("nothing that a page asks by itself keeps its session alive", async () => {
    post.foreground.length = post.background.length = 0;
    const readings = (part) => post.background.filter((path) => path.includes(part)).length;
    await until("two readings of the status, and stills", () => readings("/status") >= 2 && readings("/still.jpg") >= 2);
    const asked = post.foreground.filter((path) => !/^\/(events\/stream|pictures\/)/.test(path));
    assert.deepEqual(asked, []);
  });
  assertQuiet(guard, "guard");
  await end();
} catch (error) {
  await end(error);
}
