/** What lies on this tablet: the person's photographs and notes, and how many of other people's. */

import { t, tn } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import type { Study, Ulcer } from "../shared/wire";
import { refusedNotes, removeNote, waiting, wake } from "./tray";
import { tray } from "./tray_items";
import { TrayCard } from "./tray_card";

export const WAITING_PAGE = "/capture/photos";

export function WaitingPage({ study, ulcers }: { study: Study; ulcers: Ulcer[] }) {
  const { mine, notes, others } = waiting.value;
  const own = mine + notes;
  return (
    <div class="page">
      <header class="page-head with-action">
        <div>
          <h1>{t("waiting.title")}</h1>
          <p>{own > 0 ? tn("waiting.mine", own) : t("waiting.all_sent")}</p>
          {others > 0 && <p class="quiet">{tn("waiting.others", others)}</p>}
        </div>
        {own > 0 && (
          <button type="button" class="button big" onClick={() => void wake()}>
            {t("waiting.send_now")}
          </button>
        )}
      </header>
      {refusedNotes.value.map(({ id, error }) => (
        <section key={id} class="card">
          <h2>{t("waiting.note_refused")}</h2>
          <ErrorNote error={error} />
          <button type="button" class="button big" onClick={() => void removeNote(id)}>
            {t("waiting.remove_note")}
          </button>
        </section>
      ))}
      <section aria-label={t("capture.tray")} aria-live="polite" class="tray">
        {tray.value.map((item) => (
          <TrayCard
            key={item.id}
            item={item}
            ulcer={ulcers.find((one) => one.id === item.ulcer_id) ?? null}
            visit={study.visits.find((one) => one.code === item.visit_code) ?? null}
          />
        ))}
      </section>
    </div>
  );
}
