import type { AxisView, BarView, MeasureView, SizeView } from '../view.ts';
import { drawing, element, unfolding } from './dom.ts';

/** The measures of one axis as a table, and the lesser ones as a second table that starts folded. */
export function measuresOf(axis: AxisView): HTMLElement {
  const box = element(
    'section',
    { class: 'axis', 'aria-labelledby': `axis-${axis.axis}` },
    element('h3', { id: `axis-${axis.axis}` }, axis.title),
  );
  if (axis.key.length > 0) box.append(table(axis, axis.key));
  if (axis.rest.length > 0) {
    const more = `${axis.rest.length} more on this`;
    box.append(unfolding({}, [more], () => table(axis, axis.rest)));
  }
  return box;
}

function table(axis: AxisView, measures: readonly MeasureView[]): HTMLElement {
  const heads = ['Measure', 'Value', axis.compares ? 'Reference' : null, 'In its range'];
  const head = element('tr');
  for (const name of heads) if (name !== null) head.append(element('th', { scope: 'col' }, name));
  const body = element('tbody');
  for (const measure of measures) body.append(row(measure, axis.compares));
  return element(
    'table',
    { class: 'measures' },
    element('caption', { class: 'unseen' }, axis.title),
    element('thead', {}, head),
    body,
  );
}

function row(measure: MeasureView, compares: boolean): HTMLElement {
  const { interval, reference, comparison, baseline, note, cite } = measure;
  const name = element(
    'th',
    { scope: 'row' },
    element('span', { class: 'name' }, measure.title),
    element('code', cite === '' ? {} : { title: cite }, measure.id),
    measure.reads === '' ? null : element('p', {}, measure.reads),
    comparison === null ? null : element('p', { class: 'comparison' }, comparison),
    baseline === null ? null : element('p', { class: 'comparison' }, baseline),
    note === null ? null : element('p', { class: 'note' }, note),
    measure.size === null ? null : sizeCurve(measure.size),
  );
  const value = element(
    'td',
    { class: 'value' },
    element('strong', {}, measure.value),
    interval === null
      ? null
      : element('span', { class: 'interval', title: '95 % interval' }, interval),
  );
  const cells = [name, value];
  if (compares) {
    const shown = reference === null ? null : element('strong', {}, reference);
    const label = reference === null ? '' : 'reference';
    cells.push(element('td', { class: 'value reference', 'data-label': label }, shown));
  }
  const range = element('td', { class: 'range' });
  if (measure.bar) range.append(rangeBar(measure.bar));
  range.append(element('span', { class: 'direction' }, measure.direction));
  cells.push(range);
  return element('tr', { id: `measure-${measure.id}` }, ...cells);
}

const CURVE = { width: 72, height: 20, margin: 3 };

/** How the value moves with the rows: a line whose end is this dataset, and the verdict. */
function sizeCurve({ words, curve, points }: SizeView): HTMLElement {
  const text = element('span', {}, words);
  if (curve === null) return element('div', { class: 'size' }, text);
  const { width, height, margin } = CURVE;
  const places = curve.map(
    ([x, y]) =>
      [margin + x * (width - 2 * margin), height - margin - y * (height - 2 * margin)] as const,
  );
  const [cx, cy] = places.at(-1)!;
  const picture = drawing(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width: `${width}`, height: `${height}`, role: 'img' },
    drawing('title', {}, points),
    drawing('polyline', { points: places.map((place) => place.join(',')).join(' ') }),
    drawing('circle', { cx: `${cx}`, cy: `${cy}`, r: '2.5' }),
  );
  return element('div', { class: 'size' }, picture, text);
}

const percent = (part: number): string => `${part * 100}%`;

/** The range from end to end, the interval as a band, the value as a dot, the reference as a line. */
function rangeBar(bar: BarView): HTMLElement {
  const track = element('div', { class: 'track' });
  if (bar.interval) {
    const band = element('span', { class: 'band' });
    band.style.left = percent(bar.interval[0]);
    band.style.width = percent(bar.interval[1] - bar.interval[0]);
    track.append(band);
  }
  if (bar.reference !== null) {
    const line = element('span', { class: 'line', title: 'the reference' });
    line.style.left = percent(bar.reference);
    track.append(line);
  }
  const dot = element('span', { class: 'dot' });
  dot.style.left = percent(bar.at);
  track.append(dot);
  const ends = element(
    'div',
    { class: 'ends' },
    element('span', {}, bar.low),
    element('span', {}, bar.high),
  );
  return element('div', { class: 'bar', 'aria-hidden': 'true' }, track, ends);
}
