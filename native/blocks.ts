/**
 * What divide and conquer keeps in memory, where every thread finds it: the problem, arrays with an
 * entry a row, and a record for each block, at that of its first row. A block's parent may begin with
 * the same row, and takes the record over when the block is done.
 */
import { LINE } from './chunks';
import { ROOM } from './team';

/** Fields of the problem, each 8 bytes. */
const problem: usize = ROOM;
const Q: usize = problem;
const ROW_BYTES: usize = problem + 8;
const VALUES: usize = problem + 16;
const COUPLINGS: usize = problem + 24;
const WORK: usize = problem + 32;
const PACKED: usize = problem + 40;
/** Where the memory begins that the caller of `describe` may use as it likes. */
export const FREE: usize = problem + LINE;

/** Float64 arrays: of the vectors that a merge combines, by ascending pole. */
export const POLES: i32 = 0;
export const Z: i32 = 1;
export const DISTANCES: i32 = 2;
export const BASES: i32 = 3;
export const WEIGHTS: i32 = 4;
/** Of every row. */
export const Z_OF_ROWS: i32 = 5;
const RECORDS: i32 = 6;
/** Int32 arrays. */
export const ORIGINS: i32 = 7;
export const SLOTS: i32 = 8; // the rows of the vectors that are combined, and of the new ones
export const ORDER: i32 = 9;
export const KINDS: i32 = 10;
export const UPPER_LIST: i32 = 11; // which of them have something in the first half's columns
export const LOWER_LIST: i32 = 12; // … in the second half's
const ARRAYS: i32 = 13;

/** Scratch areas, of so many rows each as a caller of `areaOf` says. */
export const AREAS: i32 = 16;

/** Bytes of work space beside the vectors and a packed copy of them. */
export function blocksRoom(rowBytes: usize, areaRows: i32): usize {
  return <usize>(ARRAYS + AREAS * areaRows) * rowBytes;
}

/** `packed` has as many rows as there are vectors, `d` and `couplings` are T's diagonal and what is beside it. */
export function describe(
  q: usize,
  rowBytes: usize,
  d: usize,
  couplings: usize,
  work: usize,
  packed: usize,
): void {
  store<usize>(Q, q);
  store<usize>(ROW_BYTES, rowBytes);
  store<usize>(VALUES, d);
  store<usize>(COUPLINGS, couplings);
  store<usize>(WORK, work);
  store<usize>(PACKED, packed);
}

export function bytesOfRow(): usize {
  return load<usize>(ROW_BYTES);
}

export function vectorRow(row: i32): usize {
  return load<usize>(Q) + <usize>row * load<usize>(ROW_BYTES);
}

export function packedRow(row: i32): usize {
  return load<usize>(PACKED) + <usize>row * load<usize>(ROW_BYTES);
}

export function values(): usize {
  return load<usize>(VALUES);
}

export function couplings(): usize {
  return load<usize>(COUPLINGS);
}

/** A float64 array from a block's first row on. */
export function numbers(array: i32, first: i32): usize {
  return load<usize>(WORK) + <usize>array * load<usize>(ROW_BYTES) + ((<usize>first) << 3);
}

/** An int32 array from a block's first row on. */
export function integers(array: i32, first: i32): usize {
  return load<usize>(WORK) + <usize>array * load<usize>(ROW_BYTES) + ((<usize>first) << 2);
}

export function areaOf(area: i32, rows: i32): usize {
  return load<usize>(WORK) + <usize>(ARRAYS + area * rows) * load<usize>(ROW_BYTES);
}

function record(first: i32): usize {
  return numbers(RECORDS, first);
}

export function startRecord(first: i32, middle: i32, end: i32, inverse: f64): void {
  store<i32>(record(first), middle, 12);
  store<i32>(record(first), end, 16);
  store<f64>(record(first), inverse, 24);
}

export function countKept(first: i32, kept: i32, uppers: i32, lowers: i32): void {
  store<i32>(record(first), kept);
  store<i32>(record(first), uppers, 4);
  store<i32>(record(first), lowers, 8);
}

/** Vectors that the merge at hand combines. */
export function keptOf(first: i32): i32 {
  return load<i32>(record(first));
}

export function uppersOf(first: i32): i32 {
  return load<i32>(record(first), 4);
}

export function lowersOf(first: i32): i32 {
  return load<i32>(record(first), 8);
}

export function middleOf(first: i32): i32 {
  return load<i32>(record(first), 12);
}

export function endOf(first: i32): i32 {
  return load<i32>(record(first), 16);
}

/** 1/ρ: how strongly the halves are joined. */
export function inverseOf(first: i32): f64 {
  return load<f64>(record(first), 24);
}
