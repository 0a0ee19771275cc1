import { majority } from '../../stats/majority.ts';
import { absentShare } from '../../stats/rarefaction.ts';
import type { Answers } from '../answers.ts';
import { meanOfPrompts } from '../attempts.ts';
import { type About, family } from '../measure.ts';
import type { Value } from '../value.ts';

/**
 * What k of the answers to a prompt are worth (`--answer`, `--truth`, `--prompt`), means over the prompts with k answers or
 * more, n of them and c right:
 *
 *   pass@k             1 − C(n − c, k) ÷ C(n, k): one of k draws is right (unbiased; Chen et al. 2021)
 *   maj@k              the most frequent final answer of k draws is right, ties broken by lot: the exact expectation over
 *                      all draws, not one simulation
 *   distinct-correct   different right answers a prompt, as they are worded (case and signs aside)
 */
const KS = [1, 2, 4, 8, 16, 32] as const;

const about = {
  range: [0, 1],
  more: 'more',
  growsWithN: false,
  unit: 'share of prompts',
} as const;

const passAbout = (k: number): About => ({
  ...about,
  title: `Pass at ${k}`,
  reads: `The share of prompts to which one of ${k} answers is right.`,
  cite: 'Chen et al. 2021 (Codex), arXiv 2107.03374',
});

const majorityAbout = (k: number): About => ({
  ...about,
  title: `Majority of ${k}`,
  reads: `The share of prompts to which the most frequent of ${k} answers is right.`,
  cite: 'Wang et al. 2022 (self-consistency), arXiv 2203.11171',
});

export const passAtK = family({
  family: 'pass-at-k',
  axis: 'quality',
  needs: ['attempts', 'marks', 'rows'],
  intervalBy: 'leaving out one of 32 groups of prompts at a time; Wilson for shares',
  measures: {
    ...Object.fromEntries(KS.map((k) => [`pass@${k}`, passAbout(k)])),
    ...Object.fromEntries(KS.slice(1).map((k) => [`maj@${k}`, majorityAbout(k)])),
    'distinct-correct': {
      title: 'Different right answers',
      reads: 'How many different right answers a prompt got, as they are worded.',
      range: [0, 'n'],
      more: 'more',
      growsWithN: true,
      unit: 'answers',
      cite: 'Yue et al. 2025, arXiv 2504.13837; output diversity among right answers',
    },
  },
  finish({ marks: answers, rows: { n } }) {
    const values: Record<string, Value> = {};
    const marks = answers.marks!;
    const mean = (least: number, of: (rows: readonly number[]) => number, most = 1): Value =>
      meanOfPrompts(
        answers,
        n,
        [0, most],
        (rows) => {
          const marked = rows.filter((row) => !Number.isNaN(marks[row]!));
          return marked.length < least ? null : of(marked);
        },
        `no prompt has ${least} answers with a truth`,
      );
    const right = (rows: readonly number[]): number[] => rows.filter((row) => marks[row] === 1);
    for (const k of KS) {
      values[`pass@${k}`] = mean(k, (rows) => 1 - absentShare(right(rows).length, rows.length, k));
      if (k > 1) values[`maj@${k}`] = mean(k, (rows) => majorityRight(answers, rows, k));
    }
    values['distinct-correct'] = mean(
      1,
      (rows) => new Set(right(rows).map((row) => answers.wholes[row])).size,
      n,
    );
    return values;
  },
});

function majorityRight(answers: Answers, rows: readonly number[], k: number): number {
  const counts = new Map<string, { count: number; right: boolean }>();
  for (const row of rows) {
    const final = answers.finals[row]!;
    // Rows without an answer agree with nobody.
    const key = final < 0 ? `none ${row}` : `${final}`;
    const known = counts.get(key) ?? { count: 0, right: answers.marks![row] === 1 };
    known.count += 1;
    counts.set(key, known);
  }
  const all = [...counts.values()];
  if (all.every(({ right }) => right)) return 1;
  return majority(
    all.map(({ count }) => count),
    k,
  ).reduce((sum, chance, i) => sum + (all[i]!.right ? chance : 0), 0);
}
