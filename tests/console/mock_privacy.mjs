// SPDX-License-Identifier: Apache-2.0
// Personal data on the mock: a list that is due, a destruction that ends at the second look, cases, holds.
const day = 86_400_000;
const at = (ms) => new Date(Date.now() + ms).toISOString().replace("Z", "+00:00");

export function privacyRoutes(post) {
  const rule = (name, days, action, due, more = {}) => ({
    class: name, jra: "HM.01.02", days, action, before: action === "permanent" ? null : at(-days * day), due, held: 0,
    oldest: due ? at(-(days + 3) * day) : null, next: null, ...more,
  });
  const state = {
    classes: [rule("visit", 365, "anonymise", 214, { held: 2 }), rule("portrait", 30, "destroy", 61), rule("nik", 1, "destroy", 12),
      rule("clip", 7, "destroy", 8, { next: { days: 3, action: "destroy", agreed_by: "admin kedua" } }), rule("approval", 365, "destroy", 0),
      rule("deviation", 365, "destroy", 0), rule("audit", 1, "permanent", 0)],
    runs: [], cases: [], holds: [], looks: 0,
    people: [
      { guest: "g-00112233aabbccdd", name: "T*** C***** 0*", phone: "********123", visits: 3, last: at(-2 * day), restricted: false, erased: null, held: false },
      { guest: "g-99112233aabbccdd", name: "–", phone: "", visits: 1, last: at(-400 * day), restricted: false, erased: at(-9 * day), held: false },
    ],
  };
  post.privacy = state;
  const list = () => {
    const run = state.runs.find((one) => !one.finished) ?? null;
    if (run && ++state.looks > 1) {
      run.finished = at(0);
      for (const one of state.classes) one.due = 0;
    }
    return { classes: state.classes, open_visits: 4, anonymised: 1280, backups: [{ name: "cadangan-januari.gapura", made: at(-20 * day), entries: 4102 }], run: run?.finished ? null : run };
  };
  const one = (all, id) => {
    const found = all.find((each) => each.id === id);
    if (!found) throw new post.Problem(404, "not_found", "There is no such thing.");
    return found;
  };
  return [
    ["GET", "/retention", "admin", list],
    ["POST", "/retention/rules/:class/agree", "admin", ([name]) => {
      const found = state.classes.find((each) => each.class === name);
      if (state.refuses) throw new post.Problem(403, state.refuses.kind, "in the daemon's words", state.refuses.more);
      Object.assign(found, { days: found.next.days, next: null });
      return list();
    }],
    ["GET", "/retention/runs", "admin", () => ({ runs: state.runs })],
    ["POST", "/retention/runs", "admin", (_, __, user) => {
      state.looks = 0;
      const counts = { jra: "HM.01.02", days: 365, before: at(-365 * day), deposits: 3, clips: 8 };
      const run = {
        id: "r-0011223344556677", guest: null, approved_by: user.name, approved: at(0), finished: null,
        classes: [{ ...counts, class: "visit", visits: 214, persons: 180, notes: 640, pictures: 0 }, { ...counts, class: "portrait", visits: 20, persons: 0, notes: 0, pictures: 61 }],
      };
      state.runs.unshift(run);
      return [202, run];
    }],
    ["GET", "/holds", "admin", () => ({ holds: state.holds })],
    ["POST", "/holds", "admin", (_, body, user) => {
      const hold = { id: `h-${state.holds.length}`, guest: body.guest ?? null, visit: body.visit ?? null, made_by: user.name, made: at(0), reason: body.reason };
      state.holds.unshift(hold);
      return [201, hold];
    }],
    ["POST", "/holds/:id/release", "admin", ([id]) => {
      state.holds.splice(state.holds.indexOf(one(state.holds, id)), 1);
      return { holds: state.holds };
    }],
    ["POST", "/subjects/find", "admin", (_, body) => ({ people: body.phone === "0" ? [] : state.people, more: false })],
    ["GET", "/cases", "admin", () => ({ cases: state.cases })],
    ["POST", "/cases", "admin", (_, body, user) => {
      const late = body.purpose.includes("lewat");
      const made = { id: `c-${state.cases.length}`, ...body, state: "open", opened_by: user.name, opened: at(0), due: at(3 * day), minutes_left: late ? -130 : 4319, closed_by: null, closed: null, ground: "" };
      state.cases.unshift(made);
      return [201, made];
    }],
    ["POST", "/cases/:id/close", "admin", ([id], body, user) =>
      Object.assign(one(state.cases, id), { state: body.outcome, ground: body.reason, closed_by: user.name, closed: at(0), minutes_left: null })],
  ];
}
