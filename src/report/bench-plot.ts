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
  const speed = Math.max(...timings.map(({ rowsPerSecond }) => rowsPerSecond.median));
  const fidelity = agreement === null ? 1 : agreement.neighbours;
  return fidelity === null ? [] : [{ name: oneLine(name), speed, fidelity }];
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
  const placed: { x: number; y: number }[] = [];
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
    ...points.flatMap(({ name, fidelity }, i) => {
      const [x, y] = [xOf(logs[i]!), yOf(fidelity)];
      const colour = toneColour(theme, { slot: i });
      const shown = fitted(name, 260, 13, 600);
      const wide = textWidth(shown, 13, 600);
      const left = x + 12 + wide > AREA.right ? x - 12 - wide : x + 12;
      // Names of embedders that are alike come below each other.
      let at = y + 4;
      while (
        placed.some((other) => Math.abs(other.y - at) < 16 && Math.abs(other.x - left) < 200)
      ) {
        at += 16;
      }
      placed.push({ x: left, y: at });
      return [
        `<circle cx="${round(x)}" cy="${round(y)}" r="6" fill="${hex(colour)}"/>`,
        text(shown, left, at, 13, 600, hex(letterColour(theme, colour))),
      ];
    }),
  ];
}

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
