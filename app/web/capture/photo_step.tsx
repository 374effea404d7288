/** The photograph: the live camera where there is one, else the system's camera or a file; then its verdict. */

import { useEffect, useState } from "preact/hooks";
import { t, type Key } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import type { PoseName, Study, Ulcer, Visit } from "../shared/wire";
import { canSeal } from "../tablet/shift";
import { change, flow, go } from "./flow";
import { LiveCamera } from "./live/live_camera";
import type { NoCamera } from "./live/use_camera";
import { PhotoDrop } from "./photo_drop";
import { NotAPhotoError } from "./laid_bare";
import { add } from "./tray";
import { lookAgain, tray } from "./tray_items";
import { TrayCard } from "./tray_card";
import { VerdictPanel } from "./verdict_panel";

interface PhotoProps {
  study: Study;
  ulcer: Ulcer;
  visit: Visit;
  person: string;
}

export function PhotoStep({ study, ulcer, visit, person }: PhotoProps) {
  const { photo_id } = flow.value;
  const here = tray.value.filter((item) => item.ulcer_id === ulcer.id && item.visit_code === visit.code);
  const looked = here.find((item) => item.id === photo_id);
  const others = here.filter((item) => item !== looked);

  useEffect(() => {
    if (photo_id !== null && !looked) void lookAgain(photo_id, ulcer.id, visit.code);
  }, [photo_id]);

  return (
    <div class="photo-step">
      {looked ? (
        <VerdictPanel
          item={looked}
          study={study}
          pose={ulcer.pose}
          again={() => change({ photo_id: null })}
          accept={() => go("hands", { photo_id: null, ulcer_id: null, visit_code: null, done: { ulcer: ulcer.code, visit_code: visit.code } })}
        />
      ) : (
        <Shutter study={study} ulcer={ulcer} visit={visit} person={person} />
      )}
      {others.length > 0 && (
        <section class="tray" aria-label={t("photo.this_visit")} aria-live="polite">
          <h2>{t("photo.this_visit")}</h2>
          {others.map((item) => (
            <TrayCard key={item.id} item={item} ulcer={ulcer} visit={visit} />
          ))}
        </section>
      )}
    </div>
  );
}

function Shutter({ study, ulcer, visit, person }: PhotoProps) {
  const [without, setWithout] = useState<NoCamera | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ready = canSeal();
  const live = ready && without === null;

  /** Several files at once are all kept; the last one is looked at. */
  async function take(files: Iterable<File>): Promise<void> {
    setError(null);
    try {
      for (const file of files) change({ photo_id: await add(file, ulcer.id, visit.code, person) });
    } catch (caught) {
      setError(caught);
    }
  }

  return (
    <section class="card shutter" aria-labelledby="photo-title">
      <h1 id="photo-title" class="unseen">
        {t("photo.title")}
      </h1>
      <Rules pose={ulcer.pose} />
      <NotTaken error={error} />
      {!ready && <p class="note bad">{t("capture.insecure")}</p>}
      {without && <p class="note">{t(`photo.without.${without}`)}</p>}
      {live ? (
        <LiveCamera
          gate={study.gate}
          sentences={study.gate_sentences}
          pose={ulcer.pose}
          onStill={(photo) => void take([photo])}
          onUnavailable={setWithout}
        >
          <PhotoDrop ready instead take={take} />
        </LiveCamera>
      ) : (
        <PhotoDrop ready={ready} instead={false} take={take} />
      )}
      <p class="quiet small">{t("photo.marked")}</p>
    </section>
  );
}

function NotTaken({ error }: { error: unknown }) {
  if (!error) return null;
  if (!(error instanceof NotAPhotoError)) return <ErrorNote error={error} />;
  return (
    <p class="note bad" role="alert">
      {t("photo.not_jpeg")}
    </p>
  );
}

/** Where the finger lies and where it stands, two rules are not the same. */
const RULES: Record<PoseName, readonly Key[]> = {
  flat: ["capture.rule_slot", "capture.rule_facing", "capture.rule_light"],
  tip: ["photo.rule_tip", "photo.rule_tip_facing", "capture.rule_light"],
};

function Rules({ pose }: { pose: PoseName }) {
  return (
    <>
      <h2 class="unseen">{t("photo.rules")}</h2>
      <ol class="rules">
        {RULES[pose].map((rule) => (
          <li key={rule}>{t(rule)}</li>
        ))}
      </ol>
    </>
  );
}
