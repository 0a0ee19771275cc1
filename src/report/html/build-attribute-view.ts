import type { AttributeReport } from '../../attribute/report.ts';
import type { About } from '../../measures/measure.ts';
import { leadingParts, type Part, partsOf } from '../choose.ts';
import { scorerWords } from '../dataset-words.ts';
import { axisId } from '../figures/compared.ts';
import {
  effectsFigure,
  isSure,
  probability,
  termName,
  variancesFigure,
} from '../figures/effects.ts';
import {
  axisTitle,
  formatCount,
  formatEffect,
  formatInterval,
  formatNumber,
  formatRows,
  formatShare,
  formatValue,
} from '../format.ts';
import { oneLine } from '../text.ts';
import { cell } from './cells.ts';
import { provenanceOf, skippedOf, sourceWords } from './provenance.ts';
import type { FindingView, VerbView } from './view.ts';

type Abouts = Readonly<Record<string, About>>;

/** Figures of an axis, lines of its table, measures of each part in the figure of variances; findings. */
const DRAWN = 10;
const LISTED = 6;
const LEADING = 4;
const FINDINGS = 7;

/** The parts of a pipeline and what each moved, as the page shows them. */
export function buildAttributeView(report: AttributeReport, about: Abouts): VerbView {
  const { factors, cells, n, embedder, dataset, balanced } = report;
  const made = embedder ? `embedded by ${embedder.title}` : 'vectors as given';
  const by = factors.map(({ name, levels }) => `${name} (${levels.join(', ')})`).join(' × ');
  const parts = partsOf(report.measures, (id) => report.measures[id]!.effects.length > 0);
  const leading = parts.flatMap(({ ids }) => ids.slice(0, LEADING));
  return {
    mark: 'gamut attribute',
    title: `${formatRows(cells.length, 'combination')} at ${formatRows(n)} each`,
    summary: oneLine(
      [`${by}${balanced ? '' : '; unbalanced'}`, made, ...scorerWords(report)].join('; '),
    ),
    findings: findingsOf(report, parts, about),
    warnings: report.warnings.map(oneLine),
    map: null,
    clusters: [],
    figures: [variancesFigure(report, leading)].filter((figure) => figure !== null),
    spreads: [],
    axes: parts.map((part) => axisOf(report, part, about)),
    tables: [groups(report), combinations(report, leading, about), everyEffect(report, about)],
    provenance: provenanceOf(
      report,
      [['Rows', sourceWords(dataset.rows, dataset)]],
      'shared by all combinations',
    ),
    skipped: skippedOf(report),
  };
}

function findingsOf(report: AttributeReport, parts: readonly Part[], about: Abouts): FindingView[] {
  return [
    count(report),
    ...leadingParts(parts).map((part) => mover(report, part, about)),
    together(report, parts),
    apart(report),
    confounded(report),
  ]
    .filter((finding) => finding !== null)
    .slice(0, FINDINGS);
}

/** How many measures each factor moves. */
function count({ measures, factors }: AttributeReport): FindingView {
  const all = Object.values(measures).filter(({ effects }) => effects.length > 0);
  const moved = factors.map(({ name }) => {
    const found = all.filter(({ effects }) =>
      effects.some((one) => one.factors.length === 1 && one.factors[0] === name && isSure(one)),
    );
    return `${oneLine(name)} moves ${found.length}`;
  });
  return {
    level: 'plain',
    label: 'All measures',
    text: `Of ${formatRows(all.length, 'measure')}, ${moved.join(', ')} by more than chance.`,
    evidence: [{ target: 'everything', title: 'Every effect' }],
  };
}

/** What moves the measure that leads an axis most. */
function mover(
  { measures }: AttributeReport,
  { axis, section, ids }: Part,
  about: Abouts,
): FindingView {
  const id = ids[0]!;
  const { title, effects } = measures[id]!;
  const [most] = effects
    .filter((one) => one.factors.length === 1 && isSure(one))
    .toSorted((a, b) => b.share - a.share);
  const shown = { target: `figure-effects-${id}`, title: oneLine(title) };
  const said = { level: 'plain', label: axisTitle(axis, section), evidence: [shown] } as const;
  if (most === undefined) {
    return {
      ...said,
      text: `${oneLine(title)}: no part of the pipeline alone moves it by more than chance.`,
    };
  }
  const sorted = most.levels.toSorted((a, b) => b.effect - a.effect);
  const adds = ({ levels, effect, interval }: (typeof sorted)[number]): string =>
    `“${oneLine(levels[0]!)}”, ${effect > 0 ? '+' : ''}${formatEffect(effect, interval, about[id])} (${formatInterval(interval, about[id])})`;
  return {
    ...said,
    text: `${oneLine(title)}: ${formatShare(most.share)} of the variance between combinations goes with ${termName(most.factors)}. Against the mean of all it is highest with ${adds(sorted[0]!)}, and lowest with ${adds(sorted.at(-1)!)}.`,
  };
}

