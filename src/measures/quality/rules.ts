import type { About } from '../measure.ts';
import type { TextView } from '../text-view.ts';
import { type Trait, traitFamily } from '../traits.ts';
import { c4 } from './rules/c4.ts';
import { fineweb } from './rules/fineweb.ts';
import { generatedRules } from './rules/generated.ts';
import { gopher } from './rules/gopher.ts';
import type { Rule } from './rules/rule.ts';

/**
 * quality.rules: the share of rows that break none of the rules, those of form aside (bullets, unended-lines, short-lines: a
 * good list or poem breaks them); quality.rules.RULE: the share of rows that break this one, of those that it is for. Thresholds
 * stand in the files of the rules. A rule says that a row looks like what others filtered out, not that it is bad.
 */
export const RULES: readonly Rule[] = [...generatedRules, ...gopher, ...fineweb, ...c4];

const share = {
  range: [0, 1],
  growsWithN: false,
  unit: 'share of rows',
} as const;

const broken = new WeakMap<TextView, readonly (boolean | null)[]>();

/** For each rule whether a row breaks it; each is asked once a row. */
function brokenBy(view: TextView): readonly (boolean | null)[] {
  const known = broken.get(view) ?? RULES.map((rule) => rule.breaks(view));
  broken.set(view, known);
  return known;
}

const about = ({ title, reads, cite }: Rule): About => ({
  title,
  reads,
  ...share,
  more: 'less',
  cite,
});

const traitOf = (rule: Rule, at: number): Trait => ({
  about: about(rule),
  of(view) {
    const breaks = brokenBy(view)[at]!;
    return breaks === null ? null : Number(breaks);
  },
  examples: 1,
  ...(rule.only === undefined ? {} : { only: rule.only }),
});

export const rules = traitFamily({
  family: 'rules',
  axis: 'quality',
  section: 'rules',
  traits: {
    'quality.rules': {
      about: {
        title: 'Rows that keep all rules',
        reads:
          'The share of rows that break none of the rules of web filters and generated data, rules of form aside: lists and poems break those.',
        ...share,
        more: 'more',
        cite: 'C4, Gopher, FineWeb; rules of generated data',
      },
      of: (view) => Number(!brokenBy(view).some((breaks, at) => breaks && !RULES[at]!.form)),
      examples: 0,
    },
    ...Object.fromEntries(RULES.map((rule, at) => [`quality.rules.${rule.id}`, traitOf(rule, at)])),
  },
});
