import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { family } from '../measure.ts';
import { effectiveRows, THINNED_ROWS } from '../thinned.ts';

/**
 * magnitude: Σ wᵢ with Z w = 1, Zᵢⱼ = exp(−‖xᵢ − xⱼ‖ / σ), σ = --bandwidth: the effective number of points
 * of a metric space (Leinster 2013; of embeddings, Limbeck et al. 2024, whose scale t is 1/σ). Solved by
 * conjugate gradients, whose Σ w rises to the magnitude from below, also where Z is singular: equal
 * rows share one point's weight. Identical rows give 1, rows far apart n. Exact up to 2,048 rows; above,
 * so many sampled rows stand for the whole.
 */
export const magnitude = family({
  family: 'magnitude',
  axis: 'diversity',
  mostDrawn: 512,
  needs: ['rows'],
  quadratic: true,
  at: { one: 1, identical: 1, duplicated: 'same' },
  intervalBy: 'the logarithm on 40 draws of the rows',
  peers: 'Programs that invert Z fail where rows are equal; here equal rows share one weight.',
  measures: {
    magnitude: {
      title: 'Magnitude',
      reads:
        'The effective number of points that the rows are, seen at the scale of the bandwidth.',
      range: [1, 'n'],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'effective rows',
      cite: 'Leinster 2013, arXiv 1012.5857; Limbeck et al. 2024, arXiv 2311.16054',
    },
  },
  async finish({ rows }, context) {
    const { bandwidth } = context.settings;
    const value = await effectiveRows(
      rows,
      {
        vectors: rows.vectors,
        kernel: (squared) => Math.exp(-Math.sqrt(Math.max(0, squared)) / bandwidth),
        measure: (matrix, n) => magnitudeOf(matrix, n, context.signal),
        measureDraws: (matrix, n, draws) => magnitudesOf(matrix, n, draws, context),
        // It levels off as rows are added, and its spread with it: draws must not be much smaller.
        draw: { part: 0.7, most: THINNED_ROWS / 2 },
      },
      context,
    );
    return { magnitude: value };
  },
});

const STEPS = 500;
/** Residual, as a share of the right side, at which the sum has settled to about its square. */
const SETTLED = 1e-7;

async function magnitudeOf(
  matrix: Float64Array,
  n: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const residual = new Float64Array(n).fill(1);
  const direction = new Float64Array(n).fill(1);
  let left = n;
  let sum = 0;
  for (let step = 0; step < STEPS && left > SETTLED ** 2 * n; step += 1) {
    throwIfAborted(signal);
    await breathe();
    const image = timesVector(matrix, direction);
    const length = left / dot(direction, image);
    for (let i = 0; i < n; i += 1) {
      sum += length * direction[i]!;
      residual[i]! -= length * image[i]!;
    }
    const next = dot(residual, residual);
    for (let i = 0; i < n; i += 1) direction[i] = residual[i]! + (next / left) * direction[i]!;
    left = next;
  }
  return sum;
}

/** The same for draws, whose magnitudes are looked at for their spread alone. */
const SETTLED_DRAW = 1e-4;

/**
 * Magnitudes of many draws at once: with v zero outside a draw, Z v at the draw's rows is the product with
 * the draw's part of Z. So the steps of all draws are one product of matrices.
 */
async function magnitudesOf(
  matrix: Float64Array,
  n: number,
  draws: readonly Int32Array[],
  { device = cpu, signal }: ComputeOptions,
): Promise<number[]> {
  const whole = Float32Array.from(matrix);
  const residuals = draws.map((chosen) => new Float64Array(chosen.length).fill(1));
  const directions = residuals.map((residual) => residual.slice());
  const left = draws.map(({ length }) => length);
  const sums = draws.map(() => 0);
  const asked = new Float32Array(draws.length * n);
  for (let step = 0; step < STEPS; step += 1) {
    const open = draws.flatMap(({ length }, d) =>
      left[d]! > SETTLED_DRAW ** 2 * length ? [d] : [],
    );
    if (open.length === 0) break;
    throwIfAborted(signal);
    await breathe();
    const queries = asked.subarray(0, open.length * n).fill(0);
    for (const [place, d] of open.entries()) {
      for (const [i, row] of draws[d]!.entries()) queries[place * n + row] = directions[d]![i]!;
    }
    const images = await products(device, queries, whole, n);
    for (const [place, d] of open.entries()) {
      const [chosen, direction, residual] = [draws[d]!, directions[d]!, residuals[d]!];
      const image = Float64Array.from(chosen, (row) => images[place * n + row]!);
      const length = left[d]! / dot(direction, image);
      for (let i = 0; i < image.length; i += 1) {
        sums[d]! += length * direction[i]!;
        residual[i]! -= length * image[i]!;
      }
      const next = dot(residual, residual);
      const turn = next / left[d]!;
      for (let i = 0; i < image.length; i += 1) direction[i] = residual[i]! + turn * direction[i]!;
      left[d] = next;
    }
  }
  return sums;
}

function timesVector(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const image = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const start = i * n;
    let [even, odd] = [0, 0];
    for (let j = 0; j + 1 < n; j += 2) {
      even += matrix[start + j]! * vector[j]!;
      odd += matrix[start + j + 1]! * vector[j + 1]!;
    }
    image[i] = even + odd + (n % 2 === 1 ? matrix[start + n - 1]! * vector[n - 1]! : 0);
  }
  return image;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}
