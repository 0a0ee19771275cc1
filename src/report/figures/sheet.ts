import { type Figure, LETTERS, type Mark } from './marks.ts';

/** Several figures on one sheet, in rows as high as the highest of each. */
export function sheetOf(
  id: string,
  title: string,
  figures: readonly Figure[],
  across = 3,
): Figure | null {
  if (figures.length === 0) return null;
  const [gap, head] = [24, 22];
  const columns = Math.min(across, figures.length);
  const wide = Math.max(...figures.map(({ width }) => width));
  const tops = [0];
  for (let from = 0; from < figures.length; from += columns) {
    const high = Math.max(...figures.slice(from, from + columns).map(({ height }) => height));
    tops.push(tops.at(-1)! + high + gap + head);
  }
  const marks = figures.flatMap((figure, i) => {
    const dx = (i % columns) * (wide + gap);
    const dy = tops[Math.floor(i / columns)]!;
    const name: Mark = {
      ...{ kind: 'text', text: figure.title, at: [dx, dy + LETTERS], anchor: 'start' },
      ...{ tone: 'ink', strong: true },
    };
    return [name, ...figure.marks.map((mark) => moved(mark, dx, dy + head))];
  });
  return {
    ...{ id, title, caption: '', marks },
    label: figures.map(({ label }) => label).join(' '),
    width: columns * (wide + gap) - gap,
    height: tops.at(-1)! - gap,
    table: { columns: [], rows: [] },
  };
}

function moved(mark: Mark, dx: number, dy: number): Mark {
  switch (mark.kind) {
    case 'line':
    case 'area':
      return { ...mark, points: mark.points.map((value, i) => value + (i % 2 === 0 ? dx : dy)) };
    case 'dot':
      return { ...mark, at: [mark.at[0] + dx, mark.at[1] + dy, mark.at[2]] };
    case 'text':
      return { ...mark, at: [mark.at[0] + dx, mark.at[1] + dy] };
  }
}
