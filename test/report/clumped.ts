import type { MapReport } from '../../src/audit/report.ts';
import { gaussian, random } from '../../src/base/random.ts';
import { HOSTILE } from './hostile.ts';
import { ROWS } from './measured.ts';

// biome-ignore format: a table reads best with a line for each topic
export const TOPICS: readonly [words: string[], weight: number, text: string][] = [
  [['story', 'short', 'write'], 104, 'Write a short story about a lonely lighthouse keeper who finds a letter in a bottle and answers it.'],
  [['benefits', 'list', 'three'], 66, 'List three benefits of regular exercise, and explain each of them in one sentence.'],
  [['explain', 'simple', 'terms'], 48, 'Explain in simple terms how a bill becomes law, as if to a twelve-year-old.'],
  [['poem', 'seasons', 'rhyme'], 33, 'Compose a four-line poem that rhymes about the change of seasons.'],
  [['email', 'polite', 'meeting'], 25, 'Draft a polite email that moves a meeting from Tuesday to Thursday.'],
  [['recipe', 'vegetarian', 'dinner'], 18, 'Suggest a vegetarian dinner recipe for two with chickpeas.'],
  [['travel', 'itinerary', 'days'], 14, 'Plan a three-day itinerary for a first visit to Lisbon.'],
  [['汉语', '翻译', '句子'], 8, '把这个句子翻译成汉语：我们明天在图书馆见面。🙂'],
  [['code', 'python', 'function'], 4, 'Write a Python function that reverses a linked list in place.'],
];

/**
 * Points in round clumps: `perTopic` sized like the clusters above when `rows` is 320, else spread
 * evenly, followed by as many rows of the reference as there are rows.
 */
export function clumpedMap(rows = ROWS, reference = ROWS, seed = 7): MapReport {
  const uniform = random(seed);
  const total = rows + reference;
  const map = {
    engine: 'umap',
    x: new Float32Array(total),
    y: new Float32Array(total),
    cluster: new Int32Array(total),
    ids: [] as string[],
    texts: [] as string[],
    of: rows,
  };
  const centres = TOPICS.map(() => [gaussian(uniform) * 6, gaussian(uniform) * 5] as const);
  const weights = TOPICS.flatMap(([, weight], topic) => Array<number>(weight).fill(topic));
  for (let i = 0; i < total; i += 1) {
    const topic = weights[Math.floor(uniform() * weights.length)]!;
    const [cx, cy] = i < rows ? centres[topic]! : [gaussian(uniform) * 4, gaussian(uniform) * 4];
    const size = i < rows ? 0.3 + 0.08 * topic : 1.2;
    map.x[i] = cx + gaussian(uniform) * size;
    map.y[i] = cy + gaussian(uniform) * size;
    map.cluster[i] = i < rows ? topic : -1;
    map.ids.push(i < rows ? `${i}` : `r${i - rows}`);
    map.texts.push(
      i % 16 === 15
        ? HOSTILE[(i >> 4) % HOSTILE.length]!
        : i < rows
          ? `${TOPICS[topic]![2]} (${i})`
          : `A row of the reference, number ${i - rows}.`,
    );
  }
  return map;
}
