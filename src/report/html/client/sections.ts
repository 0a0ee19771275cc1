import type { ClusterView, FindingView, PairView, UncoveredView, View } from '../view.ts';
import { copyButton } from './copy.ts';
import { data, element, folded, section, shareBar, unfolding } from './dom.ts';
import { figuresIn } from './figure.ts';
import { quoted, samples } from './samples.ts';

/** What is seen at once of long lists; the others start folded away. */
const FIRST = { clusters: 6, regions: 3, pairs: 3 };
/** The figure that stands with the clusters. */
const BY_RANK = 'clusters-by-rank';

const LEVELS = { problem: 'Problem', notice: 'Notice', good: 'Good', plain: '' } as const;

export function findings(view: Pick<View, 'findings' | 'warnings'>): HTMLElement | null {
  const list = element('ol', { class: 'findings' }, ...view.findings.map(finding));
  const warnings = view.warnings.map((warning) => element('li', {}, data(warning)));
  return section(
    'findings',
    'Findings',
    null,
    view.findings.length > 0 ? list : null,
    warnings.length > 0
      ? element('ul', { class: 'warnings', 'aria-label': 'Warnings' }, ...warnings)
      : null,
  );
}

function finding({ level, label, text, evidence }: FindingView): HTMLElement {
  const links = evidence.map(({ target, title }) =>
    element('a', { href: `#${encodeURIComponent(target)}` }, title),
  );
  return element(
    'li',
    { class: level },
    element('span', { class: 'level' }, label ?? LEVELS[level]),
    element('p', {}, data(text)),
    links.length > 0 ? element('p', { class: 'evidence' }, ...links) : null,
  );
}

export function facts({ facts: { columns, rows } }: View): HTMLElement | null {
  const head = element('tr', {}, element('td'));
  for (const column of columns) head.append(element('th', { scope: 'col' }, column));
  const body = element('tbody');
  for (const [name = '', ...values] of rows) {
    const cells = values.map((value) => element('td', {}, data(value)));
    body.append(element('tr', {}, element('th', { scope: 'row' }, name), ...cells));
  }
  return section(
    'dataset',
    'The data',
    null,
    element(
      'table',
      { class: 'facts' },
      columns.length > 1 ? element('thead', {}, head) : null,
      body,
    ),
  );
}

export function clusters(view: View): HTMLElement | null {
  const cards = (some: readonly ClusterView[]): HTMLElement =>
    element('div', { class: 'cards' }, ...some.map(clusterCard));
  const lead =
    'Rows that say similar things, largest first, with the words that set each apart and the rows nearest its centre. The spread is the mean cosine distance to that centre: small is tight.';
  const parts =
    view.clusters.length > 0 ? folded(view.clusters, FIRST.clusters, 'clusters', cards) : [null];
  const ranks = view.figures.filter(({ id }) => id === BY_RANK);
  return section('clusters', 'Clusters', lead, figuresIn(ranks, 'h3'), ...parts);
}

/** The figures that have no section of their own: how the rows are spread, and how numbers move with n. */
export function figures({ figures: all }: View): HTMLElement | null {
  const curves = all.filter(({ id }) => id.startsWith('curve-'));
  const others = all.filter((figure) => figure.id !== BY_RANK && !curves.includes(figure));
  const lead = 'The same numbers as shapes. Each figure has its values as a table beneath it.';
  return section(
    'figures',
    'Figures',
    lead,
    figuresIn(others, 'h3'),
    curves.length === 0
      ? null
      : unfolding({}, ['As rows are added'], () => figuresIn(curves, 'h4')),
  );
}

function clusterCard(cluster: ClusterView): HTMLElement {
  return element(
    'article',
    { id: `cluster-${cluster.cluster}` },
    element('h3', {}, data(cluster.name)),
    shareBar(cluster.size),
    element(
      'p',
      { class: 'figures' },
      element('strong', {}, cluster.share),
      ` ${cluster.rows}, spread ${cluster.spread}`,
    ),
    words(cluster.words),
    samples(cluster.samples),
  );
}

function words(all: readonly string[]): HTMLElement | null {
  if (all.length === 0) return null;
  return element('ul', { class: 'words' }, ...all.map((word) => element('li', {}, data(word))));
}

export function pairs(view: View): HTMLElement | null {
  const list = (some: readonly PairView[]): HTMLElement =>
    element('ol', { class: 'pairs' }, ...some.map(pair));
  const parts = view.pairs.length > 0 ? folded(view.pairs, FIRST.pairs, 'pairs', list) : [null];
  const lead = 'The rows that are most alike, by the cosine similarity of their vectors.';
  const lines = (): string[] => view.pairs.map(({ a, b }) => `${a.id}\t${b.id}`);
  const copy = view.pairs.length > 0 ? copyButton('Copy pairs of ids', lines) : null;
  return section('pairs', 'Nearest pairs', lead, ...parts, copy);
}

function pair({ similarity, identical, a, b }: PairView): HTMLElement {
  const alike = element('p', { class: 'figures' }, element('strong', {}, similarity));
  alike.append(identical ? ' equal to the letter' : ' similarity');
  return element('li', {}, alike, quoted(a), quoted(b));
}

export function uncovered(view: View): HTMLElement | null {
  const list = (some: readonly UncoveredView[]): HTMLElement =>
    element('div', { class: 'cards' }, ...some.map(region));
  const parts =
    view.uncovered.length > 0 ? folded(view.uncovered, FIRST.regions, 'regions', list) : [null];
  const lead = 'What the reference has and this dataset leaves out, or nearly so; largest first.';
  return section('uncovered', 'Missing from the dataset', lead, ...parts);
}

function region(one: UncoveredView): HTMLElement {
  const figures = element('p', { class: 'figures' }, element('strong', {}, one.referenceShare));
  figures.append(` ${one.detail}`);
  return element(
    'article',
    {},
    element('h3', {}, data(one.name)),
    shareBar(one.size),
    figures,
    samples(one.samples),
    copyButton('Copy these ids', () => one.samples.map(({ id }) => id)),
  );
}

export function provenance(view: Pick<View, 'provenance' | 'skipped'>): HTMLElement | null {
  const rows = view.provenance.flatMap(([name, value]) => [
    element('dt', {}, name),
    element('dd', {}, data(value)),
  ]);
  const skipped = view.skipped.flatMap(({ id, why }) => [
    element('dt', {}, element('code', {}, id)),
    element('dd', {}, data(why)),
  ]);
  const count = `${view.skipped.length} ${view.skipped.length === 1 ? 'measure' : 'measures'} skipped`;
  return section(
    'provenance',
    'How this was made',
    'The same data, model, settings and seed give the same report.',
    element('dl', { class: 'provenance' }, ...rows),
    skipped.length > 0
      ? unfolding({}, [count], () => element('dl', { class: 'provenance' }, ...skipped))
      : null,
  );
}
