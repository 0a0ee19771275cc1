/** Sources of rows that are known, so that any number of fresh draws can be made of them. */
import { gaussian, mix, type Random, random } from '../../src/base/random.ts';
import { normaliseRows, rowOf, vectorsOf } from '../../src/compute/vectors.ts';
import { textKey } from '../../src/embed/text-key.ts';
import { makeRows, vectorKey } from '../../src/engine/collect.ts';
import type { RowContent, Rows } from '../../src/measures/rows.ts';

export interface Drawn {
  readonly rows: Rows;
  readonly labels: string[];
}

const CLUSTERS = 15;

/**
 * A mixture with clusters of unequal size around fixed centres: `shift` moves the whole source. The
 * labels are the clusters that rows were drawn from.
 */
export function drawVectors(n: number, dims: number, seed: number, shift: number): Drawn {
  const centres = random(1);
  const middle = Float64Array.from({ length: CLUSTERS * dims }, () => gaussian(centres));
  const uniform = random(seed);
  const data = new Float32Array(n * dims);
  const labels: string[] = [];
  for (let i = 0; i < n; i += 1) {
    const c = Math.floor(uniform() ** 2 * CLUSTERS);
    labels.push(String(c));
    for (let j = 0; j < dims; j += 1) {
      data[i * dims + j] = middle[c * dims + j]! + 0.8 * gaussian(uniform) + (j === 0 ? shift : 0);
    }
  }
  normaliseRows(data, dims);
  const unit = vectorsOf(data, dims);
  const keys = Array.from({ length: n }, (_, i) => vectorKey(rowOf(unit, i)));
  return { rows: makeRows(unit, unit, keys, seed), labels };
}

const TOPICS = 40;
const WORDS = 3_000;
/** Answers to one prompt. */
const ANSWERS = 4;
const TEXT_DIMS = 8;

/**
 * Texts of Zipfian words, each topic with favourites of its own; some begin with a template, some repeat
 * one of a few stock texts to the letter. The columns are the topic, a score, and answers to prompts
 * (four a prompt, whose difficulty differs) with the truth. `shift` takes other topics and stock texts.
 */
export function drawTexts(n: number, seed: number, shift: number): Drawn {
  const uniform = random(seed);
  const zipf = (kinds: number): number => Math.floor((kinds + 1) ** uniform()) - 1;
  const contents: RowContent[] = [];
  const labels: string[] = [];
  let difficulty = 0;
  for (let i = 0; i < n; i += 1) {
    const topic = (zipf(TOPICS) + 3 * shift) % (TOPICS + 3 * shift);
    const length = 8 + Math.floor(30 * uniform() ** 2);
    const word = (): string =>
      uniform() < 0.2 ? `t${topic}w${zipf(50)}` : `w${zipf(WORDS)}${uniform() < 0.1 ? ',' : ''}`;
    const words = Array.from({ length }, word);
    const start = uniform() < 0.1 ? ['Please', 'write', 'a', 'short', 'note', 'about'] : [];
    const stock = random(mix(7, zipf(200) + 20 * shift));
    const text =
      uniform() < 0.08
        ? Array.from({ length: 16 }, () => `w${Math.floor(stock() * WORDS)}`).join(' ')
        : `${[...start, ...words].join(' ')}.`;
    if (i % ANSWERS === 0) difficulty = uniform();
    const right = uniform() < difficulty;
    labels.push(String(topic));
    contents.push({
      text,
      columns: {
        topic: String(topic),
        score: Math.round(100 * (topic % 5) + 40 * gaussian(uniform)) / 10,
        answer: right ? '1' : String(2 + zipf(6)),
        truth: '1',
        prompt: `p${Math.floor(i / ANSWERS)}`,
      },
    });
  }
  return { rows: rowsOf(contents, seed), labels };
}

/** How kinds of words may be spread: over `kinds` of them, from 0 up. */
export const KINDS = {
  'uniform over 800': (uniform) => Math.floor(800 * uniform()),
  'geometric, one in 60': (uniform) => Math.floor(Math.log(1 - uniform()) / Math.log(59 / 60)),
  'Zipf, exponent 0.7': (uniform) => powerLaw(uniform, 0.7, 3_000),
  'Zipf, exponent 1.3': (uniform) => powerLaw(uniform, 1.3, 30_000),
} as const satisfies Readonly<Record<string, (uniform: Random) => number>>;

/** A number from 0 to kinds − 1 whose chance falls as a power of it, nearly: that of a continuous one. */
function powerLaw(uniform: Random, exponent: number, kinds: number): number {
  const most = (kinds + 1) ** (1 - exponent);
  return Math.floor((1 + uniform() * (most - 1)) ** (1 / (1 - exponent))) - 1;
}

/** Rows of ten words of one spread; three in ten say the word before again. The label is one more draw of it. */
export function drawKinds(n: number, seed: number, kind: keyof typeof KINDS): Drawn {
  const uniform = random(seed);
  const draw = KINDS[kind];
  const labels = Array.from({ length: n }, () => String(draw(uniform)));
  const contents = labels.map((): RowContent => {
    const words: number[] = [];
    while (words.length < 10) {
      words.push(words.length > 0 && uniform() < 0.3 ? words.at(-1)! : draw(uniform));
    }
    return { text: words.map((word) => `w${word}`).join(' '), columns: {} };
  });
  return { rows: rowsOf(contents, seed), labels };
}

/** Rows that say this, each with a vector that hangs on its text alone. */
function rowsOf(contents: readonly RowContent[], seed: number): Rows {
  const n = contents.length;
  const data = new Float32Array(n * TEXT_DIMS);
  for (const [i, { text }] of contents.entries()) {
    const own = random(Array.from(text!).reduce((hash, c) => mix(hash, c.charCodeAt(0)), 1));
    for (let j = 0; j < TEXT_DIMS; j += 1) data[i * TEXT_DIMS + j] = gaussian(own);
  }
  normaliseRows(data, TEXT_DIMS);
  const unit = vectorsOf(data, TEXT_DIMS);
  const keys = contents.map(({ text }) => textKey(text!));
  const read = async function* blocks(): AsyncGenerator<readonly RowContent[]> {
    yield contents;
  };
  return makeRows(unit, unit, keys, seed, read);
}
