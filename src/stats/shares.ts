/**
 * Wilson's interval (1927) of a share, or of any mean of numbers from 0 to 1, with the number of draws
 * that its error is worth in place of the number of draws. It has a width where all draws are alike, too: a
 * share of 0 among n draws may come from a source that has up to about 4/n. There, where no error can be
 * seen, `draws` says how many independent draws there were; 0 where nobody knows.
 */
export function shareInterval(
  share: number,
  error: number,
  t: number,
  draws: number,
): readonly [number, number] {
  const spread = Math.max(0, share * (1 - share));
  const worth = spread > 0 && error > 0 ? spread / error ** 2 : draws;
  if (!(worth > 0)) return [share, share];
  const pull = t ** 2 / worth;
  const centre = (share + pull / 2) / (1 + pull);
  const half = (t / (1 + pull)) * Math.sqrt(spread / worth + pull / (4 * worth));
  // At either end an error can still be seen where the parts of the whole have other shares than it.
  const seen = spread > 0 ? 0 : t * error;
  return [
    Math.max(0, Math.min(share - seen, centre - half)),
    Math.min(1, Math.max(share + seen, centre + half)),
  ];
}
