// SPDX-License-Identifier: Apache-2.0
// Above the board: the search, the leader's state, and the sheets that belong to no card.
import type { RefObject } from "preact";
import { Button } from "../components/button";
import { status } from "../live";
import { tell } from "../notes";
import { t } from "../words";
import { PanicButton, type usePanic } from "./panic";
import type { SheetState } from "./sheets";

// By itself, so that a reading of the status does not draw hundreds of cards again.
function Leader() {
  const leader = status.value?.leader;
  return leader ? (
    <p class="leader" data-leader={leader}>
      <small>{t("leader.title")}</small> {t(`leader.${leader}`)}
    </p>
  ) : null;
}

interface Props {
  search: RefObject<HTMLInputElement>;
  text: string;
  findCode: (() => void) | null; // where the text is a whole printed number
  debts: number;
  panic: ReturnType<typeof usePanic>;
  onText: (text: string) => void;
  open: (sheet: SheetState) => void;
}

function Search({ search, text, findCode, onText }: Pick<Props, "search" | "text" | "findCode" | "onText">) {
  function type(value: string) {
    // Badges are read by the daemon's scanners. A wedge scanner typing here would leave a secret on the screen.
    const secret = /^G1:/i.test(value);
    onText(secret ? "" : value);
    if (secret) tell(t("board.token_typed"));
  }
  function leave(event: KeyboardEvent) {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (event.key === "Enter" && findCode) return findCode();
    document.querySelector<HTMLElement>(".board [data-card-button]")?.focus();
  }
  return (
    <div class="search">
      <input
        ref={search}
        aria-label={t("board.search")}
        type="search"
        value={text}
        placeholder={t("board.search")}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={leave}
      />
      {findCode ? (
        <Button kind="primary" size="small" data-find-code onClick={findCode}>
          {t("code.find")} <kbd>⏎</kbd>
        </Button>
      ) : (
        <kbd>/</kbd>
      )}
    </div>
  );
}

export function Toolbar({ debts, panic, open, ...searching }: Props) {
  return (
    <div class="toolbar">
      <Search {...searching} />
      <Leader />
      <Button kind="primary" onClick={() => open({ kind: "new" })}>
        <kbd>F2</kbd> {t("board.new")}
      </Button>
      {debts > 0 && (
        <button type="button" class="debts-button" data-debts onClick={() => open({ kind: "debts" })}>
          {t("debts.button")} <b>{debts}</b>
        </button>
      )}
      <Button data-plan onClick={() => open({ kind: "plan" })}>
        {t("plan.open")}
      </Button>
      <Button data-release onClick={() => open({ kind: "release" })}>
        {t("board.release")}
      </Button>
      <PanicButton panic={panic} />
    </div>
  );
}
