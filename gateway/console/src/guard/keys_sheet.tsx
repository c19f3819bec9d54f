// SPDX-License-Identifier: Apache-2.0
// The keys of the post, by F1 or ?.
import { Sheet } from "../components/sheet";
import { type PlainKey, t } from "../words";

const keys: [key: string, does: PlainKey][] = [
  ["F2", "keys.new"],
  ["F4", "keys.badge"],
  ["Shift F4", "keys.stock"],
  ["F5", "keys.screen"],
  ["F6", "keys.ask"],
  ["F7", "keys.along"],
  ["F8", "keys.verbal"],
  ["F9", "keys.emergency"],
  ["F10", "keys.shift"],
  ["Ctrl Z", "keys.undo"],
  ["/", "keys.search"],
  ["Enter", "keys.enter"],
  ["Esc", "keys.escape"],
];

export function KeysSheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={t("keys.title")} onClose={onClose}>
      <dl class="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
