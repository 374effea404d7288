/** Judges pictures off the page's own thread: one at a time, as they are sent. */

import type { PoseName } from "../../shared/wire";
import type { GateLimits } from "./gate";
import type { Optics } from "./jpeg_header";
import { judge, type Judgement, type Source } from "./judge";
import type { Colours } from "./picture";

/** A frame of the video, or the photograph as it was taken. */
export interface Asked {
  picture: ImageBitmap | Blob;
  optics: Optics | null;
  gate: GateLimits;
  pose: PoseName;
  search_px: number;
  still_px: number | null;
}

export type Answered = { judgement: Judgement } | { failed: string };

// The page's own types stand for a worker's: of its scope no more is used than both have.
declare const self: {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(answer: Answered): void;
};

self.onmessage = ({ data }) => {
  answer(data).then(
    (judgement) => self.postMessage({ judgement }),
    (error: unknown) => self.postMessage({ failed: error instanceof Error ? error.name : "Error" }),
  );
};

async function answer(asked: Asked): Promise<Judgement> {
  const bitmap = asked.picture instanceof Blob ? await createImageBitmap(asked.picture) : asked.picture;
  try {
    return judge(sourceOf(bitmap), asked);
  } finally {
    bitmap.close();
  }
}

function sourceOf(bitmap: ImageBitmap): Source {
  const { width, height } = bitmap;
  return {
    width,
    height,
    whole(longest_px) {
      const share = Math.min(1, longest_px / Math.max(width, height));
      return drawn(bitmap, [0, 0, width, height], Math.round(width * share), Math.round(height * share));
    },
    part: (left, top, wide, high) => drawn(bitmap, [left, top, wide, high], wide, high),
  };
}

const canvas = new OffscreenCanvas(1, 1);
// Without the hint, each reading would fetch the pixels back from the graphics memory.
const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });

function drawn(bitmap: ImageBitmap, from: [number, number, number, number], width: number, height: number): Colours {
  if (!context) throw new Error("no canvas");
  if (canvas.width < width || canvas.height < height) {
    canvas.width = Math.max(canvas.width, width);
    canvas.height = Math.max(canvas.height, height);
  }
  context.imageSmoothingQuality = "medium";
  context.drawImage(bitmap, ...from, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
