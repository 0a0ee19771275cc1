import { GROUPS } from '../stats/groups.ts';
import type { Answers } from './answers.ts';
import { estimated, missing, type Value } from './value.ts';

/** Rows that answer one prompt, as row numbers. Prompts are the draw: their answers are left out together. */
export function attemptsOf({ prompts }: Answers): readonly (readonly number[])[] {
  const rows: number[][] = [];
  for (const [row, prompt] of (prompts ?? []).entries()) {
    if (prompt < 0) continue;
    rows[prompt] ??= [];
    rows[prompt].push(row);
  }
  return rows;
}

/** The mean over prompts of what each of them has, null for those that are left out. */
export function meanOfPrompts(
  answers: Answers,
  n: number,
  range: readonly [number, number],
  of: (rows: readonly number[]) => number | null,
  none: string,
): Value {
  const sums = new Float64Array(GROUPS);
  const counts = new Int32Array(GROUPS);
  const prompts = attemptsOf(answers);
  for (const [prompt, rows] of prompts.entries()) {
    const number = of(rows);
    if (number === null) continue;
    sums[answers.promptGroups[prompt]!]! += number;
    counts[answers.promptGroups[prompt]!]! += 1;
  }
  const count = counts.reduce((a, b) => a + b, 0);
  if (count === 0) return missing(n, none);
  const sum = sums.reduce((a, b) => a + b, 0);
  const without = Array.from(sums, (part, g) =>
    count === counts[g] ? null : (sum - part) / (count - counts[g]!),
  );
  const value = estimated(sum / count, without, counts, n, range);
  if (count === prompts.length) return value;
  const words = `${count} of ${prompts.length} prompts count`;
  return { ...value, why: value.why === undefined ? words : `${value.why}; ${words}` };
}
