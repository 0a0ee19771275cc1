import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype, { type Font, type Glyph, type Path } from 'opentype.js';
import { displayWidth } from '../text.ts';

/** Inter, which is shipped with the package: pictures look the same wherever they are made. */
const PACKAGE = '@fontsource/inter';
const SUBSETS = [
  'latin',
  'latin-ext',
  'cyrillic',
  'greek',
  'cyrillic-ext',
  'greek-ext',
  'vietnamese',
];

export type Weight = 400 | 600;

/** Characters that one face draws, or null where none of ours does and the system must. */
interface Run {
  readonly text: string;
  readonly font: Font | null;
}

const faces = new Map<string, Font>();

function face(subset: string, weight: Weight): Font {
  const name = `inter-${subset}-${weight}-normal.woff`;
  let font = faces.get(name);
  if (font === undefined) {
    const path = createRequire(import.meta.url).resolve(`${PACKAGE}/files/${name}`);
    font = opentype.parse(Uint8Array.from(readFileSync(path)).buffer);
    faces.set(name, font);
  }
  return font;
}

function fontOf(character: string, weight: Weight): Font | null {
  for (const subset of SUBSETS) {
    const font = face(subset, weight);
    if (font.charToGlyphIndex(character) > 0) return font;
    // Plain letters are in the first subset: the others need not be read for them.
    if (character <= '~') return null;
  }
  return null;
}

function runsOf(text: string, weight: Weight): Run[] {
  const runs: { text: string; font: Font | null }[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    // The narrow no-break space is not in the font; a space of it stands for it.
    const shown = character === '\u202f' ? '\u00a0' : character;
    const font = fontOf(shown, weight);
    if (last !== undefined && last.font === font) last.text += shown;
    else runs.push({ text: shown, font });
  }
  return runs;
}

/** Width in ems of a column of a terminal, for characters whose font is not known. */
const COLUMN = 0.56;

/** The width of a line in pixels; an estimate where the system's fonts must draw. */
export const textWidth = (text: string, size: number, weight: Weight): number =>
  runsOf(text, weight).reduce((sum, run) => sum + runWidth(run, size), 0);

function runWidth({ text, font }: Run, size: number): number {
  if (font === null) return displayWidth(text) * COLUMN * size;
  let width = 0;
  for (const { advance } of glyphsOf(text, font)) width += advance;
  return (width * size) / font.unitsPerEm;
}

/** Glyphs in order with kerning; the font's substitutions are not applied. */
function* glyphsOf(text: string, font: Font): Generator<{ glyph: Glyph; advance: number }> {
  const glyphs = Array.from(text, (character) => font.charToGlyph(character));
  for (const [i, glyph] of glyphs.entries()) {
    const next = glyphs[i + 1];
    const kerning = next === undefined ? 0 : font.getKerningValue(glyph, next);
    yield { glyph, advance: glyph.advanceWidth + kerning };
  }
}

/** A line as outlines, and what is left over for the system's fonts, each with its place. */
export interface Outlined {
  /** Data of a path in SVG. */
  readonly path: string;
  readonly rest: readonly { readonly text: string; readonly x: number; readonly width: number }[];
}

export function outline(
  text: string,
  x: number,
  y: number,
  size: number,
  weight: Weight,
): Outlined {
  let path = '';
  let at = x;
  const rest: { text: string; x: number; width: number }[] = [];
  for (const run of runsOf(text, weight)) {
    if (run.font === null) rest.push({ text: run.text, x: at, width: runWidth(run, size) });
    else {
      let pen = at;
      for (const { glyph, advance } of glyphsOf(run.text, run.font)) {
        path += pathData(glyph.getPath(pen, y, size));
        pen += (advance * size) / run.font.unitsPerEm;
      }
    }
    at += runWidth(run, size);
  }
  return { path, rest };
}

/** With spaces between all numbers: readers of SVG differ in how tightly packed ones are taken apart. */
const pathData = ({ commands }: Path): string =>
  commands
    .map(({ type, x1, y1, x2, y2, x, y }) => {
      const places = [x1, y1, x2, y2, x, y].filter((value) => value !== undefined);
      return type + places.map((value) => String(Math.round(value * 100) / 100)).join(' ');
    })
    .join('');

/** The text cut to a width in pixels, with an ellipsis where something is left out. */
export function fitted(text: string, width: number, size: number, weight: Weight): string {
  if (textWidth(text, size, weight) <= width) return text;
  const characters = Array.from(text);
  let low = 0;
  let high = characters.length;
  const cutAt = (count: number): string => `${characters.slice(0, count).join('').trimEnd()}…`;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(cutAt(middle), size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return cutAt(low);
}
