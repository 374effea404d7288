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
  brush: "M16.5 3.5l-7 7M9.5 10.5c-3-.5-4.5 1.5-4.5 3.5 0 1-.8 1.800-1.800 2 3 1.5 7.800.5 7.800-3.5z",
  eraser: "M3.5 12.5l8-8 5 5-7 7h-3zM8 8l5 5M9 16.5h7.5",
  lasso_add: "M3 8c0-3 3-5 6-5s6 2 6 5-3 5-6 5c-2 0-3.5-.5-4.5-1.5-1 1-1.5 3 0 4.5M15.5 13v5M13 15.5h5",
  lasso_cut: "M3 8c0-3 3-5 6-5s6 2 6 5-3 5-6 5c-2 0-3.5-.5-4.5-1.5-1 1-1.5 3 0 4.5M13 15.5h5",
  corners: "M5 5l10 2-2 8-8-3zM3.5 3.5h3v3h-3zM13.5 5.5h3v3h-3zM11.5 13.5h3v3h-3zM3.5 10.5h3v3h-3z",
  undo: "M7 4L3.5 7.5 7 11M3.5 7.5H12a4.5 4.5 0 0 1 0 9H8",
  redo: "M13 4l3.5 3.5L13 11M16.5 7.5H8a4.5 4.5 0 0 0 0 9h4",
  eye: "M2 10c2-3.5 5-5 8-5s6 1.5 8 5c-2 3.5-5 5-8 5s-6-1.5-8-5zM10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  help: "M7.5 7.5a2.5 2.5 0 1 1 3.5 2.300c-.7.4-1 .8-1 1.700M10 14v.6M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9M10 12.2v1.800",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  light: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5l1.400 1.400M14.100 14.100l1.400 1.400M4.5 15.5l1.400-1.400M14.100 5.900l1.400-1.400",
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
