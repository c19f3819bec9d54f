// SPDX-License-Identifier: Apache-2.0
// Live pictures and clips. A browser has six connections for one server, one of which is the event stream: two live cameras
// at once, stills elsewhere.

import { useEffect, useState } from "preact/hooks";
import { clipUrl, type Entry, liveUrl } from "../api";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { Sheet } from "../components/sheet";
import { t } from "../words";
import { Still } from "./pictures";

const most_live = 2;
const stale_ms = 3000; // without a picture: what is shown is no longer live
let live = 0;

// Takes the multipart answer apart: an <img> would go on showing the last picture of a dead stream as if it lived.
async function watch(camera: string, signal: AbortSignal, onPicture: (picture: Blob) => void): Promise<void> {
  const answer = await fetch(liveUrl(camera), { cache: "no-store", signal, headers: { "X-Gapura-Background": "1" } });
  if (!answer.ok || !answer.body) throw new Error("no live pictures");
  const reader = answer.body.getReader();
  let bytes = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(bytes.length + value.length);
    joined.set(bytes);
    joined.set(value, bytes.length);
    bytes = joined;
    for (;;) {
      const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
      const end = head.indexOf("\r\n\r\n");
      const length = Number(/content-length: *(\d+)/i.exec(head.slice(0, Math.max(end, 0)))?.[1]);
      if (end < 0 || !length || bytes.length < end + 4 + length + 2) break;
      const type = /content-type: *([\w/+-]+)/i.exec(head)?.[1] ?? "image/jpeg";
      onPicture(new Blob([bytes.slice(end + 4, end + 4 + length)], { type }));
      bytes = bytes.slice(end + 4 + length + 2);
    }
  }
}

export function Live({ camera, label }: { camera: string; label: string }) {
  const [shown, setShown] = useState("");
  const [mode, setMode] = useState<"waiting" | "live" | "still">("waiting");
  useEffect(() => {
    if (live >= most_live) {
      setMode("still");
      return;
    }
    ++live;
    setMode("waiting");
    const ended = new AbortController();
    let url = "";
    let last = Date.now();
    void watch(camera, ended.signal, (picture) => {
      last = Date.now();
      const old = url;
      url = URL.createObjectURL(picture);
      setShown(url);
      setMode("live");
      if (old) setTimeout(() => URL.revokeObjectURL(old), 500);
    })
      .catch(() => {})
      .finally(() => {
        if (!ended.signal.aborted) setMode("still");
      });
    const guard = window.setInterval(() => {
      if (Date.now() - last < stale_ms) return;
      setMode("still"); // which says itself when there is no picture either
    }, 500);
    return () => {
      --live;
      window.clearInterval(guard);
      ended.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [camera]);
  if (mode === "still") return <Still camera={camera} label={label} />;
  if (mode === "waiting" || !shown) return <span class="still still-none">…</span>;
  return (
    <span class="live" data-live={camera}>
      <img class="still" src={shown} alt={label} />
      <span class="live-mark">{t("cam.live")}</span>
    </span>
  );
}

// Fetched whole: its index is at its end. What a browser cannot play (a camera of another codec) can be taken along.
export function Clip({ hash }: { hash: string }) {
  const [url, setUrl] = useState("");
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let made = "";
    let alive = true;
    setUrl("");
    setFailed(false);
    fetch(clipUrl(hash), { cache: "no-store" })
      .then(async (answer) => {
        if (!answer.ok) throw new Error("no clip");
        const bytes = await answer.blob();
        if (!alive) return;
        made = URL.createObjectURL(bytes);
        setUrl(made);
      })
      .catch(() => alive && setFailed(true));
    return () => {
      alive = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [hash]);
  if (failed)
    return (
      <p>
        {t("clip.failed")}{" "}
        {url && (
          <a href={url} download={`${hash.slice(0, 12)}.mp4`}>
            {t("clip.download")}
          </a>
        )}
      </p>
    );
  if (!url) return <span class="still still-none">…</span>;
  return <video class="clip" src={url} data-clip={hash} controls autoplay muted playsInline onError={() => setFailed(true)} />;
}

// The ten seconds before and the five after an entry, where a camera kept them.
export function ClipButton({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState(false);
  const hash = entry.clips?.[0];
  if (!hash) return null;
  return (
    <>
      <Button class="clip-button" onClick={() => setOpen(true)}>
        <Icon name="play" /> {t("clip.play")}
      </Button>
      {open && (
        <Sheet title={t("clip.title")} class="dialog-wide" onClose={() => setOpen(false)}>
          <Clip hash={hash} />
        </Sheet>
      )}
    </>
  );
}
