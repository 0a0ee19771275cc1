/**
 * The Pareto front: rows that no other is at least as good as in every column and better than in one. Larger is better.
 * Equal rows do not dominate each other. Rows with a NaN take no part. In ascending order of row numbers.
 */
export function paretoFront(columns: readonly ArrayLike<number>[]): number[] {
  const first = columns[0];
  if (first === undefined) return [];
  const rows = Array.from({ length: first.length }, (_, i) => i).filter((i) =>
    columns.every((column) => !Number.isNaN(column[i]!)),
  );
  // A row can only be dominated by one before it in this order, so that the front is final as it grows.
  rows.sort((a, b) => {
    for (const column of columns) if (column[a] !== column[b]) return column[b]! - column[a]!;
    return a - b;
  });
  const front: number[] = [];
  let [before, kept] = [-1, false];
  for (const row of rows) {
    // Equal rows share their fate: many of them cost no more than one.
    const equal = before >= 0 && columns.every((column) => column[row] === column[before]);
    if (!equal) kept = !front.some((other) => dominates(columns, other, row));
    if (kept) front.push(row);
    before = row;
  }
  return front.sort((a, b) => a - b);
}

/** Whether row a is nowhere worse than row b, and somewhere better. */
export function dominates(columns: readonly ArrayLike<number>[], a: number, b: number): boolean {
  let better = false;
  for (const column of columns) {
    if (!(column[a]! >= column[b]!)) return false;
    if (column[a]! > column[b]!) better = true;
  }
  return better;
}
