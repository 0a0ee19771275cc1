import type { FigureView, MarkView } from '../view.ts';
import { data, drawing, element } from './dom.ts';

/** Figures side by side, small ones closer; null for none. */
export function figuresIn(
  figures: readonly FigureView[],
  heading: 'h3' | 'h4',
): HTMLElement | null {
  if (figures.length === 0) return null;
  const size = heading === 'h4' ? 'drawn small' : 'drawn';
  return element('div', { class: size }, ...figures.map((figure) => figureOf(figure, heading)));
}

/** Units from which on a figure takes the width of the page, and moves sideways where that is narrow. */
const BROAD = 600;

const scrolling = (title: string, picture: SVGElement): HTMLElement =>
  element('div', { class: 'aside', tabindex: '0', role: 'region', 'aria-label': title }, picture);

/** A drawing with its title, a sentence on how to read it, and its numbers as a table. */
function figureOf(figure: FigureView, heading: 'h3' | 'h4'): HTMLElement {
  const { id, title, caption, label, width, height, marks } = figure;
  const picture = drawing(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...marks.map(markOf),
  );
  return element(
    'figure',
    { class: width > BROAD ? 'figure broad' : 'figure', id: `figure-${id}` },
    element(heading, {}, data(title)),
    width > BROAD ? scrolling(title, picture) : picture,
    caption === '' ? null : element('figcaption', {}, data(caption)),
    numbersOf(figure),
  );
}

const classOf = (tone: string): string =>
  tone.startsWith('s') && tone !== 'soft' ? tone : `t-${tone}`;

function markOf(mark: MarkView): SVGElement {
  const tone = classOf(mark.tone);
  switch (mark.kind) {
    case 'line':
      return drawing('polyline', {
        class: mark.dashed ? `${tone} dashed` : tone,
        points: mark.points.join(' '),
        'stroke-width': `${mark.width ?? 1}`,
      });
    case 'area':
      return drawing('polygon', {
        class: tone,
        points: mark.points.join(' '),
        'fill-opacity': `${mark.opacity}`,
      });
    case 'dot': {
      const [cx, cy, r] = mark.at;
      return drawing('circle', { class: tone, cx: `${cx}`, cy: `${cy}`, r: `${r}` });
    }
    case 'text': {
      const [x, y] = mark.at;
      const place = { x: `${x}`, y: `${y}`, 'text-anchor': mark.anchor };
      return drawing('text', { class: mark.strong ? `${tone} strong` : tone, ...place }, mark.text);
    }
  }
}

/** The table is made when it is first opened: most never are. */
function numbersOf({ title, table }: FigureView): HTMLElement {
  const details = element('details', { class: 'numbers' }, element('summary', {}, 'As a table'));
  details.addEventListener(
    'toggle',
    () => {
      const head = table.columns.map((column) => element('th', { scope: 'col' }, data(column)));
      const rows = table.rows.map(([name = '', ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, data(name)),
          ...cells.map((cell) => element('td', {}, data(cell))),
        ),
      );
      details.append(
        element(
          'div',
          { tabindex: '0', role: 'region', 'aria-label': title },
          element(
            'table',
            {},
            element('thead', {}, element('tr', {}, ...head)),
            element('tbody', {}, ...rows),
          ),
        ),
      );
    },
    { once: true },
  );
  return details;
}
