import { describe, expect, test } from 'vitest';
import { SERIES } from '../../src/report/figures/series.ts';
import { assignColours, DARK, LIGHT } from '../../src/report/html/client/palette.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Complete lack of one cone, on linear RGB: Machado, Oliveira and Fernandes 2009, severity 1. */
// biome-ignore format: matrices
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
// biome-ignore format: a matrix
const TO_XYZ: Matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
const WHITE: Triple = [0.9505, 1, 1.089];

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const row = ([x, y, z]: Triple): number => x * a + y * b + z * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

const luminance = (hex: string): number =>
  [0, 2, 4].reduce((sum, at, i) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    const linear = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return sum + linear * TO_XYZ[1][i]!;
  }, 0);

/** The contrast of a colour with its paper (WCAG 2). */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The colour as it is seen, in CIE L*a*b*. */
function seen(hex: string, vision: Matrix): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const [r, g, b] = times(vision, [channel(0), channel(2), channel(4)]);
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const xyz = times(TO_XYZ, [clamp(r), clamp(g), clamp(b)]);
  const [x, y, z] = [0, 1, 2].map((at) => {
    const part = xyz[at]! / WHITE[at]!;
    return part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe('the colours of clusters', () => {
  test.each(Object.keys(VISIONS))('differ clearly in %s vision, on both themes', (name) => {
    for (const palette of [LIGHT, DARK]) {
      const colours = palette.map((hex) => seen(hex, VISIONS[name]!));
      for (const [i, a] of colours.entries()) {
        for (const b of colours.slice(0, i)) {
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(20);
        }
      }
    }
  });

  test('are all used before one is used again, and then far away', () => {
    const places = Array.from({ length: 10 }, (_, i) => ({ x: i, y: 0 }));
    const slots = assignColours(places);
    expect(new Set(slots.slice(0, 9)).size).toBe(9);
    expect(slots[9]).toBe(slots[0]);
  });
});

describe('the colours of series', () => {
  const sides = [0, 1].map((side) => SERIES.map((pair) => pair[side]!.slice(1)));

  test.each(Object.keys(VISIONS))('differ clearly in %s vision, on both themes', (name) => {
    for (const palette of sides) {
      const colours = palette.map((hex) => seen(hex, VISIONS[name]!));
      for (const [i, a] of colours.entries()) {
        for (const b of colours.slice(0, i)) {
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(20);
        }
      }
    }
  });

  test('stand out from their paper by three to one', () => {
    for (const [side, paper] of ['fcfcfa', '131517'].entries()) {
      for (const hex of sides[side]!) expect(contrast(hex, paper)).toBeGreaterThan(3);
    }
  });
});
