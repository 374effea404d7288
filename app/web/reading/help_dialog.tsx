/** The list of keys and gestures. */

import { t, type Key } from "../shared/language";
import { singleKeys } from "./keys";
import { Modal } from "../shared/modal";

type Row = readonly [keys: readonly string[], key: Key];

function Rows({ title, rows }: { title: string; rows: readonly Row[] }) {
  return (
    <section class="key-rows">
      <h3>{title}</h3>
      <dl>
        {rows.map(([keys, key]) => (
          <div key={key}>
            <dt>
              {keys.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function HelpDialog({ close }: { close: () => void }) {
  const arrows = t("desk.key.arrows");
  return (
    <Modal title={t("desk.keys")} close={close} wide>
      <div class="key-columns">
        <Rows
          title={t("desk.keys_anywhere")}
          rows={[
            [["O", "C", "N"], "desk.key.category"],
            [["1", "…", "5"], "desk.key.confidence"],
            [["L", "S", "B", "E", "V"], "desk.key.tools"],
            [["[", "]"], "desk.key.size"],
            [["Z", "Y", "Ctrl+Z", "Ctrl+Y"], "desk.key.undo"],
            [["T"], "desk.key.outline"],
            [["H", "?"], "desk.key.help"],
          ]}
        />
        <Rows
          title={t("desk.keys_board")}
          rows={[
            [[arrows], "desk.key.pan"],
            [["+", "−"], "desk.key.zoom"],
            [["0"], "desk.key.whole"],
          ]}
        />
        <Rows
          title={t("desk.keys_corners")}
          rows={[
            [[t("desk.key.enter_key")], "desk.key.start"],
            [[".", ","], "desk.key.step"],
            [[arrows], "desk.key.nudge"],
            [[t("desk.key.delete_key")], "desk.key.remove"],
            [["Esc"], "desk.key.leave"],
          ]}
        />
        <section class="key-rows">
          <h3>{t("desk.keys_touch")}</h3>
          <p>{t("desk.touch.fingers")}</p>
          <p>{t("desk.touch.mouse")}</p>
          <p>{t("desk.touch.corners")}</p>
        </section>
      </div>
      <label class="switch">
        <input type="checkbox" checked={singleKeys.value} onChange={(e) => (singleKeys.value = e.currentTarget.checked)} />
        <span>{t("desk.keys_single")}</span>
      </label>
      <p class="quiet small">{t("desk.keys_single_why")}</p>
      <form method="dialog" class="modal-end">
        <button class="button primary">{t("desk.close")}</button>
      </form>
    </Modal>
  );
}
