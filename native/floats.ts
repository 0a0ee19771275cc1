/** Float32 vectors by address, for loops over four lanes. */

/** The sum of all four lanes, in a fixed order. */
export function sumLanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

export function addProduct(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** sum + (x − y)² */
export function addSquare(sum: v128, x: v128, y: v128): v128 {
  const difference = f32x4.sub(x, y);
  return f32x4.add(sum, f32x4.mul(difference, difference));
}

/** The float32 at x[i]. */
export function float(x: usize, i: i32): f32 {
  return load<f32>(x + ((<usize>i) << 2));
}

export function putFloat(x: usize, i: i32, value: f32): void {
  store<f32>(x + ((<usize>i) << 2), value);
}
