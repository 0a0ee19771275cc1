import type { Report } from '../../audit/report.ts';
import type { TemplateReport, WithoutReport } from '../../audit/why/report.ts';
import { formatCount, formatNumber, formatRows, formatShare } from '../format.ts';
import { oneLine, reveal } from '../text.ts';
import type { BrowseView, EntryView, RowView } from './view.ts';

/** Rows of the same content or nearly so, what rows are built from, and what each adds: lists to leaf through. */
export const browseViews = (report: Report): BrowseView[] =>
  [
    duplicates(report),
    templates('templates', 'Templates', report.why.templates, TEMPLATES),
    templates('openings', 'Openings', report.why.openings, OPENINGS),
    remove(report),
    carry(report),
    densest(report),
    outliers(report),
  ].filter((list) => list.entries.length > 0);

const rowView = ({ id, text }: { readonly id: string; readonly text: string | null }): RowView => ({
  id: oneLine(id),
  text: text === null ? null : reveal(text),
});

function duplicates({ why }: Report): BrowseView {
  const { at, groupCount, rows, removable, exact, groups } = why.duplicates;
  const alike = at === null ? 'equal to the letter' : `at cosine ${formatNumber(at)} or above`;
  const shown =
    groups.length < groupCount ? ` The largest ${formatCount(groups.length)} are here.` : '';
  return {
    id: 'duplicates',
    title: 'Groups of duplicates',
    lead: `${formatRows(rows)} in ${formatRows(groupCount, 'group')}, ${alike}. Keeping one of each group removes ${formatRows(removable)}; ${formatCount(exact)} of them ${exact === 1 ? 'equals' : 'equal'} an earlier row to the letter.${shown}`,
    copies: [
      {
        label: 'Copy ids to remove',
        ids: groups.flatMap(({ ids, keep }) => ids.filter((id) => id !== keep.id)).map(oneLine),
      },
    ],
    entries: groups.map(
      (group): EntryView => ({
        head: formatRows(group.rows),
        figures:
          group.distinct === 1
            ? 'equal to the letter'
            : `${formatCount(group.distinct)} different ones, down to cosine ${formatNumber(group.least)}`,
        words: [],
        samples: [group.keep, ...group.samples].map(rowView),
        ids: group.ids.map(oneLine),
      }),
    ),
  };
}

const TEMPLATES =
  'Lines that many rows have with other words in the same places, as most rows write them; ___ stands for what differs.';
const OPENINGS = 'How many rows begin.';

function templates(
  id: string,
  title: string,
  all: readonly TemplateReport[],
  lead: string,
): BrowseView {
  return {
    ...{ id, title, lead, copies: [] },
    entries: all.map(
      (template): EntryView => ({
        head: oneLine(template.text),
        figures: `${formatRows(template.rows)}, ${formatShare(template.share)}`,
        words: template.slots.map(
          ({ different, most }, place) =>
            `${template.slots.length > 1 ? `${place + 1}: ` : ''}${most
              .map(({ text, rows }) => `${oneLine(text)} (${formatCount(rows)})`)
              .join(', ')}${different > most.length ? `, … ${formatCount(different)} in all` : ''}`,
        ),
        samples: template.samples.map(rowView),
        ids: null,
      }),
    ),
  };
}

function remove({ why: { influence } }: Report): BrowseView {
  const found = influence?.without.find(({ what }) => what === 'remove');
  const rows = influence?.remove ?? [];
  return {
    id: 'remove',
    title: 'What to remove',
    lead: `Rows without which the Vendi score would be higher, most first.${withoutWords(found, influence?.vendi)}`,
    copies: [{ label: 'Copy ids', ids: rows.map(({ id }) => oneLine(id)) }],
    entries: rows.map(
      (row): EntryView => ({
        head: `+${formatNumber(Math.abs(row.vendi))}`,
        figures: `without it${sharedWords(row.rows)}`,
        words: [],
        samples: [rowView(row)],
        ids: null,
      }),
    ),
  };
}

function carry({ why: { influence } }: Report): BrowseView {
  const found = influence?.without.find(({ what }) => what === 'carry');
  const rows = influence?.carry ?? [];
  return {
    id: 'carry',
    title: 'What carries the diversity',
    lead: `Rows without which the Vendi score would be lower, most first.${withoutWords(found, influence?.vendi)}`,
    copies: [{ label: 'Copy ids', ids: rows.map(({ id }) => oneLine(id)) }],
    entries: rows.map(
      (row): EntryView => ({
        head: `−${formatNumber(Math.abs(row.vendi))}`,
        figures: `without it${row.covers === null || row.covers === 0 ? '' : `; it alone covers ${formatRows(row.covers)} of the reference`}${sharedWords(row.rows)}`,
        words: [],
        samples: [rowView(row)],
        ids: null,
      }),
    ),
  };
}

const sharedWords = (rows: number): string =>
  rows > 1 ? `; ${formatRows(rows)} say nearly the same` : '';

const withoutWords = (found: WithoutReport | undefined, vendi: number | undefined): string =>
  found === undefined || vendi === undefined
    ? ''
    : ` Without ${formatRows(found.rows)} of this kind (${formatShare(found.share)}) it is ${formatNumber(found.vendi)}, with them ${formatNumber(vendi)}.`;

const densest = ({ why }: Report): BrowseView => ({
  id: 'densest',
  title: 'Where rows crowd',
  lead: 'The clusters whose rows are most alike, and how far two of their rows are apart beside any two of the dataset.',
  copies: [],
  entries: why.densest.map(
    (cluster): EntryView => ({
      head: oneLine(cluster.name),
      figures: `${formatRows(cluster.rows)}, ${formatShare(cluster.share)}; distance ${formatNumber(cluster.meanDistance)}, ${formatShare(cluster.relative)} of the whole's`,
      words: cluster.words.map(oneLine),
      samples: cluster.samples.map(rowView),
      ids: null,
    }),
  ),
});

function outliers({ why: { outliers: found } }: Report): BrowseView {
  const rows = found?.rows ?? [];
  return {
    id: 'outliers',
    title: 'Rows that stand alone',
    lead:
      found === null
        ? ''
        : `Rows farthest from their ${formatRows(found.nearest, 'nearest row')}: errors, or what is rare. The middle row is ${formatNumber(found.median)} from its own.`,
    copies: [{ label: 'Copy ids', ids: rows.map(({ id }) => oneLine(id)) }],
    entries: rows.map(
      (row): EntryView => ({
        head: formatNumber(row.distance),
        figures: 'away from its nearest rows',
        words: [],
        samples: [rowView(row)],
        ids: null,
      }),
    ),
  };
}
