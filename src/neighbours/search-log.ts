import { formatShare } from '../base/numbers.ts';
import type { IndexInfo, IndexKind } from './neighbours.ts';

/** How neighbours are found. */
export interface Search {
  readonly index: 'auto' | IndexKind | undefined;
  readonly recall: number | undefined;
  /** Hears of every search. */
  readonly onSearch?: ((found: IndexInfo) => void) | undefined;
}

/** A search that remembers what an approximate index missed. */
export interface SearchLog extends Search {
  /** What a reader must know; searches that a report names are left out where little was missed. */
  warnings(named?: readonly IndexInfo[]): string[];
}

/** Below this share of true neighbours a reader is warned. */
const LOW_RECALL = 0.95;

export function searchLog({ index = 'auto', recall }: Partial<Search>): SearchLog {
  const searches = new Set<IndexInfo>();
  return {
    index,
    recall,
    onSearch: (found) => void searches.add(found),
    warnings(named = []) {
      const untold = [...searches].filter(
        (found) => found.kind !== 'exact' && (found.recall < LOW_RECALL || !named.includes(found)),
      );
      if (untold.length === 0) return [];
      const share = formatShare(Math.min(...untold.map((found) => found.recall)));
      const kinds = [...new Set(untold.map((found) => found.kind))].join(' and ');
      return [
        `An approximate index (${kinds}) found ${share} of the true neighbours, measured on drawn rows; --index exact finds all.`,
      ];
    },
  };
}
