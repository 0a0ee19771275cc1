import { DARK, LIGHT, type Rgb } from '../html/client/palette.ts';

export type ThemeName = 'light' | 'dark';
export const THEMES: readonly ThemeName[] = ['light', 'dark'];

export interface Theme {
  readonly paper: Rgb;
  readonly ink: Rgb;
  readonly soft: Rgb;
  /** Points without a value. */
  readonly none: Rgb;
  readonly palette: readonly Rgb[];
  /** Lightness of colours by place, from 0 to 1. */
  readonly levels: readonly number[];
  /** The part of the continuous scale that stands out from the paper. */
  readonly scale: readonly [from: number, to: number];
}

const rgb = (hex: string): Rgb => {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

export const themeOf = (name: ThemeName): Theme =>
  name === 'dark'
    ? {
        paper: [19, 21, 24],
        ink: [230, 231, 232],
        soft: [162, 168, 176],
        none: [84, 89, 96],
        palette: DARK.map(rgb),
        levels: [0.72, 0.84, 0.61],
        scale: [0.18, 1],
      }
    : {
        paper: [255, 255, 255],
        ink: [28, 30, 33],
        soft: [91, 96, 104],
        none: [200, 202, 206],
        palette: LIGHT.map(rgb),
        levels: [0.6, 0.47, 0.72],
        scale: [0, 0.88],
      };

/** Stops of viridis (Smith & van der Walt 2015): even steps to the eye, also to colour-blind ones. */
const STOPS = [
  '440154',
  '472d7b',
  '3b528b',
  '2c728e',
  '21918c',
  '28ae80',
  '5ec962',
  'addc30',
  'fde725',
];

/** The colour of a share of a continuous scale, from 0 to 1. */
export function scaleColour({ scale: [from, to] }: Theme, share: number): Rgb {
  const place = (from + (to - from) * Math.min(1, Math.max(0, share))) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(place));
  return blend(rgb(STOPS[below]!), rgb(STOPS[below + 1]!), place - below);
}

export const blend = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Which colour a category has: one of the palette's, or, where there are many, one by its place. */
export type Tone = { readonly slot: number } | { readonly hue: number; readonly level: number };

/** Shades of the palette, and levels of lightness that neighbours of one hue are told apart by. */
export const SHADES = 3;

/**
 * Slots beyond the palette's own are the same colours towards ink and towards paper, so that more than
 * nine can still be told apart beside each other.
 */
export function toneColour(theme: Theme, tone: Tone): Rgb {
  if (!('slot' in tone)) return wheel(tone.hue, theme.levels[tone.level % theme.levels.length]!);
  const own = theme.palette[tone.slot % theme.palette.length]!;
  const round = Math.floor(tone.slot / theme.palette.length) % SHADES;
  if (round === 0) return own;
  return round === 1 ? blend(own, theme.ink, 0.35) : blend(own, theme.paper, 0.35);
}

const CHROMA = 0.135;

/** A hue in radians at a lightness: OKLCH (Ottosson 2020), less colourful where sRGB ends. */
function wheel(hue: number, lightness: number): Rgb {
  for (let chroma = CHROMA; ; chroma -= 0.005) {
    const linear = fromOklab(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
    if (chroma > 0 && linear.some((value) => value < 0 || value > 1)) continue;
    const [red, green, blue] = linear.map((value) => {
      const share = Math.min(1, Math.max(0, value));
      return 255 * (share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055);
    });
    return [red!, green!, blue!];
  }
}

function fromOklab(lightness: number, a: number, b: number): number[] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** A colour for letters: far enough towards ink to be read on paper. */
export const letterColour = (theme: Theme, colour: Rgb): Rgb => {
  let found = colour;
  for (let step = 0; step < 20 && contrast(found, theme.paper) < 6.5; step += 1) {
    found = blend(found, theme.ink, 0.12);
  }
  return found;
};

/** Contrast of two colours, 1 to 21 (WCAG 2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

export const hex = (colour: Rgb): string =>
  `#${colour.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
