// SPDX-License-Identifier: Apache-2.0
// Writes src/generated, which every npm script does first: api.d.ts, the types of openapi.json; words.d.ts, the enumerations
// of models/; sentences.d.ts, what each sentence of config/locale/id.json takes. Fails where a line below no longer fits the document.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { enumerations } from "./enumerations.mjs";
import { placesOf, readCatalogues } from "./locale.mjs";

const here = (path) => new URL(path, import.meta.url);
const document = JSON.parse(readFileSync(here("openapi.json"), "utf8"));
const words = enumerations();

// Members that the document calls a text and that the daemon fills with a word of an enumeration, or with one of a few words.
const worded = {
  "Alarm.handling": "AlarmHandling",
  "Alarm.kind": "AlarmKind",
  "Chatter.kind": "AlarmKind",
  "KindCount.kind": "AlarmKind",
  "Device.kind": "DeviceHealthKind",
  "ErasedClass.class": "RetentionClass",
  "Event.type": "EventType",
  "Hours.reason": ["not_now", "holiday", "rest_hours"],
  "Inside.presence": "Presence",
  "Portal.mode": "PortalMode",
  "Previous.approval": "Approval",
  "Previous.state": "VisitState",
  "Status.leader": "LeaderState",
  "Visit.identity_type": ["ktp", "sim", "passport", "other"],
};

// Members that the document calls an object and says no more of.
const counts = (...names) => Object.fromEntries(names.map((name) => [name, { type: "integer" }]));
const object = (properties) => ({ type: "object", properties, required: Object.keys(properties) });
const open = {
  "Device.stats": { type: "object", additionalProperties: { type: "number" } },
  "Inside.where": { type: "object", additionalProperties: { type: "integer" } },
  "Shift.to_hand_over": object({
    ...counts("visits", "badges", "deposits", "alarms"),
    devices_offline: { type: "array", items: { type: "string" } },
  }),
  "Status.disk": object(counts("free_bytes")),
  "Status.journal": object(counts("entries", "bytes")),
  "Visit.where": { type: "object", additionalProperties: { type: "integer" } },
};

// Members that are null at times, which the document does not say.
const nullable = ["Muster.entry"];

// Replaces one member by `narrower` of it, where it still `fits` what is said of it above.
function narrow(path, fits, narrower) {
  const [shape, name] = path.split(".");
  const members = document.components.schemas[shape]?.properties;
  assert.ok(members?.[name] && fits(members[name]), `openapi.json says other things of ${path} than it did: see generate.mjs`);
  members[name] = narrower(members[name]);
}
const plain = (schema) => schema.type === "string" && !schema.enum;
const textOf = (schema) => schema.oneOf?.find((one) => one.type !== "null") ?? schema;
for (const [path, kind] of Object.entries(worded))
  narrow(
    path,
    (schema) => plain(textOf(schema)),
    (schema) => {
      const word = { type: "string", enum: Array.isArray(kind) ? kind : (words.get(kind) ?? assert.fail(`models/ declare no ${kind}`)) };
      return schema.oneOf ? { oneOf: [word, { type: "null" }] } : word;
    },
  );
for (const [path, closed] of Object.entries(open))
  narrow(
    path,
    (schema) => schema.type === "object" && !schema.properties,
    () => closed,
  );
for (const path of nullable)
  narrow(
    path,
    (schema) => schema.type,
    (schema) => ({ oneOf: [schema, { type: "null" }] }),
  );

mkdirSync(here("src/generated"), { recursive: true });
writeFileSync(
  here("src/generated/api.d.ts"),
  astToString(await openapiTS(document, { emptyObjectsUnknown: true, rootTypes: true, rootTypesNoSchemaPrefix: true })),
);
const union = ([name, all]) => `export type ${name} = ${all.map((word) => `"${word}"`).join(" | ")};\n`;
writeFileSync(here("src/generated/words.d.ts"), [...words].map(union).join(""));

const taken = (places) =>
  Object.entries(places)
    .map(([name, kind]) => `${name}: ${kind === "number" ? "number" : "string | number"}`)
    .join("; ");
const sentences = Object.entries(readCatalogues().get("id")).map(
  ([key, text]) => `  "${key}": ${taken(placesOf(text)) ? `{ ${taken(placesOf(text))} }` : "null"};\n`,
);
writeFileSync(here("src/generated/sentences.d.ts"), `export interface Sentences {\n${sentences.join("")}}\n`);
