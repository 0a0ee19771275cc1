/** How numbers are spread: their quantiles, by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). */
export interface Distribution {
  readonly min: number;
  readonly p5: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p95: number;
  readonly max: number;
}

/** The distribution of the numbers that are not NaN; null where there are none. */
export function distributionOf(numbers: Float64Array): Distribution | null {
  const sorted = numbers.filter((number) => !Number.isNaN(number)).sort();
  if (sorted.length === 0) return null;
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return low === high ? low : low + (place - below) * (high - low);
  };
  return {
    min: at(0),
    p5: at(0.05),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    max: at(1),
  };
}
