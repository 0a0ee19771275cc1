import type { TextView } from '../../text-view.ts';

/** A check of one row. What it is called, whose it is, and the threshold stand in its own file. */
export interface Rule {
  /** Behind 'quality.rules.': 'refusal'. */
  readonly id: string;
  readonly title: string;
  /** One plain sentence: the share of rows that … */
  readonly reads: string;
  readonly cite: string;
  /** Whether the row breaks it; null where the rule is not for such rows. */
  breaks(view: TextView): boolean | null;
  /** Which rows it is for, where not for all: 'rows of 20 words or more'. */
  readonly only?: string;
  /** Whether it is about the form alone, as good lists and poems break it: counted by itself, not in quality.rules. */
  readonly form?: boolean;
}
