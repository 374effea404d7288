/** Looks at a reading image: outline on and off, zoom, pan, millimetre scale bar; mouse, touch and keyboard. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { number, t } from "./language";
import { useOutlineBox } from "./outline_box";
import { usePicture } from "./pictures";
import { useSize } from "./size";
import { ErrorNote, Loading } from "./ui";
import {
  ZOOM_STEP, WHOLE, corner, dragged, magnified, near, scaleBar, zoomOf, type Box, type Point, type Size, type View,
} from "./viewport";

/** A close look takes in this many millimetres, or the ulcer and as much again around it. */
const CLOSE_MM = 16;
const PAN_STEP_PX = 40;

interface ViewerProps {
  /** The image without the outline; null where the service gives only the overlay. */
  plain: string | null;
  overlay: string;
  outlineShown: boolean;
  view: View;
  onView: (view: View) => void;
  label: string;
  caption?: ComponentChildren;
  /** Look at the ulcer first instead of the whole digit. */
  startNear?: boolean;
}

function middle(box: Box): Point {
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

export function Viewer({ plain, overlay, outlineShown, view, onView, label, caption, startNear }: ViewerProps) {
  const [frame, size] = useSize();
  const [image, setImage] = useState<Size | null>(null);
  const drag = useRef<Point | null>(null);
  const plainPicture = usePicture(plain);
  const overlayPicture = usePicture(overlay);
  const box = useOutlineBox(overlayPicture.url);
  const anchor: Point = box ? middle(box) : image ? { x: image.width / 2, y: image.height / 2 } : { x: 0, y: 0 };
  const begun = useRef(false);

  useEffect(() => {
    if (!startNear || begun.current || !box || size.width === 0) return;
    begun.current = true;
    onView(near(size, CLOSE_MM));
  }, [box, size, startNear]);

  const magnify = (factor: number) => image && onView(magnified(view, factor, size, image));
  const error = overlayPicture.error ?? plainPicture.error;
  const layers = [
    { url: plainPicture.url, shown: true },
    { url: overlayPicture.url, shown: outlineShown || plain === null },
  ];
  const ready = overlayPicture.url !== null && image !== null;
  const zoom = image ? zoomOf(view, size, image) : 1;
  const place = image ? corner(view, anchor, size, image) : { x: 0, y: 0 };

  function keyboard(event: KeyboardEvent): void {
    const steps: Record<string, () => void> = {
      "+": () => magnify(ZOOM_STEP),
      "=": () => magnify(ZOOM_STEP),
      "-": () => magnify(1 / ZOOM_STEP),
      "0": () => onView(WHOLE),
      ArrowLeft: () => onView(dragged(view, { x: PAN_STEP_PX, y: 0 })),
      ArrowRight: () => onView(dragged(view, { x: -PAN_STEP_PX, y: 0 })),
      ArrowUp: () => onView(dragged(view, { x: 0, y: PAN_STEP_PX })),
      ArrowDown: () => onView(dragged(view, { x: 0, y: -PAN_STEP_PX })),
    };
    const step = event.target === event.currentTarget ? steps[event.key] : undefined;
    if (!step) return;
    event.preventDefault();
    step();
  }

  function move(event: PointerEvent): void {
    if (!drag.current) return;
    onView(dragged(view, { x: event.clientX - drag.current.x, y: event.clientY - drag.current.y }));
    drag.current = { x: event.clientX, y: event.clientY };
  }

  return (
    <figure class="viewer">
      <div
        ref={frame}
        class={view.kind === "near" ? "viewer-frame movable" : "viewer-frame"}
        tabIndex={0}
        role="group"
        aria-label={`${label}. ${t("viewer.keys")}`}
        onKeyDown={keyboard}
        onPointerDown={(event) => {
          if ((event.target as Element).closest("button")) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMove={move}
        onPointerUp={() => (drag.current = null)}
        onPointerCancel={() => (drag.current = null)}
        onDblClick={() => onView(view.kind === "whole" ? near(size, CLOSE_MM) : WHOLE)}
      >
        {layers.map(({ url, shown }, i) =>
          url ? (
            <img
              key={i}
              src={url}
              alt={i === 1 || plain === null ? label : ""}
              draggable={false}
              class={shown && ready ? "viewer-layer" : "viewer-layer hidden"}
              style={{
                width: `${(image?.width ?? 0) * zoom}px`,
                height: `${(image?.height ?? 0) * zoom}px`,
                transform: `translate(${place.x}px, ${place.y}px)`,
              }}
              onLoad={(event) => {
                const { naturalWidth, naturalHeight } = event.currentTarget;
                if (image?.width !== naturalWidth || image.height !== naturalHeight)
                  setImage({ width: naturalWidth, height: naturalHeight });
              }}
            />
          ) : null,
        )}
        {!ready && !error && <Loading />}
        {error ? <ErrorNote error={error} /> : null}
        {ready && <ScaleBar zoom={zoom} />}
        {ready && (
          <div class="viewer-tools" role="toolbar" aria-label={t("viewer.tools")}>
            <button type="button" class="tool" title={t("viewer.zoom_in")} onClick={() => magnify(ZOOM_STEP)}>
              <Icon name="plus" label={t("viewer.zoom_in")} />
            </button>
            <button type="button" class="tool" title={t("viewer.zoom_out")} onClick={() => magnify(1 / ZOOM_STEP)}>
              <Icon name="minus" label={t("viewer.zoom_out")} />
            </button>
            <button type="button" class="tool" title={t("viewer.near")} onClick={() => onView(near(size, CLOSE_MM))}>
              <Icon name="target" label={t("viewer.near")} />
            </button>
            <button type="button" class="tool" title={t("viewer.whole")} onClick={() => onView(WHOLE)}>
              <Icon name="whole" label={t("viewer.whole")} />
            </button>
          </div>
        )}
      </div>
      {caption ? <figcaption>{caption}</figcaption> : null}
    </figure>
  );
}

function ScaleBar({ zoom }: { zoom: number }) {
  const { length_mm, width_px } = scaleBar(zoom);
  return (
    <div class="scale-bar" aria-label={t("viewer.scale", { length: number(length_mm, length_mm < 1 ? 1 : 0) })}>
      <span class="scale-bar-text">{number(length_mm, length_mm < 1 ? 1 : 0)} mm</span>
      <span class="scale-bar-line" style={{ width: `${width_px}px` }} />
    </div>
  );
}
