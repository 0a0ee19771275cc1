import { meanOfPrompts } from '../attempts.ts';
import { family } from '../measure.ts';

/**
 * Answers that share a prompt (`--answer`, `--prompt`):
 *
 *   self-consistency   the share of a prompt's answers whose final answer is its most frequent one (Wang et al. 2022)
 *   answers-per-prompt different final answers a prompt
 *
 * means over the prompts with two answers or more.
 */
export const agreement = family({
  family: 'agreement',
  axis: 'quality',
  needs: ['attempts', 'rows'],
  at: { one: null, identical: 1, duplicated: 1 },
  intervalBy: 'leaving out one of 32 groups of prompts at a time',
  measures: {
    'self-consistency': {
      title: 'Self-consistency',
      reads: 'How large a part of the answers to a prompt agree with the most frequent one.',
      range: [0, 1],
      more: 'more',
      growsWithN: false,
      unit: 'share of answers',
      cite: 'Wang et al. 2022, arXiv 2203.11171',
    },
    'answers-per-prompt': {
      title: 'Different answers a prompt',
      reads: 'How many different final answers a prompt got.',
      range: [0, 'n'],
      more: 'less',
      growsWithN: true,
      unit: 'answers',
      cite: 'Wang et al. 2022, arXiv 2203.11171',
    },
  },
  finish({ attempts: answers, rows: { n } }) {
    const counted = (rows: readonly number[]): readonly number[] => {
      const counts = new Map<number, number>();
      for (const row of rows) {
        const final = answers.finals[row]!;
        if (final >= 0) counts.set(final, (counts.get(final) ?? 0) + 1);
      }
      return [...counts.values()];
    };
    const none = 'no prompt has two answers';
    const several = (of: (counts: readonly number[], all: number) => number) => {
      return (rows: readonly number[]) => (rows.length < 2 ? null : of(counted(rows), rows.length));
    };
    return {
      'self-consistency': meanOfPrompts(
        answers,
        n,
        [0, 1],
        several((counts, all) => Math.max(0, ...counts) / all),
        none,
      ),
      'answers-per-prompt': meanOfPrompts(
        answers,
        n,
        [0, n],
        several(({ length }) => length),
        none,
      ),
    };
  },
});
