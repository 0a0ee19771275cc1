import { jackknifeError } from '../../stats/jackknife.ts';
import { family } from '../measure.ts';
import { careful, counted, missing, ofSample } from '../value.ts';

/**
 * mtld: the mean length, in words, of runs that keep their share of different words above 0.72
 * (McCarthy & Jarvis 2010). The sampled rows are read as one text, in the order of a hash of their
 * content; a run ends where the share falls to 0.72, the last one counts as the part (1 − share) ÷ 0.28 of
 * a run, and the result is the mean of reading forwards and backwards. So short rows count too, of which
 * the measure is undefined one by one. Without any repeated word there is no run's end, and no value.
 */
const THRESHOLD = 0.72;
/** Runs from which their spread is told. */
const LEAST_RUNS = 8;

export const mtld = family({
  family: 'mtld',
  axis: 'diversity',
  section: 'lexical',
  needs: ['textSample'],
  at: { one: null, disjoint: null },
  intervalBy:
    'each of 32 groups of rows read alone, or the spread of the lengths of runs, whichever is wider; ends no nearer than those of the reciprocal',
  measures: {
    mtld: {
      title: 'MTLD',
      reads: 'How many words go by before they repeat themselves much.',
      range: [1, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      unit: 'words',
      cite: 'McCarthy & Jarvis 2010, Behavior Research Methods 42',
    },
  },
  finish({ textSample: sample }) {
    const n = sample.of;
    const { words, starts, vocabulary, groups, sizes } = sample;
    const whole = lengthOfRuns(words, vocabulary);
    if (whole === null) return { mtld: missing(n, 'no word comes twice') };
    const parts = Array.from(sizes, (_, g) =>
      runsOf(wordsOf(words, starts, groups, g), vocabulary),
    );
    const left = withoutParts(parts, whole);
    const error = left && wider(jackknifeError(whole, left, sizes), errorOfRuns(words, vocabulary));
    const range = [1, Number.POSITIVE_INFINITY] as const;
    const plain = counted(whole, error, 0, n, range);
    const value = left === null ? plain : careful(plain, left, sizes, range);
    return { mtld: sample.texts.length === n ? value : ofSample(value, 0) };
  },
});

type Found = { readonly error: number; readonly groups: number } | null;

const wider = (a: Found, b: Found): Found =>
  a === null || b === null || a.error >= b.error ? a : b;

/**
 * The error of a mean of independent lengths, forwards and backwards, which err nearly alike: so it is where rows are
 * shorter than runs. Groups read alone have few runs then, and each one's last is told by a part, which varies less.
 */
function errorOfRuns(words: Int32Array, vocabulary: number): Found {
  const ways = [
    readRuns(words, vocabulary, 0, 1),
    readRuns(words, vocabulary, words.length - 1, -1),
  ];
  const least = Math.min(...ways.map(({ ended }) => ended));
  if (least < LEAST_RUNS) return null;
  const errors = ways.map(({ ended, sum, squares }) =>
    Math.sqrt(Math.max(0, squares - sum ** 2 / ended) / (ended - 1) / ended),
  );
  return { error: (errors[0]! + errors[1]!) / 2, groups: least };
}

/**
 * MTLD without each group. Runs add up over texts, nearly, and so do words: each group of rows is read by itself, and the number is
 * a ratio of two sums. Leaving a group out of the whole would part every later run elsewhere.
 */
function withoutParts(
  parts: readonly { readonly words: number; readonly runs: number }[],
  whole: number,
): (number | null)[] | null {
  const words = parts.reduce((sum, part) => sum + part.words, 0);
  const runs = parts.reduce((sum, part) => sum + part.runs, 0);
  if (!(runs > 0)) return null;
  const scale = whole / (words / runs);
  return parts.map((part) =>
    runs > part.runs ? (scale * (words - part.words)) / (runs - part.runs) : null,
  );
}

function wordsOf(words: Int32Array, starts: Int32Array, groups: Uint8Array, g: number): Int32Array {
  const own = new Int32Array(words.length);
  let at = 0;
  for (let i = 0; i < groups.length; i += 1) {
    if (groups[i] !== g) continue;
    own.set(words.subarray(starts[i]!, starts[i + 1]!), at);
    at += starts[i + 1]! - starts[i]!;
  }
  return own.subarray(0, at);
}

/** The words of a text, and its runs as the mean of both directions. */
function runsOf(
  words: Int32Array,
  vocabulary: number,
): { readonly words: number; readonly runs: number } {
  const forwards = countRuns(words, vocabulary, 0, 1);
  const backwards = countRuns(words, vocabulary, words.length - 1, -1);
  return { words: words.length, runs: (forwards + backwards) / 2 };
}

/** MTLD of a text whose words are numbers below `vocabulary`; null where no word comes twice. */
export function lengthOfRuns(words: Int32Array, vocabulary: number): number | null {
  const forwards = countRuns(words, vocabulary, 0, 1);
  if (forwards === 0) return null;
  const backwards = countRuns(words, vocabulary, words.length - 1, -1);
  return (words.length / forwards + words.length / backwards) / 2;
}

const countRuns = (...read: Parameters<typeof readRuns>): number => readRuns(...read).runs;

interface Runs {
  /** All runs, the last one in part. */
  readonly runs: number;
  /** Those that ended, and their lengths and squared lengths added up. */
  readonly ended: number;
  readonly sum: number;
  readonly squares: number;
}

function readRuns(words: Int32Array, vocabulary: number, first: number, step: 1 | -1): Runs {
  const seen = new Int32Array(vocabulary);
  let [ended, sum, squares] = [0, 0, 0];
  let length = 0;
  let different = 0;
  for (let i = first; i >= 0 && i < words.length; i += step) {
    const word = words[i]!;
    length += 1;
    if (seen[word] !== ended + 1) {
      seen[word] = ended + 1;
      different += 1;
    } else if (different <= THRESHOLD * length) {
      ended += 1;
      sum += length;
      squares += length ** 2;
      length = 0;
      different = 0;
    }
  }
  const part = length === 0 ? 0 : (1 - different / length) / (1 - THRESHOLD);
  return { runs: ended + part, ended, sum, squares };
}
