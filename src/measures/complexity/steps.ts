import { traitFamily } from '../traits.ts';

/**
 * steps: steps of a written reasoning. The largest of three counts: lines that are numbered or called a step,
 * lines that calculate (a number after an equals sign), and sentences that begin with a word of sequence or
 * consequence (first, then, next, so, therefore …; English). 0 where a text shows none; none where it is code.
 */
const NUMBERED = /^(?:#+ *|\*+)?(?:step *\d+\b[.:)]?|\(?\d{1,3}[.):])(?:\s|\*|$)/i;
const SEQUENCE =
  /^(?:["'(*]*)(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|after that|finally|lastly|so|therefore|thus|hence|now|consequently|it follows|this means|since|because|to (?:solve|find|calculate|determine))\b/i;

export const steps = traitFamily({
  family: 'steps',
  axis: 'complexity',
  traits: {
    steps: {
      about: {
        title: 'Reasoning steps',
        reads:
          'How many steps a row reasons in: numbered or calculating lines, sentences that follow from others.',
        range: [0, Number.POSITIVE_INFINITY],
        more: 'more',
        growsWithN: false,
        unit: 'steps',
        cite: 'after Fu et al. 2022 (complexity-based prompting), arXiv 2210.00720',
      },
      of({ lines, sentences, calculations, code }) {
        if (code !== null) return null;
        const count = (parts: readonly string[], pattern: RegExp): number =>
          parts.reduce((sum, part) => sum + (pattern.test(part) ? 1 : 0), 0);
        return Math.max(count(lines, NUMBERED), calculations, count(sentences, SEQUENCE));
      },
      only: 'rows without code',
    },
  },
});
