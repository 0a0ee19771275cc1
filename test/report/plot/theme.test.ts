import { describe, expect, test } from 'vitest';
import {
  contrast,
  letterColour,
  scaleColour,
  THEMES,
  themeOf,
  toneColour,
} from '../../../src/report/plot/theme.ts';

describe.each(THEMES)('%s', (name) => {
  const theme = themeOf(name);
  const tones = [
    ...Array.from({ length: 27 }, (_, slot) => ({ slot })),
    ...Array.from({ length: 36 }, (_, i) => ({ hue: i / 6, level: i % 3 })),
  ];

  test('every colour is one, and differs from the paper', () => {
    for (const colour of tones.map((tone) => toneColour(theme, tone))) {
      for (const channel of colour) {
        expect(channel).toBeGreaterThanOrEqual(0);
        expect(channel).toBeLessThanOrEqual(255);
      }
      expect(contrast(colour, theme.paper)).toBeGreaterThan(1.25);
    }
  });

  test('letters can be read in every colour', () => {
    for (const tone of tones) {
      const letters = letterColour(theme, toneColour(theme, tone));
      expect(contrast(letters, theme.paper)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(theme.soft, theme.paper)).toBeGreaterThanOrEqual(4.5);
  });

  test('the continuous scale goes one way in lightness and stands out at both ends', () => {
    const light = Array.from({ length: 21 }, (_, i) =>
      contrast(scaleColour(theme, i / 20), [0, 0, 0]),
    );
    for (let i = 1; i < light.length; i += 1) expect(light[i]!).toBeGreaterThan(light[i - 1]!);
    for (const end of [0, 1]) {
      expect(contrast(scaleColour(theme, end), theme.paper)).toBeGreaterThan(1.4);
    }
    expect(scaleColour(theme, -1)).toEqual(scaleColour(theme, 0));
    expect(scaleColour(theme, 2)).toEqual(scaleColour(theme, 1));
  });
});
