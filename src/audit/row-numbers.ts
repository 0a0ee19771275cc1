import type { ArtefactSource } from '../engine/artefacts.ts';
import type { Listed } from '../measures/registry.ts';
import { TRAIT_FAMILIES } from '../measures/trait-list.ts';
import type { MapColumn } from './report.ts';

type Column = Pick<MapColumn, 'amounts' | 'name'> & {
  readonly of: (row: number) => string | number | null;
};

/** Scores of models whose titles say more than their names. */
const SCORES: Readonly<Record<string, string>> = {
  loss: 'Loss of the language model (nats a token)',
  ifd: 'Loss left when the prompt is known (ifd)',
};

/**
 * What single rows have of the measures that were asked for: how good they are, then how complex. Only what
 * is known from measuring is given; nothing is computed for the map alone.
 */
export async function rowNumbers(
  source: ArtefactSource,
  chosen: readonly Listed[],
  quality: boolean,
): Promise<Column[]> {
  const asked = new Map(chosen.map((measure) => [measure.id, measure]));
  const columns: Column[] = [];
  const add = (name: string, values: ArrayLike<number>): void => {
    columns.push({ name, amounts: true, of: (row) => numberOf(values[row]!) });
  };
  if (quality) {
    const judged = await source('judged');
    add(`Quality (${judged.of})`, judged.numbers);
  }
  if (asked.has('correct')) {
    const { marks } = await source('marks');
    const words = (mark: number): string | null =>
      mark === 1 ? 'right' : mark === 0 ? 'wrong' : null;
    if (marks !== null) columns.push({ name: 'Answer', of: (row) => words(marks[row]!) });
  }
  for (const [name, { values }] of source.rows.scores ?? []) {
    if (name === 'loss tokens') continue;
    add(SCORES[name] ?? asked.get(name)?.title ?? name, values);
  }
  const traits = TRAIT_FAMILIES.flatMap((family) => Object.keys(family.traits)).filter((id) =>
    asked.has(id),
  );
  if (traits.length > 0) {
    const found = await (await source('traits')).of(traits);
    for (const [at, id] of traits.entries()) {
      const { axis, title } = asked.get(id)!;
      // Of the rules whether all are kept: which one is broken the lists say.
      if (axis === 'complexity') add(title, found[at]!);
      else if (id === 'quality.rules') {
        const words = (kept: number): string => (kept === 1 ? 'keeps all' : 'breaks one');
        columns.push({ name: 'Rules', of: (row) => words(found[at]![row]!) });
      }
    }
  }
  if (asked.has('surprisal')) {
    add(asked.get('surprisal')!.title, (await source('surprisals')).bits);
  }
  return columns;
}

const numberOf = (value: number): number | null => (Number.isFinite(value) ? value : null);
