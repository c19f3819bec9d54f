// SPDX-License-Identifier: Apache-2.0
// Every component in every state on one page, to be looked at in both themes and all languages: komponen.html of a build for
// development. The query says which: ?theme=night&lang=en.
import { render } from "preact";
import { useState } from "preact/hooks";
import { announce, complain, offer, tell } from "../notes";
import { loadLanguage, t } from "../words";
import { Banner, BannerAct } from "./banner";
import { Button, type ButtonKind, IconButton } from "./button";
import { Bars, Dumbbells, Heat, Sparkline, Split } from "./chart";
import { Field } from "./field";
import { Icon, icons } from "./icon";
import { Menu, MenuAct } from "./menu";
import { Row } from "./row";
import { Sheet } from "./sheet";
import { Toasts } from "./toast";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/components.css";
import "../styles/post.css";
import "../styles/admin.css";
import "../styles/room.css";

const kinds: ButtonKind[] = ["primary", "plain", "danger", "quiet", "chip"];
const colours = ["ink", "ink-soft", "nila", "prada-ink", "pass", "check", "refuse", "trouble", "line-strong"];
const sizes = ["small", "note", "text", "lead", "title", "figure", "word-tight", "word"];
const guest = { title: "Hj. Tamu Contoh Bernama Panjang Sekali", detail: "Forum Pemuka Masyarakat · Menyampaikan laporan" };

function Tokens() {
  return (
    <section>
      <h2>Token</h2>
      <ul class="room-colours">
        {colours.map((one) => (
          <li key={one}>
            <i class={`room-${one}`} /> {one}
          </li>
        ))}
      </ul>
      {sizes.map((one) => (
        <p key={one} class={`room-size room-size-${one}`}>
          14.07 {one}
        </p>
      ))}
    </section>
  );
}

function Buttons() {
  return (
    <section>
      <h2>Button</h2>
      {([undefined, "big", "small"] as const).map((size) => (
        <p key={String(size)} class="chips">
          {kinds.map((kind) => (
            <Button key={kind} kind={kind} size={size}>
              {t("save")}
            </Button>
          ))}
          <Button kind="primary" size={size} disabled>
            {t("save")}
          </Button>
        </p>
      ))}
      <p class="chips">
        <Button kind="chip" aria-pressed={true}>
          {t("purpose.report")}
        </Button>
        <Button kind="chip" aria-pressed={false}>
          {t("purpose.letter")}
        </Button>
        <Button kind="primary">
          <kbd>F2</kbd> {t("board.new")}
        </Button>
        <IconButton icon="close" label={t("close")} />
        {icons.map((name) => (
          <Icon key={name} name={name} />
        ))}
      </p>
    </section>
  );
}

function Fields() {
  return (
    <section class="stack">
      <h2>Field</h2>
      <Field label={t("new.name")}>
        <input name="plain" placeholder={t("board.search")} />
      </Field>
      <Field label={t("reason")} hint={t("unmask.example")}>
        <input name="hint" />
      </Field>
      <Field label={t("reason")} error={t("reason.needed")}>
        <input name="wrong" aria-invalid={true} />
      </Field>
      <Field label={t("shift.to")}>
        <select>
          <option>Budi</option>
        </select>
      </Field>
    </section>
  );
}

function Rows() {
  const [selected, select] = useState(0);
  const picture = <span class="portrait portrait-none">TC</span>;
  return (
    <section class="stack">
      <h2>Row</h2>
      <Row picture={picture} {...guest} time="07.12" state={t("approval.seen")} selected={selected === 0} onOpen={() => select(0)} />
      <Row picture={picture} {...guest} time="1.07.12" special selected={selected === 1} onOpen={() => select(1)} />
      <Row title={t("device.all_ok")} selected={selected === 2} onOpen={() => select(2)} />
    </section>
  );
}

