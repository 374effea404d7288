/** The words of the protocol and of the hand: "index finger, right hand, distal phalanx, palmar". */

import { language, word } from "./language";
import type { Place, Ulcer, Visit } from "./wire";

export function visitLabel(visit: Visit): string {
  return language.value === "fr" ? visit.label_fr : visit.label_en;
}

export function placeOf(ulcer: Place): string {
  const parts = [
    word("digit", ulcer.digit),
    word("hand", ulcer.hand),
    word("phalanx", ulcer.phalanx),
    word("surface", ulcer.surface),
  ];
  if (ulcer.side !== "central") parts.push(word("side", ulcer.side));
  return parts.filter(Boolean).join(", ");
}

/** Ulcers of a study by site and subject, each in the order of its code. */
export function bySite(ulcers: readonly Ulcer[]): { site_code: string; subjects: { code: string; ulcers: Ulcer[] }[] }[] {
  const sorted = [...ulcers].sort((a, b) =>
    [a.site_code, a.subject_code, a.code].join(" ").localeCompare([b.site_code, b.subject_code, b.code].join(" ")),
  );
  const sites: { site_code: string; subjects: { code: string; ulcers: Ulcer[] }[] }[] = [];
  for (const ulcer of sorted) {
    let site = sites.at(-1);
    if (site?.site_code !== ulcer.site_code) sites.push((site = { site_code: ulcer.site_code, subjects: [] }));
    let subject = site.subjects.at(-1);
    if (subject?.code !== ulcer.subject_code) site.subjects.push((subject = { code: ulcer.subject_code, ulcers: [] }));
    subject.ulcers.push(ulcer);
  }
  return sites;
}
