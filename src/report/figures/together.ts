import { cut } from '../text.ts';
import { type Figure, legendRows, type Mark, OWN, type Tone, text } from './marks.ts';
import { SERIES, seriesOf } from './series.ts';

/** One drawing, or one of many small ones. */
export interface Paper {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly small: boolean;
  /** The series, the lowest first. */
  readonly order: readonly number[];
  readonly toneOf: (series: number) => Tone;
  /** Whether it stands out: all do where they have colours of their own. */
  readonly strong: (series: number) => boolean;
}

const NAME = 18;
/** Small drawings beside each other, and how large one is with its name. */
const ACROSS = 4;
const SMALL = { width: 236, height: 168, head: 22, gap: 16 };

/**
 * All series in one drawing in colours of their own; or, where they are more than colours can tell apart, a small
 * drawing for each, in which the others are grey.
 */
export function together(
  names: readonly string[],
  size: { readonly width: number; readonly height: number },
  draw: (paper: Paper) => Mark[],
): Pick<Figure, 'width' | 'height' | 'marks'> {
  const order = [...names.keys()];
  if (!areApart(names)) {
    const series = names.map((name, d) => ({ name: cut(name, NAME), tone: seriesOf(d) }));
    const paper = { left: 0, top: 0, ...size, small: false, order, toneOf: seriesOf };
    const legend = legendRows(series, size.width - 6, size.height + 16);
    return {
      width: size.width,
      height: size.height + legend.height + 6,
      marks: [...draw({ ...paper, strong: () => true }), ...legend.marks],
    };
  }
  const { width, height, head, gap } = SMALL;
  const marks = names.flatMap((name, own) => {
    const left = (own % ACROSS) * (width + gap);
    const top = Math.floor(own / ACROSS) * (height + head + gap);
    return [
      text(cut(name, 28), left + 2, top + 14, 'start', 'ink'),
      ...draw({
        ...{ left, top: top + head, width, height, small: true },
        order: [...order.filter((d) => d !== own), own],
        toneOf: (d) => (d === own ? OWN : 'grid'),
        strong: (d) => d === own,
      }),
    ];
  });
  return {
    width: ACROSS * (width + gap) - gap,
    height: Math.ceil(names.length / ACROSS) * (height + head + gap) - gap,
    marks,
  };
}

/** Whether there are too many for one drawing. */
export const areApart = (names: readonly string[]): boolean => names.length > SERIES.length;

/** What a caption says of small drawings; '' where all series are in one. */
export const apartWords = (names: readonly string[]): string =>
  areApart(names)
    ? ' A drawing for each, the others in grey: more than nine colours would not be told apart.'
    : '';
