import { LANGUAGE_NUMBERS } from '../language.ts';
import { family } from '../measure.ts';
import { examplesOf, presentMean } from '../traits.ts';

/**
 * quality.rules.language: the share of rows in another language than most rows are in, of those whose language
 * the words tell (see measures/language.ts). It looks at all rows, so it is no part of quality.rules.
 */
const ID = 'quality.rules.language';

export const rulesLanguage = family({
  family: 'rules-language',
  axis: 'quality',
  section: 'rules',
  needs: ['traits', 'rows'],
  measures: {
    [ID]: {
      title: 'In another language',
      reads: 'The share of rows in another language than most.',
      range: [0, 1],
      more: 'less',
      growsWithN: false,
      unit: 'share of rows',
      cite: 'language filters: Raffel et al. 2020 (C4), arXiv 1910.10683',
    },
  },
  async finish({ traits, rows }) {
    const [languages] = await traits.of(['language']);
    const counts = new Int32Array(LANGUAGE_NUMBERS.size);
    for (const language of languages!) if (!Number.isNaN(language)) counts[language]! += 1;
    const main = counts.indexOf(Math.max(...counts));
    const other = languages!.map((language) =>
      Number.isNaN(language) ? language : Number(language !== main),
    );
    const value = presentMean(other, rows, [0, 1], 'rows whose language the words tell');
    return { [ID]: { ...value, ...examplesOf(other, rows, 1) } };
  },
});
