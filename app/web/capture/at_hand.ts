/** The study's subjects and ulcers, from the service or as this tablet last knew them. */

import { useMemo } from "preact/hooks";
import { api, reached } from "../shared/api";
import { useLoaded, type Loaded } from "../shared/watch";
import type { Subject, Ulcer } from "../shared/wire";
import { askOrRecall } from "../tablet/kept";
import { heldKey } from "../tablet/keyring";
import { tray } from "./tray_items";
import { withTaken } from "./windows";

export interface AtHand {
  subjects: Subject[];
  ulcers: Ulcer[];
}

async function ask(studyId: string): Promise<AtHand> {
  const [subjects, ulcers] = await Promise.all([api.subjects(studyId), api.ulcers(studyId)]);
  return { subjects, ulcers };
}

function load(studyId: string, person: string): Promise<AtHand> {
  const key = heldKey(person);
  return key ? askOrRecall(person, key, `subjects and ulcers of ${studyId}`, () => ask(studyId)) : ask(studyId);
}

/** Asked again whenever a photograph has come to its end, and when the network is back. */
export function useAtHand(studyId: string, person: string): Loaded<AtHand> {
  const settled = tray.value.filter((item) => item.step === "done").length;
  const loaded = useLoaded(() => load(studyId, person), [studyId, person, settled, reached.value]);
  return useMemo(
    () => ({
      ...loaded,
      value: loaded.value && { ...loaded.value, ulcers: withTaken(loaded.value.ulcers, tray.value) },
    }),
    [loaded.value, loaded.error, tray.value],
  );
}
