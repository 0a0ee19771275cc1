import { GROUPS } from '../../stats/groups.ts';
import { distributionOf } from '../../stats/quantiles.ts';
import { family } from '../measure.ts';
import { estimated, missing } from '../value.ts';

/**
 * perplexity: exp(Σ losses ÷ Σ tokens) over all rows, where a loss is −ln p(token | the tokens of its row before
 * it) under a causal language model. The distribution is that of the rows' own perplexities. It compares under
 * one model and its tokeniser only.
 */
export const perplexity = family({
  family: 'perplexity',
  axis: 'complexity',
  needs: ['losses', 'rows'],
  measures: {
    perplexity: {
      title: 'Perplexity',
      reads:
        'Among how many equally likely tokens a language model has to choose on average, given the row so far. It compares under one model only.',
      range: [1, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      unit: 'tokens',
      cite: 'Jelinek et al. 1977',
    },
  },
  finish({ losses, rows }) {
    const texts = losses.texts;
    if (rows.n === 0) return { perplexity: missing(0, 'no rows') };
    if (texts === null) return { perplexity: missing(rows.n, 'no language model read the rows') };
    const sums = new Float64Array(GROUPS);
    const tokens = new Float64Array(GROUPS);
    const counts = new Int32Array(GROUPS);
    for (let i = 0; i < rows.n; i += 1) {
      if (!(texts.tokens[i]! > 0)) continue;
      const group = rows.groups[i]!;
      sums[group]! += texts.means[i]! * texts.tokens[i]!;
      tokens[group]! += texts.tokens[i]!;
      counts[group]! += 1;
    }
    const sum = sums.reduce((a, b) => a + b, 0);
    const all = tokens.reduce((a, b) => a + b, 0);
    if (all === 0) return { perplexity: missing(rows.n, 'no row has a token to be predicted') };
    const without = Array.from(sums, (part, g) =>
      all === tokens[g] ? null : Math.exp((sum - part) / (all - tokens[g]!)),
    );
    const range = [1, Number.POSITIVE_INFINITY] as const;
    const value = estimated(Math.exp(sum / all), without, counts, rows.n, range);
    const distribution = distributionOf(texts.means.map((mean) => Math.exp(mean)));
    return { perplexity: { ...value, ...(distribution === null ? {} : { distribution }) } };
  },
  rarefy({ losses: { texts } }) {
    let sum = 0;
    let tokens = 0;
    for (const [i, mean] of texts?.means.entries() ?? []) {
      if (!(texts!.tokens[i]! > 0)) continue;
      sum += mean * texts!.tokens[i]!;
      tokens += texts!.tokens[i]!;
    }
    return { perplexity: tokens === 0 ? null : Math.exp(sum / tokens) };
  },
});
