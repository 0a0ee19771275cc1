import type { TextView } from '../text-view.ts';
import { traitFamily } from '../traits.ts';

/**
 * How deep sentences go, from words and signs alone (no parser; of English prose, see TextView):
 *
 *   clauses        clauses a sentence: 1 + words that open one (that, which, because, if …) + semicolons
 *   clause-depth   the most clauses open at once in a sentence, mean over sentences: an opening word or bracket
 *                  goes down one, a comma or closing bracket comes up one
 */
const OPENING = new Set(
  'that which who whom whose because although though if unless when whenever while whereas since until after before once where wherever whether as than how why what so lest provided'.split(
    ' ',
  ),
);

const about = { range: [1, Number.POSITIVE_INFINITY], more: 'more', growsWithN: false } as const;

export const clauses = traitFamily({
  family: 'clauses',
  axis: 'complexity',
  traits: {
    clauses: {
      about: {
        title: 'Clauses a sentence',
        reads: 'How many clauses a sentence has, by the words that open one.',
        ...about,
        cite: 'after Hunt 1965 (clauses per T-unit)',
      },
      of: (view) => perSentence(view, ({ opened }) => 1 + opened),
      only: 'rows of English prose',
    },
    'clause-depth': {
      about: {
        title: 'Depth of clauses',
        reads:
          'How many clauses are open at once where a sentence is deepest, by the words that open one.',
        ...about,
        cite: 'after Yngve 1960',
      },
      of: (view) => perSentence(view, ({ deepest }) => 1 + deepest),
      only: 'rows of English prose',
    },
  },
});

interface Shape {
  readonly opened: number;
  readonly deepest: number;
}

function perSentence(view: TextView, of: (shape: Shape) => number): number | null {
  if (!view.isEnglishProse) return null;
  let sum = 0;
  for (const sentence of view.sentences) sum += of(shapeOf(sentence));
  return sum / view.sentences.length;
}

function shapeOf(sentence: string): Shape {
  let opened = 0;
  let depth = 0;
  let deepest = 0;
  let first = true;
  for (const token of sentence.toLowerCase().match(/[\p{L}'’]+|[,;()[\]]/gu) ?? []) {
    if (token === ',' || token === ')' || token === ']') depth = Math.max(0, depth - 1);
    else if (token === ';') {
      opened += 1;
      depth = 0;
    } else if (token === '(' || token === '[') depth += 1;
    // The first word of a question opens none: "What is …".
    else if (OPENING.has(token) && !(first && QUESTION.has(token))) {
      opened += 1;
      depth += 1;
    }
    deepest = Math.max(deepest, depth);
    first = false;
  }
  return { opened, deepest };
}

const QUESTION = new Set(['what', 'how', 'why', 'who', 'where', 'which', 'when', 'whose', 'whom']);
