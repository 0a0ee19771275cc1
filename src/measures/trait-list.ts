import { clauses } from './complexity/clauses.ts';
import { codeSize } from './complexity/code-size.ts';
import { compressibility } from './complexity/compressibility.ts';
import { constraints } from './complexity/constraints.ts';
import { length } from './complexity/length.ts';
import { rareWords } from './complexity/rare-words.ts';
import { readability } from './complexity/readability.ts';
import { steps } from './complexity/steps.ts';
import { LANGUAGE_NUMBERS, type Language } from './language.ts';
import { rules } from './quality/rules.ts';
import type { TextView } from './text-view.ts';
import type { Trait, TraitFamily } from './traits.ts';

/** Families of traits, in the order of tables. One line for a new one, here and nowhere else. */
export const TRAIT_FAMILIES: readonly TraitFamily[] = [
  rules,
  length,
  clauses,
  readability,
  rareWords,
  compressibility,
  constraints,
  steps,
  codeSize,
];

/** Every trait by its id. */
export const TRAITS: Readonly<Record<string, Pick<Trait, 'of' | 'ofPrompt'>>> = Object.assign(
  // What language a row is in is no measure; a measure counts with it.
  { language: { of: ({ language }: TextView) => numberOf(language) } },
  ...TRAIT_FAMILIES.map(({ traits }) => traits),
);

const numberOf = (language: Language | null): number | null =>
  language === null ? null : LANGUAGE_NUMBERS.get(language)!;
