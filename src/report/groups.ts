import type { GroupReport, GroupsReport } from '../audit/groups.ts';
import type { Mixtures } from '../measures/mixtures.ts';
import { formatCount, formatInterval, formatNumber, formatRows, formatShare } from './format.ts';
import { oneLine, wrap } from './text.ts';

/** Words of a group: its value, or what stands for it. */
export const groupName = ({ name, kind }: Pick<GroupReport, 'name' | 'kind'>): string =>
  name !== null ? oneLine(name) : kind === 'other' ? '(all smaller groups)' : '(no value)';

/** What the decomposition says: how far the groups differ, and how far groups drawn by chance would. */
export function groupsWords({ gamma, alpha, beta, byChance, groups }: GroupsReport): string {
  if (beta.value === null) return `${beta.why ?? ''}.`;
  const interval = beta.interval === null ? '' : ` (${formatInterval(beta.interval)})`;
  const parts = `gamma ${formatNumber(gamma.value!)} = alpha ${formatNumber(alpha.value!)} × beta ${formatNumber(beta.value)}${interval}`;
  if (byChance === null || groups.length < 2) return `${parts}: there is one group only.`;
  const size = formatNumber(byChance);
  const low = beta.interval?.[0] ?? beta.value;
  const beyond =
    low > byChance
      ? `more than the ${size} that groups of these sizes drawn by chance show`
      : `no more than the ${size} or so that groups of these sizes drawn by chance show`;
  return `${parts}: as different as ${formatNumber(beta.value)} groups that share nothing, ${beyond}.`;
}

/** Columns of the table of groups, as text. */
export function groupCells(group: GroupReport): {
  readonly rows: string;
  readonly share: string;
  readonly vendi: string;
  readonly rarefied: string;
  readonly interval: string;
} {
  const { rows, share, vendi, rarefied } = group;
  return {
    rows: formatCount(rows),
    share: formatShare(share),
    vendi: vendi.value === null ? '–' : formatNumber(vendi.value),
    rarefied: rarefied?.value == null ? '–' : formatNumber(rarefied.value),
    interval: rarefied?.interval ? formatInterval(rarefied.interval) : '',
  };
}

/** The mixtures that most exceed what either set is alone, best first. */
export function bestMixtures(
  { alone, pairs }: Pick<Mixtures, 'alone' | 'pairs'>,
  most: number,
): Mixtures['pairs'] {
  const gain = ({ a, b, mixed }: Mixtures['pairs'][number]): number =>
    mixed / Math.max(alone[a]!, alone[b]!);
  return pairs
    .filter((pair) => gain(pair) > 1)
    .sort((x, y) => gain(y) - gain(x))
    .slice(0, most);
}

/** Lines on the best mixtures, with a line above them; none where no mixture exceeds both. */
export function mixtureLines(
  mixtures: Mixtures,
  name: (set: number) => string,
  width: number,
  most = 3,
): string[] {
  const best = bestMixtures(mixtures, most);
  if (best.length === 0) return [];
  const { n, alone } = mixtures;
  return [
    `Mixtures (Vendi score of ${formatRows(n)}, half of them from each)`,
    ...best.flatMap(({ a, b, mixed }) =>
      wrap(
        `${formatNumber(mixed)}  ${name(a)} (alone ${formatNumber(alone[a]!)}) with ${name(b)} (${formatNumber(alone[b]!)})`,
        width - 2,
      ).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`)),
    ),
  ];
}
