import { traitFamily } from '../traits.ts';

/**
 * constraints: how many demands a prompt makes, by the phrases that make them in English: an amount ("at least
 * 3", "in two sentences", "no more than 100 words"), a form ("in JSON", "as a table", "bullet points"), what must be in
 * ("include", "must", "make sure"), what must not ("do not", "avoid", "without"), a manner ("in the style of",
 * "formal tone"), an order ("start with", "end with", "in alphabetical order"). Phrases are counted, so it is a
 * count of demands that are said aloud; whether they are kept is not looked at. Of a row that is a prompt and a response the
 * prompt alone is read, of any other the text.
 */
const NUMBER = '(?:\\d+|one|two|three|four|five|six|seven|eight|nine|ten|a single)';
const UNIT =
  '(?:words?|sentences?|paragraphs?|lines?|characters?|bullet points?|steps?|items?|examples?|points?|letters?|syllables?|stanzas?|verses?|reasons?|ways?|tips?|ideas?)';

const DEMANDS = new RegExp(
  [
    `(?:at least|at most|no more than|no fewer than|less than|more than|fewer than|exactly|up to|maximum of|minimum of|limit(?:ed)? to|within|between) ${NUMBER}`,
    `(?:in|with|using|of|into|give|list|write|provide|name|generate) (?:about |around |only |just )?${NUMBER}[ -](?:\\w+ )?${UNIT}`,
    `${NUMBER}-(?:word|sentence|paragraph|line|page|step)`,
    '(?:in|as|into|using|return|output) (?:a |an |valid |the )?(?:json|xml|yaml|csv|html|markdown|latex|table|numbered list|bulleted list|bullet(?:ed)? points?|list format|haiku|sonnet|limerick)',
    '(?:must|should|has to|have to|needs? to|required to|ought to|shall)(?: not| never)?\\b',
    "(?:do not|don['’]t|never|avoid|without|except|excluding|refrain from|instead of|rather than)\\b",
    '(?:make sure|ensure|be sure|include|including|mention|use the (?:words?|following|phrase)|keep it|keep the)\\b',
    '(?:in the style of|in the form of|from the perspective of|as if you|formal|informal|persuasive|concise|humorous|professional|friendly) ?(?:tone|manner|style|language|way)?',
    '(?:start|begin|end|finish|conclude) (?:with|by|each|every|the)\\b',
    '(?:in (?:alphabetical|chronological|reverse|ascending|descending|numerical) order|sorted by|ordered by|only)\\b',
  ].join('|'),
  'giu',
);

export const constraints = traitFamily({
  family: 'constraints',
  axis: 'complexity',
  traits: {
    constraints: {
      about: {
        title: 'Demands a row',
        reads:
          'How many demands a prompt makes aloud: amounts, forms, what must and must not be. Rows that have no response are read as prompts.',
        range: [0, Number.POSITIVE_INFINITY],
        more: 'more',
        growsWithN: false,
        unit: 'demands',
        cite: 'kinds of demands after Zhou et al. 2023 (IFEval), arXiv 2311.07911',
      },
      of: ({ text, language, code }) =>
        code !== null || (language !== 'en' && language !== null)
          ? null
          : (text.match(DEMANDS)?.length ?? 0),
      ofPrompt: true,
      only: 'rows of English prose',
    },
  },
});
