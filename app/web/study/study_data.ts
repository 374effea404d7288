/** The study page's data, kept fresh while photographs are being measured. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../shared/api";
import { watch } from "../shared/watch";
import type { Capture, SeriesItem, Ulcer } from "../shared/wire";
import { progressOf } from "./series";

/** While photographs are on their way the page follows closely, else it looks round now and then. */
const BUSY_WAIT_MS = 1_500;
const CALM_WAIT_MS = 6_000;

export interface StudyData {
  ulcers: Ulcer[];
  captures: Capture[];
  items: SeriesItem[];
}

/** What changes when a photograph arrives or is measured. */
function fingerprint(captures: readonly Capture[]): string {
  return captures.map((c) => `${c.id}${c.state}${c.accepted}`).sort().join();
}

export function useStudyData(studyId: string, seesAreas: boolean): { data: StudyData | null; error: unknown } {
  const [data, setData] = useState<StudyData | null>(null);
  const [error, setError] = useState<unknown>(null);
  const known = useRef("");
  useEffect(() => {
    let busy = true;
    known.current = "";
    setData(null);
    async function look(): Promise<"again"> {
      try {
        const captures = await api.captures(studyId);
        busy = progressOf(captures.map((c) => c.state)).under_way > 0;
        const print = `${fingerprint(captures)};`; // never empty: a study without photographs is shown too
        if (print !== known.current) {
          const [ulcers, items] = await Promise.all([api.ulcers(studyId), seesAreas ? api.series(studyId) : []]);
          setData({ ulcers, captures, items });
          known.current = print;
        }
        setError(null);
      } catch (caught) {
        setError(caught);
      }
      return "again";
    }
    return watch(look, () => (busy ? BUSY_WAIT_MS : CALM_WAIT_MS));
  }, [studyId, seesAreas]);
  return { data, error };
}
