/**
 * The best targets of many rows, best first, and the farthest of each.
 *
 * One instance, with a memory of its own, belongs to one thread. Scores order targets, larger is nearer; equal
 * scores by the smaller row number. A list keeps the largest score that it was offered of a target, so what it
 * ends as depends neither on the order of offers nor on how often a pair came. A NaN is offered to nobody.
 */
import { float, putFloat } from './floats';
import { allocate as room } from './heap';
import { at, put } from './integers';

/** The target of a place that nothing was offered for. */
const NOBODY: i32 = i32.MAX_VALUE;

let width: i32 = 0;
let scores: usize = 0;
let targets: usize = 0;
/** The score to beat: the last of each row's list. */
export let limits: usize = 0;
/** The smallest score of each row and its target; 0 where extremes are not asked for. */
export let leastScores: usize = 0;
let leastTargets: usize = 0;

/** Makes an empty list of `places` for each of n rows; false when there is not enough memory. */
export function open(n: i32, places: i32, extremes: bool): bool {
  const each = (<usize>n) << 2;
  width = places;
  scores = room(each * places);
  targets = room(each * places);
  limits = room(each);
  if (extremes) {
    leastScores = room(each);
    leastTargets = room(each);
  }
  if (!scores || !targets || !limits || (extremes && (!leastScores || !leastTargets))) return false;
  for (let i = 0; i < n * places; i++) {
    putFloat(scores, i, -Infinity);
    put(targets, i, NOBODY);
  }
  for (let i = 0; i < n; i++) putFloat(limits, i, -Infinity);
  for (let i = 0; extremes && i < n; i++) {
    putFloat(leastScores, i, Infinity);
    put(leastTargets, i, NOBODY);
  }
  return true;
}

/** Where n × places scores, descending in each row, lie; their targets; each row's smallest; its target. */
export function scoresAt(): usize {
  return scores;
}

export function targetsAt(): usize {
  return targets;
}

export function leastScoresAt(): usize {
  return leastScores;
}

export function leastTargetsAt(): usize {
  return leastTargets;
}

/** After lists were written from outside: the scores to beat are theirs. */
export function refreshLimits(n: i32): void {
  for (let i = 0; i < n; i++) putFloat(limits, i, float(scores, i * width + width - 1));
}

/** Whether a score with its target comes before another one in a list. */
function precedes(score: f32, target: i32, otherScore: f32, other: i32): bool {
  return score > otherScore || (score == otherScore && target < other);
}

function offer(row: i32, score: f32, target: i32): void {
  const start = row * width;
  const last = start + width - 1;
  if (!precedes(score, target, float(scores, last), at(targets, last))) return;
  let place = start;
  while (place < last && at(targets, place) != target) place++;
  if (at(targets, place) == target && score <= float(scores, place)) return;
  for (; place > start; place--) {
    const better = float(scores, place - 1);
    const before = at(targets, place - 1);
    if (!precedes(score, target, better, before)) break;
    putFloat(scores, place, better);
    put(targets, place, before);
  }
  putFloat(scores, place, score);
  put(targets, place, target);
  putFloat(limits, row, float(scores, last));
}

/**
 * A pair's score to both of its rows. The other one is column j, whose name is among `names` and whose score to beat, less the
 * margin, is kept among `beaten`.
 */
export function offerBoth(
  row: i32,
  score: f32,
  j: i32,
  names: usize,
  beaten: usize,
  margin: f32,
): void {
  const other = at(names, j);
  if (other == row) return;
  if (score >= float(limits, row)) offer(row, score, other);
  if (score >= float(limits, other)) {
    offer(other, score, row);
    putFloat(beaten, j, float(limits, other) - margin);
  }
}

/** The same for the smallest score of a row; of equal ones the smaller row number. */
function lower(row: i32, score: f32, target: i32): void {
  const least = float(leastScores, row);
  if (score > least || (score == least && target >= at(leastTargets, row))) return;
  if (score != score) return;
  putFloat(leastScores, row, score);
  put(leastTargets, row, target);
}

/** As offerBoth, for the smallest scores; more than the one that is kept among `beaten`, by the margin, is nothing new. */
export function lowerBoth(
  row: i32,
  score: f32,
  j: i32,
  names: usize,
  beaten: usize,
  margin: f32,
): void {
  const other = at(names, j);
  lower(row, score, other);
  lower(other, score, row);
  putFloat(beaten, j, float(leastScores, other) + margin);
}
