// SPDX-License-Identifier: Apache-2.0
// What goes wrong in the field, as the guard sees it: the real daemon, gapura-sim's devices and a guard's page in Chromium.
// tests/scenarios/failure_test.cpp holds the journal's side of the same failures. run_on_daemon.mjs starts this with a post:
//   { url, guard: [name, password], aide: [name, password], end(signal), begin(), disk: a small file system of its own, or null }
import assert from "node:assert/strict";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { shoot } from "./browser.mjs";
import { acceptedGuest, atTheDesk, no_answer } from "./desk.mjs";
import * as simulator from "./simulator.mjs";
import { limit_ms, until } from "./until.mjs";

export const failures = (post) => atTheDesk(post, "failures", async (desk) => {
  const { guard, aide, page, step, sees, gone, present, badge, reads, untouched, allOnline } = desk;
  const token = await acceptedGuest(guard, aide, "Tamu Contoh 01");
  const two = [await acceptedGuest(guard, aide, "Tamu Contoh 02", false), await acceptedGuest(guard, aide, "Tamu Contoh 03", false)];

  await step("codes that are no badges: a reason, and nothing of them on the page", async () => {
    const hostile = {
      sql: "'; DROP TABLE badge; --",
      html: '<img src=x onerror="window.injected=1"><script>window.injected=2</script>',
      control: "\x1b[2J\x07\x01\x7f\u202ekendali",
      huge: "A".repeat(2300), // a code of the largest version
    };
    for (const [kind, payload] of Object.entries(hostile)) {
      const band = await present(simulator.showSheet, payload);
      assert.equal(band.verdict, "check", kind); // a stranger's code is no offence: amber, with what to do
      assert.match(band.all, /PERIKSA.*bukan kartu tamu Gapura\. Minta kartu dari pos\..*Bukan kartu tamu yang terdaftar/s, kind);
      assert.ok(!band.all.includes(payload.slice(0, 12)));
      await sees(`.feed li[data-type="access_denied"]`, /Kartu tak dikenal ditolak di Gerbang putar.*bukan kartu tamu Gapura/);
      await untouched();
      await shoot(page, `51-code-${kind}`);
      const [entry] = (await guard.events(`type=access_denied&after=${band.number - 1}`)).filter((one) => one.number === band.number);
      assert.deepEqual(entry.data.reasons, ["malformed_payload"]);
      assert.match(entry.note, /^[\x20-\x7e]+$/, "the record holds it escaped");
    }
    assert.ok(!(await page.locator("body").innerText()).includes("DROP TABLE"));
  });

  await step("a guest whose name is HTML is on the board as text", async () => {
    const name = '<img src=x onerror="window.injected=3">';
    const visit = await guard.post("/visits", { name, purpose: "<b>Contoh</b>", whom: "'; --", category: "general" });
    await page.locator(".card").getByText(name, { exact: true }).waitFor();
    await untouched();
    await shoot(page, "52-name");
    await guard.post(`/visits/${visit.id}/close`, { outcome: "turned_away", reason: "contoh" });
  });

  await step("two badges in view: show one only", async () => {
    // A first frame can show one of them sharply and the other not; that one is then decided by itself, before the two.
    const band = await present(simulator.showTwo, two, { words: /Dua kode terlihat bersamaan\. Arahkan satu kartu saja\./ });
    assert.equal(band.verdict, "check");
    assert.match(band.all, /Lebih dari satu kode/);
    await sees('.feed li[data-type="access_denied"]', /Beberapa kode ditolak.*Dua kode terlihat bersamaan/);
    await shoot(page, "53-two-codes");
  });

  for (const [what, device, fault, repair] of [["stalls", "gate", "stall", "normal"], ["server dies", "rtsp", "down", "up"]]) {
    await step(`a camera whose ${what === "stalls" ? "stream " : ""}${what} is named, with what to do, and comes back`, async () => {
      await simulator.misbehave(device, fault);
      const noticed = await sees(".banner-check", /Kamera .*gerbang masuk.* tidak tersambung\..*Langkah manual: kartu tidak terbaca di sini.*Buka manual/, 5000);
      await sees(".feed li", /Kamera gerbang masuk: (tidak mengirim gambar|tidak tersambung)/);
      if (device === "rtsp") await sees(".banner-check", /Kamera (?=.*gerbang masuk)(?=.*gerbang keluar)(?=.*pintu)(?=.*ruang tunggu).* tidak tersambung/, 10_000);
      await sees(".condition", /PERLU TINDAKAN/);
      await shoot(page, `54-camera-${fault}`);
      await simulator.misbehave(device, repair);
      const back = await gone(".banner:not(.pin-offer)", 10_000);
      console.log(`   banner after ${noticed} ms, gone ${back} ms after the return`);
      await sees(".feed li", /Kamera gerbang masuk tersambung/);
    });
  }

  // The controller takes the scan's order badly. One grant, one outcome, and words that say what to do.
  for (const [fault, pattern] of [
    ["exception 4 writes", /Pengendali pintu menolak perintah\. Pintu tetap terkunci; pakai cara manual\./],
    ["silent writes once", /Belum pasti apakah pintu terbuka\. Lihat pintunya sebelum mengulang\./],
    // Late is not refused: confirmed by read-back and no one walks, or not certain.
    ["late 700 writes once", /Pintu terbuka, tetapi tidak ada yang lewat\. Persilakan memindai lagi\.|Belum pasti apakah (pintu terbuka|tamu lewat)/],
  ]) {
    await step(`a controller with “${fault}”: PERIKSA and the sentence`, async () => {
      await simulator.misbehave("unit-1", fault);
      const { number } = await badge(token);
      await sees(`.band[data-number="${number}"][data-verdict="check"] .band-reason`, pattern, 20_000);
      await sees('.feed li[data-type="access_not_taken"], .feed li[data-type="access_unknown"]', pattern);
      await shoot(page, `55-controller-${fault.split(" ")[0]}`);
      await simulator.misbehave("unit-1", "normal");
      await allOnline();
      const outcomes = (await guard.events(`after=${number}`)).filter((one) => one.ref === number && /^access_/.test(one.type));
      assert.equal(outcomes.length, 1, "one grant, one outcome");
    });
  }

  for (const [fault, banner] of [["wrong_unit", /Pengendali gate1 tidak tersambung/], ["refuse_connections", /Pengendali (?=.*gate1)(?=.*door1)(?=.*wtmd1).* tidak tersambung/]]) {
    await step(`a controller with “${fault}”: the banner, and no door for a good badge`, async () => {
      const pulses = (await simulator.trace()).length;
      await simulator.misbehave("unit-1", fault);
      await sees(".banner-check", new RegExp(`${banner.source}.*Langkah manual: buka pintunya dengan kunci fisik`), 10_000);
      await sees(".alarm-group > summary", /Perangkat: \d+ alarm.*gate1/);
      const band = await badge(token);
      assert.equal(band.verdict, "check");
      assert.match(band.all, /Tamu Contoh 01|Pintu sedang rusak/);
      assert.match(band.reason, /Pintu sedang rusak\. Pakai jalur lain dan laporkan\./);
      await shoot(page, `56-controller-${fault}`);
      assert.equal((await simulator.trace()).length, pulses, "no coil moved");
      await simulator.misbehave("unit-1", "normal");
      await gone(".banner:not(.pin-offer)", 90_000); // a device with three outages in a minute is shown for that minute
    });
  }

  await step("the daemon is killed while a release is open: TERPUTUS, then the page goes on by itself", async () => {
    page.expected.push(no_answer);
    const { number, verdict } = await badge(token);
    assert.equal(verdict, "pass"); // released, and no one has walked yet
    await post.end("SIGKILL");
    await sees(".banner-check", /Sambungan terputus, mencoba lagi.*buku tamu/, 10_000);
    await shoot(page, "57-lost");
    await sees(".band", /TERPUTUS.*Lihat gerbangnya langsung/, 60_000);
    await shoot(page, "58-lost-band");
    await post.begin();
    const sentence = /Sistem sempat berhenti; belum pasti pintu terbuka\. Lihat pintunya, lalu minta memindai lagi\./;
    await sees('.feed li[data-type="access_unknown"]', new RegExp(`Tamu Contoh 01.*hasil tidak pasti.*${sentence.source}`), 60_000);
    await sees(`.band[data-number="${number}"][data-verdict="check"] .band-reason`, sentence);
    assert.equal(await page.locator(".banner:has-text('Sambungan terputus')").count(), 0);
    await shoot(page, "59-resumed");
    const [entry] = (await guard.events("type=access_unknown&after=0")).filter((one) => one.ref === number);
    assert.equal(entry.data.why, "unlock_not_delivered");
    await allOnline();
    await gone(".banner:not(.pin-offer)", 90_000);
  });

  if (!post.disk) {
    console.log("SKIPPED: console_failures, a full disk: this user may not mount a file system");
  } else {
    await step("a full disk: the red banner says why and what to do, and no badge opens", async () => {
      const ballast = openSync(join(post.disk, "ballast"), "w");
      const block = Buffer.alloc(64 * 1024, "x");
      try {
        for (;;) writeSync(ballast, block);
      } catch (error) {
        assert.equal(error.code, "ENOSPC");
      }
      closeSync(ballast);
      // Visits fill what is left of the pages; the one that fails ends granting.
      await until("granting ends", async () => {
        for (let n = 0; n < 20; n++) {
          await guard.context.post("/api/v1/visits", { data: { name: `Tamu Contoh ${n}`, purpose: "x".repeat(190), whom: "Pimpinan", category: "general" } });
        }
        return !(await guard.get("/status")).granting;
      }, 90_000);
      await sees(".banner-refuse", /Pintu tidak dibuka otomatis\.\s+Catatan tidak bisa ditulis: disk penuh atau rusak\..*Langkah manual:.*kunci fisik.*buku tamu.*teknisi/, 10_000);
      await sees(".condition", /PERLU TINDAKAN/);
      await sees(".band", /MANUAL.*Catatan tidak bisa ditulis: disk penuh atau rusak\..*kunci fisik.*buku tamu.*teknisi/, 20_000);
      const pulses = (await simulator.trace()).length;
      // Whether the refusal itself still finds room in the journal depends on the last page; the band never says ready.
      const before = await reads("gate");
      await simulator.emptyView("gate");
      await simulator.show("gate", token, limit_ms);
      await until("the badge is read", async () => (await reads("gate")) > before);
      await simulator.emptyView("gate");
      await sees(".band", /MANUAL.*Pintu tidak dibuka otomatis\.|TOLAK.*Catatan tidak bisa ditulis, jadi pintu tidak dibuka\. Pakai buku tamu dan panggil teknisi\./);
      assert.equal((await simulator.trace()).length, pulses, "no coil moved");
      await shoot(page, "60-disk-full");
    });

    await step("too early, the guard reads how much room is missing; with room one act brings it all back", async () => {
      const newest = (await guard.get("/events?limit=1")).last;
      const last = (await guard.events(`after=${newest - 1}`))[0];
      const resume = async () => {
        await page.getByRole("button", { name: "Lanjutkan otomatis" }).click();
        await page.getByRole("button", { name: "Ruang disk sudah dikosongkan" }).click();
        await page.getByRole("button", { name: "Periksa dan lanjutkan" }).click();
      };
      await resume();
      await sees("dialog[open] .dialog-failed", /Disk masih penuh atau masih gagal\. Kosongkan lebih banyak ruang.*free 16 MiB/);
      await shoot(page, "61-resume-too-early");
      await page.keyboard.press("Escape");
      rmSync(join(post.disk, "ballast"));
      await resume();
      await until("granting goes on", async () => {
        const answer = await guard.context.get("/api/v1/status").catch(() => null);
        return answer?.ok() && (await answer.json()).granting;
      }, 30_000);
      await sees('.feed li[data-type="granting_resumed"]', /Petugas melanjutkan pembukaan otomatis/, 30_000);
      await gone(".banner-refuse", 30_000);
      const [entry] = await guard.events("type=granting_resumed&after=0");
      assert.equal(entry.actor, post.guard[0]);
      assert.match(entry.note, /space_freed/);
      assert.deepEqual((await guard.events(`after=${newest - 1}`))[0], last, "nothing was lost");
      await allOnline();
      desk.last = (await guard.get("/events?limit=1")).last;
      assert.equal((await badge(token)).verdict, "pass");
      await shoot(page, "62-resumed");
    });
  }
});
