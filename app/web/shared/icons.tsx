/** The few drawings of the interface, on a 20 × 20 grid. */

const PATHS = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  target: "M10 2v3M10 15v3M2 10h3M15 10h3M10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  whole: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  left: "M12.5 4l-6 6 6 6",
  right: "M7.5 4l6 6-6 6",
  camera: "M3 6.5h3l1.5-2h5l1.5 2h3v9H3zM10 8.2a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
  check: "M4 10.5l4 4 8-9",
  cross: "M5 5l10 10M15 5L5 15",
  alert: "M10 3l8 14H2zM10 8v4M10 14.2v.6",
  clock: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4.3l3 1.8",
  dash: "M5 10h10",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon; with a label it speaks for itself, without it is decoration beside a word. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" role={label ? "img" : undefined} aria-label={label} aria-hidden={!label}>
      <path d={PATHS[name]} />
    </svg>
  );
}
