import type { ClusterReport, RowReport } from '../report.ts';

/**
 * Why the numbers are as they are. Lists are bounded, as each says; what a part rests on is measured
 * only where some measure that was asked for needs it, and the part is null, or empty, otherwise.
 */
export interface WhyReport {
  /** What rows add to the Vendi score. null without measures of the spectrum, or below two rows. */
  readonly influence: InfluenceReport | null;
  /** Rows that repeat others. */
  readonly duplicates: DuplicatesReport;
  /** Skeletons of lines that 1 % of the rows share, most frequent first; 30 at most. Empty without texts. */
  readonly templates: readonly TemplateReport[];
  /** The first words of 1 % of the rows, most frequent first; 30 at most. */
  readonly openings: readonly TemplateReport[];
  /** The clusters whose rows are closest to each other, closest first; 12 at most. */
  readonly densest: readonly DenseReport[];
  /** Rows far from everything. null without measures of neighbours, or below two rows. */
  readonly outliers: OutliersReport | null;
}

export interface InfluenceReport {
  /** The Vendi score (order 1) of all rows. */
  readonly vendi: number;
  /** What to remove: rows without which the score is higher, most first; 20 at most, near-duplicates once. */
  readonly remove: readonly InfluentialRow[];
  /** What carries the diversity: rows without which the score is lower, most first; 20 at most, near-duplicates once. */
  readonly carry: readonly InfluentialRow[];
  /** The score measured again without many rows at once. */
  readonly without: readonly WithoutReport[];
}

/** What one row adds: a number less what it is without the row. */
export interface InfluentialRow extends RowReport {
  /** Rows that hang together with it by near-duplicates, itself included (equal rows where neighbours were not asked for). */
  readonly rows: number;
  /** To the Vendi score, measured again without the row; below 0 where the score rises without it. */
  readonly vendi: number;
  /** To the entropy of the clusters' shares, in nats; null without clusters. */
  readonly clusterEntropy: number | null;
  /** Rows of the reference that only this row covers; null where `coverage` was not asked for. */
  readonly covers: number | null;
  /** The number of its cluster; null without clusters. */
  readonly cluster: number | null;
}

export interface WithoutReport {
  /**
   * 'remove': the rows with the most to win, of which one of each group of duplicates stays; 'carry': those with
   * the most to lose; both by first-order influence. 'duplicates': all rows of groups but one of each.
   */
  readonly what: 'remove' | 'carry' | 'duplicates';
  /** Rows taken away, and their share. */
  readonly rows: number;
  readonly share: number;
  /** The Vendi score of what is left. */
  readonly vendi: number;
}

export interface DuplicatesReport {
  /** Cosine from which rows hang together; null where only equal rows were looked for. */
  readonly at: number | null;
  /** How many groups there are, rows in them, and rows that would go if one of each group was kept. */
  readonly groupCount: number;
  readonly rows: number;
  readonly removable: number;
  /** Of these, rows equal to an earlier one. */
  readonly exact: number;
  /** Largest first; 1,000 groups at most. */
  readonly groups: readonly DuplicateGroupReport[];
}

export interface DuplicateGroupReport {
  readonly rows: number;
  /** How many different contents its rows have; 1 where all are equal. */
  readonly distinct: number;
  /** The smallest cosine of one of its rows to the one to keep. */
  readonly least: number;
  /** The row to keep, which is most like all of them. */
  readonly keep: RowReport;
  /**
   * Ids of the rows, that of `keep` among them, in the order of the input. 10,000 at most in all groups together: then all
   * of small groups and equally many, the first, of each larger one.
   */
  readonly ids: readonly string[];
  /** A few rows of other contents than `keep`; of the largest 200 groups. */
  readonly samples: readonly RowReport[];
}

export interface TemplateReport {
  /** 'Give ___ tips for ___.': words as most rows write them, ___ for what differs. */
  readonly text: string;
  /** Rows that have it, of those looked at (10,000 at most), and their share. */
  readonly rows: number;
  readonly share: number;
  /** For each ___ the different texts in its place: how many, and the 6 most frequent with their rows. */
  readonly slots: readonly {
    readonly different: number;
    readonly most: readonly { readonly text: string; readonly rows: number }[];
  }[];
  readonly samples: readonly RowReport[];
}

/** A cluster as `clusters` has it; rows that crowd. */
export interface DenseReport
  extends Pick<ClusterReport, 'cluster' | 'name' | 'words' | 'rows' | 'share' | 'samples'> {
  /** Mean cosine distance of two of its rows. */
  readonly meanDistance: number;
  /** … as a part of that of any two rows of the dataset. */
  readonly relative: number;
}

export interface OutliersReport {
  /** Nearest rows whose mean distance counts; 5, or fewer where there are fewer. */
  readonly nearest: number;
  /** This distance of the median row, and of the row that 95 % are closer than. */
  readonly median: number;
  readonly p95: number;
  /** The rows with the largest distance, farthest first; 20 at most. */
  readonly rows: readonly (RowReport & { readonly distance: number })[];
}
