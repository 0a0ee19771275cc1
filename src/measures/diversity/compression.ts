import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { GROUPS } from '../../stats/groups.ts';
import { jackknifeError } from '../../stats/jackknife.ts';
import { family } from '../measure.ts';
import type { TextSample } from '../texts.ts';
import { counted, missing, ofSample } from '../value.ts';

/**
 * compression-ratio: bytes of the texts ÷ bytes of gzip -9 of them (Shaib et al. 2024, arXiv 2403.00553), the texts joined by
 * line ends in the order of a hash of their content, up to 2 MiB of them: gzip looks back 32 KiB, so near
 * rows must be random rows. Compressed once. The interval comes from compressing each group of rows alone.
 */
const MOST_CHARACTERS = 2 ** 21;
const compress = promisify(gzip);

export const compression = family({
  family: 'compression',
  axis: 'diversity',
  section: 'lexical',
  needs: ['textSample'],
  intervalBy: 'each of 32 groups of rows compressed alone',
  peers: 'diversity compresses twice (181.8 where once gives 152.8 on one repetitive text).',
  measures: {
    'compression-ratio': {
      title: 'Compression ratio',
      reads: 'How many times smaller gzip makes the texts: repetition compresses well.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'less',
      growsWithN: true,
      cite: 'Shaib et al. 2024, arXiv 2403.00553',
    },
  },
  async finish({ textSample: sample }) {
    const n = sample.of;
    const taken = withinLimit(sample);
    if (taken === 0) return { 'compression-ratio': missing(n, 'no rows') };
    const whole = await compressed(sample.texts.slice(0, taken));
    const parts = await Promise.all(
      Array.from({ length: GROUPS }, (_, g) =>
        compressed(sample.texts.slice(0, taken).filter((_text, i) => sample.groups[i] === g)),
      ),
    );
    const found = relativeError(parts, sample.groups.subarray(0, taken));
    const ratio = ratioOf(whole);
    const error = found && { ...found, error: found.error * ratio };
    const value = counted(ratio, error, 0, n, [0, Number.POSITIVE_INFINITY]);
    return { 'compression-ratio': taken === n ? value : ofSample(value, error?.error ?? 0) };
  },
});

/** How many texts of the sample fit in the limit; one at least, if there is one. */
function withinLimit({ texts }: TextSample): number {
  let room = MOST_CHARACTERS;
  let taken = 0;
  for (const text of texts) {
    room -= text.length + 1;
    if (room < 0 && taken > 0) break;
    taken += 1;
  }
  return taken;
}

interface Sizes {
  readonly plain: number;
  readonly packed: number;
}

const ratioOf = ({ plain, packed }: Sizes): number => plain / packed;

async function compressed(texts: readonly string[]): Promise<Sizes> {
  const bytes = Buffer.from(texts.join('\n'));
  const packed = await compress(bytes, { level: 9 });
  return { plain: bytes.length, packed: packed.length };
}

/** The jackknife's error of Σ plain ÷ Σ packed over the groups, relative to it. */
function relativeError(
  parts: readonly Sizes[],
  groups: Uint8Array,
): { error: number; groups: number } | null {
  const rows = new Int32Array(GROUPS);
  for (const group of groups) rows[group]! += 1;
  const used = parts.map((part, g) => (rows[g] === 0 ? { plain: 0, packed: 0 } : part));
  const sum = (of: (sizes: Sizes) => number): number =>
    used.reduce((total, part) => total + of(part), 0);
  const all = { plain: sum(({ plain }) => plain), packed: sum(({ packed }) => packed) };
  const without = used.map(({ plain, packed }) =>
    all.packed === packed ? null : (all.plain - plain) / (all.packed - packed),
  );
  const whole = ratioOf(all);
  const found = jackknifeError(whole, without, rows);
  return found && whole > 0 ? { ...found, error: found.error / whole } : null;
}
