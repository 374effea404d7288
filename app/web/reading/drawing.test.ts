import { expect, it } from "vitest";
import { MOST_CORNERS, MOST_RINGS, SIMPLIFIED_PX, outlined, simplified, traced } from "./border";
import { brushed, count, emptyMask, filled, joined, shared, without, type Mask } from "./mask";
import { area_px2, cornersOf, outermost, turnedArea_px2, type Corner, type Ring, type Rings } from "./rings";
import { stroked } from "./strokes";

const [WIDTH, HEIGHT] = [320, 240];
const SIZE = { width: WIDTH, height: HEIGHT };

function round(x: number, y: number, radius: number, wobble = 0, corners = 90): Ring {
  return Array.from({ length: corners }, (_, i): Corner => {
    const turn = (2 * Math.PI * i) / corners;
    const r = radius * (1 + wobble * Math.sin(5 * turn));
    return [x + r * Math.cos(turn), y + r * Math.sin(turn)];
  });
}

/** Even-odd area of lines that do not cross: what is within less what is in holes. */
const enclosed = (rings: Rings): number => Math.abs(rings.reduce((sum, ring) => sum + turnedArea_px2(ring), 0));
const same = (one: Mask, other: Mask): boolean => one.bits.every((bit, i) => bit === other.bits[i]);

it("fills pixels whose centres lie within", () => {
  const square: Ring = [[4.5, 4.5], [24.5, 4.5], [24.5, 14.5], [4.5, 14.5]];
  const mask = filled([square], WIDTH, HEIGHT);
  expect(count(mask)).toBe(200);
  expect([mask.bits[5 * WIDTH + 5], mask.bits[4 * WIDTH + 5], mask.bits[14 * WIDTH + 24]]).toEqual([1, 0, 1]);
});

it.each([[30, 0], [34, 0.15], [80, 0.3], [100, 0.1]])(
  "keeps the area of an outline of radius %d within half a per cent when filled and traced",
  (radius, wobble) => {
    const ring = round(160.3, 119.8, radius, wobble);
    const rings = outlined(filled([ring], WIDTH, HEIGHT));
    expect(rings).toHaveLength(1);
    expect(Math.abs(enclosed(rings) / area_px2(ring) - 1)).toBeLessThan(0.005);
  },
);

it("moves no pixel by tracing, however often", () => {
  const mask = filled([round(150, 110, 70, 0.3), round(150, 110, 20)], WIDTH, HEIGHT);
  let rings = outlined(mask);
  for (let time = 0; time < 5; time++) {
    expect(same(filled(rings, WIDTH, HEIGHT), mask)).toBe(true);
    rings = outlined(filled(rings, WIDTH, HEIGHT));
  }
});

it("keeps holes, and islands in them", () => {
  const rings = [round(150, 110, 80), round(150, 110, 40), round(150, 110, 10)];
  const found = outlined(filled(rings, WIDTH, HEIGHT));
  expect(found).toHaveLength(3);
  expect(found.map((ring) => Math.sign(turnedArea_px2(ring)))).toEqual(
    [1, -1, 1].map((sign) => sign * Math.sign(turnedArea_px2(found[0]!))),
  );
  expect(Math.abs(enclosed(found) / (Math.PI * (80 ** 2 - 40 ** 2 + 10 ** 2)) - 1)).toBeLessThan(0.005);
});

it("traces to the picture's edge", () => {
  const all = { width: 7, height: 5, bits: new Uint8Array(35).fill(1) };
  const [ring] = outlined(all);
  expect(Math.min(...ring!.map(([x]) => x))).toBe(-0.5);
  expect(Math.max(...ring!.map(([, y]) => y))).toBe(4.5);
  expect(same(filled([ring!], 7, 5), all)).toBe(true);
});

