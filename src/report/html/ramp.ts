import { hex, scaleColour, themeOf } from '../plot/theme.ts';
import type { ColourView } from './view.ts';

/** Steps of a continuous scale. */
export const SHADES = 64;

const [light, dark] = [themeOf('light'), themeOf('dark')];

/** Colours of amounts from the least to the largest, and that of none, light and dark. */
export const RAMP: readonly ColourView[] = [
  ...Array.from({ length: SHADES }, (_, i): ColourView => {
    const share = i / (SHADES - 1);
    return [hex(scaleColour(light, share)), hex(scaleColour(dark, share))];
  }),
  [hex(light.none), hex(dark.none)],
];
