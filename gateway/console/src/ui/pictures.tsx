// SPDX-License-Identifier: Apache-2.0
// Portraits and camera stills. A still is asked for at most once a second, and only while the page can be seen.
import { useEffect, useRef, useState } from "preact/hooks";
import { pictureUrl, stillUrl, type Visit } from "../api";
import { useNow, waitedText } from "../time";
import { initials } from "../visit";
import { t } from "../words";

export function Portrait({ hash, name, size = "" }: { hash: string | null; name: string; size?: string }) {
  const [broken, setBroken] = useState(""); // which one: an effect that took it back for a new hash would run after the error
  if (hash && hash !== broken) {
    return <img class={`portrait ${size}`} src={pictureUrl(hash)} alt={name} onError={() => setBroken(hash)} />;
  }
  return (
    <span class={`portrait portrait-none ${size}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

// A kept picture. It may be closed again (of an earlier day, the quarter of an hour over) or destroyed: that is said, never a
// broken picture.
export function Kept({ hash, label }: { hash: string; label: string }) {
  const [closed, setClosed] = useState("");
  if (hash === closed) return <span class="still still-none">{t("picture.closed")}</span>;
  return <img class="still" src={pictureUrl(hash)} alt={label} onError={() => setClosed(hash)} />;
}

export function PortraitFigure({ visit }: { visit: Visit }) {
  return (
    <figure>
      <Portrait hash={visit.portrait} name={visit.name} size="portrait-large" />
      <figcaption>{t("verdict.portrait")}</figcaption>
    </figure>
  );
}

// The waiting room as it was when the aide was asked; nothing where no picture was kept.
export function WaitingStill({ visit, class: name, caption }: { visit: Visit; class?: string; caption?: string }) {
  if (!visit.waiting_still) return null;
  return (
    <figure class={name}>
      <Kept hash={visit.waiting_still} label={t("detail.waiting_still")} />
      <figcaption>{caption ?? t("detail.waiting_still")}</figcaption>
    </figure>
  );
}

export function Still({ camera, label, every_ms = 1000 }: { camera: string; label: string; every_ms?: number }) {
  const [shown, setShown] = useState("");
  const [missing, setMissing] = useState(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    let timer = 0;
    let url = "";
    // Fetched, so that the request can be marked as one that the page makes by itself; put up when it is whole, so the strip
    // never blinks.
    const load = async () => {
      let next = every_ms;
      if (!document.hidden) {
        try {
          const answer = await fetch(stillUrl(camera), { cache: "no-store", headers: { "X-Gapura-Background": "1" } });
          if (answer.status !== 200) throw new Error("no picture");
          const picture = await answer.blob();
          if (!alive.current) return;
          const old = url;
          url = URL.createObjectURL(picture);
          setShown(url);
          setMissing(false);
          if (old) setTimeout(() => URL.revokeObjectURL(old), 500);
        } catch {
          if (!alive.current) return;
          setMissing(true);
          next = every_ms * 3;
        }
      }
      if (alive.current) timer = window.setTimeout(load, next);
    };
    void load();
    return () => {
      alive.current = false;
      window.clearTimeout(timer);
      if (url) URL.revokeObjectURL(url);
    };
  }, [camera, every_ms]);
  if (missing || !shown) return <span class="still still-none">{missing ? t("cam.none") : "…"}</span>;
  return <img class="still" src={shown} alt={label} />;
}

// A running time that draws only itself.
export function Waited({ since }: { since: string }) {
  return <>{waitedText(since, useNow())}</>;
}
