import type { About } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { axisTitle, directionWords, formatNumber } from './format.ts';
import { wrap } from './text.ts';

/** The catalogue for people: what each measure reads, its range, its direction and its paper. */
export function renderMeasures(measures: readonly Listed[], width: number): string {
  const lines: string[] = [];
  const titleOf = ({ axis, section }: Listed): string => axisTitle(axis, section);
  for (const title of new Set(measures.map(titleOf))) {
    lines.push(title, '');
    for (const measure of measures.filter((listed) => titleOf(listed) === title)) {
      lines.push(`  ${measure.id}  (${measure.title})`);
      const facts = [
        `range ${rangeOf(measure)}`,
        directionOf(measure),
        ...(measure.growsWithN ? ['grows with n: compare at equal n'] : []),
        measure.fast ? 'fast' : 'quadratic',
        ...rowsOf(measure),
      ];
      const text = [measure.reads, `${facts.join('; ')}.`, measure.cite];
      for (const part of text)
        for (const line of wrap(part, width - 6)) lines.push(`      ${line}`);
      lines.push('');
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The same for programs. Infinite bounds are null, as JSON has no infinity. */
export function listedAsJson(measures: readonly Listed[]): string {
  const plain = measures.map(
    ({
      id,
      axis,
      section,
      title,
      reads,
      range,
      more,
      growsWithN,
      unit,
      rows,
      fast,
      cite,
      at,
      family,
    }) => ({
      id,
      axis,
      section,
      family: family.family,
      title,
      reads,
      range: range.map((bound) =>
        typeof bound === 'number' && !Number.isFinite(bound) ? null : bound,
      ),
      more,
      growsWithN,
      unit: unit ?? null,
      rows: rows ?? null,
      fast,
      at,
      cite,
    }),
  );
  return `${JSON.stringify(plain, null, 2)}\n`;
}

export function rangeOf({ range: [low, high], unit }: About): string {
  const bound = (value: number | string): string =>
    typeof value === 'number' ? formatNumber(value) : value;
  return `${bound(low)} to ${bound(high)}${unit === undefined ? '' : ` ${unit}`}`;
}

/** Which rows a measure of vectors reads. */
const rowsOf = ({ rows }: About): string[] => {
  if (rows === undefined) return [];
  return [rows === 'unit' ? 'on rows of length one' : 'on rows as --space says'];
};

function directionOf({ axis, more }: Listed): string {
  return directionWords(axis, more);
}
