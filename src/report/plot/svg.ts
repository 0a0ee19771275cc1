import sharp from 'sharp';
import type { Rgb } from '../html/client/palette.ts';
import { outline, textWidth } from './font.ts';
import { LABEL_WEIGHT, LINE_HEIGHT } from './names.ts';
import { rasterise } from './raster.ts';
import type { PointsScene, Scene, TextItem } from './scene.ts';
import { hex } from './theme.ts';

/** Points up to which each is a shape of its own; more become an embedded image, 2 pixels to one. */
const SHAPES = 20_000;
const IMAGE_SCALE = 2;

/**
 * The picture as SVG. Its texts are texts, to be searched and edited, in Inter or what there is like it;
 * their widths are fixed, so that they keep clear of each other in any font.
 */
export async function* svg(scene: Scene): AsyncGenerator<string> {
  const { width, height, theme, title } = scene;
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, 'Helvetica Neue', Arial, sans-serif">\n`;
  yield `<title>${escaped(title || 'Map')}</title>\n<rect width="100%" height="100%" fill="${hex(theme.paper)}"/>\n`;
  if (scene.points.x.length > SHAPES) yield await pointsImage(scene);
  else yield* pointShapes(scene.points);
  yield decorations(scene, textElement);
  yield '</svg>\n';
}

/** What lies over the points in a PNG: the same with letters as outlines, where no font is needed. */
export const overlay = (scene: Scene): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${scene.width}" height="${scene.height}" viewBox="0 0 ${scene.width} ${scene.height}" font-family="sans-serif">${decorations(scene, outlineElement)}</svg>`;

/** Rounds in which the colours take turns to be drawn, so that none lies on top of all others. */
const ROUNDS = 8;

/** Dots as round ends of lines without length: one path a colour and round, a dozen bytes a point. */
function* pointShapes({
  x,
  y,
  order,
  colours,
  colour,
  radius,
  opacity,
}: PointsScene): Generator<string> {
  yield `<g fill="none" stroke-linecap="round" stroke-width="${number(2 * radius)}" stroke-opacity="${opacity}">\n`;
  const size = Math.ceil(order.length / ROUNDS);
  for (let from = 0; from < order.length; from += size) {
    const paths = new Map<number, string>();
    for (const i of order.subarray(from, from + size)) {
      const dot = `M${number(x[i]!)} ${number(y[i]!)}h0`;
      paths.set(colour[i]!, (paths.get(colour[i]!) ?? '') + dot);
    }
    for (const [own, path] of paths) yield `<path stroke="${hex(colours[own]!)}" d="${path}"/>\n`;
  }
  yield '</g>\n';
}

export const number = (value: number): string => String(Math.round(value * 10) / 10);

/** The points alone as pixels, for pictures of `scale` pixels to one. */
export function pointPixels({ points, width, height }: Scene, scale: number) {
  const { x, y, order, colours, colour, radius, opacity } = points;
  return rasterise(
    { width: Math.round(width * scale), height: Math.round(height * scale) },
    { x: x.map((value) => value * scale), y: y.map((value) => value * scale) },
    order,
    (i) => colours[colour[i]!]!,
    radius * scale,
    opacity,
  );
}

async function pointsImage(scene: Scene): Promise<string> {
  const { width, height, pixels } = pointPixels(scene, IMAGE_SCALE);
  const png = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return `<image width="${scene.width}" height="${scene.height}" href="data:image/png;base64,${png.toString('base64')}"/>\n`;
}

type TextRenderer = (item: TextItem, halo: Rgb | null) => string;

function decorations({ theme, texts, dots, bar, names }: Scene, render: TextRenderer): string {
  const parts: string[] = [];
  for (const { line, colour } of names.labels) {
    if (line === null) continue;
    const [x1, y1, x2, y2] = line.map(number);
    parts.push(
      `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${hex(theme.paper)}" stroke-width="3" stroke-opacity="0.6"/>`,
      `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${hex(colour)}" stroke-width="1.1" stroke-opacity="0.75"/>`,
      `<circle cx="${x2}" cy="${y2}" r="2" fill="${hex(colour)}"/>`,
    );
  }
  for (const { lines, x, y, size, colour } of names.labels) {
    const top = y - (lines.length * size * LINE_HEIGHT) / 2;
    for (const [i, { text }] of lines.entries()) {
      const base = top + size * (LINE_HEIGHT * i + 0.93);
      const item = {
        text,
        x,
        y: base,
        size,
        colour,
        weight: LABEL_WEIGHT,
        anchor: 'middle',
      } as const;
      parts.push(render(item, theme.paper));
    }
  }
  for (const { x, y, colour } of dots) {
    parts.push(`<circle cx="${number(x)}" cy="${number(y)}" r="5" fill="${hex(colour)}"/>`);
  }
  if (bar !== null) {
    const step = (bar.box.bottom - bar.box.top) / bar.colours.length;
    for (const [i, colour] of bar.colours.entries()) {
      parts.push(
        `<rect x="${number(bar.box.left)}" y="${(bar.box.top + i * step).toFixed(2)}" width="${number(bar.box.right - bar.box.left)}" height="${(step + 0.3).toFixed(2)}" fill="${hex(colour)}"/>`,
      );
    }
  }
  for (const item of texts) parts.push(render(item, null));
  return `${parts.join('\n')}\n`;
}

/** Letters over points get an edge in the colour of the paper. */
const edge = (halo: Rgb | null, size: number): string =>
  halo === null
    ? ''
    : ` paint-order="stroke" stroke="${hex(halo)}" stroke-width="${number(size * 0.34)}" stroke-linejoin="round" stroke-opacity="0.9"`;

function textElement(item: TextItem, halo: Rgb | null): string {
  const { text, x, y, size, weight, colour, anchor } = item;
  // Only what stands close to other names must keep its width in another font.
  const kept =
    halo === null
      ? ''
      : ` textLength="${number(textWidth(text, size, weight))}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${number(x)}" y="${number(y)}" font-size="${number(size)}" font-weight="${weight}" text-anchor="${anchor}"${kept} fill="${hex(colour)}"${edge(halo, size)}>${escaped(text)}</text>`;
}

function outlineElement(item: TextItem, halo: Rgb | null): string {
  const { text, x, y, size, weight, colour, anchor } = item;
  const width = textWidth(text, size, weight);
  const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
  const { path, rest } = outline(text, left, y, size, weight);
  const style = `fill="${hex(colour)}"${edge(halo, size)}`;
  const own = path === '' ? '' : `<path d="${path}" ${style}/>`;
  return (
    own +
    rest
      .map(
        (run) =>
          `<text x="${number(run.x)}" y="${number(y)}" font-size="${number(size)}" font-weight="${weight}" ${style}>${escaped(run.text)}</text>`,
      )
      .join('')
  );
}

/** Text of a dataset inside markup. What XML cannot hold at all was made visible before. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\u{fffe}\u{ffff}]/gu, '\ufffd');
