/**
 * Claim: symmetric eigenproblems of the sizes that embeddings have take milliseconds: a tenth or less of
 * what ml-matrix takes, and about what SciPy's LAPACK takes for values, less for vectors.
 * Prints, for each n, the median time of ours (both builds), ml-matrix and SciPy (LAPACK) in this one
 * run, the ratio of each to ours, and what ‖A V − V Λ‖ and ‖V Vᵀ − I‖ come to.
 *
 *     npm run build && node dist/bench/eigen.js
 */
import { spawnSync } from 'node:child_process';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { gaussian, random } from '../src/base/random.ts';
import { symmetricEigen, symmetricEigenvalues } from '../src/compute/eigen.ts';
import { PYTHON, peerEnvironment } from './support/peers.ts';

const SIZES = [128, 256, 384, 512, 768];

/** Reads lines of [n, matrix in base64], answers with median milliseconds; a warm-up run first, as for ours. */
const SCIPY = `
import base64, json, sys, time
import numpy, scipy.linalg
def median(work, runs=7):
    work(); times = []
    for _ in range(runs):
        start = time.perf_counter(); work(); times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[runs // 2]
for line in sys.stdin:
    n, data = json.loads(line)
    a = numpy.frombuffer(base64.b64decode(data)).reshape(n, n)
    print(json.dumps([median(lambda: scipy.linalg.eigvalsh(a)), median(lambda: scipy.linalg.eigh(a))]), flush=True)
`;

function symmetric(n: number): Float64Array {
  const uniform = random(n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = gaussian(uniform);
      matrix[j * n + i] = matrix[i * n + j]!;
    }
  }
  return matrix;
}

async function medianMs(work: () => unknown, runs: number): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1]!;
}

/** Milliseconds of eigvalsh and eigh for every size, or null where SciPy is not installed. */
function scipyMs(): [number, number][] | null {
  const input = SIZES.map((n) => {
    const bytes = Buffer.from(symmetric(n).buffer);
    return JSON.stringify([n, bytes.toString('base64')]);
  }).join('\n');
  const { status, stdout } = spawnSync(PYTHON, ['-c', SCIPY], {
    input,
    encoding: 'utf8',
    env: peerEnvironment(),
  });
  if (status !== 0) return null;
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [number, number]);
}

/** ‖A V − V Λ‖ ÷ ‖A‖ and ‖V Vᵀ − I‖, both Frobenius: bounds of what any one vector is off by. */
async function exactness(matrix: Float64Array, n: number): Promise<[number, number]> {
  const { values, vectors } = await symmetricEigen(matrix, n);
  const a = Matrix.from1DArray(n, n, matrix);
  const v = Matrix.from1DArray(n, n, vectors);
  const residual = v.mmul(a).sub(v.clone().mulColumnVector(values));
  const skew = v.mmul(v.transpose()).sub(Matrix.eye(n));
  return [residual.norm() / a.norm(), skew.norm()];
}

const milliseconds = (value: number): string => value.toFixed(2).padStart(9);
const against = (value: number, ours: number): string =>
  `${milliseconds(value)} ${`${(value / ours).toFixed(2)}×`.padStart(7)}`;

const scipy = scipyMs();
if (!scipy) console.log(`SciPy is left out: ${PYTHON} has none.`);
console.log('Median milliseconds; × is how many times as long as ours (simd) that takes.\n');
console.log('   n  what         simd            scalar         ml-matrix             SciPy');
for (const [at, n] of SIZES.entries()) {
  const matrix = symmetric(n);
  const peer = Matrix.from1DArray(n, n, matrix);
  // ml-matrix always computes the vectors too.
  const theirs = await medianMs(
    () => new EigenvalueDecomposition(peer, { assumeSymmetric: true }),
    n > 256 ? 1 : 5,
  );
  for (const [column, what, solve] of [
    [0, 'values ', symmetricEigenvalues],
    [1, 'vectors', symmetricEigen],
  ] as const) {
    const ours = await medianMs(() => solve(matrix, n, 'simd'), 15);
    const scalar = await medianMs(() => solve(matrix, n, 'scalar'), 5);
    const lapack = scipy ? against(scipy[at]![column], ours) : '';
    console.log(
      `${String(n).padStart(4)}  ${what}${milliseconds(ours)} ${against(scalar, ours)} ${against(theirs, ours)} ${lapack}`,
    );
  }
  const [residual, skew] = await exactness(matrix, n);
  console.log(
    `      ‖A V − V Λ‖ = ${residual.toExponential(1)} ‖A‖, ‖V Vᵀ − I‖ = ${skew.toExponential(1)}`,
  );
}
