/** Orders one list by (distance, row number); insertion sort, as lists are short and nearly sorted. */
export function sortPairs(ids: Int32Array, distances: Float64Array): void {
  for (let i = 1; i < ids.length; i += 1) {
    const id = ids[i]!;
    const distance = distances[i]!;
    let j = i;
    while (
      j > 0 &&
      (distances[j - 1]! > distance || (distances[j - 1]! === distance && ids[j - 1]! > id))
    ) {
      ids[j] = ids[j - 1]!;
      distances[j] = distances[j - 1]!;
      j -= 1;
    }
    ids[j] = id;
    distances[j] = distance;
  }
}
