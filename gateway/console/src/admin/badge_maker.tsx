// SPDX-License-Identifier: Apache-2.0
// Cards for the stock and badges for staff. Their codes can be drawn for ten minutes after they were made, then never again:
// the person who makes them prints them.

import { useState } from "preact/hooks";
import { api, type IssuedBadge } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { attempt } from "../notes";
import { t } from "../words";

interface Made {
  title: string;
  qrs: { id: string; qr: string }[];
}

export function BadgeMaker({ onMade }: { onMade: () => Promise<void> }) {
  const [made, setMade] = useState<Made | null>(null);
  const [open, setOpen] = useState<"stock" | "staff" | null>(null);
  return (
    <>
      <div class="toolbar maker">
        {(["stock", "staff"] as const).map((one) => (
          <Button key={one} aria-expanded={open === one} data-maker={one} onClick={() => setOpen(open === one ? null : one)}>
            {t(`admin.${one}`)}
          </Button>
        ))}
      </div>
      {open === "stock" && (
        <StockForm
          onMade={(cards) => {
            setMade(cards);
            setOpen(null);
            void onMade();
          }}
        />
      )}
      {open === "staff" && (
        <StaffForm
          onMade={(badge) => {
            setMade(badge);
            setOpen(null);
            void onMade();
          }}
        />
      )}
      {made && (
        <section class="made" aria-label={made.title}>
          <p>{made.title}</p>
          <div class="made-cards">
            {made.qrs.map((card) => (
              <figure key={card.id}>
                <img src={card.qr} alt={t("badge.qr")} width={150} height={150} />
                <figcaption class="code">{card.id}</figcaption>
              </figure>
            ))}
          </div>
          <p class="made-acts">
            <Button kind="primary" onClick={() => print()}>
              {t("admin.stock_print")}
            </Button>
            <Button onClick={() => setMade(null)}>{t("admin.stock_hide")}</Button>
          </p>
        </section>
      )}
    </>
  );
}

function StockForm({ onMade }: { onMade: (made: Made) => void }) {
  const [count, setCount] = useState("10");
  async function make(event: SubmitEvent) {
    event.preventDefault();
    await attempt(async () => {
      const { cards } = await api.stock(Number(count));
      onMade({ title: t("admin.stock_made", { n: cards.length }), qrs: cards.map((card) => ({ id: card.badge, qr: card.qr })) });
    });
  }
  return (
    <form class="toolbar add-user" onSubmit={make}>
      <Field label={t("admin.stock_count")}>
        <input type="number" min={1} max={200} required value={count} onInput={(event) => setCount(event.currentTarget.value)} />
      </Field>
      <Button submit kind="primary">
        {t("admin.stock_make")}
      </Button>
    </form>
  );
}

function StaffForm({ onMade }: { onMade: (made: Made) => void }) {
  const [host, setHost] = useState("");
  const [days, setDays] = useState("365");
  const [duress, setDuress] = useState(false);
  async function make(event: SubmitEvent) {
    event.preventDefault();
    await attempt(async () => {
      const issued: IssuedBadge = await api.staffBadge({ host: host.trim(), days: Number(days), ...(duress ? { duress } : {}) });
      onMade({ title: t("admin.staff_made", { name: issued.badge.name || host.trim() }), qrs: issued.qr ? [{ id: issued.badge.id, qr: issued.qr }] : [] });
    });
  }
  return (
    <form class="toolbar add-user" onSubmit={make}>
      <Field label={t("admin.staff_host")}>
        <input required name="host" value={host} autocomplete="off" spellcheck={false} onInput={(event) => setHost(event.currentTarget.value)} />
      </Field>
      <Field label={t("admin.staff_days")} class="maker-days">
        <input type="number" min={1} max={3650} required value={days} onInput={(event) => setDays(event.currentTarget.value)} />
      </Field>
      <label class="tick">
        <input type="checkbox" checked={duress} onChange={(event) => setDuress(event.currentTarget.checked)} /> {t("admin.staff_duress")}
      </label>
      <Button submit kind="primary">
        {t("admin.staff_make")}
      </Button>
    </form>
  );
}
