import { Matrix } from 'ml-matrix';
import { quantile95 } from '../stats/jackknife.ts';
import { fTest } from '../stats/student.ts';
import { codeOf, type Design, type Factor, pseudoInverse, type Term } from './design.ts';

/** A measure in one cell of the table of factors. */
export interface CellValue {
  readonly value: number;
  /** Its standard error. */
  readonly error: number;
}

/** What one level, or one combination of two levels, adds to the mean of all cells. */
export interface LevelEffect {
  readonly levels: readonly string[];
  readonly effect: number;
  readonly interval: readonly [number, number];
}

export interface TermEffect {
  /** The factors' names: one for a main effect, two for an interaction. */
  readonly factors: readonly string[];
  /** Effects of the levels, in the measure's unit; they sum to zero. */
  readonly levels: readonly LevelEffect[];
  /** The largest effect less the smallest. */
  readonly size: number;
  /** Share of the variance between cells that this term makes; shares add up only where every cell is there. */
  readonly share: number;
  /** Chance of effects so large when there are none; null where cells have no error. */
  readonly p: number | null;
}

/**
 * Effects by least squares on the cells' values, each cell counting once whatever its rows, with the
 * cells' own errors carried through: β = X⁺y, Cov β = X⁺ diag(e²) X⁺ᵀ. A term is tested by Wald's
 * statistic over its parameters as an F with `freedom` degrees for the errors.
 */
export function effectsOf(
  factors: readonly Factor[],
  { matrix, terms }: Design,
  cells: readonly CellValue[],
  groups: number,
): TermEffect[] {
  const inverse = pseudoInverse(matrix);
  const y = Matrix.columnVector(cells.map(({ value }) => value));
  const beta = inverse.mmul(y);
  const spread = inverse.clone();
  for (const [c, { error }] of cells.entries()) spread.mulColumn(c, error);
  const covariance = spread.mmul(spread.transpose());
  const mean = y.mean();
  const total = cells.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return terms.map((term) => {
    const levels = combinations(factors, term).map((levelsOf) => {
      const contrast = contrastOf(factors, term, levelsOf, matrix.columns);
      const effect = contrast.mmul(beta).get(0, 0);
      const variance = contrast.mmul(covariance).mmul(contrast.transpose()).get(0, 0);
      const half = quantile95(groups) * Math.sqrt(Math.max(0, variance));
      return {
        levels: levelsOf.map((level, i) => factors[term.factors[i]!]!.levels[level]!),
        effect,
        interval: [effect - half, effect + half] as const,
      };
    });
    const effects = levels.map(({ effect }) => effect);
    return {
      factors: term.factors.map((f) => factors[f]!.name),
      levels,
      size: Math.max(...effects) - Math.min(...effects),
      share: total > 0 ? squares(matrix, beta, term) / total : 0,
      p: waldTest(beta, covariance, term, groups - 1),
    };
  });
}

/** The part of the values that a term's own columns make. */
function squares(matrix: Matrix, beta: Matrix, { first, columns }: Term): number {
  let sum = 0;
  for (let i = 0; i < matrix.rows; i += 1) {
    let fitted = 0;
    for (let c = first; c < first + columns; c += 1) fitted += matrix.get(i, c) * beta.get(c, 0);
    sum += fitted * fitted;
  }
  return sum;
}

function waldTest(
  beta: Matrix,
  covariance: Matrix,
  { first, columns }: Term,
  freedom: number,
): number | null {
  const last = first + columns - 1;
  const own = beta.subMatrix(first, last, 0, 0);
  const spread = covariance.subMatrix(first, last, first, last);
  if (!(spread.trace() > 0)) return null;
  const wald = own.transpose().mmul(pseudoInverse(spread)).mmul(own).get(0, 0);
  return fTest(wald / columns, columns, freedom);
}

/** Every combination of levels of a term's factors. */
function combinations(factors: readonly Factor[], { factors: of }: Term): number[][] {
  let all: number[][] = [[]];
  for (const f of of) {
    all = all.flatMap((one) => factors[f]!.levels.map((_, level) => [...one, level]));
  }
  return all;
}

function contrastOf(
  factors: readonly Factor[],
  term: Term,
  levels: readonly number[],
  width: number,
): Matrix {
  let codes = [1];
  for (const [i, f] of term.factors.entries()) {
    const factor = factors[f]!;
    const own = Array.from({ length: factor.levels.length - 1 }, (_, code) =>
      codeOf(factor, levels[i]!, code),
    );
    codes = codes.flatMap((product) => own.map((code) => product * code));
  }
  const row = Matrix.zeros(1, width);
  for (const [c, code] of codes.entries()) row.set(0, term.first + c, code);
  return row;
}
