import type { Report } from '../audit/report.ts';
import type { TemplateReport, WithoutReport } from '../audit/why/report.ts';
import { formatCount, formatNumber, formatRows, formatShare } from './format.ts';

/** The Vendi score without some rows, and which. */
export interface WithoutWords {
  readonly vendi: string;
  readonly words: string;
}

/**
 * What leaving out many rows does to the score: all but one row of each group of duplicates, and the most
 * that were taken away of those that add least or, as `what` says, most.
 */
export function withoutWords({ why }: Report, what: 'remove' | 'carry'): WithoutWords[] {
  const { influence, duplicates } = why;
  if (influence === null) return [];
  const told = (entry: WithoutReport): WithoutWords => {
    const rows = `${formatRows(entry.rows)} (${formatShare(entry.share)})`;
    const one = entry.rows === 1;
    const copies = `that ${duplicates.at === null ? (one ? 'equals' : 'equal') : one ? 'nearly repeats' : 'nearly repeat'} another, one row of each of ${formatRows(duplicates.groupCount, 'group')} kept`;
    const least = `that ${one ? 'adds' : 'add'} ${what === 'remove' ? 'least' : 'most'}`;
    return {
      vendi: formatNumber(entry.vendi),
      words: `without ${rows} ${entry.what === 'duplicates' ? copies : least}`,
    };
  };
  const of = (kind: WithoutReport['what']): WithoutReport[] =>
    influence.without.filter((entry) => entry.what === kind).slice(-1);
  return (what === 'remove' ? [...of('duplicates'), ...of('remove')] : of('carry')).map(told);
}

/** Templates, and openings that are not among them, most frequent first. */
export function sharedForms({ why }: Report): TemplateReport[] {
  const known = new Set(why.templates.map(({ text }) => text));
  return [...why.templates, ...why.openings.filter(({ text }) => !known.has(text))].sort(
    (a, b) => b.share - a.share,
  );
}

/** 'one, two, three and 22 more' for the slot with most to say; null where there is none. */
export function fillerWords({ slots }: TemplateReport, count = 3): string | null {
  const slot = slots.toSorted((a, b) => b.different - a.different)[0];
  if (slot === undefined) return null;
  const shown = slot.most.slice(0, count).map(({ text }) => text);
  const left = slot.different - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${formatCount(left)} more` : shown.join(', ');
}
