/**
 * Nine colours of series, light and dark, found by a search: any two differ by more than 20 (CIE76) in
 * normal, protan, deutan and tritan vision, and each stands out from its paper by 3 to 1. A test holds
 * them to both.
 */
export const SERIES: readonly (readonly [light: string, dark: string])[] = [
  ['#1f6fb4', '#6cb2f2'],
  ['#a98f02', '#b79101'],
  ['#d6375a', '#fc5186'],
  ['#38189f', '#955be9'],
  ['#4e1a0a', '#eae0a0'],
  ['#e6669e', '#28fcdd'],
  ['#976afb', '#a4438e'],
  ['#944109', '#2e772b'],
  ['#492652', '#bdfd5c'],
];

export const seriesOf = (i: number): `s${number}` => `s${i % SERIES.length}`;

/** The classes s0, s1 … of a style sheet, which set the colour that belongs to a series. */
export const seriesStyle = (): string =>
  SERIES.map(
    ([light, dark], i) => `.s${i} {\n  --series: light-dark(${light}, ${dark});\n}\n`,
  ).join('\n');
