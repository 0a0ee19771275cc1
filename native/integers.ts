/** Vectors of i32 by address. */

export function at(x: usize, i: i32): i32 {
  return load<i32>(x + ((<usize>i) << 2));
}

export function put(x: usize, i: i32, value: i32): void {
  store<i32>(x + ((<usize>i) << 2), value);
}
