import type { MapColumn, MapReport } from '../../audit/report.ts';
import { formatNumber, formatShare } from '../../base/numbers.ts';
import { scaleOf } from '../plot/colouring.ts';
import { oneLine } from '../text.ts';
import type { FieldView } from './view.ts';

/** What points can be coloured by beside their clusters, and which step or group each point has. */
export interface Field {
  readonly view: FieldView;
  /** For amounts a step from 0 to 65,534 between the ends, for names a group; 65,535 for none. */
  readonly of: Uint16Array;
}

const NONE = 0xffff;
const STEPS = NONE - 1;
/** Whole numbers of so few values are names of something rather than amounts. */
const FEW = 9;
/** Names beyond these share one, called 'other'. */
const MOST = 60;
/** A column in which most rows have a value of their own names nothing that colours could show. */
const OWN = 0.5;
/** Fields of a page: each costs two bytes a point before compression. */
const FIELDS = 32;

/** The columns that colours can say something about, in their order. */
export const fieldsOf = ({ columns = [] }: MapReport): readonly Field[] =>
  columns
    .map(fieldOf)
    .filter((field) => field !== null)
    .slice(0, FIELDS);

function fieldOf({ name, values, amounts }: MapColumn): Field | null {
  const present = values.filter((value) => value !== null);
  const distinct = new Set(present).size;
  if (distinct < 2) return null;
  const numeric = present.every((value) => typeof value === 'number');
  const whole = numeric && present.every((value) => Number.isInteger(value));
  if (numeric && (amounts === true || !whole || distinct > FEW)) {
    return amountsOf(name, values as readonly (number | null)[]);
  }
  const given = present.length;
  return distinct > MOST && distinct > OWN * given ? null : namesOf(name, values);
}

function amountsOf(name: string, values: readonly (number | null)[]): Field {
  const scale = scaleOf(
    name,
    Float64Array.from(values, (value) => value ?? Number.NaN),
  );
  const { low, high, beyond } = scale;
  const span = high - low || 1;
  return {
    view: {
      kind: 'amounts',
      title: scale.title,
      ends: [
        `${beyond[0] ? '≤ ' : ''}${formatNumber(low)}`,
        `${beyond[1] ? '≥ ' : ''}${formatNumber(high)}`,
      ],
      low,
      high,
    },
    of: Uint16Array.from(values, (value) =>
      value === null || Number.isNaN(value)
        ? NONE
        : Math.round(Math.min(1, Math.max(0, (value - low) / span)) * STEPS),
    ),
  };
}

function namesOf(title: string, values: MapColumn['values']): Field {
  const names = values.map((value) => (value === null ? null : oneLine(String(value))));
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST);
  const rest = sorted.slice(MOST).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) shown.push(['other', rest]);
  const groups = new Map(sorted.map(([name], group) => [name, Math.min(group, MOST)]));
  const all = shown.reduce((sum, [, count]) => sum + count, 0);
  return {
    view: {
      kind: 'names',
      title: oneLine(title),
      groups: shown.map(([name, count], cluster) => ({
        cluster,
        name,
        share: formatShare(count / all),
      })),
    },
    of: Uint16Array.from(names, (name) => (name === null ? NONE : groups.get(name)!)),
  };
}
