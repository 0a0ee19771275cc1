import type { ComputeOptions } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { decompose, gramOf, vendiOf } from '../measures/mixtures.ts';
import type { Cell } from './attribute.ts';
import type { Factor } from './design.ts';
import type { GroupDiversity } from './report.ts';

/** Diversity within and between the levels of every factor, from sums of the cells' Gram matrices. */
export async function groupDiversity(
  factors: readonly Factor[],
  cells: readonly Cell[],
  n: number,
  options: ComputeOptions,
): Promise<GroupDiversity[]> {
  const { dims } = cells[0]!.side.rows.unit;
  const grams: Float64Array[] = [];
  for (const { side } of cells) {
    const { unit, order } = side.rows;
    grams.push(await gramOf({ unit, rows: order.subarray(0, n) }, options));
  }
  function* matrices(): Iterable<Float64Array> {
    for (const [f, { levels }] of factors.entries()) {
      const pooled = new Float64Array(dims * dims);
      for (const level of levels.keys()) {
        const own = cells.flatMap((cell, c) => (cell.levels[f] === level ? [grams[c]!] : []));
        const mean = new Float64Array(dims * dims);
        for (const gram of own)
          for (let i = 0; i < mean.length; i += 1) mean[i]! += gram[i]! / own.length;
        for (let i = 0; i < mean.length; i += 1) pooled[i]! += mean[i]!;
        yield mean;
      }
      yield pooled;
    }
  }
  const spectra = await manyEigenvalues(matrices(), dims, { signal: options.signal });
  const scores = spectra.map((values) => vendiOf(values).score);
  let at = 0;
  return factors.map(({ name, levels }) => {
    const own = scores.slice(at, at + levels.length);
    const equal = own.map((score) => ({ score, weight: 1 }));
    const { gamma, alpha, beta } = decompose(scores[at + levels.length]!, equal);
    at += levels.length + 1;
    return {
      ...{ factor: name, n, pooled: gamma, within: alpha, between: beta },
      levels: levels.map((level, i) => ({ level, vendi: own[i]! })),
      why: 'one draw of each combination; no interval was made',
    };
  });
}
