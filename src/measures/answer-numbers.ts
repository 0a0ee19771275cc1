/**
 * The number that an answer comes to. One that stands in something longer which is not worked out here (2√3, 2x + 1, “2 times
 * the root of 3”, (2, 3), “3 hours and 20 minutes”) is no answer: there is none then.
 */

/** A number with commas between thousands, a decimal part, a power of ten; a fraction, a whole number before it. */
const NUMBER =
  /(?:(?<![\w)\]}.])-)?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?:[^\S\n]*\/[^\S\n]*\d+(?:\.\d+)?|[^\S\n]+\d+\/\d+)?/gi;
/** What no plain number stands in. */
const BEYOND_NUMBERS = /\\sqrt|\\pi\b|√|π|\^/;
/** A sentence may seem to end at "approx." or "No." */
const BETWEEN_SENTENCES = /(?<=[.!?])\s/;
/** What ends a formula; not its names of one letter, nor words of TeX. */
const WORD = /(?<![\\A-Za-z])[A-Za-z]{2,}/;
/** The number of an option that is named with what it says. */
const OPTION = /\b(?:option|choice)\s{0,3}\(?\d{1,2}\)?\s{0,3}[:)]/gi;
/** The power of a unit, which is none of the number: 25 cm^2, 9.8 m/s^{2}; not of 3m^2 + 2. */
const POWER_OF_UNIT =
  /(?<=\d[ ,~]{0,3}(?:[a-z]{1,12}[ /*·]{1,3})?(?:[cdkm]?m|ft|in|yd|mi|s|[a-z]{3,12}))(?<!sin|cos|tan|log)\^\{?-?\d\}?(?! {0,2}[-+*\d^])/gi;
/** A number to a whole power that is a value by itself and no part of a longer formula. */
const POWER =
  /(?<![\w.,)\]}\\]|(?:[*×·/+^]|\\times|\\cdot|\d\s{0,3}-)\s{0,3})(\d+(?:,\d{3})*(?:\.\d+)?)\^(?:\{\s*(-?\d+)\s*\}|(-?\d+))(?!\w|\.\d|\s{0,3}(?:[*×·/+^!({√π]|-\s{0,3}\d|\\(?:times|cdot|sqrt|pi)))/g;

/** A symbol of an operation, and a name of a number: not a bullet, a mark of bold letters, nor the words a and I. */
const NAMED = '(?:\\\\[a-z]+|(?<![A-Za-z])[b-hj-zB-HJ-Z](?![A-Za-z]))';
const OPERATED = '[+*×·÷^<>≤≥]|\\\\(?:times|cdot|div|pm|mp|[lg](?:eq?|t)q?)(?![a-z])';
const SPELLED = '(?:times|plus|minus|over|(?:multiplied|divided) by|to the power of|raised to)';
/** Units that a smaller one may follow: 5 feet 6. */
const LARGER_UNIT = '(?:feet|foot|ft|hours?|hrs?|minutes?|min|pounds?|lbs?|dollars?)';
/** What makes the number behind it a part of something longer. */
const LEADS = new RegExp(
  [
    `(?:\\d|[)\\]}]|${NAMED})[^\\S\\n]*(?:${OPERATED})[^\\S\\n]*[({[-]*$`,
    '\\d\\s*(?:-\\s+|[x:]\\s*)$',
    `(?<![A-Za-z])[b-hj-zB-HJ-Z]\\s*[-/]\\s*$`,
    '(?:\\\\(?:sqrt|log|ln|sin|cos|tan|pi)(?:\\[\\d\\])?|√)[\\s({[]*$',
    `(?:\\d|${NAMED})\\s+${SPELLED}\\s+$`,
    '\\b(?:roots? of|half of|twice|log of|third of|quarter of|sum of|product of)\\s+$',
    `\\d\\s*${LARGER_UNIT},?\\s+(?:and\\s+)?$`,
  ].join('|'),
);
/** What makes the number before it one. */
const FOLLOWS = new RegExp(
  [
    `^[^\\S\\n]*(?:(?:${OPERATED})[^\\S\\n]*(?:[\\d(√π-]|${NAMED})|\\^)`,
    `^\\s+-\\s+(?:\\d|${NAMED})`,
    '^\\s*(?:\\\\(?:times|cdot|div|pm|mp|sqrt|pi|log|ln)(?![a-z])|[√π]|(?:sqrt|root|pi|squared|cubed)\\b)',
    "^[abiknrtxyzXYZ](?![\\w'’°])",
    '^\\((?=[\\d\\\\]|[xyzn]\\b)',
    `^\\s+${SPELLED}\\s+(?:[-\\d\\\\√π(]|[b-hj-z]\\b|(?:the )?(?:square |cube )?root\\b|pi\\b)`,
    '^\\s*(?:hundred|thousand|[mbtr]+illion)\\b(?!-)',
    `^\\s*(?:(?:[A-Za-z]+\\s+)?(?:and|or)|to|${LARGER_UNIT},?)\\s+-?\\d`,
  ].join('|'),
);

/** Characters before and after a number that are looked at. */
const NEAR = 80;

/** The number at a place of a text; null where it is part of something longer. */
function standing(text: string, { 0: written, index }: RegExpMatchArray): string | null {
  const [start, end] = [index!, index! + written.length];
  const part =
    LEADS.test(text.slice(Math.max(0, start - NEAR), start)) ||
    FOLLOWS.test(text.slice(end, end + NEAR));
  return part ? null : reduced(written);
}

/** The last number of a text, to 10 digits: thousands lose their commas, fractions are divided, signs of money and per cent dropped. */
export function lastNumber(text: string): string | null {
  const plain = plainSigns(text);
  const found = [...plain.matchAll(NUMBER)].at(-1);
  return found === undefined ? null : standing(plain, found);
}

/** The number of what is said to be the answer: the first of its first sentence with one, or behind an equals sign. */
export function markedNumber(answer: string): string | null {
  const plain = plainSigns(answer).replace(OPTION, (option, at: number, all: string) =>
    /\d/.test(all.slice(at + option.length)) ? '' : option,
  );
  const tells = (part: string): boolean => BEYOND_NUMBERS.test(part) || part.search(NUMBER) >= 0;
  const sentence = plain.split(BETWEEN_SENTENCES).find(tells) ?? '';
  const result = sentence.slice(sentence.lastIndexOf('=') + 1);
  const formula = result.split(WORD).find(tells) ?? '';
  if (BEYOND_NUMBERS.test(formula)) return null;
  // A pair, a ratio or a date is no number; what a bracket adds is beside it.
  if ((formula.replace(ASIDE, '').match(NUMBER) ?? []).length > 1) return null;
  const [found] = result.matchAll(NUMBER);
  return found === undefined ? null : standing(result, found);
}

const ASIDE = /\s\([^()]*\)?/g;

function reduced(written: string): string | null {
  const found = written.replaceAll(',', '');
  const [whole, above, below] = /^(\S+)\s+(\d+)\/(\d+)$/.exec(found)?.slice(1).map(Number) ?? [];
  const [over, under] = found.split('/').map(Number);
  const number =
    whole === undefined
      ? over! / (under ?? 1)
      : whole + ((found.startsWith('-') ? -1 : 1) * above!) / below!;
  if (!Number.isFinite(number)) return null;
  return number === 0 ? '0' : `${Number(number.toPrecision(10))}`;
}

/** Digits of other scripts, minus signs and what TeX writes, as plain numbers have them. */
export function plainSigns(text: string): string {
  return text
    .replace(/[٠-٩۰-۹०-९０-９]/g, (digit) => `${digit.codePointAt(0)! - zeroOf(digit)}`)
    .replace(/[\u2212\uff0d]/g, '-')
    .replace(/(?<!(?:\d|[)\]}]|\b[b-hj-z])\s{1,3})\b(?:minus|negative)\s{1,3}(?=[\d.])/gi, '-')
    .replace(/(?<=\d) and (?=\d+\/\d)/g, ' ')
    .replace(
      /(?<=\d)(?<!\/\s{0,3}[\d.]{1,9})\s(hundred|thousand|million|billion|trillion)\b(?!-)/gi,
      scale,
    )
    .replace(/\{,\}|\\,|(?<=\d)[\u00a0\u2009\u202f](?=\d{3})/g, ',')
    .replace(/\\!|\^\{?\\circ\}?/g, '')
    .replace(/(?<=\d)\s*(?:\\times|\\cdot|[x×·*])\s*10\^\{?(-?\d+)\}?/g, 'e$1')
    .replace(POWER_OF_UNIT, '')
    .replace(POWER, power)
    .replace(/(\d?)\\[dt]?frac(?:\{\s*(-?[\d.]+)\s*\}\{\s*(-?[\d.]+)\s*\}|(\d)(\d))/g, fraction)
    .replace(/(\d)\s*\\?(?:%|\$(?!\s*[\d.]))/g, '$1 ')
    .replace(/-\s*\\?\$\s*(?=[\d.])/g, '-');
}

const SCALES = { hundred: 2, thousand: 3, million: 6, billion: 9, trillion: 12 } as const;
const scale = (_: string, word: string): string =>
  `e${SCALES[word.toLowerCase() as keyof typeof SCALES]}`;

const zeroOf = (digit: string): number =>
  ['٠', '۰', '०', '０']
    .map((zero) => zero.codePointAt(0)!)
    .findLast((zero) => zero <= digit.codePointAt(0)!)!;

const fraction = (_: string, before: string, above: string, below: string, ...digits: string[]) =>
  `${before === '' ? '' : `${before} `}${above ?? digits[0]}/${below ?? digits[1]}`;

function power(all: string, base: string, braced: string | undefined, bare: string): string {
  const value = Number(base.replaceAll(',', '')) ** Number(braced ?? bare);
  return Number.isFinite(value) ? `${value}` : all;
}
