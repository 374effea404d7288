/** "My outline stands: show the machine's": asks first, because the own reading is kept for good. */

import { useState } from "preact/hooks";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import type { ReadingCase } from "../shared/wire";
import { Modal } from "../shared/modal";

interface OwnOutlineProps {
  reading: ReadingCase;
  /** Whether what is said could be signed: only a whole reading can stand. */
  complete: boolean;
  stand: () => Promise<void>;
}

export function OwnOutline({ reading, complete, stand }: OwnOutlineProps) {
  const [asking, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (reading.asks.machine_outline !== "after_own" || reading.sides !== null) return null;
  if (reading.own_stands) {
    return (
      <p class="note good">
        <Icon name="check" />
        <span>{t(reading.machine_rings?.length ? "desk.own_kept" : "desk.own_kept_none")}</span>
      </p>
    );
  }

  async function keep(): Promise<void> {
    setBusy(true);
    try {
      await stand();
      ask(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <button type="button" class="button wide own-stands" aria-disabled={!complete} onClick={() => complete && ask(true)}>
        {t("desk.own")}
      </button>
      {asking && (
        <Modal title={t("desk.own_title")} close={() => ask(false)}>
          <p>{t("desk.own_means")}</p>
          {error ? <ErrorNote error={error} /> : null}
          <div class="modal-end">
            <button type="button" class="button" onClick={(e) => e.currentTarget.closest("dialog")?.close()}>
              {t("desk.cancel")}
            </button>
            <button type="button" class="button primary" disabled={busy} onClick={() => void keep()}>
              {t("desk.own_yes")}
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}
