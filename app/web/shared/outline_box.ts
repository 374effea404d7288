/** Finds where the overlay draws its outline, so that the viewer can go to the ulcer. */

import { useEffect, useState } from "preact/hooks";
import { outlineBox, type Box } from "./viewport";

/** Every second pixel (0.1 mm) is enough: the outline is two pixels wide. */
const REDUCTION = 2;

async function find(overlayUrl: string): Promise<Box | null> {
  const image = new Image();
  image.src = overlayUrl;
  await image.decode();
  const width = Math.floor(image.naturalWidth / REDUCTION);
  const height = Math.floor(image.naturalHeight / REDUCTION);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingEnabled = false; // the outline keeps its colour
  context.drawImage(image, 0, 0, width, height);
  const box = outlineBox(context.getImageData(0, 0, width, height).data, width);
  if (!box) return null;
  return {
    left: box.left * REDUCTION,
    right: box.right * REDUCTION,
    top: box.top * REDUCTION,
    bottom: box.bottom * REDUCTION,
  };
}

/** The box of the outline in image pixels; null while looking, and where there is none. */
export function useOutlineBox(overlayUrl: string | null): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    setBox(null);
    if (!overlayUrl) return undefined;
    let current = true;
    find(overlayUrl).then(
      (found) => current && setBox(found),
      () => undefined, // the viewer says itself that a picture cannot be shown
    );
    return () => {
      current = false;
    };
  }, [overlayUrl]);
  return box;
}
