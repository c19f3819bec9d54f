// SPDX-License-Identifier: Apache-2.0
// What the people of a simulated post do, through its API and its devices: guests who come, the guard's and the aide's acts.
import * as simulator from "./simulator.mjs";
import { limit_ms, until } from "./until.mjs";

const readers = { gate: ["gate", 1, "entry"], exit: ["exit", 1, "exit"], door: ["door", 2, "entry"], inside: ["inside", 2, "exit"] };

export function guestsOf(post) {
  const act = (path, body) => (visit) => post.guard.post(`/visits/${visit.id}/${path}`, body);
  const guests = {
    number: 50,
    named: (n) => `Tamu Contoh ${String(n).padStart(2, "0")}`,
    fresh: (part = {}) => post.guard.post("/visits", { name: guests.named(++guests.number), purpose: "Audiensi", whom: "Pimpinan", category: "general", ...part }),
    // Of the procedure "meeting", with the letter that it asks for.
    async special(part = {}) {
      const visit = await guests.fresh({ category: "special", ...part });
      return post.guard.post(`/visits/${visit.id}/attest`, { step: "letter", answer: "yes" });
    },
    of: (visit) => post.guard.get(`/visits/${visit.id}`),
    find: async (name) => (await post.guard.get("/visits?state=all&limit=500")).visits.find((one) => one.name === name),
    ask: act("ask", {}),
    decide: async (visit, part) => post.aide.post(`/visits/${visit.id}/decision`, { version: (await guests.of(visit)).approval_version, ...part }),
    async accept(visit) {
      await guests.ask(visit);
      return guests.decide(visit, { decision: "accept_now" });
    },
    badge: (visit, part = {}) => post.guard.post(`/visits/${visit.id}/badge`, part),
    // Paper came out, as the guard says of every badge.
    async give(visit) {
      const given = await guests.badge(visit);
      await post.guard.post(`/badges/${given.badge.id}/printed`, { printed: true });
      return given;
    },
    screen: (visit, part = { result: "clear" }) => post.guard.post(`/visits/${visit.id}/screening`, part),
    leave: (visit, outcome = "left_early") => post.guard.post(`/visits/${visit.id}/close`, { outcome, reason: "contoh" }),
    // Shows the badge to a camera and walks through; resolves when the passage is in the record, fails when nothing opens.
    async walk(token, reader) {
      const [camera, unit, direction] = readers[reader];
      const taken = async () => (await post.guard.get("/events?type=access_taken&limit=1")).events[0]?.number ?? -1;
      const before = await taken();
      const passed = simulator.pass(unit, direction, limit_ms);
      await simulator.show(camera, token);
      if (!(await passed).passed) throw new Error(`${reader}: nothing opened, ${JSON.stringify((await post.guard.get("/events?limit=3")).events)}`);
      await simulator.clear(camera);
      await until("the passage", async () => (await taken()) > before);
    },
  };
  return guests;
}
