// SPDX-License-Identifier: Apache-2.0
// The mark with a name beside it; a screen with room has the site below the name.
import { Mark } from "./mark";

export function Brand({ name = "Gapura", site }: { name?: string; site?: string }) {
  return (
    <p class="brand">
      <Mark />{" "}
      {site ? (
        <span>
          <b>{name}</b>
          <small>{site}</small>
        </span>
      ) : (
        <b>{name}</b>
      )}
    </p>
  );
}
