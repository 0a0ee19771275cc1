import { random } from '../../src/base/random.ts';

/** Small generated text datasets: deterministic, with a few themes that an embedder tells apart. */
const THEMES: Readonly<Record<string, readonly string[]>> = {
  cooking: ['bread', 'soup', 'garlic', 'oven', 'flour', 'pasta', 'butter', 'salad', 'recipe'],
  space: ['planet', 'orbit', 'rocket', 'telescope', 'galaxy', 'comet', 'astronaut', 'moon', 'star'],
  code: ['python', 'function', 'compiler', 'loop', 'array', 'bug', 'variable', 'class', 'string'],
  music: ['violin', 'melody', 'drum', 'choir', 'guitar', 'concert', 'rhythm', 'chord', 'piano'],
};
const OPENINGS = [
  'Describe the',
  'What about a',
  'Compare every',
  'Imagine some',
  'Tell me of the',
];

export interface Sample {
  readonly id: string;
  readonly text: string;
  readonly theme: string;
}

/** Rows on the given themes, no two of them equal. */
export function samples(
  n: number,
  seed: number,
  themes: readonly string[] = Object.keys(THEMES),
): Sample[] {
  const uniform = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(uniform() * from.length)]!;
  return Array.from({ length: n }, (_, i) => {
    const theme = themes[i % themes.length]!;
    const [a, b, c] = [0, 0, 0].map(() => pick(THEMES[theme]!));
    return { id: `row-${i}`, text: `${pick(OPENINGS)} ${a} and ${b} with ${c}, part ${i}.`, theme };
  });
}

export const jsonl = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
