import { EMPTY, type Lists } from './shared.ts';

/**
 * The best of what several threads kept, for rows first…last−1: the largest score of every target, ordered by
 * score, equal ones by row number. So who searched what leaves no trace.
 */
export function mergeLists(
  from: readonly Lists[],
  into: Lists,
  width: number,
  first: number,
  last: number,
): void {
  const [start, end] = [first * width, last * width];
  into.scores.set(from[0]!.scores.subarray(start, end), start);
  into.rows.set(from[0]!.rows.subarray(start, end), start);
  for (const { scores, rows } of from.slice(1)) {
    for (let list = start; list < end; list += width) {
      for (let at = list; at < list + width; at += 1) {
        if (rows[at] === EMPTY || !offer(into, list, width, scores[at]!, rows[at]!)) break;
      }
    }
  }
  if (into.leastRows.length > 0) mergeLeast(from, into, first, last);
}

/** False when the score, and so all after it in its own list, come behind the list's last. */
function offer({ scores, rows }: Lists, list: number, width: number, score: number, row: number) {
  let place = list + width - 1;
  if (precedes(scores[place]!, rows[place]!, score, row)) return false;
  for (let at = list; at < place; at += 1) if (rows[at] === row) place = at;
  if (rows[place] === row && score <= scores[place]!) return true;
  for (; place > list && precedes(score, row, scores[place - 1]!, rows[place - 1]!); place -= 1) {
    scores[place] = scores[place - 1]!;
    rows[place] = rows[place - 1]!;
  }
  scores[place] = score;
  rows[place] = row;
  return true;
}

const precedes = (score: number, row: number, otherScore: number, other: number): boolean =>
  score > otherScore || (score === otherScore && row < other);

function mergeLeast(from: readonly Lists[], into: Lists, first: number, last: number): void {
  for (let i = first; i < last; i += 1) {
    let [score, row] = [Number.POSITIVE_INFINITY, EMPTY];
    for (const { leastScores, leastRows } of from) {
      const better = leastScores[i]! < score;
      if (!better && !(leastScores[i] === score && leastRows[i]! < row)) continue;
      score = leastScores[i]!;
      row = leastRows[i]!;
    }
    into.leastScores[i] = score;
    into.leastRows[i] = row;
  }
}

/** Marks the places of rows first…last−1 whose targets were not in the list before. */
export function markFresh(
  before: Lists,
  after: Lists,
  fresh: Uint8Array,
  width: number,
  first: number,
  last: number,
): void {
  for (let list = first * width; list < last * width; list += width) {
    for (let at = list; at < list + width; at += 1) {
      const row = after.rows[at]!;
      let old = list;
      while (old < list + width && before.rows[old] !== row) old += 1;
      fresh[at] = old < list + width ? 0 : 1;
    }
  }
}
