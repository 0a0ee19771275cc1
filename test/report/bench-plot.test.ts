import { describe, expect, test } from 'vitest';
import type { BenchReport } from '../../src/bench/report.ts';
import { renderBenchPlot } from '../../src/report/bench-plot.ts';

/** What the plot reads of a report. */
const reportOf = (
  ...setups: readonly [name: string, speed: number, fidelity: number | null, doubts: string[]][]
): BenchReport =>
  ({
    baseline: setups[0]![0],
    setups: setups.map(([name, median, neighbours, doubts]) => ({
      name,
      timings: [{ rowsPerSecond: { median, spread: median / 20, values: [] }, doubts }],
      agreement: neighbours === null ? null : { neighbours },
    })),
  }) as unknown as BenchReport;

const circles = (svg: string): { cx: number; cy: number; fill: string }[] =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="6" fill="([^"]+)"/g)].map((found) => ({
    ...{ cx: Number(found[1]), cy: Number(found[2]), fill: found[3]! },
  }));

describe('the plot of speed and fidelity', () => {
  test('has quicker embedders on the right, more faithful ones above, doubtful ones hollow', () => {
    const svg = renderBenchPlot(
      reportOf(
        ['slow', 20, null, []],
        ['quick', 4000, 0.4, ['repeats differ']],
        ['same', 20, 1, []],
      ),
    );
    const [slow, quick, same] = circles(svg);
    expect(quick!.cx).toBeGreaterThan(slow!.cx);
    expect(quick!.cy).toBeGreaterThan(slow!.cy);
    expect([same!.cx, same!.cy]).toEqual([slow!.cx, slow!.cy]);
    const paper = /<rect [^>]*fill="([^"]+)"/.exec(svg)![1];
    expect([slow!.fill === paper, quick!.fill === paper]).toEqual([false, true]);
  });

  test('keeps every number finite and every mark within, for one embedder and for many alike', () => {
    const alike = Array.from(
      { length: 12 },
      (_, i) => [`model ${i}`, 100, 0, []] as [string, number, number, string[]],
    );
    for (const svg of [
      renderBenchPlot(reportOf(['one', 0.01, null, []])),
      renderBenchPlot(reportOf(...alike)),
    ]) {
      expect(svg).not.toMatch(/NaN|Infinity/);
      for (const { cx, cy } of circles(svg)) {
        expect(cx).toBeGreaterThan(80);
        expect(cx).toBeLessThan(870);
        expect(cy).toBeLessThanOrEqual(480);
      }
    }
  });
});
