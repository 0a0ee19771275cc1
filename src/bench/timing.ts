import { readFileSync } from 'node:fs';
import type { Embedder } from '../embed/embedder.ts';
import type { Repeated, Timing } from './report.ts';
import type { Load } from './settings.ts';
import { median, percentile } from './statistics.ts';
import type { WatchedDevice } from './waiting.ts';

/** Shares of the time that the timed passes have: for warming up, until caches and clocks have settled. */
const WARMING = 0.15;
/** A pass shorter than this is about the clock and the scheduler as much as about the model. */
const SHORTEST_MS = 50;
/** Spread of repeats, as a share of their median, that makes a figure doubtful. */
const STEADY = 0.05;
/** Calls below which the 99th percentile is the slowest one or two. */
const CALLS_FOR_P99 = 200;

export interface TimingOptions extends Load {
  readonly repeats: number;
  readonly seconds: number;
}

/** What is known of an embedder when it has been opened. */
export interface Opened {
  readonly loadMs: number;
  readonly startBytes: number;
  readonly busyMs: WatchedDevice['busyMs'];
}

/** Times an embedder that has just been opened: the first call apart, a warm-up, then the same calls again and again. */
export async function timeEmbedder(
  embedder: Embedder,
  texts: readonly string[],
  { batch, length, repeats, seconds }: TimingOptions,
  opened: Opened,
): Promise<Timing> {
  const batches = batchesOf(texts, batch);
  const began = performance.now();
  const first = await embedder.embed(batches[0]!);
  const firstCallMs = performance.now() - began;
  const calls = await callsIn(embedder, batches, seconds, repeats);
  const chosen = batches.slice(0, calls);
  const count = chosen.reduce((sum, some) => sum + some.length, 0);
  const passes: Pass[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    passes.push(await runPass(embedder, chosen, opened.busyMs));
  }

  const latencies = passes.flatMap((pass) => pass.latencies);
  const { tokens, given } = passes[0]!;
  const rate = (amount: number): Repeated => repeated(passes.map(({ ms }) => (1000 * amount) / ms));
  const counted = embedder.countsTokens !== false && first.tokens.length > 0;
  const rowsPerSecond = rate(count);
  return {
    ...{ batch, length, calls, texts: count, rowsPerSecond, firstCallMs },
    tokensPerSecond: counted ? rate(tokens) : null,
    latency: {
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      calls: latencies.length,
    },
    loadMs: opened.loadMs,
    peakBytes: peakBytes(),
    startBytes: opened.startBytes,
    paddingShare: given === null ? null : given.padding / Math.max(1, given.tokens + given.padding),
    waitingShare: waitingOf(passes),
    doubts: doubtsOf(rowsPerSecond, passes, latencies.length, seconds),
  };
}

function batchesOf(texts: readonly string[], batch: number): (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < texts.length; from += batch) {
    batches.push(texts.slice(from, from + batch));
  }
  return batches;
}

/** Warms up, and says how many calls a pass may have so that all passes fit their time. */
async function callsIn(
  embedder: Embedder,
  batches: readonly (readonly string[])[],
  seconds: number,
  repeats: number,
): Promise<number> {
  const until = performance.now() + 1000 * seconds * WARMING;
  const took: number[] = [];
  for (let call = 0; call === 0 || performance.now() < until; call += 1) {
    const began = performance.now();
    await embedder.embed(batches[call % batches.length]!);
    took.push(performance.now() - began);
  }
  const each = took.reduce((sum, ms) => sum + ms, 0) / took.length;
  return Math.min(batches.length, Math.max(1, Math.floor((1000 * seconds) / repeats / each)));
}

interface Pass {
  readonly ms: number;
  readonly latencies: readonly number[];
  readonly tokens: number;
  readonly given: { readonly tokens: number; readonly padding: number } | null;
  /** How long the device was at work; null where there is none. */
  readonly busyMs: number | null;
}

async function runPass(
  embedder: Embedder,
  batches: readonly (readonly string[])[],
  busyMs: Opened['busyMs'],
): Promise<Pass> {
  const latencies: number[] = [];
  let tokens = 0;
  let given: { tokens: number; padding: number } | null = { tokens: 0, padding: 0 };
  const busyBefore = busyMs();
  const began = performance.now();
  for (const batch of batches) {
    const called = performance.now();
    const found = await embedder.embed(batch);
    latencies.push(performance.now() - called);
    for (const count of found.tokens) tokens += count;
    if (found.given === undefined || given === null) given = null;
    else {
      given.tokens += found.given.tokens;
      given.padding += found.given.padding;
    }
  }
  const ms = performance.now() - began;
  const busyAfter = busyMs();
  const busy = busyBefore === null || busyAfter === null ? null : busyAfter - busyBefore;
  return { ms, latencies, tokens, given, busyMs: busy };
}

function waitingOf(passes: readonly Pass[]): number | null {
  const shares = passes.flatMap(({ ms, busyMs }) =>
    busyMs === null ? [] : [Math.max(0, 1 - busyMs / ms)],
  );
  return shares.length === 0 ? null : median(shares);
}

export function repeated(values: readonly number[]): Repeated {
  const middle = median(values);
  return { median: middle, spread: median(values.map((v) => Math.abs(v - middle))), values };
}

function doubtsOf(
  rate: Repeated,
  passes: readonly Pass[],
  calls: number,
  seconds: number,
): string[] {
  const doubts: string[] = [];
  const shortest = Math.min(...passes.map(({ ms }) => ms));
  if (passes.length < 3) doubts.push(`${passes.length} repeats show no spread; three would`);
  if (rate.spread > STEADY * rate.median) {
    doubts.push('repeats differ: the machine had other work, or its clock changed');
  }
  if (shortest < SHORTEST_MS) {
    doubts.push(`a repeat took ${shortest.toFixed(1)} ms only; more rows would steady it`);
  }
  if (shortest > 2000 * (seconds / passes.length)) {
    doubts.push('one call outlasts the time of a repeat; a smaller batch would give more of them');
  }
  if (calls < CALLS_FOR_P99) doubts.push(`the 99th percentile is of ${calls} calls`);
  return doubts;
}

/**
 * The most memory that this process has had, in bytes. Linux tells it in /proc: what getrusage gives
 * there begins with the memory of the process that started this one.
 */
export function peakBytes(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB/mu.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Number(line[1]) * 1024;
  } catch {
    // Not Linux, or a place without /proc.
  }
  return process.resourceUsage().maxRSS * 1024;
}
