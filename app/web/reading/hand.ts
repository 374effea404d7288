/** The hand on the board: which pointer draws, which moves the picture, and what two fingers do. */

import type { Size } from "../shared/viewport";
import type { Corner } from "./rings";
import { magnifiedAt, shifted, toPicture, type Sight } from "./sight";

export interface Board {
  sight: Sight;
  frame: Size;
  picture: Size;
  /** Nothing is drawn here: one finger moves the picture. */
  onlyLooks: boolean;
  /** The picture was moved or magnified. */
  look: (sight: Sight) => void;
  /** A stroke begins, goes on, ends, or turns out to be something else. */
  begin: (at: Corner, isTouch: boolean) => boolean;
  draw: (path: Corner[]) => void;
  end: (path: Corner[]) => void;
  cancel: () => void;
}

const MIDDLE_BUTTON = 1;
const PEN_SPACING_PX = 0.35;

/** Follows pointers; `board` is asked anew at each event, for the sight changes meanwhile. */
export class Hand {
  /** Fingers on the glass, and whatever moves the picture. */
  private readonly down = new Map<number, Corner>();
  private stroke: { pointer: number; path: Corner[]; isTouch: boolean } | null = null;
  /** Once a stylus has drawn, fingers only move the picture: the ball of the hand lies on the glass. */
  private penSeen = false;
  spaceHeld = false;

  constructor(private readonly board: () => Board) {}

  press(event: PointerEvent): void {
    if (this.stroke && !this.stroke.isTouch) return; // a hand beside the stylus
    const at = placeOf(event);
    const isTouch = event.pointerType === "touch";
    if (event.pointerType === "pen") this.penSeen = true;
    if (this.down.size > 0 && isTouch) {
      this.down.set(event.pointerId, at);
      this.drop();
      return;
    }
    const board = this.board();
    const moves = board.onlyLooks || this.spaceHeld || event.button === MIDDLE_BUTTON || (isTouch && this.penSeen);
    const from = toPicture(board.sight, board.frame, at);
    const draws = !moves && event.button === 0 && board.begin(from, isTouch);
    if (draws) this.stroke = { pointer: event.pointerId, path: [from], isTouch };
    if (isTouch || !draws) this.down.set(event.pointerId, at);
    if (draws) board.draw([from]);
  }

  move(event: PointerEvent): void {
    const at = placeOf(event);
    const before = this.down.get(event.pointerId);
    if (this.stroke?.pointer === event.pointerId) this.trail(event, this.stroke.path);
    else if (before && !this.stroke && this.down.size > 1) this.pinch(event.pointerId, before, at);
    else if (before && !this.stroke) this.shift(before, at);
    if (before) this.down.set(event.pointerId, at);
  }

  /** Also when the browser takes the pointer away: what was drawn so far is a stroke. */
  lift(event: PointerEvent): void {
    this.down.delete(event.pointerId);
    if (this.stroke?.pointer !== event.pointerId) return;
    const { path } = this.stroke;
    this.stroke = null;
    this.board().end(path);
  }

  /** A second finger: it was never a stroke. */
  private drop(): void {
    if (this.stroke) this.board().cancel();
    this.stroke = null;
  }

  private trail(event: PointerEvent, path: Corner[]): void {
    const { sight, frame, draw } = this.board();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length > 0 ? events : [event]) {
      const to = toPicture(sight, frame, placeOf(one, event.currentTarget));
      const last = path.at(-1)!;
      if (Math.hypot(to[0] - last[0], to[1] - last[1]) >= PEN_SPACING_PX) path.push(to);
    }
    draw(path);
  }

  private shift(from: Corner, to: Corner): void {
    const { sight, frame, picture, look } = this.board();
    look(shifted(sight, { x: to[0] - from[0], y: to[1] - from[1] }, frame, picture));
  }

  private pinch(id: number, from: Corner, to: Corner): void {
    const other = [...this.down].find(([key]) => key !== id)![1];
    const { sight, frame, picture, look } = this.board();
    const apart = (at: Corner): number => Math.max(1, Math.hypot(at[0] - other[0], at[1] - other[1]));
    const middle: Corner = [(to[0] + other[0]) / 2, (to[1] + other[1]) / 2];
    const by = { x: (to[0] - from[0]) / 2, y: (to[1] - from[1]) / 2 };
    const moved = shifted(sight, by, frame, picture);
    look(magnifiedAt(moved, apart(to) / apart(from), middle, frame, picture));
  }
}

/** Where in the frame, CSS pixels. */
export function placeOf(event: MouseEvent, within: EventTarget | null = event.currentTarget): Corner {
  const box = (within as HTMLElement).getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
