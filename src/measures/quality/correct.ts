import { groupSizes } from '../../stats/groups.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { examplesOf, presentMean } from '../traits.ts';

/**
 * correct: the share of rows whose final answer (`--answer COLUMN`) is that of `--truth COLUMN`, as measures/answers.ts
 * compares them (`--match`). A row without an answer is wrong, one without a truth is left out. With `--prompt` the
 * interval leaves out the rows of a prompt together.
 */
export const correct = family({
  family: 'correct',
  axis: 'quality',
  needs: ['marks', 'rows'],
  at: { identical: 'same', duplicated: 'same' },
  intervalBy: 'leaving out one of 32 groups of rows, or of prompts, at a time; Wilson',
  measures: {
    correct: {
      title: 'Right answers',
      reads: 'The share of rows whose final answer is the true one.',
      range: [0, 1],
      more: 'more',
      growsWithN: false,
      unit: 'share of rows',
      cite: 'final answers after ####: Cobbe et al. 2021 (GSM8K), arXiv 2110.14168',
    },
  },
  finish({ marks: answers, rows }) {
    const marks = answers.marks!;
    const only = 'rows with a true answer';
    const plain = presentMean(marks, rows, [0, 1], only);
    const { prompts, promptGroups } = answers;
    const together =
      prompts === null || prompts.includes(-1)
        ? plain
        : presentMean(marks, withGroups(rows, prompts, promptGroups), [0, 1], only);
    return { correct: { ...together, ...examplesOf(marks, rows, 0) } };
  },
});

/** Rows in the groups of their prompts. */
function withGroups(rows: Rows, prompts: Int32Array, promptGroups: Uint8Array): Rows {
  const groups = Uint8Array.from(prompts, (prompt) => promptGroups[prompt]!);
  return { ...rows, groups, sizes: groupSizes(groups) };
}
