// SPDX-License-Identifier: Apache-2.0
// The test piece, once each shift: carried through, did the detector sound? Silence is a fault, and guests are checked by hand.

import { useEffect, useState } from "preact/hooks";
import { api, type Entry } from "../api";
import { Button } from "../components/button";
import { devices, onEntry } from "../live";
import { attempt } from "../notes";
import { stampText } from "../time";
import { t } from "../words";

export function DetectorTests({ since }: { since: number | null }) {
  const all = devices.value.filter((one) => one.kind === "detector");
  const [tests, setTests] = useState<Entry[]>([]);
  const read = () =>
    api.events({ type: "detector_tested", limit: 20 }).then(
      (found) => setTests(found.events),
      () => {},
    );
  useEffect(() => {
    void read();
    return onEntry((entry) => entry.type === "detector_tested" && void read());
  }, []);
  if (!all.length) return null;
  return (
    <fieldset class="detector-tests">
      <legend>{t("test.title")}</legend>
      <p class="hint">{t("test.lead")}</p>
      {all.map((detector) => {
        const last = tests.filter((one) => one.point === detector.id && (since === null || one.number > since)).pop();
        const sounded = last?.data.alarmed === true;
        return (
          <div key={detector.id} class="detector-test" data-detector={detector.id} data-tested={last ? (sounded ? "yes" : "failed") : "no"}>
            <p>
              <b>{detector.id}</b>{" "}
              {last ? (
                t("test.last", { time: stampText(last.time), name: last.actor, result: t(sounded ? "test.sounded" : "test.silent") })
              ) : (
                <span class="tone-check">{t("test.none")}</span>
              )}
            </p>
            {last && !sounded && <p class="notice notice-check">{t("test.failed")}</p>}
            <Button size="small" data-alarmed="yes" onClick={() => void attempt(() => api.testDetector(detector.id, true), t("test.done"))}>
              {t("test.alarmed")}
            </Button>
            <Button kind="danger" size="small" data-alarmed="no" onClick={() => void attempt(() => api.testDetector(detector.id, false), t("test.done"))}>
              {t("test.not_alarmed")}
            </Button>
          </div>
        );
      })}
    </fieldset>
  );
}
