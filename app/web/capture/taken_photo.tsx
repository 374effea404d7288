/** The photograph as it was taken, to be looked at before anybody's verdict. */

import { useEffect, useState } from "preact/hooks";
import { t } from "../shared/language";
import { pictureOf } from "./tray";

/** By the header's orientation (EXIF), which is kept apart from the pixels: how far to turn them clockwise. */
const TURN_DEG: Record<number, number> = { 3: 180, 6: 90, 8: 270 };
/** A picture of 4 : 3 on its side fits into a frame of 4 : 3 at this size. */
const ON_ITS_SIDE = 0.75;

function turned(orientation: number): string {
  const deg = TURN_DEG[orientation] ?? 0;
  return `rotate(${deg}deg) scale(${deg % 180 === 0 ? 1 : ON_ITS_SIDE})`;
}

export function TakenPhoto({ id }: { id: string }) {
  const [shown, show] = useState<{ address: string; orientation: number } | null>(null);
  useEffect(() => {
    let address: string | null = null;
    let left = false;
    void pictureOf(id).then((picture) => {
      if (left || !picture) return;
      address = URL.createObjectURL(picture.photo);
      show({ address, orientation: picture.optics?.orientation ?? 1 });
    });
    return () => {
      left = true;
      if (address) URL.revokeObjectURL(address);
      show(null);
    };
  }, [id]);
  if (!shown) return null;
  return (
    <p class="taken">
      <img
        src={shown.address}
        alt={t("photo.taken")}
        style={{ transform: turned(shown.orientation) }}
        onError={() => show(null)}
      />
    </p>
  );
}
