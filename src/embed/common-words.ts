import { readVocabularySync } from '../../models/use-lite/weights.ts';

let known: ReadonlySet<string> | undefined;

/** Words that the embedded model's tokeniser spells as one piece, lower-cased: the commonest of English web text. */
export function commonWords(): ReadonlySet<string> {
  known ??= new Set(
    readVocabularySync().flatMap(([piece]) =>
      /^▁\p{L}+$/u.test(piece) ? [piece.slice(1).toLowerCase()] : [],
    ),
  );
  return known;
}
