// SPDX-License-Identifier: Apache-2.0
// The one sheet that is open at the post, by its kind.

import type { Hours, IssuedBadge, Visit } from "../api";
import { Sheet } from "../components/sheet";
import { learned } from "../live";
import { serverNow } from "../time";
import { type Exception, ExceptionSheet } from "../ui/exceptions";
import { MusterView } from "../ui/muster_view";
import { PlanForm } from "../ui/plan_form";
import { type Act, badgeOut, primaryAct } from "../visit";
import { t } from "../words";
import { BadgeSheet } from "./badge_sheet";
import { DebtsSheet } from "./debts_sheet";
import { DetailSheet } from "./detail_sheet";
import { EmergencySheet } from "./emergency_sheet";
import { EscortSheet } from "./escort_sheet";
import { ExitSheet } from "./exit_sheet";
import { HoursSheet } from "./hours_sheet";
import { KeysSheet } from "./keys_sheet";
import { NewGuest } from "./new_guest";
import type { usePanic } from "./panic";
import { ReleaseSheet } from "./release_sheet";
import { ScreeningSheet } from "./screening_sheet";
import { ShiftSheet } from "./shift_sheet";
import { AnswerSheet, AttentionSheet, DecideStepSheet, WithdrawSheet } from "./small_sheets";
import { StockSheet } from "./stock_sheet";
import { StoppedCardSheet } from "./stopped_card_sheet";
import { VerbalSheet } from "./verbal_sheet";

export type SheetState =
  | { kind: "new" | "keys" | "release" | "debts" | "shift" | "emergency" | "muster" | "plan" }
  | { kind: "stock"; visit: string; shown?: string }
  | { kind: "exception"; exception: Exception; visit: string }
  | { kind: "badge"; issued: IssuedBadge; visit: string }
  | { kind: "hours"; hours: Hours; visit: string }
  | { kind: "form"; from: Visit }
  | {
      kind: "screen" | "exit" | "detail" | "verbal" | "rebadge" | "escort" | "attention" | "answer" | "decide_step" | "withdraw" | "stopped_card";
      visit: string;
    };

interface Props {
  sheet: SheetState;
  visit: Visit | undefined; // of the sheet, as it is now
  panic: ReturnType<typeof usePanic>;
  open: (sheet: SheetState | null) => void;
  onAct: (act: Act, visit: Visit) => void;
  onMade: (visit: Visit) => void;
}

export function OpenSheet({ sheet, visit, panic, open, onAct, onMade }: Props) {
  const shut = () => open(null);
  function registered(made: Visit) {
    learned(made);
    shut();
    if (made.hours && !made.hours.open) open({ kind: "hours", hours: made.hours, visit: made.id });
    else onMade(made);
  }
  switch (sheet.kind) {
    case "new":
      return <NewGuest onClose={shut} onDone={registered} />;
    case "form":
      return <NewGuest from={sheet.from} onClose={shut} onDone={registered} />;
    case "plan":
      return (
        <Sheet title={t("plan.title")} class="dialog-plan" onClose={shut}>
          <PlanForm onDone={shut} />
        </Sheet>
      );
    case "keys":
      return <KeysSheet onClose={shut} />;
    case "release":
      return <ReleaseSheet onClose={shut} />;
    case "debts":
      return <DebtsSheet onClose={shut} onComplete={(one) => open({ kind: "form", from: one })} />;
    case "shift":
      return <ShiftSheet onClose={shut} />;
    case "emergency":
      return <EmergencySheet panic={panic} onClose={shut} onMuster={() => open({ kind: "muster" })} />;
    case "muster":
      return (
        <Sheet title={t("muster.title")} class="dialog-wide" onClose={shut}>
          <MusterView />
        </Sheet>
      );
    case "badge":
      return (
        <BadgeSheet
          issued={sheet.issued}
          visit={visit}
          category={visit?.category ?? "general"}
          onClose={shut}
          onReissued={(issued) => open({ ...sheet, issued })}
        />
      );
    case "detail":
      return (
        <DetailSheet
          id={sheet.visit}
          primary={visit ? primaryAct(visit, serverNow()) : null}
          onClose={shut}
          onAct={(kind, one) => {
            shut();
            onAct(kind, one);
          }}
          onWithdraw={(one) => open({ kind: "withdraw", visit: one.id })}
          onException={(exception, one) => open({ kind: "exception", exception, visit: one.id })}
          onStock={(one) => open({ kind: "stock", visit: one.id })}
        />
      );
  }
  if (!visit) return null;
  switch (sheet.kind) {
    case "hours":
      return <HoursSheet visit={visit} hours={sheet.hours} onAsk={() => onAct("ask", visit)} onClose={shut} />;
    case "rebadge":
      return <BadgeSheet visit={visit} category={visit.category} onClose={shut} onReissued={(issued) => open({ kind: "badge", issued, visit: visit.id })} />;
    case "stock":
      return <StockSheet visit={visit} shown={sheet.shown} onClose={shut} onGiven={(issued) => open({ kind: "badge", issued, visit: visit.id })} />;
    case "exception":
      return <ExceptionSheet kind={sheet.exception} visit={visit} verbal onClose={shut} />;
    case "screen":
      return <ScreeningSheet visit={visit} onClose={shut} />;
    case "exit":
      return <ExitSheet visit={visit} badgeOut={badgeOut(visit)} onClose={shut} />;
    case "escort":
      return <EscortSheet visit={visit} onClose={shut} onExit={() => open({ kind: "exit", visit: visit.id })} />;
    case "stopped_card":
      return (
        <StoppedCardSheet
          visit={visit}
          onClose={shut}
          onExit={() => open({ kind: "exit", visit: visit.id })}
          onRebadge={() => open({ kind: "rebadge", visit: visit.id })}
        />
      );
    case "verbal":
      return <VerbalSheet visit={visit} onClose={shut} />;
    case "attention":
      return <AttentionSheet visit={visit} onClose={shut} />;
    case "answer":
      return <AnswerSheet visit={visit} onClose={shut} />;
    case "decide_step":
      return <DecideStepSheet visit={visit} onClose={shut} />;
    case "withdraw":
      return <WithdrawSheet visit={visit} onClose={shut} />;
  }
}
