/** The camera of a component: open while the page is in front. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { canJudge } from "./analyst";
import { openCamera, type OpenCamera } from "./camera_stream";

/** Why there is no live camera: the person or the device does not allow it, or there is none that can be used. */
export type NoCamera = "refused" | "absent";

function whyOf(error: unknown): NoCamera {
  return error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "absent";
}

/** The open camera; it is let go when the page is hidden, and opened again on return. */
export function useCamera(video: RefObject<HTMLVideoElement | null>, onUnavailable: (why: NoCamera) => void): OpenCamera | null {
  const [camera, setCamera] = useState<OpenCamera | null>(null);
  const failed = useRef(onUnavailable);
  failed.current = onUnavailable;
  useEffect(() => {
    let wanted = 0;
    let open: OpenCamera | null = null;
    function close(): void {
      wanted += 1;
      open?.stop();
      open = null;
      setCamera(null);
    }
    async function start(): Promise<void> {
      if (open || document.hidden) return;
      const mine = (wanted += 1);
      try {
        const opened = await openCamera();
        if (mine !== wanted) return opened.stop();
        open = opened;
        if (video.current) {
          video.current.srcObject = opened.stream;
          await video.current.play();
        }
        // A camera taken away (unplugged, permission withdrawn) ends its track.
        opened.stream.getVideoTracks()[0]?.addEventListener("ended", () => failed.current("absent"));
        if (mine === wanted) setCamera(opened);
      } catch (error) {
        if (mine === wanted) failed.current(whyOf(error));
      }
    }
    const onVisibility = () => (document.hidden ? close() : void start());
    if (!canJudge() || !navigator.mediaDevices?.getUserMedia) {
      failed.current("absent");
      return undefined;
    }
    document.addEventListener("visibilitychange", onVisibility);
    void start();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      close();
    };
  }, []);
  return camera;
}
