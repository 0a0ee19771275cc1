import { curveRows, type QualityCurve, qualityCurve } from '../audit/quality-curve.ts';
import type { OnProgress } from '../base/progress.ts';
import { sourceOf } from './measure-side.ts';
import type { Shared } from './shared.ts';
import type { Side } from './sides.ts';

/**
 * Diversity against a rising quality threshold, a curve a dataset: n rows of each are filtered, and all
 * levels of all curves are measured at one number of rows. null where a dataset has nothing to filter.
 */
export async function compareCurves(
  sides: readonly Side[],
  n: number,
  shared: Shared,
  onProgress?: OnProgress,
): Promise<(QualityCurve | null)[]> {
  const judged = [];
  for (const [s, side] of sides.entries()) {
    if (side.role === 'reference') continue;
    const source = sourceOf(side.rows, side.rows.order.slice(0, n).sort(), s, shared, false);
    judged.push({ source, judged: await source('judged') });
  }
  const rows = judged.map((one) => curveRows(one.judged, one.source.rows.order));
  const most = Math.min(...rows.filter((found) => found !== null));
  const curves: (QualityCurve | null)[] = [];
  for (const { source, judged: own } of judged) {
    curves.push(await qualityCurve(source, own, shared.context, onProgress, most));
  }
  return curves;
}
