import { usageError } from '../base/errors.ts';
import type { Dataset } from '../data/row.ts';
import type { JudgeOptions } from '../engine/archive.ts';
import { cellAxes } from '../engine/cells.ts';
import { checkColumns } from '../engine/columns.ts';
import { checkNumbers, namedNumber, objectiveNames } from '../engine/judged.ts';

/** What rows are judged by, the cells they are sorted into, and the objectives of a front, as asked for. */
export interface JudgingOptions {
  /** A column of numbers, a trait such as readability, or `correct`; a minus in front turns it around. */
  readonly quality?: string | undefined;
  /** Descriptors with commas: traits, columns, clusters. Default: clusters,length; of vectors clusters. */
  readonly cells?: string | undefined;
  /** Objectives with commas. Default: quality,nn-distance. */
  readonly pareto?: string | undefined;
}

interface Asked extends JudgingOptions {
  readonly answer?: string | undefined;
  readonly truth?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function judgeOptions(
  { quality, cells, pareto }: JudgingOptions,
  kind: Dataset['kind'],
): JudgeOptions {
  return { quality, cells: cellAxes(cells, kind), objectives: objectiveNames(pareto) };
}

/** Traits that judging reads, so that they come in the same pass as all others. */
export function judgingTraits({ quality, cells, pareto }: JudgingOptions): string[] {
  const named = [...(quality === undefined ? [] : [quality]), ...objectiveNames(pareto)];
  return [
    ...named.map((name) => namedNumber(name, false)).filter(({ kind }) => kind === 'trait'),
    ...cellAxes(cells).filter(({ kind }) => kind === 'trait'),
  ].map(({ name }) => name);
}

/** Why measures of the trade-off cannot be given; undefined where they can. */
export function unjudged(
  { quality, cells, pareto }: JudgingOptions,
  kind: Dataset['kind'],
  emptyCells: boolean,
): Readonly<Record<'judged' | 'archive' | 'objectives', string | undefined>> {
  const needsQuality = quality === undefined ? 'needs --quality' : undefined;
  const descriptors = cellAxes(cells, kind).some((axis) => axis.kind !== 'clusters');
  return {
    judged: needsQuality,
    // What was found in these very rows, or came with them, has a row in every cell.
    archive: descriptors || emptyCells ? undefined : 'needs --cells, or a --reference',
    objectives: objectiveNames(pareto).includes('quality') ? needsQuality : undefined,
  };
}

/** Refuses what the dataset does not have, before any work starts. */
export async function checkJudging(dataset: Dataset, options: Asked): Promise<void> {
  const { quality, cells, pareto, answer, truth, signal } = options;
  const marks = answer !== undefined && truth !== undefined;
  if (quality !== undefined) {
    if (namedNumber(quality, marks).kind === 'nearest') {
      throw usageError('--quality nn-distance is novelty, not quality; name what judges the rows.');
    }
    await checkNumbers(dataset, [quality], '--quality', marks, signal);
  }
  if (pareto !== undefined) {
    const own = objectiveNames(pareto).filter((name) => name !== 'quality');
    await checkNumbers(dataset, own, '--pareto', marks, signal);
  }
  if (cells !== undefined) {
    const axes = cellAxes(cells);
    const trait = axes.find(({ kind }) => kind === 'trait');
    if (trait !== undefined && dataset.kind === 'vectors') {
      throw usageError(`--cells ${trait.name} is read from texts, and the rows are vectors.`);
    }
    const columns = axes.filter(({ kind }) => kind === 'column').map(({ name }) => name);
    await checkColumns(dataset, columns, signal, '--cells');
  }
}
