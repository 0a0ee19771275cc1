import {
  type Answers,
  finalAnswer,
  type Match,
  normalised,
  settleMatch,
  truthsOf,
} from '../measures/answers.ts';
import type { Columns } from '../measures/artefacts.ts';
import { groupOf } from '../stats/groups.ts';

/** The columns that hold answers, truths and prompts. */
export interface AnswerColumns {
  readonly answer: string;
  readonly truth?: string | undefined;
  readonly prompt?: string | undefined;
  /** Default 'auto': by what the truths, or else the answers, look like. */
  readonly match?: Match | undefined;
}

export async function answersOf(
  columns: Columns,
  asked: AnswerColumns,
  seed: number,
): Promise<Answers> {
  const answers = await columns.of(asked.answer);
  const truths = asked.truth === undefined ? null : await columns.of(asked.truth);
  const asking = asked.prompt === undefined ? null : await columns.of(asked.prompt);
  const known = (truths ?? answers).flatMap((cell) => (cell === null ? [] : truthsOf(cell)));
  const { match: wanted = 'auto' } = asked;
  const match = wanted === 'auto' ? settleMatch(known) : wanted;
  const finals = answers.map((answer) => (answer === null ? null : finalAnswer(answer, match)));
  const right = (final: string | null, cell: string | null): number => {
    if (cell === null) return Number.NaN;
    return Number(
      final !== null && truthsOf(cell).some((one) => finalAnswer(one, match) === final),
    );
  };
  const prompts = asking === null ? null : numbered(asking);
  return {
    match,
    finals: numbered(finals).numbers,
    wholes: numbered(answers.map((answer) => (answer === null ? null : normalised(answer))))
      .numbers,
    marks: truths && Float64Array.from(truths, (cell, i) => right(finals[i]!, cell)),
    prompts: prompts?.numbers ?? null,
    promptGroups: Uint8Array.from(prompts?.names ?? [], (name) => groupOf(hashOf(name), 0, seed)),
  };
}

/** Numbers from 0 for different strings, −1 for none. */
function numbered(cells: readonly (string | null)[]): { numbers: Int32Array; names: string[] } {
  const known = new Map<string, number>();
  const numbers = Int32Array.from(cells, (cell) => {
    if (cell === null) return -1;
    const number = known.get(cell) ?? known.size;
    known.set(cell, number);
    return number;
  });
  return { numbers, names: [...known.keys()] };
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