function Banners() {
  return (
    <section>
      <h2>Banner</h2>
      <Banner kind="check">
        <strong>{t("device.offline", { name: t("kind.camera") })}.</strong> <span>{t("device.camera.step")}</span>
      </Banner>
      <Banner kind="check">
        {t("banner.muster")} <BannerAct>{t("muster.open")}</BannerAct>
      </Banner>
      <Banner kind="refuse">
        <strong>{t("granting.banner")}</strong> <span class="banner-step">{t("granting.step")}</span>
      </Banner>
      <Banner kind="empty">
        {t("shift.nobody")} <BannerAct>{t("shift.start")}</BannerAct>
      </Banner>
    </section>
  );
}

// The button that was pressed goes: the focus is then at the next thing to do, and back here after the sheet.
function Sheets() {
  const [open, setOpen] = useState(false);
  const [step, setStep] = useState(0);
  return (
    <section>
      <h2>Menu, Sheet, Toast</h2>
      <p class="chips">
        <Menu
          name={
            <>
              Menu <Icon name="down" />
            </>
          }
        >
          <MenuAct data-menu-sheet onAct={() => setOpen(true)}>
            Sheet
          </MenuAct>
        </Menu>
        <Button data-open-sheet onClick={() => setOpen(true)}>
          Sheet
        </Button>
        <Button onClick={() => tell(t("view.done"))}>tell</Button>
        <Button onClick={() => complain(t("error.offline"))}>complain</Button>
        <Button onClick={() => offer(t("view.done"), t("undo.act"), () => {})}>offer</Button>
        <Button onClick={() => announce(t("banner.muster"), t("muster.open"), () => {})}>announce</Button>
      </p>
      {open && (
        <Sheet title={t("resume.title")} onClose={() => setOpen(false)}>
          <p>{t("resume.lead.storage")}</p>
          {step === 0 ? (
            <Button key="first" kind="primary" data-step="0" onClick={() => setStep(1)}>
              {t("resume.reason.space_freed")}
            </Button>
          ) : (
            <Field label={t("reason")}>
              <input data-first data-step="1" />
            </Field>
          )}
          <div class="dialog-foot">
            <Button onClick={() => setOpen(false)}>{t("cancel")}</Button>
          </div>
        </Sheet>
      )}
    </section>
  );
}

const hours = ["7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17"];
function Charts() {
  const by_hour = [2, 14, 22, 26, 19, 8, 12, 18, 15, 9, 4];
  return (
    <section>
      <h2>Chart</h2>
      <Bars
        title="Tamu per jam"
        name="Jam"
        value="Tamu"
        apart="Di luar jam"
        bars={hours.map((name, index) => ({ name, value: by_hour[index], apart: index > 8 ? 3 : 0 }))}
      />
      <Dumbbells
        title="Lama menunggu, menit"
        name="Jenis tamu"
        spans={[
          { name: t("category.general"), median: 6.5, p90: 18 },
          { name: t("category.special"), median: 3, p90: 9 },
        ]}
      />
      <Split
        title="Ke mana waktu tamu habis, menit"
        name="Langkah"
        value="Menit"
        parts={[
          { name: "Menunggu di pos", value: 2.1 },
          { name: "Terkirim sampai dibaca", value: 1.4 },
          { name: "Dibaca sampai diputuskan", value: 4.6 },
          { name: "Kartu dan deteksi", value: 2.8 },
        ]}
      />
      <Heat
        title="Kepadatan minggu ini"
        name="Hari"
        hours={hours}
        days={["Sen", "Sel", "Rab"].map((name, row) => ({ name, values: by_hour.map((one) => Math.round(one / (row + 2))) }))}
      />
      <p>
        Tamu <Sparkline title="Tamu, tujuh hari" values={[31, 28, 36, 40, 33, 8, 5]} />
      </p>
    </section>
  );
}

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get("theme") ?? "light";
void loadLanguage(query.get("lang") ?? "id").then(() =>
  render(
    <main class="room">
      <h1>Gapura · komponen</h1>
      <Tokens />
      <Buttons />
      <Fields />
      <Rows />
      <Banners />
      <Sheets />
      <Charts />
      <Toasts />
    </main>,
    document.getElementById("app")!,
  ),
);
