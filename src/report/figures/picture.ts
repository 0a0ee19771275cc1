import sharp from 'sharp';
import { outline, textWidth, type Weight } from '../plot/font.ts';
import { escaped } from '../plot/svg.ts';
import { blend, hex, type Theme, type ThemeName, themeOf } from '../plot/theme.ts';
import { type Figure, LETTERS, type Mark, type Tone } from './marks.ts';
import { SERIES } from './series.ts';

/** Paper around a figure, and above it for its title. */
const MARGIN = 16;
const HEAD = 44;
const TITLE = 16;
/** Pixels of a PNG for each of the figure's units. */
const SCALE = 2;

type Letters = (item: Line) => string;

interface Line {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
}

/** A figure as SVG; its texts are texts, to be searched and edited, in Inter or what there is like it. */
export const figureSvg = (figure: Figure, theme: ThemeName): string =>
  drawn(figure, themeOf(theme), asText);

/** The same as pixels, letters as outlines, so that no font of the system is needed. */
export const figurePng = (figure: Figure, theme: ThemeName): Promise<Uint8Array> =>
  sharp(Buffer.from(drawn(figure, themeOf(theme), asOutlines)), { density: 72 * SCALE })
    .png({ compressionLevel: 9 })
    .withMetadata({ density: 96 * SCALE })
    .toBuffer();

function drawn(figure: Figure, theme: Theme, letters: Letters): string {
  const width = figure.width + 2 * MARGIN;
  const height = figure.height + HEAD + MARGIN;
  const title: Line = {
    ...{ text: figure.title, x: MARGIN, y: MARGIN + TITLE, anchor: 'start' },
    ...{ size: TITLE, weight: 600, colour: hex(theme.ink) },
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, 'Helvetica Neue', Arial, sans-serif">
<title>${escaped(figure.title)}</title>
<desc>${escaped(figure.label)}</desc>
<rect width="100%" height="100%" fill="${hex(theme.paper)}"/>
${letters(title)}
<g transform="translate(${MARGIN} ${HEAD})">
${figure.marks.map((mark) => markOf(mark, theme, letters)).join('\n')}
</g>
</svg>
`;
}

function markOf(mark: Mark, theme: Theme, letters: Letters): string {
  const colour = colourOf(mark.tone, theme);
  switch (mark.kind) {
    case 'line': {
      const dashed = mark.dashed ? ' stroke-dasharray="5 4"' : '';
      return `<polyline points="${mark.points.join(' ')}" fill="none" stroke="${colour}" stroke-width="${mark.width ?? 1}" stroke-linejoin="round"${dashed}/>`;
    }
    case 'area':
      return `<polygon points="${mark.points.join(' ')}" fill="${colour}" fill-opacity="${mark.opacity}"/>`;
    case 'dot':
      return `<circle cx="${mark.at[0]}" cy="${mark.at[1]}" r="${mark.at[2]}" fill="${colour}"/>`;
    case 'text': {
      const [x, y] = mark.at;
      const { text, anchor, strong } = mark;
      return letters({
        ...{ text, x, y, anchor, colour, size: LETTERS },
        weight: strong ? 600 : 400,
      });
    }
  }
}

function colourOf(tone: Tone, theme: Theme): string {
  if (tone === 'ink') return hex(theme.ink);
  if (tone === 'soft') return hex(theme.soft);
  if (tone === 'grid') return hex(blend(theme.paper, theme.ink, 0.12));
  const [light, dark] = SERIES[Number(tone.slice(1)) % SERIES.length]!;
  return theme.paper[0] < 128 ? dark : light;
}

const asText: Letters = ({ text, x, y, anchor, size, weight, colour }) =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${colour}">${escaped(text)}</text>`;

const asOutlines: Letters = ({ text, x, y, anchor, size, weight, colour }) => {
  const width = textWidth(text, size, weight);
  const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
  const { path, rest } = outline(text, left, y, size, weight);
  const others = rest.map(
    (run) =>
      `<text x="${run.x}" y="${y}" font-size="${size}" font-family="sans-serif" fill="${colour}">${escaped(run.text)}</text>`,
  );
  return `<path d="${path}" fill="${colour}"/>${others.join('')}`;
};
