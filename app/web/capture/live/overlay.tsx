/** Drawn over the video: the markers found, and the card's outline. */

import type { Point } from "./algebra";
import type { Judgement } from "./judge";

interface OverlayProps {
  judgement: Judgement | null;
  width: number;
  height: number;
}

export function Overlay({ judgement, width, height }: OverlayProps) {
  const outline = (points: readonly Point[]) => points.map(([x, y]) => `${x * width},${y * height}`).join(" ");
  return (
    <svg class="live-overlay" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {judgement?.card && <polygon class="live-card" points={outline(judgement.card)} />}
      {judgement?.markers.map((marker) => (
        <polygon key={marker.id} class="live-marker" points={outline(marker.corners)} />
      ))}
    </svg>
  );
}
