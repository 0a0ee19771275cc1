import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attribute } from '../../src/attribute/attribute.ts';
import type { AttributeReport } from '../../src/attribute/report.ts';
import { compare } from '../../src/compare/compare.ts';
import type { CompareReport } from '../../src/compare/report.ts';
import type { About } from '../../src/measures/measure.ts';
import { aboutOf } from '../../src/measures/registry.ts';
import type { TrackReport } from '../../src/track/report.ts';
import { track } from '../../src/track/track.ts';
import { HOSTILE } from './hostile.ts';

/** Names of columns, levels and rounds that would run or load, and words of few topics and of many. */
const FACTOR = HOSTILE[3]!;
const LEVELS = [HOSTILE[0]!, HOSTILE[2]!];
const WORDS = 'river stone engine wheel bread oven piano chord lamp winter copper thread'.split(
  ' ',
);
const MEASURES = 'vendi,length.words,quality.rules,quality:score';

/** What `track`, `attribute` and `compare` say of a few rows whose every name and text would run. */
export async function hostileReports(folder: string): Promise<{
  tracked: TrackReport;
  attributed: AttributeReport;
  /** Made when asked for. */
  compared: () => Promise<CompareReport>;
  about: Readonly<Record<string, About>>;
}> {
  const given = { model: 'use-lite-static', cache: folder, measures: MEASURES };
  const line = (i: number, varied: boolean): string => {
    const word = (at: number): string => WORDS[(i * (varied ? 5 : 0) + at * 7) % WORDS.length]!;
    const text = `${word(0)} ${word(1)} ${word(i % 3)} ${HOSTILE[i % HOSTILE.length]!.replaceAll('\u0000', '')}`;
    const made = { [FACTOR]: LEVELS[varied ? 0 : 1], model: `m${i % 2}` };
    return JSON.stringify({ id: `${i}`, text, ...made, score: varied ? i % 3 : 9 });
  };
  const rows = Array.from({ length: 96 }, (_, i) => line(i >> 1, i % 2 === 0));
  const file = async (name: string, some: readonly string[]): Promise<string> => {
    const path = join(folder, `${name}.jsonl`);
    await writeFile(path, some.join('\n'));
    return path;
  };
  const of = (side: number): string[] => rows.filter((_, i) => i % 2 === side);
  const rounds = [await file('<b>first', of(0)), await file('<b>later', of(1))];
  const tracked = await track(rounds, given);
  const factors = [FACTOR, 'model'];
  const attributed = await attribute([await file('rows', rows)], { ...given, factors });
  const compared = async (): Promise<CompareReport> =>
    (await compare(rounds, { ...given, map: false })).report;
  return { tracked, attributed, compared, about: aboutOf(Object.keys(tracked.measures)) };
}
