/** The drawing board: the case's picture, and above it a canvas that is drawn on. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { number, t } from "../shared/language";
import { usePicture } from "../shared/pictures";
import { useSize } from "../shared/size";
import { ErrorNote, Loading } from "../shared/ui";
import { ZOOM_STEP, scaleBar, type Size } from "../shared/viewport";
import type { ReadingCase } from "../shared/wire";
import { cornerNear, edgeNear, inserted, moved, type At } from "./corners";
import { Hand, placeOf, type Board as HandBoard } from "./hand";
import { cleared, paintBrush, paintCorners, paintLayer, paintMap, paintStroke, type Layer, type Place } from "./paint";
import type { Corner, Rings } from "./rings";
import { magnifiedAt, origin, shifted, toPicture, whole, type Sight } from "./sight";
import { stroked, type Tool } from "./strokes";

const PAN_STEP_PX = 60;
const WHEEL_SPEED = 0.0016;
/** How near a pointer must come to a corner or a line to take hold of it, CSS pixels. */
const REACH = { mouse: 12, touch: 24 };

export interface Light {
  brightness: number;
  contrast: number;
}

/** What a board that is drawn on needs beyond one that is looked at. */
export interface Drawing {
  tool: Tool;
  radius_px: number;
  rings: Rings;
  change: (rings: Rings) => void;
  chosen: At | null;
  choose: (at: At | null) => void;
  /** Keys that draw; true where the key was one. */
  keyboard: (event: KeyboardEvent) => boolean;
}

interface BoardProps {
  picture: ReadingCase["picture"];
  sight: Sight | null;
  look: (sight: Sight | null) => void;
  light: Light;
  layers: Layer[];
  map?: HTMLCanvasElement | null;
  drawing?: Drawing | null;
  label: string;
  badge?: string;
  /** Told the size of its frame, which buttons beside it zoom about. */
  framed?: (frame: Size) => void;
}

