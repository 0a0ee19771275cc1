import { type Figure, LETTERS, type Mark } from './marks.ts';

/** Several figures of one size on one sheet, in rows. */
export function sheetOf(
  id: string,
  title: string,
  figures: readonly Figure[],
  across = 3,
): Figure | null {
  const first = figures[0];
  if (first === undefined) return null;
  const [gap, head] = [24, 22];
  const columns = Math.min(across, figures.length);
  const rows = Math.ceil(figures.length / columns);
  const marks = figures.flatMap((figure, i) => {
    const dx = (i % columns) * (first.width + gap);
    const dy = Math.floor(i / columns) * (first.height + gap + head);
    const name: Mark = {
      ...{ kind: 'text', text: figure.title, at: [dx, dy + LETTERS], anchor: 'start' },
      ...{ tone: 'ink', strong: true },
    };
    return [name, ...figure.marks.map((mark) => moved(mark, dx, dy + head))];
  });
  return {
    ...{ id, title, caption: '', marks },
    label: figures.map(({ label }) => label).join(' '),
    width: columns * (first.width + gap) - gap,
    height: rows * (first.height + gap + head) - gap,
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
