import type { Clusters } from '../../clusters/clusters.ts';
import type { ComputeOptions } from '../../compute/device.ts';
import type { Collected } from '../../engine/collect.ts';
import type { Artefacts } from '../../measures/artefacts.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { type Cover, coverOf } from '../../why/cover.ts';
import { equalGroups, nearGroups } from '../../why/duplicates.ts';
import { entropyInfluence, vendiInfluence } from '../../why/influence.ts';
import { openingsOf, templatesOf } from '../../why/templates.ts';
import type { ClusterReport } from '../report.ts';
import { densestOf } from './densest.ts';
import { duplicatesPart } from './duplicates.ts';
import { influencePart, type Others } from './influence.ts';
import { outliersPart } from './outliers.ts';
import type { Show } from './part.ts';
import type { WhyReport } from './report.ts';
import { formsPart } from './templates.ts';

/** What the audit made for its measures; null where none that was asked for needs it. */
export interface Made {
  readonly moments: Artefacts['moments'] | null;
  readonly clusters: Clusters | null;
  readonly graph: NeighbourGraph | null;
  /** Neighbours in the space of the audit. */
  readonly neighbours: NeighbourGraph | null;
  readonly templates: Artefacts['templates'] | null;
  readonly reference: Artefacts['reference'] | null;
  readonly nearestRows: Artefacts['nearestRows'] | null;
}

/** What is known before the texts are read once more. */
export interface Why {
  /** Rows whose texts the report shows. */
  readonly shown: readonly number[];
  /** What each row adds, by what it adds to. */
  readonly perRow: readonly PerRow[];
  readonly cover: Cover | null;
  report(show: Show, clusters: readonly ClusterReport[], meanDistance: number | null): WhyReport;
}

export interface PerRow {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export async function findWhy(
  { rows, ids }: Collected,
  { moments, clusters, graph, neighbours, templates, reference, nearestRows }: Made,
  duplicateAt: number,
  options: ComputeOptions,
): Promise<Why> {
  const cover = reference && nearestRows && coverOf(reference, nearestRows);
  const entropies = clusters && entropyInfluence(clusters.sizes);
  const groups =
    graph === null ? equalGroups(rows) : await nearGroups(rows, graph, duplicateAt, options);
  const found = moments && (await vendiInfluence(rows.unit, moments, options));
  const others: Others = (row) => ({
    clusterEntropy: entropies === null ? null : entropies[clusters!.labels[row]!]!,
    covers: cover === null ? null : cover.only[row]!,
    cluster: clusters === null ? null : clusters.labels[row]!,
  });
  const influence =
    found && (await influencePart(rows.unit, moments!, found, groups, others, options));
  const duplicates = duplicatesPart(rows, ids, groups, graph === null ? null : duplicateAt);
  const skeletons = formsPart(templates === null ? [] : templatesOf(templates));
  const openings = formsPart(templates === null ? [] : openingsOf(templates.sample));
  const searched = neighbours ?? graph;
  const outliers = searched && outliersPart(searched);
  return {
    shown: [influence, duplicates, skeletons, openings, outliers].flatMap(
      (part) => part?.shown ?? [],
    ),
    perRow: perRowOf(found?.perRow ?? null, cover, entropies, clusters),
    cover,
    report: (show, clusterReports, meanDistance) => ({
      influence: influence?.report(show) ?? null,
      duplicates: duplicates.report(show),
      templates: skeletons.report(show),
      openings: openings.report(show),
      densest: densestOf(clusterReports, meanDistance),
      outliers: outliers?.report(show) ?? null,
    }),
  };
}

/** What the map can be coloured by. */
function perRowOf(
  vendi: Float64Array | null,
  cover: Cover | null,
  entropies: Float64Array | null,
  clusters: Clusters | null,
): PerRow[] {
  const columns: PerRow[] = [];
  if (vendi !== null) columns.push({ name: 'Influence on the Vendi score', values: vendi });
  if (cover !== null) columns.push({ name: 'Reference rows only it covers', values: cover.only });
  if (entropies !== null) {
    const values = Float64Array.from(clusters!.labels, (label) => entropies[label]!);
    columns.push({ name: 'Influence on the cluster entropy', values });
  }
  return columns;
}
