import { element } from '../html/still-page.ts';
import { seriesOf } from './colours.ts';

const WIDTH = 900;
const HEIGHT = 560;
const MARGIN = 10;

/** Points in the colour of their series. Drawn in a mixed order, so that no series hides another. */
export function scatter(x: Float32Array, y: Float32Array, of: Int32Array): string {
  const place = scale(x, WIDTH);
  const height = scale(y, HEIGHT);
  const order = Array.from(of.keys()).sort((a, b) => scrambled(a) - scrambled(b) || a - b);
  const points = order.map(
    (i) => `<circle class="${seriesOf(of[i]!)}" cx="${place(x[i]!)}" cy="${height(y[i]!)}" r="2"/>`,
  );
  const box = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', class: 'scatter' };
  return element('svg', box, ...points);
}

const scrambled = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 0;

function scale(values: Float32Array, size: number): (value: number) => string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = size - 2 * MARGIN;
  return (value) =>
    (MARGIN + (high > low ? ((value - low) / (high - low)) * room : room / 2)).toFixed(1);
}
