import { area, axes, type Figure, line, type Mark } from './marks.ts';
import type { Scale } from './scale.ts';
import { type Paper, together } from './together.ts';

type Places = readonly (readonly [x: number, y: number])[];
type Ends = readonly [from: number, to: number];

export interface LinesSpec {
  /** Of every series, in values; none where it is empty. */
  readonly lines: readonly Places[];
  readonly x: (ends: Ends, small: boolean) => Scale;
  readonly y: (ends: Ends, small: boolean) => Scale;
  readonly titles: { readonly x: string; readonly y: string };
  /** Whether the ground under each line is tinted. */
  readonly filled?: true;
}

const [WIDTH, HEIGHT] = [480, 290];

/** Lines of several series on the same axes. */
export const linesOf = (
  names: readonly string[],
  spec: LinesSpec,
): Pick<Figure, 'width' | 'height' | 'marks'> =>
  together(names, { width: WIDTH, height: HEIGHT }, (paper) => drawn(paper, spec));

function drawn(
  { left, top, width, height, small, order, toneOf, strong }: Paper,
  { lines, x: scaleX, y: scaleY, titles, filled }: LinesSpec,
): Mark[] {
  const frame = {
    left: left + (small ? 56 : 62),
    top: top + (small ? 6 : 36),
    right: left + width - 14,
    bottom: top + height - (small ? 24 : 48),
  };
  const x = scaleX([frame.left, frame.right], small);
  const y = scaleY([frame.bottom, frame.top], small);
  const marks = axes(frame, x, y, small ? { x: '', y: '' } : titles);
  for (const d of order) {
    const places = (lines[d] ?? []).map(([at, value]) => [x.of(at), y.of(value)] as const);
    if (places.length === 0) continue;
    if (filled && strong(d)) {
      const ground = [
        [places.at(-1)![0], frame.bottom],
        [places[0]![0], frame.bottom],
      ] as const;
      marks.push(area([...places, ...ground], toneOf(d), 0.1));
    }
    marks.push(line(places, toneOf(d), { width: strong(d) ? 2 : 1 }));
  }
  return marks;
}
