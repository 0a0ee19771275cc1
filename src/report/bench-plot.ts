import sharp from 'sharp';
import { formatNumber, formatShare } from '../base/numbers.ts';
import type { BenchReport, SetupReport } from '../bench/report.ts';
import { fitted, outline, textWidth, type Weight } from './plot/font.ts';
import { hex, letterColour, themeOf, toneColour } from './plot/theme.ts';
import { oneLine } from './text.ts';

const [WIDTH, HEIGHT] = [900, 560];
const AREA = { left: 90, right: 860, top: 70, bottom: 480 };
const theme = themeOf('light');
/** Pixels of a PNG for each of the picture's. */
const SCALE = 2;

interface Point {
  readonly name: string;
  readonly speed: number;
  /** Half of the repeats lie no farther away. */
  readonly spread: number;
  /** Its speed is not to be trusted. */
  readonly doubtful: boolean;
  readonly fidelity: number;
}

/** Speed against fidelity: every embedder at its fastest load, letters as outlines so that no font is needed. */
export function renderBenchPlot(report: BenchReport): string {
  const points = report.setups.flatMap((setup) => pointOf(setup));
  const title = `Speed and fidelity, beside ${oneLine(report.baseline)}`;
  const body = [
    text(title, AREA.left, 36, 18, 600),
    text('share of the baseline’s nearest neighbours that are found', AREA.left, 58, 12),
    ...yAxis(),
    ...(points.length === 0 ? [] : marks(points)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="${hex(theme.paper)}"/>
${body.join('\n')}
</svg>
`;
}

export async function renderBenchPng(report: BenchReport): Promise<Uint8Array> {
  return sharp(Buffer.from(renderBenchPlot(report)), { density: 72 * SCALE })
    .resize(WIDTH * SCALE, HEIGHT * SCALE, { fit: 'fill' })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

function pointOf({ name, timings, agreement }: SetupReport): Point[] {
  if (timings.length === 0) return [];
  const { rowsPerSecond, doubts } = timings.reduce((best, timing) =>
    timing.rowsPerSecond.median > best.rowsPerSecond.median ? timing : best,
  );
  const { median: speed, spread } = rowsPerSecond;
  const doubtful = doubts.length > 0;
  const fidelity = agreement === null ? 1 : agreement.neighbours;
  return fidelity === null ? [] : [{ name: oneLine(name), speed, spread, doubtful, fidelity }];
}

function yAxis(): string[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const y = yOf(share);
    const words = formatShare(share);
    return [
      line(AREA.left, y, AREA.right, y),
      text(words, AREA.left - 10 - textWidth(words, 12, 400), y + 4, 12),
    ];
  });
}

const yOf = (share: number): number => AREA.bottom - share * (AREA.bottom - AREA.top - 10);

function marks(points: readonly Point[]): string[] {
  const logs = points.map(({ speed }) => Math.log10(speed));
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs) + 1e-9)];
  const xOf = (log: number): number =>
    AREA.left + 20 + ((log - low) / Math.max(1, high - low)) * (AREA.right - AREA.left - 40);
  const ticks = Array.from({ length: Math.max(1, high - low) + 1 }, (_, i) => low + i);
  const names = new Names();
  const reach = (end: number, speed: number): number =>
    Math.min(AREA.right, Math.max(AREA.left, xOf(Math.log10(Math.max(end, speed / 100)))));
  const spots = points.map(({ speed, spread, fidelity }, i) => {
    const [from, to] = [reach(speed - spread, speed), reach(speed + spread, speed)];
    return { x: xOf(logs[i]!), y: yOf(fidelity), from, to };
  });
  for (const spot of spots) names.keepFree(spot);
  return [
    ...ticks.flatMap((power) => {
      const words = formatNumber(10 ** power);
      return text(words, xOf(power) - textWidth(words, 12, 400) / 2, AREA.bottom + 22, 12);
    }),
    text(
      'rows a second, at the fastest load, on a scale of powers of ten',
      AREA.left,
      AREA.bottom + 46,
      12,
    ),
    ...(points.some(({ doubtful }) => doubtful)
      ? [text(DOUBTFUL, AREA.left, AREA.bottom + 64, 12)]
      : []),
    ...points.flatMap(({ name, doubtful }, i) => {
      const spot = spots[i]!;
      const { x, y, from, to } = spot;
      const colour = toneColour(theme, { slot: i });
      const ink = hex(colour);
      const shown = fitted(name, 260, 13, 600);
      const [left, base] = names.place(spot, textWidth(shown, 13, 600));
      const fill = doubtful ? hex(theme.paper) : ink;
      return [
        `<path d="M${round(from)} ${round(y)}L${round(to)} ${round(y)}" stroke="${ink}" stroke-width="2"/>`,
        `<circle cx="${round(x)}" cy="${round(y)}" r="6" fill="${fill}" stroke="${ink}" stroke-width="2"/>`,
        text(shown, left, base, 13, 600, hex(letterColour(theme, colour))),
      ];
    }),
  ];
}

const DOUBTFUL =
  'hollow: a speed not to be trusted, the table says why; lines: half of the repeats lie within';

/** A point, and how far the line through it reaches. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly from: number;
  readonly to: number;
}
type Place = readonly [left: number, base: number];
type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Places for names beside points: where no other name and no point is, within the picture. */
class Names {
  private readonly taken: Box[] = [];

  keepFree({ x, y, from, to }: Spot): void {
    this.taken.push([Math.min(x - 8, from), y - 8, Math.max(x + 8, to), y + 8]);
  }

  /** Where the letters of a name begin: right of its point, left, above, below, then farther down. */
  place({ x, y, from, to }: Spot, width: number): Place {
    const middle = Math.min(Math.max(AREA.left, x - width / 2), AREA.right - width);
    const places: Place[] = [
      [Math.max(x + 12, to + 6), y + 4],
      [Math.min(x - 12, from - 6) - width, y + 4],
      [middle, y - 12],
      [middle, y + 22],
    ];
    for (let down = 36; down < HEIGHT; down += 14) places.push([middle, y + down]);
    const found = places.find((place) => this.isFree(boxOf(place, width))) ?? places[0]!;
    this.taken.push(boxOf(found, width));
    return found;
  }

  private isFree([left, top, right, bottom]: Box): boolean {
    if (left < AREA.left || right > WIDTH - 4 || bottom > AREA.bottom) return false;
    return this.taken.every((box) => {
      return right <= box[0] || left >= box[2] || bottom <= box[1] || top >= box[3];
    });
  }
}

const boxOf = ([x, y]: Place, width: number): Box => [x, y - 11, x + width, y + 4];

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${hex(theme.none)}" stroke-width="0.5"/>`;

function text(
  words: string,
  x: number,
  y: number,
  size: number,
  weight: Weight = 400,
  colour = hex(theme.ink),
): string {
  const { path, rest } = outline(words, x, y, size, weight);
  const other = rest.map(
    (run) =>
      `<text x="${round(run.x)}" y="${round(y)}" font-size="${size}" fill="${colour}" textLength="${round(run.width)}">${escaped(run.text)}</text>`,
  );
  return `<path d="${path}" fill="${colour}"/>${other.join('')}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
