export { seriesOf } from '../figures/series.ts';
