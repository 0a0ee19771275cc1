import { checkJudging, type JudgingOptions, judgeOptions } from '../audit/judging.ts';
import type { AuditOptions } from '../audit/options.ts';
import { usageError } from '../base/errors.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Dataset } from '../data/row.ts';
import type { AnswerColumns } from '../engine/answers.ts';
import type { JudgeOptions } from '../engine/archive.ts';
import { artefactsOf } from '../engine/artefacts.ts';
import { type CellSource, gridOf } from '../engine/cells.ts';
import { checkColumns } from '../engine/columns.ts';
import { floorOf } from '../engine/judged.ts';
import type { Listed } from '../measures/registry.ts';
import type { Side } from './sides.ts';

/** What rows are judged by where several sets of them are measured: as in an audit, on common terms. */
export type SharedJudging = Pick<AuditOptions, 'answer' | 'truth' | 'match' | 'prompt'> &
  JudgingOptions;

/** Refuses what contradicts itself, before anything is read. `--prompt` has a use of its own. */
export function checkAnswerFlags({ answer, truth, match }: SharedJudging): void {
  if (answer === undefined && (truth ?? match) !== undefined) {
    throw usageError('--truth and --match say more of --answer; name that column too.');
  }
}

/** Refuses columns that the dataset does not have, before any work starts. */
export async function checkSharedJudging(
  dataset: Dataset,
  options: SharedJudging & { readonly signal?: AbortSignal | undefined },
): Promise<void> {
  for (const name of ['answer', 'truth'] as const) {
    const asked = options[name];
    if (asked !== undefined) await checkColumns(dataset, [asked], options.signal, `--${name}`);
  }
  await checkJudging(dataset, options);
}

export interface Judging {
  readonly answers: AnswerColumns | undefined;
  /** One a side: all in one grid of cells, with one floor of quality. */
  readonly judges: readonly JudgeOptions[];
}

export async function sharedJudging(
  sides: readonly Side[],
  clusters: readonly Clusters[],
  chosen: readonly Listed[],
  options: SharedJudging & { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<Judging> {
  const { answer, truth, match, prompt, seed, signal } = options;
  const answers = answer === undefined ? undefined : { answer, truth, match, prompt };
  const judge = judgeOptions(options, sides[0]!.from.dataset.kind);
  const needs = new Set(chosen.flatMap(({ family }) => family.needs));
  const sources = sides.map(({ rows }) =>
    artefactsOf(rows, null, { seed, index: 'auto', answers, judge, intervals: false, signal }),
  );
  const qualities: Float64Array[] = [];
  if (needs.has('judged')) {
    for (const source of sources) qualities.push((await source('judged')).numbers);
  }
  const cells = sources.map((source, s): CellSource => {
    return {
      rows: source.rows,
      column: async (name) => (await source('columns')).of(name),
      trait: async (name) => (await (await source('traits')).of([name]))[0]!,
      clusters: async () => clusters[s]!,
    };
  });
  const gridded = needs.has('cells') || needs.has('archive');
  const grids = gridded ? await gridOf(judge.cells!, cells) : [];
  const floor = floorOf(qualities);
  return { answers, judges: sides.map((_, s) => ({ ...judge, floor, grid: grids[s] })) };
}
