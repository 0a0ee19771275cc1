/**
 * One thread leads, others help: the leader goes from step to step, each divided into numbered parts
 * that whoever is free takes. Between two steps pass microseconds, too few for waking a thread, so
 * helpers spin from the first step to the last; a leader whose helpers come late, or never, does all
 * parts itself. What a part computes must depend on its number alone: then results are the same for
 * any number of threads. Nobody waits inside an atomic instruction (Node 20 miscompiles that wait).
 */
import { HEAP, LINE } from './chunks';
import { perform } from './tasks';

/** Each on a cache line of its own: threads read the one while they write the other. */
const ticket: usize = HEAP; // the step's number, and below it where the parts nobody has taken end and begin
const finished: usize = HEAP + LINE;
const open: usize = HEAP + 2 * LINE;
/** How many threads are inside `help`, and whether they must stay outside because the memory grows. */
const inside: usize = HEAP + 3 * LINE;
const growing: usize = inside + 4;
/** Becomes 1 when a helper fails, for good: a part may never be finished. */
const broken: usize = inside + 8;
/** What is done in this step, and with what: the same for all parts. */
const what: usize = HEAP + 4 * LINE;
/** Bytes that this takes. */
export const STEP_BYTES: usize = 2 * LINE;
/** Where the memory begins that the leader's modules may use as they like. */
export const ROOM: usize = what + STEP_BYTES;

/** Where this thread finds it. */
let step: usize = what;

/** This thread works on something of its own from now on, with nobody's help; its steps are kept at `place`. */
export function workAlone(place: usize): void {
  step = place;
}

export function workTogether(): void {
  step = what;
}

/** An argument of the step at hand. */
export function given(index: i32): usize {
  return load<usize>(step + 4 + ((<usize>index) << 2));
}

export function give(index: i32, value: usize): void {
  store<usize>(step + 4 + ((<usize>index) << 2), value);
}

/** From now on helpers stay until the end; one that comes before this leaves again. `runParts` needs no team. */
export function openTeam(): void {
  if (ASC_FEATURE_THREADS) atomic.store<i32>(open, 1);
}

export function closeTeam(): void {
  if (ASC_FEATURE_THREADS) atomic.store<i32>(open, 0);
}

/** For a helper's JavaScript, when its task failed: the leader fails too, where it would wait for ever. */
export function breakTeam(): void {
  if (ASC_FEATURE_THREADS) atomic.store<i32>(broken, 1);
}

/**
 * Grows the memory while no thread is inside `help`: an engine tells threads of a growth between two
 * steps of theirs, and one that had looked just before would then fill memory that it does not know of.
 */
export function growAlone(pages: i32): bool {
  if (ASC_FEATURE_THREADS) {
    closeTeam();
    atomic.store<i32>(growing, 1);
    while (atomic.load<i32>(inside) != 0 && atomic.load<i32>(broken) == 0) {}
    const grown = memory.grow(pages) >= 0;
    atomic.store<i32>(growing, 0);
    return grown;
  }
  return memory.grow(pages) >= 0;
}

/**
 * For the leader: does all parts of a step whose arguments have been given, with what help there is;
 * at most 65,535 of them. The leader takes them from the first on and helpers from the last, so that
 * step after step the same thread meets the same memory. Traps when a helper has failed.
 */
export function runParts(task: i32, parts: i32): void {
  if (ASC_FEATURE_THREADS) {
    if (atomic.load<i32>(open) != 0) {
      store<i32>(what, task);
      atomic.store<i32>(finished, 0);
      const next = (atomic.load<u64>(ticket) >>> 32) + 1;
      atomic.store<u64>(ticket, (next << 32) | ((<u64>parts) << 16));
      while (takePart(false)) {}
      do {
        if (atomic.load<i32>(broken) != 0) unreachable();
      } while (atomic.load<i32>(finished) < parts);
      return;
    }
  }
  for (let part = 0; part < parts; part++) perform(task, part);
}

/** For a helper: takes part until the leader closes the team. */
export function help(): void {
  workTogether();
  if (ASC_FEATURE_THREADS) {
    atomic.add<i32>(inside, 1);
    if (atomic.load<i32>(growing) == 0) {
      while (atomic.load<i32>(open) != 0) takePart(true);
    }
    atomic.sub<i32>(inside, 1);
  }
}

/** False when no part was left. Nobody else changes a step of which a part is taken and not finished. */
function takePart(last: bool): bool {
  if (ASC_FEATURE_THREADS) {
    const seen = atomic.load<u64>(ticket);
    const first = <i32>(seen & 0xffff);
    const end = <i32>((seen >>> 16) & 0xffff);
    if (first == end) return false;
    const taken = last ? seen - 0x10000 : seen + 1;
    if (atomic.cmpxchg<u64>(ticket, seen, taken) != seen) return true;
    perform(load<i32>(what), last ? end - 1 : first);
    atomic.add<i32>(finished, 1);
    return true;
  }
  return false;
}
