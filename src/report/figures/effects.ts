import type { AttributeReport } from '../../attribute/report.ts';
import type { About } from '../../measures/measure.ts';
import { LEVEL } from '../../stats/difference.ts';
import { formatEffect, formatInterval, formatShare } from '../format.ts';
import { cut, oneLine } from '../text.ts';
import { type ForestRow, forestOf, readsWords } from './forest.ts';
import { area, type Figure, legendRows, type Mark, type Tone, text } from './marks.ts';
import { seriesOf } from './series.ts';

const WIDTH = 540;
const LEFT = 200;
const ROW = 26;
const NAME = 28;
/** Terms that are told apart by colour; the others share one. */
const NAMED = 8;

type Effect = AttributeReport['measures'][string]['effects'][number];

export const termName = (factors: readonly string[]): string => oneLine(factors.join(' × '));

export const isSure = ({ corrected }: Pick<Effect, 'corrected'>): boolean =>
  corrected !== null && corrected < LEVEL;

/** What every level of every factor adds to a measure; null where it has no effects. */
export function effectsFigure(
  id: string,
  { measures, factors }: AttributeReport,
  about: About | undefined,
): Figure | null {
  const { title, axis, more, effects } = measures[id]!;
  const rows = effects.flatMap(({ factors: of, levels, corrected }): ForestRow[] =>
    of.length > 1
      ? []
      : levels.map(({ levels: [level = ''], effect, interval }) => ({
          name: `${oneLine(of[0]!)}: ${oneLine(level)}${isSure({ corrected }) ? ' *' : ''}`,
          words: `${formatEffect(effect, interval, about)} (${formatInterval(interval, about)})`,
          value: effect,
          interval,
          tone: seriesOf(factors.findIndex(({ name }) => name === of[0])),
        })),
  );
  if (rows.length === 0) return null;
  const heading = oneLine(title);
  return {
    id: `effects-${id}`,
    title: heading,
    caption: readsWords(axis, more, about),
    label: `Effects on ${heading}: ${rows.map(({ name, words }) => `${name} ${words}`).join('; ')}.`,
    ...forestOf(rows, true),
    table: {
      columns: ['Part', 'Level', 'Effect', '95 % interval', 'Share of the variance', 'p (Holm)'],
      rows: effects.flatMap(({ factors: of, levels, share, corrected }) =>
        levels.map(({ levels: level, effect, interval }) => [
          termName(of),
          oneLine(level.join(', ')),
          formatEffect(effect, interval, about),
          formatInterval(interval, about),
          formatShare(share),
          corrected === null ? '–' : probability(corrected),
        ]),
      ),
    },
  };
}

export const probability = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

/** Which part of the pipeline makes how much of each leading measure's variance; null where none has effects. */
export function variancesFigure(
  { measures, terms }: AttributeReport,
  ids: readonly string[],
): Figure | null {
  const shown = ids.filter((id) => measures[id]!.effects.some(({ share }) => share > 0));
  if (shown.length === 0) return null;
  const right = WIDTH - 12;
  const tone = (of: readonly string[]): Tone => {
    const at = terms.findIndex(({ factors }) => termName(factors) === termName(of));
    return at < NAMED ? seriesOf(at) : 'soft';
  };
  const marks: Mark[] = [];
  for (const [i, id] of shown.entries()) {
    const [top, bottom] = [ROW * i + 4, ROW * i + 20];
    marks.push(text(cut(oneLine(measures[id]!.title), NAME), LEFT - 10, bottom - 4, 'end', 'ink'));
    const { effects } = measures[id]!;
    // Where combinations are missing, shares overlap and may add up to more than everything.
    const total = Math.max(
      1,
      effects.reduce((sum, { share }) => sum + share, 0),
    );
    let from = LEFT;
    for (const effect of effects) {
      const to = from + (effect.share / total) * (right - LEFT);
      const corners = [
        [from, top],
        [to - 1, top],
        [to - 1, bottom],
        [from, bottom],
      ] as const;
      if (to - from > 1.5)
        marks.push(area(corners, tone(effect.factors), isSure(effect) ? 0.9 : 0.3));
      from = to;
    }
  }
  const names = terms
    .slice(0, NAMED)
    .map(({ factors }) => ({ name: cut(termName(factors), 24), tone: tone(factors) }));
  const foot = ROW * shown.length + 24;
  const legend = legendRows(names, right, foot);
  marks.push(...legend.marks);
  return {
    id: 'variances',
    title: 'What moves what',
    caption:
      'The share of the variance between combinations that goes with each part of the pipeline, and with two of them together (×). Pale: no more than chance.',
    label: `Shares of variance of ${shown.length} measures by ${terms.map(({ factors }) => termName(factors)).join(', ')}.`,
    ...{ width: WIDTH, height: foot + legend.height - 8, marks },
    table: {
      columns: ['Measure', ...terms.map(({ factors }) => termName(factors))],
      rows: shown.map((id) => [
        oneLine(measures[id]!.title),
        ...terms.map(({ factors }) => {
          const found = measures[id]!.effects.find(
            (one) => termName(one.factors) === termName(factors),
          );
          return found === undefined
            ? '–'
            : `${formatShare(found.share)}${isSure(found) ? ' *' : ''}`;
        }),
      ]),
    },
  };
}
