// SPDX-License-Identifier: Apache-2.0
// Short sentences after an act, at the foot of the page: what was done, what failed, what came by itself with the way to it.
import { dismiss, notes } from "../notes";
import { t } from "../words";
import { IconButton } from "./button";

export function Toasts() {
  const all = notes.value;
  return (
    <div class="notes" role="status" aria-live="polite">
      {all.map((note) => (
        <p key={note.id} class={`note note-${note.kind}`}>
          <span>{note.text}</span>
          {note.act && (
            <button
              type="button"
              class="note-act"
              onClick={() => {
                dismiss(note.id);
                note.act?.run();
              }}
            >
              {note.act.label}
            </button>
          )}
          <IconButton icon="close" label={t("close")} onClick={() => dismiss(note.id)} />
        </p>
      ))}
    </div>
  );
}
