import type { MeasureReport, Report } from '../audit/report.ts';
import type { About, Axis } from '../measures/measure.ts';
import { datasetName } from './dataset-words.ts';
import { directionWords, formatInterval, formatValue } from './format.ts';
import { oneLine } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

/** The report as JUnit XML. */
export const renderJunit = (report: Report, about: Abouts): string =>
  junitOf(
    datasetName(report.dataset),
    report.findings.map((one) => ({ ...one, failed: one.level === 'problem' })),
    Object.entries(report.measures).map(([id, measure]) => {
      const { axis, value, why } = measure;
      return { id, axis, words: value === null ? null : measureWords(measure, about[id]), why };
    }),
  );

/** A measure as a case: what it shows, or why it shows nothing. */
export interface MeasureCase {
  readonly id: string;
  readonly axis: Axis;
  readonly words: string | null;
  readonly why?: string | undefined;
}

interface FindingCase {
  /** How grave it is, or what it is about. */
  readonly level: string;
  readonly failed: boolean;
  readonly text: string;
  /** Where it shows. */
  readonly evidence: readonly string[];
}

/**
 * JUnit XML, which servers for builds show as tests: a case for each finding, failed where it is a
 * problem, and one for each measure with its numbers, skipped where it has none. It holds no time, so
 * the same report gives the same bytes.
 */
export function junitOf(
  title: string,
  findings: readonly FindingCase[],
  measures: readonly MeasureCase[],
): string {
  const suites = [
    suite('findings', findings.map(findingCase)),
    suite('measures', measures.map(measureCase)),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(title)}"${countsOf(
    suites.flatMap(({ cases }) => cases),
  )}>\n${suites.map(({ text }) => text).join('')}</testsuites>\n`;
}

interface Case {
  readonly text: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

interface Suite {
  readonly text: string;
  readonly cases: readonly Case[];
}

const countsOf = (cases: readonly Case[]): string => {
  const of = (wanted: Case['outcome']): number =>
    cases.filter(({ outcome }) => outcome === wanted).length;
  return ` tests="${cases.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}"`;
};

const suite = (name: string, cases: readonly Case[]): Suite => ({
  cases,
  text: `  <testsuite name="gamut ${name}"${countsOf(cases)}>\n${cases
    .map(({ text }) => text)
    .join('')}  </testsuite>\n`,
});

function findingCase({ level, failed, text, evidence }: FindingCase, place: number): Case {
  const name = attribute(`${place + 1}. ${text}`);
  const ids = content(`${level}; evidence: ${evidence.join(', ') || 'none'}`);
  const open = `    <testcase classname="gamut.findings" name="${name}">\n`;
  return failed
    ? {
        outcome: 'failed',
        text: `${open}      <failure message="${attribute(text)}" type="problem">${ids}</failure>\n    </testcase>\n`,
      }
    : {
        outcome: 'passed',
        text: `${open}      <system-out>${ids}</system-out>\n    </testcase>\n`,
      };
}

function measureCase({ id, axis, words, why }: MeasureCase): Case {
  const open = `    <testcase classname="gamut.${axis}" name="${attribute(id)}">\n`;
  const [outcome, inside] =
    words === null
      ? (['skipped', `<skipped message="${attribute(why ?? 'no value')}"/>`] as const)
      : (['passed', `<system-out>${content(words)}</system-out>`] as const);
  return { outcome, text: `${open}      ${inside}\n    </testcase>\n` };
}

function measureWords(measure: MeasureReport, about: About | undefined): string {
  const { title, value, interval, axis, more } = measure;
  const range = interval === null ? '' : `, 95 % interval ${formatInterval(interval, about)}`;
  return `${title}: ${formatValue(value, about)}${range} (${directionWords(axis, more)})`;
}

/** XML 1.0 has no control characters and two code points less; `oneLine` shows the former as symbols. */
const content = (text: string): string =>
  oneLine(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const attribute = (text: string): string => content(text).replaceAll('"', '&quot;');
