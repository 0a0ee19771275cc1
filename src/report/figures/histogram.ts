import type { BinsReport, HistogramReport } from '../../audit/report.ts';
import { formatNumber, formatShare } from '../../base/numbers.ts';
import {
  area,
  axes,
  BESIDE,
  DATASET,
  type Figure,
  legend,
  line,
  type Mark,
  OWN,
  REFERENCE,
} from './marks.ts';
import { linear } from './scale.ts';

const [WIDTH, HEIGHT] = [480, 290];
const FRAME = { left: 62, top: 36, right: WIDTH - 14, bottom: HEIGHT - 48 };

export interface HistogramWords {
  readonly id: string;
  readonly title: string;
  /** What the bins are of, and what is counted. */
  readonly x: string;
  readonly y: string;
  /** What is right of what, in a sentence. */
  readonly reads: string;
}

export const PAIRS: HistogramWords = {
  id: 'pair-similarities',
  title: 'Similarity of pairs',
  x: 'cosine similarity of two rows',
  y: 'share of the pairs',
  reads: 'Further right, rows are more alike.',
};

export const LENGTHS: HistogramWords = {
  id: 'lengths',
  title: 'Lengths',
  x: 'tokens in a row',
  y: 'share of the rows',
  reads: 'A narrow peak says that rows are made to one measure.',
};

/** From one edge of a bin to the next at the height of its share. */
export const stepsOf = (
  { from, width }: BinsReport,
  shares: readonly number[],
): (readonly [number, number])[] =>
  shares.flatMap((share, bin) => [
    [from + bin * width, share] as const,
    [from + (bin + 1) * width, share] as const,
  ]);

/** '0.2 to 0.3', or '9 and more' of the last where it holds everything beyond. */
export function edgeWords({ from, width, open }: BinsReport, bin: number, bins: number): string {
  const edge = (at: number): string => formatNumber(Number((from + at * width).toPrecision(10)));
  return open && bin === bins - 1 ? `${edge(bin)} and more` : `${edge(bin)} to ${edge(bin + 1)}`;
}

/** Shares of a number's values as steps: the dataset filled, the reference as a dashed outline. */
export function histogramFigure(
  found: HistogramReport | null,
  words: HistogramWords,
): Figure | null {
  if (found === null) return null;
  const { from, width, open, dataset, reference } = found;
  const bins = dataset.shares.length;
  const high = Math.max(...dataset.shares, ...(reference?.shares ?? []));
  const end = from + bins * width;
  const x = linear(from, end, [FRAME.left, FRAME.right], 5);
  const y = linear(0, high, [FRAME.bottom, FRAME.top], 3, formatShare);
  const steps = (shares: readonly number[]): [number, number][] =>
    stepsOf(found, shares).map(([at, share]) => [x.of(at), y.of(share)]);
  const own = steps(dataset.shares);
  const ground: [number, number][] = [
    [FRAME.right, FRAME.bottom],
    [FRAME.left, FRAME.bottom],
  ];
  const marks: Mark[] = [
    ...axes(FRAME, x, y, { x: words.x, y: words.y }),
    area([...own, ...ground], OWN, 0.3),
    line(own, OWN, { width: 1.5 }),
  ];
  if (reference !== null) {
    marks.push(line(steps(reference.shares), BESIDE, { dashed: true, width: 2 }));
    marks.push(...legend([DATASET, REFERENCE], FRAME.right, FRAME.top - 14));
  }
  const beside = reference === null ? '' : `, ${formatNumber(reference.mean)} in the reference`;
  const mean = `The mean is ${formatNumber(dataset.mean)}${beside}`;
  const last = open ? ' The last step holds everything beyond.' : '';
  return {
    id: words.id,
    title: words.title,
    caption: `${mean}. ${words.reads}${last}`,
    label: `Histogram of ${words.x}. ${mean}.`,
    ...{ width: WIDTH, height: HEIGHT, marks },
    table: {
      columns: [
        words.x,
        `Share, ${DATASET.name}`,
        ...(reference === null ? [] : [`Share, ${REFERENCE.name}`]),
      ],
      rows: dataset.shares.map((share, bin) => [
        edgeWords(found, bin, bins),
        formatShare(share),
        ...(reference === null ? [] : [formatShare(reference.shares[bin]!)]),
      ]),
    },
  };
}
