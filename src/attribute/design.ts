import { Matrix, SingularValueDecomposition } from 'ml-matrix';

/** A column of the data that says how rows were made, and the values it takes. */
export interface Factor {
  readonly name: string;
  readonly levels: readonly string[];
}

/** A main effect (one factor) or a two-way interaction (two), by the numbers of the factors. */
export interface Term {
  readonly factors: readonly number[];
  /** Its columns of the design, from `first` on. */
  readonly first: number;
  readonly columns: number;
}

export interface Design {
  /** A row a cell, a column a parameter; the first is the mean. Effects of a factor sum to zero. */
  readonly matrix: Matrix;
  readonly terms: readonly Term[];
}

/** What of a term the other terms explain, from 0 to 1: at 1 the two cannot be told apart. */
const CONFOUNDED = 0.9;

/** The design of a table whose cells have the levels `cells[i]`, one number a factor. */
export function designOf(
  factors: readonly Factor[],
  cells: readonly (readonly number[])[],
  interactions: boolean,
): Design {
  const wanted: number[][] = factors.map((_, f) => [f]);
  if (interactions) {
    for (let f = 0; f < factors.length; f += 1) {
      for (let g = f + 1; g < factors.length; g += 1) wanted.push([f, g]);
    }
  }
  const columns: number[][] = [cells.map(() => 1)];
  const terms = wanted.map((of): Term => {
    const first = columns.length;
    columns.push(...columnsOf(factors, cells, of));
    return { factors: of, first, columns: columns.length - first };
  });
  return { matrix: new Matrix(columns).transpose(), terms };
}

/** Columns of a term: products of its factors' codes. */
function columnsOf(
  factors: readonly Factor[],
  cells: readonly (readonly number[])[],
  of: readonly number[],
): number[][] {
  let products: number[][] = [cells.map(() => 1)];
  for (const f of of) {
    const codes = Array.from({ length: factors[f]!.levels.length - 1 }, (_, code) =>
      cells.map((cell) => codeOf(factors[f]!, cell[f]!, code)),
    );
    products = products.flatMap((product) =>
      codes.map((code) => product.map((value, i) => value * code[i]!)),
    );
  }
  return products;
}

/** Sum-to-zero coding: level l has 1 in column l, the last level −1 in all. */
export const codeOf = ({ levels }: Factor, level: number, code: number): number =>
  level === levels.length - 1 ? -1 : Number(level === code);

/** How much of each term the others explain: the largest share over its columns. */
export function confounding({ matrix, terms }: Design): number[] {
  return terms.map(({ first, columns }) => {
    const own = (c: number): boolean => c >= first && c < first + columns;
    const others = Array.from({ length: matrix.columns }, (_, c) => c).filter((c) => !own(c));
    return explainedBy(matrix, { first, columns }, others);
  });
}

type Columns = Pick<Term, 'first' | 'columns'>;

/** The largest share that these columns and the mean explain of one of a term's own. */
function explainedBy(matrix: Matrix, { first, columns }: Columns, others: number[]): number {
  const rest = matrix.subMatrixColumn(others);
  const inverse = pseudoInverse(rest);
  let largest = 0;
  for (let c = first; c < first + columns; c += 1) {
    const column = matrix.getColumnVector(c);
    const explained = rest.mmul(inverse.mmul(column));
    const total = column.clone().sub(column.mean()).norm();
    const left = column.clone().sub(explained).norm();
    if (total > 0) largest = Math.max(largest, 1 - (left / total) ** 2);
  }
  return Math.min(1, Math.max(0, largest));
}

/** Whether one other term by itself explains this one so far that they cannot be told apart. */
export function changesWith({ matrix }: Design, term: Term, other: Term): boolean {
  if (term === other) return false;
  const columns = Array.from({ length: other.columns }, (_, c) => other.first + c);
  return isConfounded(explainedBy(matrix, term, [0, ...columns]));
}

export const isConfounded = (share: number): boolean => share > CONFOUNDED;

export function pseudoInverse(matrix: Matrix): Matrix {
  return new SingularValueDecomposition(matrix, { autoTranspose: true }).inverse();
}

/** How many parameters the cells can tell apart. */
export const rankOf = (matrix: Matrix): number =>
  new SingularValueDecomposition(matrix, { autoTranspose: true }).rank;
