import type { AttributeReport } from '../attribute/report.ts';
import type { About } from '../measures/measure.ts';
import { AXES, leadingIds } from './choose.ts';
import { isSure } from './figures/effects.ts';
import {
  axisTitle,
  formatEffect,
  formatInterval,
  formatNumber,
  formatRows,
  formatShare,
  formatValue,
} from './format.ts';
import { oneLine, pad, wrap } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

const SHOWN = 5;
const VALUE = 10;
const INTERVAL = 21;

/** What a person reads after `gamut attribute`: what each part of the pipeline adds to each leading number. */
export function renderAttribution(report: AttributeReport, about: Abouts, columns: number): string {
  const width = Math.min(100, Math.max(60, columns));
  const { factors, cells, n, balanced, warnings, groups } = report;
  const parts = factors.map(({ name, levels }) => `${name} (${levels.join(', ')})`);
  const blocks = [
    wrap(
      oneLine(
        `${formatRows(cells.length, 'combination')} of ${parts.join(' × ')}, ${formatRows(n)} of each${balanced ? '' : '; unbalanced'}`,
      ),
      width,
    ),
    warnings.flatMap((warning) => wrap(`! ${oneLine(warning)}`, width)),
    ...leading(report).map((id) => effects(report, id, about, width)),
    [
      ...wrap(
        'Groups (Vendi scores; between 1, all levels alike, and the number of levels)',
        width,
      ),
      ...groups.flatMap(({ factor, levels, between }) =>
        wrap(
          oneLine(
            `${factor}: between ${formatNumber(between)}; ${levels.map(({ level, vendi }) => `${level} ${formatNumber(vendi)}`).join(', ')}`,
          ),
          width - 2,
        ).map((line) => `  ${line}`),
      ),
    ],
    wrap(
      'Effects are what a level adds to the mean over all combinations, with 95 % intervals; and the share of the variance between combinations; of what is significant at 5 % (Holm over the effects of a measure). All effects with --json, --html or --markdown.',
      width,
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function leading({ measures }: AttributeReport): string[] {
  return AXES.flatMap((axis) => {
    const all = Object.entries(measures)
      .filter(([, measure]) => measure.axis === axis && measure.effects.length > 0)
      .map(([id]) => id);
    const first = [...leadingIds(axis, null), ...leadingIds(axis, 'lexical')];
    const known = first.filter((id) => all.includes(id));
    return [...known, ...all.filter((id) => !known.includes(id))].slice(0, SHOWN);
  });
}

function effects(report: AttributeReport, id: string, about: Abouts, width: number): string[] {
  const { axis, section, title, mean, effects: all } = report.measures[id]!;
  const name = width - VALUE - INTERVAL - 8;
  const head = `${axisTitle(axis, section ?? null)}: ${title} (${id}), mean ${formatValue(mean, about[id])}`;
  const sure = all.filter(isSure);
  const lines = sure.flatMap(({ factors, levels, share }) => {
    // Of an interaction the size says enough; its table is in the JSON.
    const shown = factors.length === 1 ? levels : [];
    return [
      `${pad(`  ${oneLine(factors.join(' × '))}`, name + VALUE + INTERVAL)}${pad(formatShare(share), 8, 'left')}`,
      ...shown.map(({ levels: of, effect, interval }) =>
        (
          pad(`    ${oneLine(of.join(', '))}`, name) +
          pad(formatEffect(effect, interval, about[id]), VALUE, 'left') +
          pad(formatInterval(interval, about[id]), INTERVAL, 'left')
        ).trimEnd(),
      ),
    ];
  });
  const rest = all
    .filter((effect) => !isSure(effect) && effect.share > 0)
    .map(({ factors, share }) => `${oneLine(factors.join(' × '))} ${formatShare(share)}`);
  if (rest.length > 0) {
    const words = `no more than chance: ${rest.join(', ')}`;
    lines.push(...wrap(words, width - 4).map((text, i) => (i === 0 ? `  ${text}` : `    ${text}`)));
  }
  if (lines.length === 0) lines.push('  the same in every combination');
  return [...wrap(oneLine(head), width), ...lines];
}
