import type { OnProgress, ProgressEvent } from '../base/progress.ts';

/** The part of `process.stderr` that progress needs. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  /** Show nothing at all. */
  readonly quiet: boolean;
  /** Milliseconds since any fixed moment; default `performance.now`. */
  readonly now?: (() => number) | undefined;
  /** Default `process.env`: TERM=dumb gives plain lines, NO_COLOR a bar without colours. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface Progress {
  readonly onProgress: OnProgress;
  /** Wipes the line, so that something else can be printed; a later event draws it again. */
  clear(): void;
  /** Ends the stage that is under way, finished or not, and wipes the line. */
  done(): void;
}

/** How much had been worked off (cached units left out) at a moment. */
interface Sample {
  readonly at: number;
  readonly work: number;
}

interface Stage {
  event: ProgressEvent;
  readonly startedAt: number;
  readonly samples: Sample[];
  shownAt: number;
  finished: boolean;
}

const REDRAW_MS = 100;
const LINE_MS = 5000;
/** Shorter stages leave no trace in a log. */
const WORTH_A_LINE_MS = 1000;
/** Rates are over this long, so that they follow a change but not every batch. */
const WINDOW_MS = 10_000;
const SAMPLE_MS = 250;
/** A rate from less than this would be noise. */
const SHORTEST_MS = 500;
const WIDEST_BAR = 24;
const NARROWEST_BAR = 8;
const WIPE = '\u001b[K';

/** Shows progress: one line rewritten in place on a terminal, a plain line now and then elsewhere. */
export function createProgress(options: ProgressOptions): Progress {
  const { stream, quiet, now = () => performance.now(), env = process.env } = options;
  if (quiet) return { onProgress: () => {}, clear: () => {}, done: () => {} };

  const inPlace = stream.isTTY === true && env.TERM !== 'dumb';
  const colour = !env.NO_COLOR;
  let stage: Stage | null = null;
  let drawn = false;

  const clear = (): void => {
    if (drawn) stream.write(`\r${WIPE}`);
    drawn = false;
  };

  const finish = (ending: Stage): void => {
    if (ending.finished) return;
    ending.finished = true;
    const took = now() - ending.startedAt;
    if (!inPlace && took > WORTH_A_LINE_MS) stream.write(`${finalLine(ending.event, took)}\n`);
  };

  const show = (current: Stage, at: number): void => {
    current.shownAt = at;
    const pace = rate(current.samples);
    if (inPlace) {
      // One column stays free: a full line makes some terminals wrap.
      stream.write(
        `\r${terminalLine(current.event, pace, (stream.columns || 80) - 1, colour)}${WIPE}`,
      );
      drawn = true;
    } else {
      stream.write(`${plainLine(current.event, pace)}\n`);
    }
  };

  return {
    onProgress(event) {
      const at = now();
      // Fewer units than before under the same name: the stage has come again, for another dataset.
      const goesOn = stage?.event.stage === event.stage && event.done >= stage.event.done;
      if (stage && !goesOn) finish(stage);
      const current: Stage =
        stage && goesOn
          ? stage
          : { event, startedAt: at, samples: [], shownAt: at, finished: false };
      const isNew = current !== stage;
      stage = current;
      current.event = event;
      observe(current.samples, at, event.done - (event.cached ?? 0));

      const ends = event.total !== null && event.done >= event.total && !current.finished;
      const due = at - current.shownAt >= (inPlace ? REDRAW_MS : LINE_MS);
      // A stage's first and last state are always drawn on a terminal; a log has its final line.
      if (inPlace ? isNew || ends || due : due && !ends && !current.finished) show(current, at);
      if (ends) finish(current);
    },
    clear,
    done() {
      if (stage) finish(stage);
      stage = null;
      clear();
    },
  };
}

function observe(samples: Sample[], at: number, work: number): void {
  const before = samples.at(-2);
  if (before && at - before.at < SAMPLE_MS) samples.pop();
  samples.push({ at, work });
  while (samples.length > 2 && samples[1]!.at <= at - WINDOW_MS) samples.shift();
}

/** Units a second over the recent seconds; null when too little has been seen or nothing was done. */
function rate(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < SHORTEST_MS || last.work <= first.work) return null;
  return ((last.work - first.work) / (last.at - first.at)) * 1000;
}

/** As much as fits the width: rate, time left and count go in this order, the bar has the room left over. */
function terminalLine(
  event: ProgressEvent,
  pace: number | null,
  width: number,
  colour: boolean,
): string {
  const { stage, done, total, unit } = event;
  const share = total === null ? null : total === 0 ? 1 : Math.min(1, done / total);
  const percent = share === null ? '' : `${Math.floor(share * 100)}%`;
  const all = total === null ? '' : `/${number(total)}`;
  const count = `${number(done)}${all} ${unit}`;
  const left = timeLeft(event, pace);
  const choices = [
    [percent, count, rateText(event, pace), left],
    [percent, count, left],
    [percent, count],
    [percent],
  ];
  for (const choice of choices) {
    const text = join([stage, ...choice]);
    if (text.length > width) continue;
    const room = Math.min(WIDEST_BAR, width - text.length - 2);
    if (share === null || room < NARROWEST_BAR) return text;
    return join([stage, bar(share, room, colour), ...choice]);
  }
  return stage.slice(0, Math.max(0, width));
}

function bar(share: number, cells: number, colour: boolean): string {
  const filled = Math.round(share * cells);
  const full = '█'.repeat(filled);
  const empty = '░'.repeat(cells - filled);
  return colour ? `\u001b[36m${full}\u001b[39m\u001b[2m${empty}\u001b[22m` : full + empty;
}

/** `embedding: 4,096 of 9,229 rows, 512 rows/s, 10 s left` */
function plainLine(event: ProgressEvent, pace: number | null): string {
  return join([countText(event), rateText(event, pace), timeLeft(event, pace)], ', ');
}

/** `embedding: 9,229 of 9,229 rows in 18 s (4,096 cached)` */
function finalLine(event: ProgressEvent, took: number): string {
  const cached = event.cached ? ` (${number(event.cached)} cached)` : '';
  return `${countText(event)} in ${duration(took / 1000)}${cached}`;
}

function countText({ stage, done, total, unit }: ProgressEvent): string {
  return `${stage}: ${number(done)}${total === null ? '' : ` of ${number(total)}`} ${unit}`;
}

function rateText({ unit }: ProgressEvent, pace: number | null): string {
  if (pace === null) return '';
  return `${pace >= 10 ? number(Math.round(pace)) : pace.toPrecision(2)} ${unit}/s`;
}

function timeLeft({ done, total }: ProgressEvent, pace: number | null): string {
  if (pace === null || total === null || done >= total) return '';
  return `${duration((total - done) / pace)} left`;
}

/** `8 s`, `2 min 5 s`, `1 h 3 min`; never 0. */
function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole} s`;
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const number = (value: number): string => value.toLocaleString('en-US');

const join = (parts: readonly string[], between = '  '): string =>
  parts.filter((part) => part !== '').join(between);
