import { OVERLAP_WIDTH } from '../../compute/ngram-counts.ts';
import { GROUPS } from '../../stats/groups.ts';
import { family } from '../measure.ts';
import type { Overlaps } from '../texts.ts';
import { estimated, missing, ofSample } from '../value.ts';

/**
 * self-repetition: the mean over rows of ln(1 + N), N the number of times that the row's different 4-grams of
 * words are in other rows, each row counted once (Salkar et al. 2022, AACL; Shaib et al. 2024, arXiv
 * 2403.00553). Rows too short for a 4-gram count as 0. It rises with n.
 */
export const selfRepetition = family({
  family: 'self-repetition',
  axis: 'diversity',
  section: 'lexical',
  needs: ['overlaps'],
  at: { one: null, disjoint: 0 },
  measures: {
    'self-repetition': {
      title: 'Self-repetition',
      reads:
        'How often the runs of four words in a row come again in other rows, as a mean logarithm.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'less',
      growsWithN: true,
      unit: 'ln(1 + repetitions)',
      cite: 'Salkar et al. 2022, AACL; arXiv 2403.00553',
    },
  },
  finish({ overlaps }) {
    const { sample } = overlaps;
    const n = sample.of;
    if (n < 2) return { 'self-repetition': missing(n, 'needs at least two rows') };
    const { whole, without, deviation } = meanRepetition(overlaps);
    const value = estimated(whole, without, sample.sizes, n, [0, Number.POSITIVE_INFINITY]);
    // Leaving out sampled rows shows both errors at once: that of the data and that of the sample.
    const error = deviation / Math.sqrt(sample.texts.length);
    return { 'self-repetition': sample.texts.length === n ? value : ofSample(value, error) };
  },
});

function meanRepetition({ sample, repetitions }: Overlaps): {
  whole: number;
  without: Float64Array;
  deviation: number;
} {
  const { groups, sizes } = sample;
  const m = groups.length;
  const changes = new Float64Array(GROUPS);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < m; i += 1) {
    const at = i * OVERLAP_WIDTH;
    const repeated = repetitions[at + GROUPS]!;
    const whole = Math.log1p(repeated);
    sum += whole;
    squares += whole * whole;
    for (let g = 0; g < GROUPS; g += 1) {
      if (g === groups[i]) changes[g]! -= whole;
      else if (repetitions[at + g]! > 0) {
        changes[g]! += Math.log1p(repeated - repetitions[at + g]!) - whole;
      }
    }
  }
  const without = changes.map((change, g) => (sum + change) / (m - sizes[g]!));
  return {
    whole: sum / m,
    without,
    deviation: Math.sqrt(Math.max(0, squares / m - (sum / m) ** 2)),
  };
}