it("adds and takes away as sets do", () => {
  const one = filled([round(130, 110, 60)], WIDTH, HEIGHT);
  const path = round(190, 110, 50);
  const other = filled([path], WIDTH, HEIGHT);
  const rings = outlined(one);
  const after = (tool: "lasso_add" | "lasso_cut"): Mask =>
    filled(stroked(rings, tool, path, 0, SIZE), WIDTH, HEIGHT);
  expect(same(after("lasso_add"), joined(one, other))).toBe(true);
  expect(same(after("lasso_cut"), without(one, other))).toBe(true);
  expect(count(joined(one, other))).toBe(count(one) + count(other) - count(shared(one, other)));
});

it("paints a disc with a tap and a capsule with a stroke, and rubs them out", () => {
  expect(count(brushed([[100, 100]], 10, WIDTH, HEIGHT)) / (Math.PI * 100)).toBeCloseTo(1, 1);
  const path: Ring = [[60, 60], [120, 90]];
  const rings = stroked([], "brush", path, 8, SIZE);
  expect(enclosed(rings) / (Math.PI * 64 + 16 * Math.hypot(60, 30))).toBeCloseTo(1, 1);
  expect(stroked(rings, "eraser", path, 8, SIZE)).toEqual([]);
});

it("cuts an ulcer in two where the eraser goes through", () => {
  const rings = stroked([round(150, 110, 50)], "eraser", [[150, 40], [150, 180]], 4, SIZE);
  expect(rings).toHaveLength(2);
});

it("drops specks", () => {
  const mask = emptyMask(20, 20);
  mask.bits[45] = 1;
  mask.bits[46] = 1;
  expect(traced(mask)).toHaveLength(1);
  expect(outlined(mask)).toEqual([]);
});

it("parts pixels that touch at a corner only", () => {
  const mask = emptyMask(20, 20);
  for (const [x, y] of [[4, 4], [5, 4], [4, 5], [5, 5], [6, 6], [7, 6], [6, 7], [7, 7]] as const)
    mask.bits[y * 20 + x] = 1;
  expect(traced(mask)).toHaveLength(2);
});

it("leaves out no corner farther than a quarter pixel from the line", () => {
  const [whole] = traced(filled([round(150.2, 110.7, 90, 0.2)], WIDTH, HEIGHT));
  const few = simplified(whole!);
  expect(few.length).toBeLessThan(whole!.length / 2);
  const away = (corner: Corner): number => Math.min(...few.map((from, i) => gap(corner, from, few[(i + 1) % few.length]!)));
  expect(Math.max(...whole!.map(away))).toBeLessThanOrEqual(SIMPLIFIED_PX + 1e-9);
});

function gap([x, y]: Corner, [x1, y1]: Corner, [x2, y2]: Corner): number {
  const squared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const way = Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / squared));
  return Math.hypot(x - x1 - way * (x2 - x1), y - y1 - way * (y2 - y1));
}

it("stays within what the service takes, whatever is drawn", () => {
  const noisy = emptyMask(WIDTH, HEIGHT);
  let seed = 7;
  for (let i = 0; i < noisy.bits.length; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    noisy.bits[i] = seed > 1.1e9 ? 1 : 0;
  }
  const rings = outlined(noisy);
  expect(rings.length).toBeLessThanOrEqual(MOST_RINGS);
  expect(cornersOf(rings)).toBeLessThanOrEqual(MOST_CORNERS);
});

it("takes the holes out of a border gone round with the brush, and leaves other drawings alone", () => {
  const [border, apart] = [round(100, 100, 50), round(250, 100, 20)];
  const brushed = stroked(stroked([], "brush", [...border, border[0]!], 6, SIZE), "lasso_add", apart, 0, SIZE);
  expect(brushed).toHaveLength(3);
  const whole = outermost(brushed);
  expect(whole).toHaveLength(2);
  expect(count(filled(whole, WIDTH, HEIGHT))).toBeGreaterThan(Math.PI * (50 ** 2 + 19 ** 2));
  expect(outermost(whole)).toEqual(whole);
  const island = stroked(brushed, "brush", [[100, 100]], 8, SIZE);
  expect(island).toHaveLength(4);
  expect(outermost(island)).toEqual(whole);
});
