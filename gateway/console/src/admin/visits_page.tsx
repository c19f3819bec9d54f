// SPDX-License-Identifier: Apache-2.0
// Who is expected and who is here. The office plans, calls off and exempts; it never admits.

import { useState } from "preact/hooks";
import type { Visit } from "../api";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { visits } from "../live";
import { momentText, stampText } from "../time";
import { type Exception, ExceptionSheet, exceptionText } from "../ui/exceptions";
import { useFound } from "../ui/find_visits";
import { Beyond, More } from "../ui/more";
import { PastVisits } from "../ui/past_visits";
import { PlanForm } from "../ui/plan_form";
import { isPlanned, matches } from "../visit";
import { t } from "../words";

export function VisitsPage() {
  const held = visits.value;
  const [text, setText] = useState("");
  const found = useFound(text);
  const all = [...held.filter((one) => matches(one, text)), ...found.rows.filter((one) => !held.some((other) => other.id === one.id))];
  const [sheet, setSheet] = useState<{ kind: Exception; id: string } | null>(null);
  const [planning, setPlanning] = useState(false);
  const plans = all.filter(isPlanned).sort((a, b) => (a.expected ?? "").localeCompare(b.expected ?? ""));
  const here = all.filter((visit) => !isPlanned(visit));
  const shown = sheet && all.find((visit) => visit.id === sheet.id);
  const row = (visit: Visit) => (
    <tr key={visit.id} data-visit={visit.id}>
      <td>{isPlanned(visit) && visit.expected ? momentText(visit.expected) : stampText(visit.arrived)}</td>
      <th scope="row">
        {visit.name} {visit.party > 1 && <small>{t("card.party", { n: visit.party })}</small>}
      </th>
      <td>{visit.whom}</td>
      <td>
        {t(`state.${visit.state}`)}
        {visit.passback_exempt && <small> · {t("exempt.is")}</small>}
      </td>
      <td class="row-act">
        {isPlanned(visit) ? (
          <Button size="small" data-exception="cancel" onClick={() => setSheet({ kind: "cancel", id: visit.id })}>
            {exceptionText("cancel")}
          </Button>
        ) : (
          !visit.passback_exempt && (
            <Button size="small" data-exception="exempt" onClick={() => setSheet({ kind: "exempt", id: visit.id })}>
              {exceptionText("exempt")}
            </Button>
          )
        )}
      </td>
    </tr>
  );
  const table = (title: string, list: Visit[]) => (
    <section>
      <h2>
        {title} <small>{list.length}</small>
      </h2>
      {list.length === 0 ? (
        <p class="muted">{t("visits.none")}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("visits.col.when")}</th>
              <th scope="col">{t("admin.col.name")}</th>
              <th scope="col">{t("visits.col.whom")}</th>
              <th scope="col">{t("admin.col.state")}</th>
              <th scope="col">{t("admin.col.action")}</th>
            </tr>
          </thead>
          <tbody>{list.map(row)}</tbody>
        </table>
      )}
    </section>
  );
  return (
    <>
      <Beyond search />
      <div class="toolbar">
        <Button kind="primary" data-plan onClick={() => setPlanning(true)}>
          {t("plan.open")}
        </Button>
        <label class="search">
          <span class="visually-hidden">{t("visits.find")}</span>
          <input
            type="search"
            name="find"
            autocomplete="off"
            value={text}
            placeholder={t("visits.find")}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      </div>
      <More n={found.total - found.rows.length} />
      {table(t("visits.planned"), plans)}
      {table(t("visits.here"), here)}
      <section>
        <h2>{t("past.title")}</h2>
        <PastVisits />
      </section>
      {planning && (
        <Sheet title={t("plan.title")} class="dialog-plan" onClose={() => setPlanning(false)}>
          <PlanForm onDone={() => setPlanning(false)} />
        </Sheet>
      )}
      {sheet && shown && <ExceptionSheet kind={sheet.kind} visit={shown} onClose={() => setSheet(null)} />}
    </>
  );
}
