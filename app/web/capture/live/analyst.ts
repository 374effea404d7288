/** The worker as the page sees it: a question, an answer, never a second question before. */

import type { Judgement } from "./judge";
import type { Answered, Asked } from "./worker";

/** Longer side of the copy in which the card is looked for in a frame, and in a photograph. */
export const FRAME_SEARCH_PX = 640;
export const STILL_SEARCH_PX = 1280;

/** Whether this browser can judge pictures off the page's thread (iPadOS from 16.4). */
export function canJudge(): boolean {
  return typeof Worker !== "undefined" && typeof OffscreenCanvas !== "undefined" && typeof createImageBitmap !== "undefined";
}

export class Analyst {
  private readonly worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  private broken = false;
  private waiting: { resolve: (judgement: Judgement) => void; reject: (error: Error) => void } | null = null;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      const waiting = this.taken();
      if ("judgement" in data) waiting?.resolve(data.judgement);
      else waiting?.reject(new Error(data.failed));
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.broken = true; // it could not start: nothing will ever answer
      this.taken()?.reject(new Error("worker"));
    };
  }

  /** Judge a picture; a bitmap is handed over and cannot be used afterwards. */
  ask(asked: Asked): Promise<Judgement> {
    if (this.waiting || this.broken) return Promise.reject(new Error(this.broken ? "worker" : "busy"));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage(asked, asked.picture instanceof Blob ? [] : [asked.picture]);
    });
  }

  close(): void {
    this.worker.terminate();
    this.taken()?.reject(new Error("closed"));
  }

  private taken() {
    const waiting = this.waiting;
    this.waiting = null;
    return waiting;
  }
}
