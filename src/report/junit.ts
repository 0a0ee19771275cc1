import type { Finding, MeasureReport, Report } from '../audit/report.ts';
import type { About } from '../measures/measure.ts';
import { datasetName } from './dataset-words.ts';
import { directionWords, formatInterval, formatValue } from './format.ts';
import { oneLine } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

/**
 * The report as JUnit XML, which servers for builds show as tests: a case for each finding, failed
 * where it is a problem, and one for each measure with its number, skipped where it has none. It holds
 * no time, so the same report gives the same bytes.
 */
export function renderJunit(report: Report, about: Abouts): string {
  const suites = [
    suite('findings', report.findings.map(findingCase)),
    suite(
      'measures',
      Object.entries(report.measures).map(([id, measure]) => measureCase(id, measure, about[id])),
    ),
  ];
  const name = attribute(datasetName(report.dataset));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}"${countsOf(
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

function findingCase({ level, text, evidence }: Finding, place: number): Case {
  const name = attribute(`${place + 1}. ${text}`);
  const ids = content(`${level}; evidence: ${evidence.join(', ') || 'none'}`);
  const open = `    <testcase classname="gamut.findings" name="${name}">\n`;
  return level === 'problem'
    ? {
        outcome: 'failed',
        text: `${open}      <failure message="${attribute(text)}" type="problem">${ids}</failure>\n    </testcase>\n`,
      }
    : {
        outcome: 'passed',
        text: `${open}      <system-out>${ids}</system-out>\n    </testcase>\n`,
      };
}

function measureCase(id: string, measure: MeasureReport, about: About | undefined): Case {
  const open = `    <testcase classname="gamut.${measure.axis}" name="${attribute(id)}">\n`;
  if (measure.value === null) {
    const why = attribute(measure.why ?? 'no value');
    return {
      outcome: 'skipped',
      text: `${open}      <skipped message="${why}"/>\n    </testcase>\n`,
    };
  }
  const interval =
    measure.interval === null ? '' : `, 95 % interval ${formatInterval(measure.interval, about)}`;
  const words = `${measure.title}: ${formatValue(measure.value, about)}${interval} (${directionWords(
    measure.axis,
    measure.more,
  )})`;
  return {
    outcome: 'passed',
    text: `${open}      <system-out>${content(words)}</system-out>\n    </testcase>\n`,
  };
}

/** XML 1.0 has no control characters and two code points less; `oneLine` shows the former as symbols. */
const content = (text: string): string =>
  oneLine(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const attribute = (text: string): string => content(text).replaceAll('"', '&quot;');
