/** Where a photograph comes in: the camera, a file, or dropped; with the three rules of a good one. */

import { useRef, useState } from "preact/hooks";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import type { Ulcer, Visit } from "../shared/wire";
import { canDigest } from "./identity";
import { add } from "./tray";

/** What the service decodes. Naming JPEG makes iPads convert their own format. */
const FORMATS = "image/jpeg,image/png";

interface DropProps {
  ulcer: Ulcer | null;
  visit: Visit | null;
  person: string;
}

export function PhotoDrop({ ulcer, visit, person }: DropProps) {
  const [over, setOver] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const camera = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const ready = ulcer !== null && visit !== null && canDigest();

  async function take(list: FileList | null | undefined): Promise<void> {
    if (!ready || !list) return;
    setError(null);
    try {
      for (const file of list) await add(file, ulcer.id, visit.code, person);
    } catch (caught) {
      setError(caught);
    }
    for (const input of [camera, files]) if (input.current) input.current.value = "";
  }

  return (
    <>
      <ol class="rules">
        <li>{t("capture.rule_slot")}</li>
        <li>{t("capture.rule_facing")}</li>
        <li>{t("capture.rule_light")}</li>
      </ol>
      {!canDigest() && <p class="note bad">{t("capture.insecure")}</p>}
      <div
        class={over && ready ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer?.files);
        }}
      >
        <button type="button" class="button primary big" disabled={!ready} onClick={() => camera.current?.click()}>
          <Icon name="camera" />
          {t("capture.take")}
        </button>
        <button type="button" class="button big" disabled={!ready} onClick={() => files.current?.click()}>
          {t("capture.choose_file")}
        </button>
        <p class="quiet small">{t(ready ? "capture.or_drop" : "capture.visit_first")}</p>
        <input
          ref={camera}
          class="unseen"
          type="file"
          accept={FORMATS}
          capture="environment"
          tabIndex={-1}
          aria-hidden="true"
          onChange={(event) => void take(event.currentTarget.files)}
        />
        <input
          ref={files}
          class="unseen"
          type="file"
          accept={FORMATS}
          multiple
          tabIndex={-1}
          aria-hidden="true"
          data-testid="photo-file"
          onChange={(event) => void take(event.currentTarget.files)}
        />
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </>
  );
}
