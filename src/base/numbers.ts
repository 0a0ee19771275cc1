/**
 * Numbers as people read them, in reports and in sentences alike.
 */

/** Groups digits and stands before units; narrow, and never a place to break a line. */
export const THIN = '\u202f';
const MINUS = '−';
export const MISSING = '–';

/** Decimals that show three significant digits. */
export const decimalsOf = (value: number): number =>
  value === 0 ? 0 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));

export function fixed(value: number, decimals: number): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  // Four digits read well without a gap; from five on every three are set apart.
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(digits) ? `${MINUS}${digits}` : digits;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function scientific(value: number): string {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential(2).split('e');
  const power = [...exponent.replace('+', '')]
    .map((digit) => (digit === '-' ? '⁻' : SUPERSCRIPTS[Number(digit)]))
    .join('');
  return `${value < 0 ? MINUS : ''}${mantissa}${THIN}×${THIN}10${power}`;
}

/** Three significant digits, all of them for thousands, powers of ten beyond; 12.3, 0.0456, 12 345. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? MISSING : value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return scientific(value);
  return fixed(value, Number.isInteger(value) ? 0 : decimalsOf(value));
}

/** A whole number with its digits grouped: 1234, 12 345. */
export const formatCount = (count: number): string => fixed(count, 0);

/** 'no rows', '1 row', '12 345 rows'. */
export const formatRows = (count: number, noun = 'row'): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A share in per cent, two digits or more: 0.4 %, 3.1 %, 61 %; never rounded to all or nothing. */
export function formatShare(share: number): string {
  // A sum of shares may come out a rounding error beside a whole.
  const percent = Number((share * 100).toPrecision(12));
  if (percent > 0 && percent < 0.1) return `<${THIN}0.1${THIN}%`;
  if (percent > 99.9 && percent < 100) return `>${THIN}99.9${THIN}%`;
  const whole = Number.isInteger(percent) || (percent >= 10 && percent < 99.5);
  return `${fixed(percent, whole ? 0 : 1)}${THIN}%`;
}

/** A size of a file: '870 kB', '3.1 MB', in powers of a thousand. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return formatRows(bytes, 'byte');
  const [size, unit] = bytes < 999_500 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${fixed(size, size < 10 ? 1 : 0)} ${unit}`;
}