/** The two parts that depend on each other most, among what leads. */
function together({ measures }: AttributeReport, parts: readonly Part[]): FindingView | null {
  const [most] = parts
    .flatMap(({ ids }) => ids.slice(0, LEADING))
    .flatMap((id) => measures[id]!.effects.map((effect) => ({ id, effect })))
    .filter(({ effect }) => effect.factors.length > 1 && isSure(effect))
    .toSorted((a, b) => b.effect.share - a.effect.share);
  if (most === undefined) return null;
  const { id, effect } = most;
  return {
    level: 'plain',
    label: 'Together',
    text: `What ${oneLine(effect.factors[0]!)} does to “${oneLine(measures[id]!.title)}” depends on ${oneLine(effect.factors[1]!)}: ${formatShare(effect.share)} of its variance goes with both together.`,
    evidence: [{ target: 'figure-variances', title: 'What moves what' }],
  };
}

/** The factor whose levels say the most different things. */
function apart({ groups: all }: AttributeReport): FindingView | null {
  const [most] = all.toSorted((a, b) => b.between - a.between);
  if (most === undefined) return null;
  return {
    level: 'plain',
    label: 'Groups',
    text: `What is said differs most between the levels of ${oneLine(most.factor)}: on a scale from 1, all alike, to ${formatCount(most.levels.length)}, nothing in common, by ${formatNumber(most.between)}.`,
    evidence: [{ target: 'groups', title: 'Groups' }],
  };
}

function confounded({ terms }: AttributeReport): FindingView | null {
  const found = terms.filter(({ confounding }) => confounding > 0.5);
  if (found.length === 0) return null;
  return {
    level: 'notice',
    text: `Hard to tell apart from other parts, for combinations are missing: ${found.map(({ factors }) => termName(factors)).join(', ')}.`,
    evidence: [{ target: 'combinations', title: 'Combinations' }],
  };
}

function axisOf(
  report: AttributeReport,
  { axis, section, ids }: Part,
  about: Abouts,
): VerbView['axes'][number] {
  const terms = report.terms.map(({ factors }) => factors);
  return {
    id: axisId({ axis, section }),
    title: axisTitle(axis, section),
    lead: 'The mean over all combinations, and the share of the variance between them that goes with each part of the pipeline; *: by more than chance (Holm over the parts).',
    drawn:
      'Below, what each level adds to that mean, with 95 % intervals around the stroke that stands for nothing.',
    figures: ids
      .slice(0, DRAWN)
      .map((id) => effectsFigure(id, report, about[id]))
      .filter((figure) => figure !== null),
    table: {
      columns: ['', 'Mean', ...terms.map(termName)].map((head) => cell(head)),
      rows: ids.slice(0, LISTED).map((id) => {
        const { title, mean, effects } = report.measures[id]!;
        return [
          cell(oneLine(title), oneLine(id)),
          cell(formatValue(mean, about[id])),
          ...terms.map((factors) => {
            const found = effects.find((one) => termName(one.factors) === termName(factors));
            return cell(
              found === undefined ? '–' : `${formatShare(found.share)}${isSure(found) ? ' *' : ''}`,
            );
          }),
        ];
      }),
    },
  };
}

function groups({ groups: all }: AttributeReport): VerbView['tables'][number] {
  return {
    id: 'groups',
    title: 'Groups',
    lead: 'Vendi scores of the levels of each factor, each level counting once. Between: how many levels that have nothing in common would differ as much as these, from 1, all alike, to the number of levels.',
    table: {
      columns: ['Factor', 'Between', 'Within', 'All together', 'Levels'].map((head) => cell(head)),
      rows: all.map(({ factor, between, within, pooled, levels, n }) => [
        cell(oneLine(factor), `at ${formatRows(n)} a level`),
        cell(formatNumber(between)),
        cell(formatNumber(within)),
        cell(formatNumber(pooled)),
        cell(
          levels.map(({ level, vendi }) => `${oneLine(level)} ${formatNumber(vendi)}`).join(', '),
        ),
      ]),
    },
  };
}

function combinations(
  report: AttributeReport,
  leading: readonly string[],
  about: Abouts,
): VerbView['tables'][number] {
  const { factors, cells, measures } = report;
  return {
    id: 'combinations',
    title: 'Combinations',
    lead: `Every combination with its rows, of which ${formatCount(report.n)} are measured.`,
    folded: `All ${formatRows(cells.length, 'combination')}`,
    table: {
      columns: [
        cell(factors.map(({ name }) => oneLine(name)).join(', ')),
        cell('Rows'),
        ...leading.map((id) => cell(oneLine(measures[id]!.title))),
      ],
      rows: cells.map(({ levels, rows }, i) => [
        cell(levels.map(oneLine).join(', ')),
        cell(formatCount(rows)),
        ...leading.map((id) => cell(formatValue(measures[id]!.values[i] ?? null, about[id]))),
      ]),
    },
  };
}

function everyEffect({ measures }: AttributeReport, about: Abouts): VerbView['tables'][number] {
  const rows = Object.entries(measures).flatMap(([id, { title, effects }]) =>
    effects.map((effect) => [
      cell(oneLine(title), oneLine(id)),
      cell(termName(effect.factors)),
      cell(formatShare(effect.share)),
      cell(formatValue(effect.size, about[id])),
      cell(effect.corrected === null ? '–' : probability(effect.corrected)),
    ]),
  );
  return {
    id: 'everything',
    title: 'Every effect',
    lead: 'Share of the variance between combinations, the largest effect less the smallest, and the chance of effects so large where there are none (Holm over the parts).',
    folded: `All ${formatRows(rows.length, 'effect')}`,
    table: {
      columns: ['Measure', 'Part', 'Share', 'Size', 'p'].map((head) => cell(head)),
      rows,
    },
  };
}
