import type { LengthMeasure, LengthPair, LengthReport } from '../audit/length.ts';
import type { About } from '../measures/measure.ts';
import { formatNumber, formatRows, formatValue } from './format.ts';
import { oneLine, pad, wrap } from './text.ts';

type Abouts = Readonly<Record<string, About>>;
type Shown = readonly (readonly [id: string, measure: LengthMeasure])[];

/** Measures whose difference goes with length first, then the others in the order of `leading`. */
export function shownLengths(
  { measures }: LengthReport,
  leading: readonly string[],
  most: number,
): Shown {
  const all = Object.entries(measures);
  const flagged = all.filter(([, { pairs }]) => pairs.some((pair) => pair.goesWithLength));
  const others = leading.flatMap((id) => {
    const known = measures[id];
    if (known === undefined || known.plain.includes(null)) return [];
    return flagged.some(([one]) => one === id) ? [] : [[id, known] as const];
  });
  return [...flagged, ...others].slice(0, most);
}

/** How long the rows are, and on which rows everything was measured again. */
export function lengthWords({ sets, n, matched, cut }: LengthReport): string {
  const means = sets.map(({ name, words }) => `${oneLine(name)} ${formatNumber(words.mean)}`);
  const equal = matched.done
    ? `of equal lengths (matched)`
    : `matching lengths could not be had: ${matched.why}`;
  return `Words a row: ${means.join(', ')}. On ${formatRows(n)}${sets.length > 1 ? ' of each' : ''}: as they are (plain), ${equal}, and longer ones cut to ${formatRows(cut, 'word')} (cut).`;
}

const OUTCOMES = {
  stays: 'stays',
  vanishes: 'vanishes',
  turns: 'turns round',
  unclear: 'is no longer clear',
} as const;

/** 'goes with length: vanishes at equal lengths, stays when cut'; null where nothing was found. */
export function outcomeWords({ matched, cut, goesWithLength }: LengthPair): string | null {
  const parts = [
    ...(matched === null ? [] : [`${OUTCOMES[matched]} at equal lengths`]),
    ...(cut === null ? [] : [`${OUTCOMES[cut]} when cut`]),
  ];
  if (parts.length === 0) return null;
  return `the difference ${goesWithLength ? 'goes with length: it ' : ''}${parts.join(', ')}`;
}

/** The values of all sets, '10.5 : 50.5'. */
export const lengthCell = (
  values: readonly (number | null)[] | null,
  about: About | undefined,
): string => values?.map((value) => formatValue(value, about)).join(' : ') ?? '–';

const CELL = 17;

/** A table of measures plain and controlled, and below each what became of differences. No line is styled. */
export function lengthLines(
  length: LengthReport,
  leading: readonly string[],
  about: Abouts,
  width: number,
  most = 8,
): string[] {
  const { sets } = length;
  const several = sets.length > 2;
  const room = width - 2 - 3 * CELL;
  const line = (name: string, cells: readonly string[]): string =>
    `  ${pad(name, room)}${cells.map((cell) => pad(cell, CELL, 'left')).join('')}`.trimEnd();
  const lines = wrap(lengthWords(length), width - 2).map((text) => `  ${text}`);
  if (!several) lines.push(line('', ['plain', 'matched', 'cut']));
  for (const [id, measure] of shownLengths(length, leading, most)) {
    const cells = (pair: readonly number[]): string[] =>
      [measure.plain, measure.matched, measure.cut].map((values) =>
        lengthCell(values && pair.map((s) => values[s]!), about[id]),
      );
    const title = oneLine(measure.title);
    if (!several) lines.push(line(title, cells([...sets.keys()])));
    for (const pair of measure.pairs) {
      const words = outcomeWords(pair);
      if (words === null || (several && !pair.goesWithLength)) continue;
      const { a, b } = pair;
      const [plain, matched, cut] = cells([a, b]);
      const text = several
        ? `${title}, ${oneLine(sets[a]!.name)} : ${oneLine(sets[b]!.name)} (plain ${plain}, matched ${matched}, cut ${cut}): ${words}`
        : words;
      lines.push(...wrap(text, width - 4).map((part) => `    ${part}`));
    }
  }
  return lines;
}
