import { formatCount, formatNumber } from '../../base/numbers.ts';

/** From values to places along one side of a figure. */
export interface Scale {
  readonly of: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** Ticks that make a scale. */
const FEWEST = 3;

type Words = (value: number) => string;

/** Round values with no more digits than they have. */
const plain: Words = (value) =>
  Number.isInteger(value)
    ? formatCount(value)
    : Math.abs(value) < 1e-4
      ? formatNumber(value)
      : `${Number(value.toPrecision(6))}`;

/** Where the low end and the high end of the values lie. */
type Ends = readonly [from: number, to: number];

/** Even steps, with ticks at round values inside. One value lies in the middle. */
export function linear(
  low: number,
  high: number,
  [from, to]: Ends,
  count = 4,
  words: Words = plain,
): Scale {
  const span = high - low;
  const of = (value: number): number =>
    span > 0 ? from + ((value - low) / span) * (to - from) : (from + to) / 2;
  let values = roundValues(low, high, count);
  // Round steps may leave one or two values only, from which no one reads a scale.
  for (let more = count + 1; values.length < FEWEST && more <= 3 * count; more += 1) {
    values = roundValues(low, high, more);
  }
  return { of, ticks: values.map((value) => ({ at: of(value), text: words(value) })) };
}

/** Even steps of the logarithm, with ticks at powers of ten, of few also between; values above zero only. */
export function logarithmic(
  low: number,
  high: number,
  [from, to]: Ends,
  words: Words = plain,
): Scale {
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const of = (value: number): number =>
    last > first
      ? from + ((Math.log10(value) - first) / (last - first)) * (to - from)
      : (from + to) / 2;
  // Few powers leave room for steps between them; many would stand on each other.
  const decades = last - first;
  const times = decades < 1.5 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 6));
  const values: number[] = [];
  for (let power = Math.floor(first); power <= Math.ceil(last); power += every) {
    for (const time of times) values.push(Number((time * 10 ** power).toPrecision(12)));
  }
  return {
    of,
    ticks: values
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
      .map((value) => ({ at: of(value), text: words(value) })),
  };
}

/** The nearest ones, twos or fives of a power of ten that hold both; values above zero only. */
export function roundBeyond(low: number, high: number): [low: number, high: number] {
  const near = (value: number): number[] => {
    const power = 10 ** Math.floor(Math.log10(value));
    return [0.5, 1, 2, 5, 10].map((times) => Number((times * power).toPrecision(12)));
  };
  return [
    near(low).findLast((value) => value <= low)!,
    near(high).find((value) => value >= high && value > low)!,
  ];
}

/** Multiples of 1, 2 or 5 times a power of ten between the ends: about as many as asked for. */
export function roundValues(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((times) => times * power >= rough * 0.999)! * power;
  const values: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) {
    // Rounded to the step, so that 0.30000000000000004 is written 0.3.
    values.push(Number((i * step).toPrecision(12)));
  }
  return values;
}
