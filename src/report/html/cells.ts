import type { About, Value } from '../../measures/measure.ts';
import { formatInterval, formatValue } from '../format.ts';
import { oneLine } from '../text.ts';
import type { CellView } from './view.ts';

export const cell = (text: string, note?: string): CellView =>
  note === undefined ? { text } : { text, note };

/** A value over its interval, or over the reason why there is none. */
export const valueCell = ({ value, interval, why }: Value, about: About | undefined): CellView =>
  cell(
    formatValue(value, about),
    interval === null ? oneLine(why ?? '') : formatInterval(interval, about),
  );
