/** Classes that colour what belongs to a dataset; style/charts.css has as many. */
export const SERIES = 12;

export const seriesOf = (i: number): string => `s${i % SERIES}`;
