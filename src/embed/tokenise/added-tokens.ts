import type { AddedToken } from './tokenizer-json.ts';
import type { Tokenise } from './unigram.ts';

/**
 * A text that spells a token such as `[MASK]` gets that token, whatever the vocabulary would make of
 * its letters; one that swallows the white space beside it (`lstrip`, `rstrip`) does so.
 */
export function withAddedTokens(tokenise: Tokenise, added: readonly AddedToken[]): Tokenise {
  const byContent = new Map(added.map((token) => [token.content, token]));
  if (byContent.size === 0) return tokenise;
  const pattern = [...byContent.keys()]
    .sort((a, b) => b.length - a.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&'))
    .join('|');
  const found = new RegExp(pattern, 'u');
  const split = new RegExp(`(${pattern})`, 'u');
  return (text) => {
    if (!found.test(text)) return tokenise(text);
    // The parts at odd places are the tokens.
    const parts = text.split(split);
    const ids: number[] = [];
    for (const [i, part] of parts.entries()) {
      if (i % 2 === 1) ids.push(byContent.get(part)!.id);
      else {
        const after = byContent.get(parts[i - 1] ?? '');
        const before = byContent.get(parts[i + 1] ?? '');
        let between = after?.rstrip ? part.trimStart() : part;
        if (before?.lstrip) between = between.trimEnd();
        for (const id of tokenise(between)) ids.push(id);
      }
    }
    return Int32Array.from(ids);
  };
}
