import type { MeasureReport, Report } from '../audit/report.ts';
import type { Axis, Section } from '../measures/measure.ts';

export const AXES: readonly Axis[] = ['diversity', 'against', 'quality', 'complexity', 'tradeoff'];

/** The few numbers of each axis that say most to someone who reads only those, most telling first. */
const KEY: Readonly<Record<Axis, readonly string[]>> = {
  diversity: [
    'vendi',
    'mean-distance',
    'near-duplicates',
    'effective-clusters',
    'cluster-entropy.normalised',
    'nn-distance',
  ],
  against: ['recall', 'precision', 'coverage'],
  quality: [],
  complexity: ['length.words', 'readability', 'compressibility', 'constraints', 'steps'],
  tradeoff: ['qd-score.mean', 'archive-coverage', 'pareto'],
};

/** The same for the parts of an axis that have a table of their own. */
const KEY_OF_SECTION: Readonly<Record<Section, readonly string[]>> = {
  lexical: ['ngram-diversity', 'self-bleu', 'compression-ratio', 'template-rate', 'mtld'],
  attributes: [],
  rules: [
    'quality.rules',
    'quality.rules.refusal',
    'quality.rules.truncated',
    'quality.rules.placeholder',
  ],
};

export const SECTIONS: readonly (Section | null)[] = [null, 'lexical', 'attributes', 'rules'];

/** The measures to lead with, most telling first. */
export const leadingIds = (axis: Axis, section: Section | null): readonly string[] =>
  section === null ? KEY[axis] : KEY_OF_SECTION[section];

export type Measured = readonly [id: string, measure: MeasureReport];

export interface AxisMeasures {
  readonly axis: Axis;
  /** null: the axis's main table. */
  readonly section: Section | null;
  readonly key: readonly Measured[];
  readonly rest: readonly Measured[];
}

/**
 * Splits the measures of every axis, and of every section of it, that has any into the few to lead with and the rest. Measures
 * that were asked for by name all lead: someone who names them wants to see them.
 */
export function chooseMeasures(report: Report, most: number): AxisMeasures[] {
  const named = !/(^|,)\s*(all|fast)\s*(,|$)/.test(report.settings.measures);
  const chosen: AxisMeasures[] = [];
  for (const [axis, section] of AXES.flatMap((one) =>
    SECTIONS.map((part) => [one, part] as const),
  )) {
    const all = Object.entries(report.measures).filter(
      ([, measure]) => measure.axis === axis && (measure.section ?? null) === section,
    );
    if (all.length === 0) continue;
    if (named) {
      chosen.push({ axis, section, key: all, rest: [] });
      continue;
    }
    const leading = leadingIds(axis, section);
    const rank = (id: string): number => {
      const place = leading.indexOf(id);
      return place < 0 ? leading.length : place;
    };
    // A measure without a value has nothing to lead with; sort() is stable, so the rest keep their order.
    const sorted = [...all]
      .filter(([, measure]) => measure.value !== null)
      .sort(([a], [b]) => rank(a) - rank(b));
    const known = sorted.filter(([id]) => rank(id) < leading.length);
    const key = (known.length > 0 ? known : sorted).slice(0, most);
    const leads = new Set(key.map(([id]) => id));
    chosen.push({ axis, section, key, rest: all.filter(([id]) => !leads.has(id)) });
  }
  return chosen;
}

export interface Part {
  readonly axis: Axis;
  readonly section: Section | null;
  /** Those to lead with first. */
  readonly ids: readonly string[];
}

/** The parts of all axes that have any of the measures, in order. */
export function partsOf(
  measures: Readonly<Record<string, { readonly axis: Axis; readonly section?: Section }>>,
  has: (id: string) => boolean,
): Part[] {
  return AXES.flatMap((axis) =>
    SECTIONS.map((section) => {
      const all = Object.entries(measures)
        .filter(([id, one]) => one.axis === axis && (one.section ?? null) === section && has(id))
        .map(([id]) => id);
      const first = leadingIds(axis, section).filter((id) => all.includes(id));
      return { axis, section, ids: [...new Set([...first, ...all])] };
    }),
  ).filter(({ ids }) => ids.length > 0);
}

/** The parts that stand for their axes: its main table, its wording, or its rules where it has nothing else. */
export const leadingParts = (parts: readonly Part[]): Part[] =>
  parts.filter(
    ({ axis, section }) =>
      section === null ||
      section === 'lexical' ||
      (section === 'rules' && !parts.some((one) => one.axis === axis && one.section === null)),
  );
