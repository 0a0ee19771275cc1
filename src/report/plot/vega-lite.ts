import { usageError } from '../../base/errors.ts';
import type { Json } from '../../data/row.ts';
import type { Projection } from '../../project/project.ts';
import { tableOf } from '../../project/table.ts';
import type { PictureOptions } from './scene.ts';

/**
 * A Vega-Lite 5 specification of the map whose data is a CSV file beside it: it opens in Vega's editor,
 * Observable, Altair and JupyterLab, with tooltips and zooming.
 */
export function vegaLite(
  projection: Projection,
  data: string,
  {
    color = 'cluster_name',
    theme = 'light',
    width = 1200,
    height = 900,
    title,
  }: PictureOptions & {
    readonly columns?: readonly string[] | undefined;
  },
): Json {
  const asked = color === 'cluster' ? 'cluster_name' : color;
  const { columns } = tableOf(projection);
  const column = columns.find(({ name }) => name === asked);
  if (column === undefined) {
    throw usageError(
      `--color ${color}: there is no such column (columns: ${columns.map(({ name }) => name).join(', ')}).`,
    );
  }
  const amount = column.kind === 'number' || column.kind === 'integer';
  const position = (field: string): Json => ({
    field,
    type: 'quantitative',
    // Points at the edge are drawn whole.
    scale: { zero: false, nice: false, padding: 12 },
    axis: null,
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    ...(title === undefined || title === '' ? {} : { title }),
    width,
    height,
    background: theme === 'dark' ? '#131518' : '#ffffff',
    data: { url: data, format: { type: 'csv' } },
    mark: { type: 'circle', opacity: 0.75 },
    params: [{ name: 'view', select: 'interval', bind: 'scales' }],
    encoding: {
      x: position('x'),
      y: position('y'),
      color: {
        field: escapedField(asked),
        type: amount ? 'quantitative' : 'nominal',
        // Ten colours, Vega's own choice, would give most maps two clusters of the same colour.
        scale: { scheme: amount ? 'viridis' : 'tableau20' },
        ...(!amount && projection.clusters.k > 30 ? { legend: null } : {}),
      },
      tooltip: ['id', 'cluster_name', 'nn_distance', 'density'].map((field) => ({ field })),
    },
    config: {
      view: { stroke: null },
      ...(theme === 'dark' ? { title: { color: INK } } : {}),
      legend: {
        labelLimit: 260,
        ...(theme === 'dark' ? { labelColor: INK, titleColor: INK } : {}),
      },
    },
  };
}

/** Letters on a dark ground. */
const INK = '#e6e7e8';

/** Dots and brackets in a field's name would be read as a path into it. */
const escapedField = (name: string): string => name.replace(/[.[\]\\]/g, '\\$&');
