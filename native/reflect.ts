/**
 * Eigenvectors of T to eigenvectors of A: each row goes through all reflectors, PANEL of them at a time
 * as one product. Schreiber & Van Loan, "A storage-efficient WY representation for products of
 * Householder transformations", 1989: H_1 H_2 … = I − Vᵀ T V.
 */
import { addCombination, addProducts, dots } from './products';
import { PREPARE, REFLECT } from './tasks';
import { give, given, runParts } from './team';
import { at, put, scale } from './vector';

const PANEL: i32 = 32;
const PANEL_BYTES: usize = PANEL * 8;
/** Rows of a part. */
const STRIP: i32 = 32;

/** Bytes of scratch space: for each row, and for each panel. */
export function reflectRoom(n: i32): usize {
  return <usize>(n + STRIP) * PANEL_BYTES + <usize>panels(n) * 3 * PANEL * PANEL_BYTES;
}

/** So that a panel of few reflectors has as much room as the others. */
export function spareRows(n: i32): i32 {
  return panels(n) * PANEL;
}

function panels(n: i32): i32 {
  return (n + PANEL - 1) / PANEL;
}

/**
 * Applies the reflectors that `tridiagonalise` left in `a`, which is used up, to the n rows of `q`.
 * `spare` has spareRows() rows.
 */
export function reflectRows(
  q: usize,
  a: usize,
  rowBytes: usize,
  n: i32,
  tau: usize,
  spare: usize,
  work: usize,
): void {
  give(0, q);
  give(1, a);
  give(2, rowBytes);
  give(3, n);
  give(4, tau);
  give(5, spare);
  give(6, work);
  runParts(PREPARE, panels(n));
  runParts(REFLECT, (n + STRIP - 1) / STRIP);
}

/** Where the panel's V lies turned: PANEL numbers for each column. */
function turnedPanel(panel: i32): usize {
  return given(5) + <usize>(panel * PANEL) * given(2);
}

/** Columns of a panel's reflectors: those of the last, all that are shorter being filled with zeros. */
function widthOf(panel: i32): i32 {
  return min(<i32>given(3), (panel + 1) * PANEL) - 1;
}

/** Reflectors first…first+PANEL−1 as the matrices V, turned, and −T V, in their own place. */
export function preparePart(panel: i32): void {
  const rowBytes = given(2);
  const n = <i32>given(3);
  const tau = given(4);
  const first = panel * PANEL;
  const count = min(n - first, PANEL);
  const width = widthOf(panel);
  const wide = (width + 7) & ~7;
  const rows = given(1) + <usize>first * rowBytes;
  const turned = turnedPanel(panel);
  const scratch = given(6) + <usize>(n + STRIP) * PANEL_BYTES;
  const t = scratch + <usize>panel * 3 * PANEL * PANEL_BYTES;
  const inner = t + PANEL * PANEL_BYTES;
  memory.fill(turned, 0, <usize>width * PANEL_BYTES);
  memory.fill(t, 0, 2 * PANEL * PANEL_BYTES);
  for (let r = 0; r < count; r++) {
    const v = rows + <usize>r * rowBytes;
    for (let j = 0; j < first + r; j++) put(turned + <usize>j * PANEL_BYTES, r, at(v, j));
    for (let j = first + r; j < wide; j++) put(v, j, 0);
  }
  for (let j = 0; j < count; j++) {
    // dots() takes rows in pairs; one too many lies in the panel's room or is not read.
    const even = (j + 1) & ~1;
    dots(inner, rows + <usize>j * rowBytes, width, rows, rowBytes, even);
    const factor = -at(tau, first + j);
    for (let i = 0; i < j; i++) {
      let sum: f64 = 0;
      for (let k = i; k < j; k++) sum += at(t + <usize>i * PANEL_BYTES, k) * at(inner, k);
      put(t + <usize>i * PANEL_BYTES, j, factor * sum);
    }
    put(t + <usize>j * PANEL_BYTES, j, -factor);
  }
  for (let i = 0; i < count; i++) {
    const row = t + <usize>i * PANEL_BYTES;
    scale(row, count, -1);
    const v = rows + <usize>i * rowBytes;
    scale(v, width, at(row, i));
    addCombination(v, width, row + ((<usize>(i + 1)) << 3), v + rowBytes, rowBytes, count - 1 - i);
  }
}

export function reflectPart(part: i32): void {
  const rowBytes = given(2);
  const n = <i32>given(3);
  const first = part * STRIP;
  const count = min(n - first, STRIP);
  const rows = given(0) + <usize>first * rowBytes;
  const inner = given(6) + <usize>first * PANEL_BYTES;
  for (let panel = 0; panel < panels(n); panel++) {
    const width = widthOf(panel);
    const depth = min(n - panel * PANEL, PANEL);
    memory.fill(inner, 0, <usize>count * PANEL_BYTES);
    addProducts(
      inner,
      PANEL_BYTES,
      count,
      rows,
      rowBytes,
      turnedPanel(panel),
      PANEL_BYTES,
      width,
      0,
      PANEL,
    );
    const v = given(1) + <usize>(panel * PANEL) * rowBytes;
    addProducts(rows, rowBytes, count, inner, PANEL_BYTES, v, rowBytes, depth, 0, width);
  }
}
