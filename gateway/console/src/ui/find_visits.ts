// SPDX-License-Identifier: Apache-2.0
// When more visits are open than the page holds, a search asks the daemon as well.
import { useEffect, useState } from "preact/hooks";
import { ApiError, api, type Listed, type Visit } from "../api";
import { beyond } from "../live";
import { complain, problemText } from "../notes";

const pause_ms = 250; // after the last letter
const shortest = 2;

export interface Found extends Listed<Visit> {
  asking: boolean;
}
const nothing: Found = { rows: [], total: 0, asking: false };

export function useFound(text: string): Found {
  const [found, setFound] = useState(nothing);
  const wanted = beyond.value > 0 && text.trim().length >= shortest ? text.trim() : "";
  useEffect(() => {
    if (!wanted) return setFound(nothing);
    let alive = true;
    setFound((old) => ({ ...old, asking: true }));
    const timer = setTimeout(() => {
      api.findVisits(wanted).then(
        (answer) => alive && setFound({ ...answer, asking: false }),
        (error: unknown) => {
          if (!alive) return;
          setFound(nothing);
          if (error instanceof ApiError) complain(problemText(error)); // so "none" would be untrue
        },
      );
    }, pause_ms);
    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}
