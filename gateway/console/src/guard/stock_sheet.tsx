// SPDX-License-Identifier: Apache-2.0
// A card of the stock is bound to the guest: chosen by the number printed on it, or shown to the reader on the desk.

import { useEffect, useState } from "preact/hooks";
import { api, type Badge, type Entry, type IssuedBadge, type Visit } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { onEntry } from "../live";
import { attempt } from "../notes";
import { More } from "../ui/more";
import { lacksBadges } from "../visit";
import { t } from "../words";

const listed = 12;
export const cardNumber = (id: string) => id.replace(/^\w-/, "").slice(0, 8);
// A card of the stock that is held to the desk's reader; none: another entry.
export const stockCardOf = (entry: Entry) => (entry.type === "badge_presented" && entry.data.is === "in_stock" ? entry.badge : null);

interface Props {
  visit: Visit;
  shown?: string; // the card that was shown at the desk
  onGiven: (issued: IssuedBadge) => void;
  onClose: () => void;
}

export function StockSheet({ visit, shown, onGiven, onClose }: Props) {
  const [cards, setCards] = useState<Badge[] | null>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(shown ?? "");
  useEffect(() => {
    api.badges("stock").then(
      ({ rows }) => setCards(rows),
      () => setCards([]),
    );
    return onEntry((entry) => {
      const card = stockCardOf(entry);
      if (card) setChosen(card);
    });
  }, []);
  const fitting = (cards ?? []).filter((one) => cardNumber(one.id).includes(text.trim().toLowerCase()));
  async function give(event: SubmitEvent) {
    event.preventDefault();
    const card = chosen || (fitting.length === 1 ? fitting[0].id : "");
    if (!card) return;
    await attempt(
      async () => {
        onGiven(await api.issueBadge(visit.id, { card, ...(lacksBadges(visit) ? { another: true } : visit.badge ? { reason: "card" } : {}) }));
      },
      t("stock.done", { id: cardNumber(card), name: visit.name }),
    );
  }
  const ready = chosen || (fitting.length === 1 ? fitting[0].id : "");
  return (
    <Sheet title={`${t("stock.title")} · ${visit.name}`} onClose={onClose}>
      <form class="stack" onSubmit={give}>
        <p class="muted">{shown ? t("stock.shown", { id: cardNumber(shown) }) : t("stock.lead")}</p>
        {cards?.length === 0 ? (
          <p class="notice notice-check">{t("stock.none")}</p>
        ) : (
          <>
            <Field label={t("stock.find")}>
              <input
                name="card"
                data-first=""
                autocomplete="off"
                spellcheck={false}
                value={text}
                onInput={(event) => {
                  setText(event.currentTarget.value);
                  setChosen("");
                }}
              />
            </Field>
            <div class="chips" role="group" aria-label={t("stock.find")}>
              {fitting.slice(0, listed).map((one) => (
                <Button key={one.id} kind="chip" class="code" data-card={one.id} aria-pressed={ready === one.id} onClick={() => setChosen(one.id)}>
                  {cardNumber(one.id)}
                </Button>
              ))}
            </div>
            <More n={fitting.length - listed} />
          </>
        )}
        <footer class="dialog-foot">
          <Button submit kind="primary" size="big" disabled={!ready}>
            {t("stock.give", { id: ready ? cardNumber(ready) : "…" })}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