export function Board({ picture, sight, look, light, layers, map, drawing, label, badge, framed }: BoardProps) {
  const [frame, size] = useSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  /** The drawing while a corner is dragged. */
  const live = useRef<Rings | null>(null);
  const stroke = useRef<Corner[] | null>(null);
  const hover = useRef<Corner | null>(null);
  const held = useRef<At | null>(null);
  const image = usePicture(picture.url);
  const measures = { width: picture.width_px, height: picture.height_px };
  const seen = sight ?? whole(size, measures);
  const place: Place = { sight: seen, frame: size };

  function paint(): void {
    const pen = canvas.current && cleared(canvas.current, size);
    if (!pen || size.width === 0) return;
    if (map) paintMap(pen, place, map);
    for (const layer of layers) paintLayer(pen, place, layer.look === "own" && live.current ? { ...layer, rings: live.current } : layer);
    if (!drawing) return;
    if (drawing.tool === "corners") paintCorners(pen, place, live.current ?? drawing.rings, held.current ?? drawing.chosen);
    else if (stroke.current) paintStroke(pen, place, drawing.tool, stroke.current, drawing.radius_px);
    const isBrush = drawing.tool === "brush" || drawing.tool === "eraser";
    if (isBrush && hover.current) paintBrush(pen, place, hover.current, drawing.radius_px);
  }
  useLayoutEffect(paint);
  useLayoutEffect(() => framed?.(size), [size]);
  const painter = useRef(paint);
  painter.current = paint;
  const repaint = (): number => requestAnimationFrame(() => painter.current());

  function begin(at: Corner, isTouch: boolean): boolean {
    if (!drawing) return false;
    if (drawing.tool !== "corners") return true;
    const reach_px = (isTouch ? REACH.touch : REACH.mouse) / seen.zoom;
    const corner = cornerNear(drawing.rings, at, reach_px);
    const edge = corner ? null : edgeNear(drawing.rings, at, reach_px);
    held.current = corner ?? (edge && { ring: edge.ring, corner: edge.corner + 1 });
    drawing.choose(held.current);
    if (edge) live.current = inserted(drawing.rings, edge, at);
    return held.current !== null;
  }

  function draw(path: Corner[]): void {
    stroke.current = path;
    hover.current = path.at(-1)!;
    if (drawing?.tool === "corners" && held.current && path.length > 1)
      live.current = moved(live.current ?? drawing.rings, held.current, path.at(-1)!);
    repaint();
  }

  function end(path: Corner[]): void {
    stroke.current = null;
    if (drawing?.tool === "corners") {
      const changed = live.current;
      [held.current, live.current] = [null, null];
      if (changed) drawing.change(changed);
    } else if (drawing) drawing.change(stroked(drawing.rings, drawing.tool, path, drawing.radius_px, measures));
  }

  function cancel(): void {
    stroke.current = null;
    [held.current, live.current] = [null, null];
    repaint();
  }

  const board = useRef<HandBoard>(null!);
  board.current = { sight: seen, frame: size, picture: measures, onlyLooks: !drawing, look, begin, draw, end, cancel };
  const hand = useRef<Hand | null>(null);
  hand.current ??= new Hand(() => board.current);

  useEffect(() => {
    const element = frame.current;
    // Not passive, unlike Preact's: the page must not scroll under the picture.
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { sight: now, frame: box, picture: of } = board.current;
      look(magnifiedAt(now, Math.exp(-event.deltaY * WHEEL_SPEED), placeOf(event), box, of));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [look]);

  function keyboard(event: KeyboardEvent): void {
    if (event.key === " ") hand.current!.spaceHeld = true;
    if (drawing?.keyboard(event)) return event.preventDefault();
    const middle: Corner = [size.width / 2, size.height / 2];
    const zoom = (factor: number) => () => look(magnifiedAt(seen, factor, middle, size, measures));
    const pan = (x: number, y: number) => () => look(shifted(seen, { x, y }, size, measures));
    const steps: Record<string, () => void> = {
      "+": zoom(ZOOM_STEP), "=": zoom(ZOOM_STEP), "-": zoom(1 / ZOOM_STEP), "0": () => look(null),
      ArrowLeft: pan(PAN_STEP_PX, 0), ArrowRight: pan(-PAN_STEP_PX, 0),
      ArrowUp: pan(0, PAN_STEP_PX), ArrowDown: pan(0, -PAN_STEP_PX), " ": () => undefined,
    };
    const step = event.ctrlKey || event.metaKey ? undefined : steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  }

  const [left, top] = origin(seen, size);
  return (
    <div
      ref={frame}
      class={`board ${drawing ? `draws ${drawing.tool}` : "looks"}`}
      tabIndex={0}
      role="application"
      aria-label={`${label}. ${t("desk.board")}`}
      onKeyDown={keyboard}
      onKeyUp={(event) => event.key === " " && (hand.current!.spaceHeld = false)}
      onBlur={() => (hand.current!.spaceHeld = false)}
      onContextMenu={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        hand.current!.press(event);
      }}
      onPointerMove={(event) => {
        hover.current = event.pointerType === "touch" ? null : toPicture(seen, size, placeOf(event));
        hand.current!.move(event);
        if (drawing && !stroke.current) repaint();
      }}
      onPointerLeave={() => {
        hover.current = null;
        repaint();
      }}
      onPointerUp={(event) => hand.current!.lift(event)}
      onPointerCancel={(event) => hand.current!.lift(event)}
    >
      {image.url && size.width > 0 && (
        <img
          src={image.url}
          alt={t("desk.picture")}
          draggable={false}
          class="board-picture"
          style={{
            width: `${measures.width * seen.zoom}px`,
            height: `${measures.height * seen.zoom}px`,
            transform: `translate(${left}px, ${top}px)`,
            filter: `brightness(${light.brightness}%) contrast(${light.contrast}%)`,
          }}
        />
      )}
      <canvas ref={canvas} class="board-canvas" />
      {!image.url && !image.error && <Loading />}
      {image.error ? <ErrorNote error={image.error} /> : null}
      {badge && <span class="board-badge">{badge}</span>}
      {image.url && <BoardScale zoom={seen.zoom} px_per_mm={picture.scale_px_per_mm} />}
      {image.url && sight === null && <BoardHint />}
    </div>
  );
}

/** How to come nearer, as long as nobody has; the list of keys says it to those who do not see. */
function BoardHint() {
  return (
    <div aria-hidden="true">
      <span class="board-hint touch">{t("desk.hint_touch")}</span>
      <span class="board-hint mouse">{t("desk.hint_mouse")}</span>
    </div>
  );
}

function BoardScale({ zoom, px_per_mm }: { zoom: number; px_per_mm: number }) {
  const { length_mm, width_px } = scaleBar(zoom, px_per_mm);
  const length = number(length_mm, length_mm < 1 ? 1 : 0);
  return (
    <div class="scale-bar" role="img" aria-label={t("viewer.scale", { length })}>
      <span class="scale-bar-text">{length} mm</span>
      <span class="scale-bar-line" style={{ width: `${width_px}px` }} />
    </div>
  );
}
