// SPDX-License-Identifier: Apache-2.0
// The device rows of the chaos list, one line of the table each: what breaks, and what must then be in the journal, on the
// guard's screen and in the coils' own trace. The real daemon, gapura-sim's devices, a page in Chromium. Started by
// run_on_daemon.mjs with a post as failures_test.mjs has it, and `workers()`: the process ids of the daemon's camera children.
import assert from "node:assert/strict";
import { shoot } from "./browser.mjs";
import { acceptedGuest, atTheDesk, no_answer, person } from "./desk.mjs";
import * as simulator from "./simulator.mjs";
import { limit_ms, until } from "./until.mjs";

const turnstile = "unit-1", door = "unit-2", detector = "unit-3";
// One pulse of the turnstile's way in, and of the door's lock, as the boards trace it.
const gate_pulse = ["1.0 on write", "1.0 off timed_off"];
const door_pulse = ["2.0 on write", "2.0 off timed_off"];

export const devices = (post) => atTheDesk(post, "devices", async (desk) => {
  const { guard, aide, page, step, sees, gone, badge, reads, allOnline } = desk;
  const admin = await person(post.url, post.admin);
  const token = await acceptedGuest(guard, aide, "Tamu Contoh 01");

  const newest = async () => (await guard.get("/events?limit=1")).last;
  const coils = async (from, line = "tcp") => (await simulator.trace(line)).slice(from).map((one) => `${one.unit}.${one.coil} ${one.on ? "on" : "off"} ${one.what}`);
  const is = (entry, [type, wanted = {}]) => entry.type === type
    && Object.entries(wanted).every(([key, value]) => entry[key] === value || entry.data?.[key] === value || entry.data?.[key]?.includes?.(value) === true);

  // A third outage of a device within a minute is damped, and a row's own entries would be missing: a new daemon has counted none.
  async function newDaemon() {
    page.expected.push(no_answer);
    await post.end("SIGTERM");
    await post.begin();
    await allOnline();
    await page.locator('[data-banner="lost"]').waitFor({ state: "detached" });
  }

  // A row: `fault` breaks it, `act` is what people do meanwhile, `journal` must come in this order, `never` not at all,
  // `meanwhile` and, after the repair, `finally` in any order; `screen` are places of the page with their words, `coils` the whole trace, `repair` mends it, `after` comes then.
  async function row({ title, fault, act, journal = [], never = [], screen = [], meanwhile = [], trace, line = "tcp", repair, after = [], finally: last = [], shot }) {
    await step(title, async () => {
      if ((await guard.get("/status")).devices.some((one) => one.outages >= 2)) await newDaemon();
      const number = desk.last = await newest();
      const from = (await simulator.trace(line)).length;
      const comes = async (wanted) => {
        let seen = [];
        await until(`the journal says ${JSON.stringify(wanted)}`, async () => {
          seen = await guard.events(`after=${number}`);
          let next = 0;
          for (const entry of seen) if (next < wanted.length && is(entry, wanted[next])) next++;
          return next === wanted.length;
        }, 30_000).catch((error) => assert.fail(`${error.message}; it has, at the end, ${JSON.stringify(seen.slice(-20).map((one) => [one.type, one.point, one.data]))}`));
      };
      await fault?.();
      const result = await act?.();
      await comes(journal);
      for (const wanted of meanwhile) await comes([wanted]);
      for (const [selector, pattern] of screen) await sees(selector, pattern, 20_000);
      if (shot) await shoot(page, `70-${shot}`);
      await (repair ?? (async () => {
        for (const unit of [turnstile, door, detector]) await simulator.misbehave(unit, "normal");
      }))(result);
      await comes([...journal, ...after]);
      for (const wanted of last) await comes([wanted]);
      await allOnline();
      const all = await guard.events(`after=${number}`);
      for (const type of never) assert.ok(!all.some((entry) => is(entry, [type].flat())), `${type} must not be there`);
      // Whatever broke: each grant comes to exactly one outcome.
      for (const grant of all.filter((one) => one.type === "access_granted")) {
        const outcomes = async () => (await guard.events(`after=${grant.number}`))
          .filter((one) => one.ref === grant.number && /^access_(taken|not_taken|unknown)$/.test(one.type));
        await until(`grant ${grant.number} has its outcome`, async () => (await outcomes()).length > 0, 20_000);
        assert.equal((await outcomes()).length, 1, `grant ${grant.number} has one outcome`);
      }
      if (trace) await until(`the coils did ${trace}`, async () => (await coils(from, line)).join() === trace.join(), 10_000)
        .catch(async (error) => assert.fail(`${error.message}, but ${await coils(from, line)}`));
    });
  }
  const scan = () => badge(token);
  const walkIn = async () => {
    const walked = simulator.pass(1, "entry", limit_ms);
    await scan();
    assert.equal((await walked).passed, true, "the way was released");
  };
  // A bad answer costs the line a moment; who walks in that moment is not seen. People are slower than that.
  const walkInAfterTheLineIsBack = async () => {
    const { number } = await scan();
    await until("the line was opened again", async () => {
      const types = (await guard.events(`after=${number}`)).filter((one) => one.point === "gate1").map((one) => one.type);
      return types.includes("device_offline") && types.indexOf("device_online") > types.indexOf("device_offline");
    }, 8000);
    assert.equal((await simulator.pass(1, "entry", 1000)).passed, true, "the way is still released");
  };
  const unit = (name, misbehaviour) => () => simulator.misbehave(name, misbehaviour);
  const band = (pattern) => [".band", pattern];
  const passes = band(/LOLOS.*Sudah lewat\./);
  const perhaps = /Belum pasti apakah pintu terbuka\. Lihat pintunya sebelum mengulang\./;

  // Answers that are none. The board did it, and only its answer is bad: read back, never written twice, and the guest walks.
  for (const misbehaviour of ["wrong_unit", "wrong_function", "short_reply", "disconnect"]) {
    await row({
      title: `the answer to a release is bad (${misbehaviour}): one pulse, and the guest walks in`,
      fault: unit(turnstile, `${misbehaviour} writes once`),
      act: walkInAfterTheLineIsBack,
      journal: [["access_granted", { point: "gate.in" }], ["device_offline", { point: "gate1" }], ["device_online", { point: "gate1" }],
        ["access_taken", { why: "passage", readback: "on" }]],
      never: ["access_denied"],
      screen: [passes],
      trace: gate_pulse,
    });
  }
  await row({
    title: "the answer on a serial line is damaged (bad CRC): one pulse, read back, and the guest walks in",
    fault: unit("rtu-1", "bad_crc writes once"),
    act: async () => {
      const number = await newest();
      await simulator.scan("serial-scanner", token);
      await until("the line was opened again", async () => {
        const types = (await guard.events(`after=${number}`)).filter((one) => one.point === "gate2").map((one) => one.type);
        return types.includes("device_offline") && types.indexOf("device_online") > types.indexOf("device_offline");
      }, 8000);
      assert.equal((await simulator.pass(1, "entry", 1000, "rtu")).passed, true, "the way is still released");
    },
    journal: [["access_granted", { point: "side.in" }], ["device_offline", { point: "gate2" }], ["device_online", { point: "gate2" }],
      ["access_taken", { why: "passage", readback: "on" }]],
    never: ["access_denied"],
    screen: [passes],
    line: "rtu",
    trace: gate_pulse,
    repair: unit("rtu-1", "normal"),
  });
  await row({
    title: "an answer that comes twice is one answer",
    fault: unit(turnstile, "duplicate writes once"),
    act: walkIn,
    journal: [["access_granted"], ["access_taken", { why: "passage", readback: "on" }]],
    never: ["access_denied", "device_offline"],
    screen: [passes],
    trace: gate_pulse,
  });
  await row({
    title: "the answer comes after its time: the line is opened again, read back, and it is not claimed to be known who walked",
    fault: unit(turnstile, "late 700 writes once"),
    act: scan,
    journal: [["access_granted"], ["access_unknown", { why: "passage_unseen", readback: "on" }]],
    screen: [band(/PERIKSA.*Belum pasti apakah tamu lewat/)],
    trace: gate_pulse,
  });
  // The board did nothing: certainly not opened where it said so, perhaps opened where it said nothing.
  for (const [misbehaviour, type, why, words] of [
    ["exception 4", "access_not_taken", "unlock_refused", /PERIKSA.*Pengendali pintu menolak perintah\. Pintu tetap terkunci; pakai cara manual\./],
    ["exception 6", "access_not_taken", "unlock_refused", /Pengendali pintu menolak perintah/],
    ["exception 11", "access_unknown", "unlock_unconfirmed", perhaps],
    ["silent", "access_unknown", "unlock_unconfirmed", perhaps],
  ]) {
    await row({
      title: `the board does nothing and answers “${misbehaviour}”: no second try, and the guard knows`,
      fault: unit(turnstile, `${misbehaviour} writes once`),
      act: scan,
      journal: [["access_granted"], [type, { why }]],
      never: ["access_taken"],
      screen: [band(words)],
      trace: [],
    });
  }
  await row({
    title: "a relay that confirms and does not move: not “open”, but what to do",
    fault: unit(turnstile, "dead_relay"),
    act: scan,
    journal: [["access_granted"], ["access_not_taken", { why: "relay_unmoved", readback: "off" }]],
    screen: [band(/PERIKSA.*Relai tidak bergerak/)],
    trace: ["1.0 on write"], // written, and the relay behind it is dead
    shot: "relay-unmoved",
  });
  await row({
    title: "a relay that stays on after its time: an alarm on the door until it is off",
    fault: unit(turnstile, "stuck_relay"),
    act: walkIn,
    journal: [["access_taken"], ["alarm_raised", { kind: "released_by_unknown", point: "gate" }]],
    screen: [[".alarm", /Pintu dibuka bukan oleh sistem.*Gerbang putar/]],
    after: [["alarm_cleared", { kind: "released_by_unknown" }]],
    shot: "relay-stuck",
  });
  await row({
    title: "another Modbus client writes the lock's coil: an alarm, and the lock is closed again",
    fault: () => simulator.writeCoil(2, 0, true),
    journal: [["alarm_raised", { kind: "released_by_unknown", point: "inner-door" }], ["alarm_cleared", { kind: "released_by_unknown" }]],
    never: ["access_granted"],
    screen: [[".alarm", /Pintu dibuka bukan oleh sistem.*Pintu kediaman/]],
    trace: ["2.0 on write", "2.0 off write"],
  });
  await row({
    title: "a door that is opened without a release: forced, critical, until it is closed",
    fault: () => simulator.input(2, 0, true),
    journal: [["alarm_raised", { kind: "forced_open", point: "inner-door" }]],
    never: ["access_granted"],
    screen: [[".alarm", /Pintu dibuka paksa.*Pintu kediaman/]],
    repair: () => simulator.input(2, 0, false),
    after: [["alarm_cleared", { kind: "forced_open" }]],
    trace: [],
    shot: "forced",
  });
  await row({
    title: "a contact welded open: held open after its time, and closed again when it is mended",
    fault: unit(door, "stuck_contact"),
    act: async () => {
      await simulator.show("door", token, limit_ms);
      assert.equal((await simulator.pass(2, "entry", limit_ms)).passed, true, "the door was released");
      await simulator.clear("door");
      await simulator.input(2, 0, true); // the leaf is shut, the contact says open
    },
    journal: [["access_granted", { point: "inner-door.in" }], ["access_taken"], ["alarm_raised", { kind: "held_open", point: "inner-door" }]],
    screen: [[".alarm", /Pintu terlalu lama terbuka.*Pintu kediaman/]],
    repair: async () => {
      await unit(door, "normal")();
      await simulator.input(2, 0, false);
    },
    after: [["alarm_cleared", { kind: "held_open" }]],
    trace: door_pulse,
  });
  await row({
    title: "the cable is cut during the pulse: who walked is not known, and the board ends the pulse by itself",
    act: async () => {
      const from = (await simulator.trace()).length;
      await scan();
      await until("the pulse began", async () => (await coils(from)).includes("1.0 on write"), 5000);
      await simulator.misbehave(turnstile, "refuse_connections");
    },
    journal: [["access_granted"], ["device_offline", { point: "gate1" }], ["access_unknown", { why: "passage_unseen" }]],
    screen: [[".banner-check", /Pengendali .*gate1.* tidak tersambung/], band(/Belum pasti apakah tamu lewat: sambungan pengendali sempat putus\. Lihat pintunya\./)],
    after: [["device_online", { point: "gate1" }]],
    trace: gate_pulse,
    shot: "cable-cut",
  });
  await row({
    title: "a board whose outputs come back by themselves after a power cut: an alarm, and the way is closed",
    fault: unit(turnstile, "restore_state"),
    act: async () => {
      const from = (await simulator.trace()).length;
      await scan();
      await until("the pulse began", async () => (await coils(from)).includes("1.0 on write"), 5000);
      await simulator.misbehave(turnstile, "power_cycle", 500);
    },
    journal: [["access_granted"], ["device_offline", { point: "gate1" }], ["alarm_raised", { kind: "released_by_unknown", point: "gate" }],
      ["alarm_cleared", { kind: "released_by_unknown" }]],
    screen: [[".alarm", /Pintu dibuka bukan oleh sistem.*Gerbang putar/]],
    trace: ["1.0 on write", "1.0 off power_off", "1.0 on restored", "1.0 off write"],
  });
  await row({
    title: "a badge is revoked while its release is open: that passage ends, the next scan is refused at once",
    act: async () => {
      const other = await acceptedGuest(guard, aide, "Tamu Contoh 02");
      const walked = simulator.pass(1, "entry", limit_ms);
      const { number } = await badge(other);
      const [{ badge: id }] = (await guard.events(`after=${number - 1}`)).filter((one) => one.number === number);
      await admin.post(`/badges/${id}/revoke`, { reason: "uji pencabutan" });
      await walked;
      const refused = await badge(other);
      assert.equal(refused.verdict, "refuse");
    },
    journal: [["access_granted"], ["badge_revoked"], ["access_denied", { reasons: "revoked" }]],
    screen: [band(/TOLAK.*Kartu ini sudah dicabut\./), [".alarm", /Kartu dicabut\/hilang dipakai/]],
    trace: gate_pulse,
  });
  await row({
    title: "the same badge at three readers in one moment: one release",
    act: async () => {
      const three = ["gate", "exit", "door"];
      const before = await Promise.all(three.map(reads));
      await Promise.all(three.map((camera) => simulator.emptyView(camera)));
      await Promise.all(three.map((camera) => simulator.show(camera, token, limit_ms)));
      await until("all three have read it", async () => (await Promise.all(three.map(reads))).every((now, at) => now > before[at]));
      await Promise.all(three.map((camera) => simulator.clear(camera)));
    },
    journal: [["access_granted"], ["access_denied", { reasons: "duplicate_scan" }], ["access_not_taken", { why: "no_passage" }]],
    repair: async () => {},
  });
  await row({
    title: "a decoder that crashes costs its camera a moment, and no other",
    act: async () => {
      const before = post.workers();
      process.kill(before[0], "SIGSEGV");
      await until("another child took its place", async () => post.workers().length === before.length && !post.workers().includes(before[0]), 15_000);
    },
    never: ["granting_stopped"],
    trace: [],
  });
  // Three cameras at once, each with its own fault: each is named, and comes back.
  const cameras = { gate: "cam-gate", exit: "cam-exit", door: "cam-door" };
  for (const faults of [["stall", "mute", "one_byte"], ["frozen", "black", "covered"]]) {
    const those = Object.keys(cameras).map((camera, index) => [camera, faults[index]]);
    await row({
      title: `cameras whose pictures are bad (${faults.join(", ")}) are each named, and come back`,
      fault: () => Promise.all(those.map(([camera, fault]) => simulator.misbehave(camera, fault))),
      meanwhile: Object.values(cameras).map((point) => ["device_offline", { point }]),
      screen: [[".banner-check", /[Kk]amera (?=.*gerbang masuk)(?=.*gerbang keluar)(?=.*pintu)/]],
      repair: () => Promise.all(those.map(([camera]) => simulator.misbehave(camera, "normal"))),
      finally: Object.values(cameras).map((point) => ["device_online", { point }]),
      trace: [],
    });
  }
  await row({
    title: "a camera that changes its resolution, and sends a huge picture each second, is still read",
    act: async () => {
      const from = (await simulator.trace()).length;
      await simulator.misbehave("gate", "resize");
      await walkIn();
      await until("the first pulse is over", async () => (await coils(from)).includes("1.0 off timed_off"), 8000);
      await simulator.misbehave("gate", "huge");
      await walkIn();
    },
    journal: [["access_granted"], ["access_taken"], ["access_granted"], ["access_taken"]],
    screen: [passes],
    repair: () => simulator.misbehave("gate", "normal"),
    trace: [...gate_pulse, ...gate_pulse],
  });
  await row({
    title: "a detector that reports a fault: its lane is manual until it is well",
    fault: () => simulator.input(3, 2, true),
    journal: [["device_offline", { point: "wtmd", kind: "detector" }], ["alarm_raised", { kind: "fault", point: "wtmd" }]],
    screen: [[".alarm-group > summary", /Perangkat: \d+ alarm/]],
    repair: () => simulator.input(3, 2, false),
    after: [["device_online", { point: "wtmd" }], ["alarm_cleared", { kind: "fault" }]],
    trace: [],
    shot: "detector-fault",
  });
  for (const [misbehaviour, why] of [["contradictory", "contradictory"], ["stuck_alarm", "stuck_alarm"], ["stuck_passage", "stuck_passage"]]) {
    await row({
      title: `a detector whose lines cannot be true (${misbehaviour}): its lane is manual until they can`,
      fault: unit(detector, misbehaviour),
      journal: [["device_offline", { point: "wtmd", kind: "detector", detail: why }], ["alarm_raised", { kind: "fault", point: "wtmd" }]],
      never: ["access_granted"],
      screen: [[".alarm-group > summary", /Perangkat: \d+ alarm/], [".banner-check", /Deteksi logam.*wtmd.*Langkah manual: deteksi logam dicatat manual/]],
      after: [["device_online", { point: "wtmd" }], ["alarm_cleared", { kind: "fault" }]],
      trace: [],
    });
  }
  await row({
    title: "the same badge at two readers within a millisecond or so: one release",
    act: () => Promise.all([simulator.scan("serial-scanner", token), simulator.scan("hid-scanner", token)]),
    journal: [["access_granted"], ["access_denied", { reasons: "duplicate_scan" }], ["access_not_taken", { why: "no_passage" }]],
    repair: async () => {},
  });
  await row({
    title: "10,000 codes a minute at one reader: the desk works on, a good badge elsewhere opens as fast as ever, nothing else opens",
    act: async () => {
      const memory = post.memory_kib();
      const [first, rtu] = [await newest(), (await simulator.trace("rtu")).length];
      let [sent, typed, opened, granted, flooding] = [0, 0, 0, null, true];
      // Ten codes each 60 ms: strangers' codes, nonsense, and texts that look like badges and are none.
      const flood = (async () => {
        for (const began = Date.now(); flooding;) {
          const codes = Array.from({ length: 10 }, () => (sent++ % 3 ? `G1:${Math.random().toString(36).toUpperCase().padEnd(26, "0").slice(2, 26)}` : `tamu ${sent}`));
          await simulator.scanBytes("serial-scanner", codes.join("\r") + "\r");
          const ahead = (sent / 10_000) * 60_000 - (Date.now() - began);
          if (ahead > 0) await new Promise((next) => setTimeout(next, ahead));
        }
      })();
      const until_seen = (count) => until(`${count} of the codes are in the journal`, async () => (await newest()) - first >= count, 20_000);
      try {
        await until_seen(300);
        await sees('.feed li[data-type="access_denied"]', /Gerbang samping.*×\d{2,}/); // one line, not hundreds
        // The guard works: a form is opened and typed into.
        const began = Date.now();
        await page.keyboard.press("F2");
        await page.locator("dialog[open] input").first().fill("Tamu Contoh 77");
        typed = Date.now() - began;
        await page.keyboard.press("Escape");
        await simulator.emptyView("gate");
        const walked = simulator.pass(1, "entry", limit_ms);
        const shown = Date.now();
        await simulator.show("gate", token, limit_ms);
        await until("the good badge opens", async () => (granted = (await guard.events(`type=access_granted&after=${first}`))[0]), 5000);
        opened = Date.now() - shown;
        await sees('.feed li[data-type="access_granted"]', /Tamu Contoh 01/, 5000);
        assert.equal((await walked).passed, true, "the gate opened");
        await simulator.clear("gate");
        await until_seen(1200);
      } finally {
        flooding = false;
        await flood;
      }
      assert.equal(granted.point, "gate.in");
      const taken = async () => (await guard.events(`type=access_taken&after=${granted.number}`)).filter((one) => one.ref === granted.number);
      await until("the guest walked in", async () => (await taken()).length === 1, 20_000);
      assert.equal((await guard.events(`type=access_granted&after=${first}`)).length, 1, "no other grant");
      assert.equal((await simulator.trace("rtu")).length, rtu, "nothing opened at the flooded reader");
      assert.ok(typed < 3000, `the form took ${typed} ms`);
      const grown = post.memory_kib() - memory;
      assert.ok(grown < 64 * 1024, `the daemon grew by ${grown} KiB`);
      console.log(`   ${sent} codes; the form after ${typed} ms, the grant ${opened} ms after the card was shown; the daemon grew by ${grown} KiB`);
    },
    journal: [["access_denied", { point: "side.in" }]],
    never: ["granting_stopped"],
    trace: gate_pulse,
    repair: async () => {},
  });
  await row({
    title: "after all of it a good badge opens as on the first day",
    act: walkIn,
    journal: [["access_granted"], ["access_taken", { why: "passage" }]],
    screen: [passes],
    trace: gate_pulse,
  });
});
