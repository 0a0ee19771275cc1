import type { Json } from './row.ts';

/** What every value of a column is, missing ones aside; 'json' where values are nested or of several kinds. */
export type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'json';

/** A column of a table. Formats that know types need its kind; null leaves it to the first rows. */
export interface TableColumn {
  readonly name: string;
  readonly kind: Kind | null;
}

/** Watches values go by and says what kind of column they make. */
export class KindSurvey {
  private readonly kinds = new Map<string, Kind | null>();

  observe(name: string, value: Json): void {
    const kind = kindOf(value);
    const known = this.kinds.get(name);
    if (known === undefined) this.kinds.set(name, kind);
    else if (kind !== null && known !== kind) this.kinds.set(name, joined(known, kind));
  }

  /** In the order in which they were first seen. Columns without any value are of text. */
  columns(): TableColumn[] {
    return Array.from(this.kinds, ([name, kind]) => ({ name, kind: kind ?? 'text' }));
  }

  kindOf(name: string): Kind {
    return this.kinds.get(name) ?? 'text';
  }
}

/** null for a missing value, which goes with every kind. */
export function kindOf(value: Json): Kind | null {
  if (value === null) return null;
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  return 'json';
}

function joined(known: Kind | null, kind: Kind): Kind {
  if (known === null) return kind;
  const numbers = isNumeric(known) && isNumeric(kind);
  return numbers ? 'number' : 'json';
}

const isNumeric = (kind: Kind): boolean => kind === 'integer' || kind === 'number';
