import { family } from '../measure.ts';
import { meanOf, presentMean } from '../traits.ts';
import { missing } from '../value.ts';

/**
 * ifd: the mean over rows of L(response | prompt) ÷ L(response), where L is the mean loss of the response's tokens
 * under a causal language model, after the prompt and without it (Li et al. 2023, equation 4). Near 1 the prompt
 * hardly helps to foretell the response, so that following it is hard; above 1 it misleads. The response comes
 * after the prompt and a line break, or both are in the model's own chat template where that is asked for.
 */
const ONLY = 'rows with a prompt and a response';

export const ifd = family({
  family: 'ifd',
  axis: 'complexity',
  needs: ['losses', 'rows'],
  measures: {
    ifd: {
      title: 'Instruction-following difficulty',
      reads:
        'What part of the loss of a response remains when a language model knows its prompt: near 1 the prompt hardly helps, above 1 it misleads.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      unit: 'ratio of losses',
      cite: 'Li et al. 2023, arXiv 2308.12032',
    },
  },
  finish({ losses: { ratios }, rows }) {
    if (ratios === null) return { ifd: missing(rows.n, 'no language model read the rows') };
    return { ifd: presentMean(ratios, rows, [0, Number.POSITIVE_INFINITY], ONLY) };
  },
  rarefy({ losses: { ratios } }) {
    return { ifd: ratios === null ? null : meanOf(ratios) };
  },
});
