import type { CompareReport, Ranking } from '../compare/report.ts';
import type { About } from '../measures/measure.ts';
import { shownIds } from './compare.ts';
import { axisId } from './figures/compared.ts';
import { valueWords } from './figures/forest.ts';
import { axisTitle, formatNumber, formatRows, formatShare } from './format.ts';
import { bestMixtures } from './groups.ts';
import type { FindingView } from './html/view.ts';
import { oneLine } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

/** What a colleague would say of a comparison first, each sentence with the part that shows it. */
export function comparisonFindings(
  report: CompareReport,
  names: readonly string[] | null,
  about: Abouts,
): FindingView[] {
  return [
    ...report.rankings.filter(leads).map((ranking) => leader(report, ranking, about)),
    front(report),
    filter(report),
    mixture(report),
    themes(report, names),
    length(report),
  ]
    .filter((finding) => finding !== null)
    .slice(0, 7);
}

/** An axis of its own, or the part of it that stands for it. */
const leads = ({ axis, section }: Ranking, _: number, all: readonly Ranking[]): boolean =>
  axis !== 'tradeoff' &&
  (section === null ||
    (section === 'rules' && !all.some((one) => one.axis === axis && one.section === null)));

const nameOf = ({ datasets }: CompareReport, dataset: number): string =>
  oneLine(datasets[dataset]!.name);

function leader(report: CompareReport, ranking: Ranking, about: Abouts): FindingView | null {
  const [first] = ranking.order;
  const last = ranking.order.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  const title = axisTitle(ranking.axis, ranking.section);
  const [id] = shownIds(ranking, report, 1);
  const value = (dataset: number): string =>
    `${nameOf(report, dataset)} ${valueWords(report.measures[id!]!.values[dataset]!, about[id!])}`;
  const numbers =
    id === undefined
      ? ''
      : ` ${oneLine(report.measures[id]!.title)}: ${value(first.dataset)}, ${value(last.dataset)}.`;
  const shown = first.more + first.less > 0;
  const lead = shown
    ? `By mean place ${nameOf(report, first.dataset)} leads: over all measures it has significantly more than another dataset ${times(first.more)}, and less ${times(first.less)}.`
    : 'No dataset has significantly more or less than another.';
  return {
    level: 'plain',
    label: title,
    text: lead + numbers,
    evidence: [{ target: axisId(ranking), title }],
  };
}

const times = (count: number): string =>
  count === 0 ? 'never' : count === 1 ? 'once' : `${count} times`;

function front({ front: found, datasets }: CompareReport): FindingView | null {
  if (found === null) return null;
  const axes = found.axes.join(', ').replace(/, (?!.*, )/, ' and ');
  const names = (all: readonly number[]): string =>
    all.map((i) => oneLine(datasets[i]!.name)).join(', ');
  const text =
    found.front.length === 1
      ? `${names(found.front)} leads or ties in ${axes} at once.`
      : found.beaten.length === 0
        ? `No dataset is beaten in ${axes} at once: each has its own strength.`
        : `Beaten in ${axes} at once: ${found.beaten.map(({ dataset, by }) => `${names([dataset])} by ${names(by)}`).join('; ')}.`;
  return {
    level: 'plain',
    label: 'All axes',
    text,
    evidence: [{ target: 'glance', title: 'At a glance' }],
  };
}

function mixture(report: CompareReport): FindingView | null {
  const { union } = report;
  const [best] = bestMixtures(union, 1);
  const evidence = [{ target: 'mixtures', title: 'Mixtures' }];
  if (best === undefined) {
    const text =
      'No half-and-half mixture of two is more diverse than the more diverse of them alone (Vendi score at equal n).';
    return { level: 'plain', label: 'Mixtures', text, evidence };
  }
  const { a, b, mixed } = best;
  const alone = (i: number): string =>
    `${nameOf(report, i)} alone ${formatNumber(union.alone[i]!)}`;
  return {
    level: 'plain',
    label: 'Mixtures',
    text: `Half of ${nameOf(report, a)} with half of ${nameOf(report, b)} has a Vendi score of ${formatNumber(mixed)}, more than ${alone(a)} and ${alone(b)}: each has what the other lacks.`,
    evidence,
  };
}

/** What a quality filter costs each dataset. */
function filter({ curves = [], datasets }: CompareReport): FindingView | null {
  const answers = curves.flatMap((curve, d) =>
    curve === null ? [] : [`${oneLine(datasets[d]!.name)}: ${oneLine(curve.answer)}`],
  );
  if (answers.length === 0) return null;
  return {
    level: 'plain',
    label: 'Quality filter',
    text: answers.slice(0, 3).join(' '),
    evidence: [{ target: 'figure-quality-diversity', title: 'Quality against diversity' }],
  };
}

/** The cluster whose shares lie farthest apart. */
function themes(report: CompareReport, names: readonly string[] | null): FindingView | null {
  const apart = report.clusters
    .map(({ cluster, shares }) => ({
      cluster,
      low: Math.min(...shares),
      high: Math.max(...shares),
      shares,
    }))
    .toSorted((a, b) => b.high - b.low - (a.high - a.low));
  const [first] = apart;
  if (first === undefined || first.high === first.low) return null;
  const without = report.datasets.map(
    (_, d) => report.clusters.filter(({ shares }) => shares[d] === 0).length,
  );
  const most = without.indexOf(Math.max(...without));
  const empty =
    without[most]! === 0
      ? ''
      : ` ${nameOf(report, most)} has no row in ${without[most]} of the ${formatRows(report.clusters.length, 'shared cluster')}.`;
  const has = (share: number): string => (share === 0 ? 'none' : formatShare(share));
  const where = (share: number): string => nameOf(report, first.shares.indexOf(share));
  return {
    level: 'plain',
    label: 'Themes',
    text: `The largest difference is in “${oneLine(names?.[first.cluster] ?? `cluster ${first.cluster + 1}`)}”: ${has(first.high)} of ${where(first.high)}, ${has(first.low)} of ${where(first.low)}.${empty}`,
    evidence: [{ target: 'figure-cluster-shares', title: 'Where the datasets differ' }],
  };
}

function length({ length: found }: CompareReport): FindingView | null {
  if (found === undefined) return null;
  const gone = Object.values(found.measures).filter(({ pairs }) =>
    pairs.some(({ goesWithLength }) => goesWithLength),
  );
  const titles = gone.slice(0, 4).map(({ title }) => oneLine(title));
  const more = gone.length > titles.length ? ` and ${gone.length - titles.length} more` : '';
  return {
    level: 'plain',
    label: 'Length',
    text:
      gone.length === 0
        ? 'No difference goes with the lengths of the rows.'
        : `Goes with length, for it vanishes or turns round once rows are equally long: ${titles.join(', ')}${more}.`,
    evidence: [{ target: 'length', title: 'Length held equal' }],
  };
}
