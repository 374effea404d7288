/** The ways to a photograph without the live camera: the system's own, a file, or dropped. */

import { useRef, useState } from "preact/hooks";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";

/** What the service decodes. Naming JPEG makes iPads convert their own format. */
const FORMATS = "image/jpeg,image/png";

interface DropProps {
  ready: boolean;
  /** The live camera is there: this is the smaller way beside it. */
  instead: boolean;
  take: (files: Iterable<File>) => Promise<void>;
}

export function PhotoDrop({ ready, instead, take }: DropProps) {
  const [over, setOver] = useState(false);
  const camera = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);

  async function taken(list: FileList | null | undefined): Promise<void> {
    if (!ready || !list) return;
    await take([...list]);
    for (const input of [camera, files]) if (input.current) input.current.value = "";
  }

  return (
    <div
      class={["drop", over && ready ? "over" : "", instead ? "instead" : ""].join(" ").trim()}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void taken(event.dataTransfer?.files);
      }}
    >
      {!instead && (
        <button type="button" class="button primary big" disabled={!ready} onClick={() => camera.current?.click()}>
          <Icon name="camera" />
          {t("capture.take")}
        </button>
      )}
      <button type="button" class="button big" disabled={!ready} onClick={() => files.current?.click()}>
        {t(instead ? "photo.other_way" : "capture.choose_file")}
      </button>
      {!instead && <p class="quiet small">{t("capture.or_drop")}</p>}
      <input
        ref={camera}
        class="unseen"
        type="file"
        accept={FORMATS}
        capture="environment"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => void taken(event.currentTarget.files)}
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
        onChange={(event) => void taken(event.currentTarget.files)}
      />
    </div>
  );
}
