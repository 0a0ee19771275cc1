import { inputError, usageError } from '../base/errors.ts';

/** How a row's number follows from what a classifier gives. */
export interface Head {
  /** 'regression': its one number as it is; 'softmax' and 'sigmoid': the probability of the label. */
  readonly kind: 'regression' | 'softmax' | 'sigmoid';
  /** Which label is counted; null for a regression. */
  readonly label: string | null;
  readonly labels: readonly string[];
  readonly range: readonly [number, number];
  of(logits: Float32Array): number;
}

/** What config.json says of a classifier. */
export interface HeadConfig {
  readonly id2label?: Readonly<Record<string, string>>;
  readonly problem_type?: string | null;
}

const PROBABILITY = [0, 1] as const;

/**
 * The head of a classifier with `outputs` numbers a text. One number is a regression, unless config.json's
 * problem_type says that it is a class. Of two classes the last is counted, by custom the positive one
 * ('NEGATIVE', 'POSITIVE'); of more, and of labels that exclude no other, `asked` must name one.
 */
export function headOf(
  outputs: number,
  { id2label = {}, problem_type: problem }: HeadConfig,
  asked: string | null,
  model: string,
): Head {
  const labels = Array.from({ length: outputs }, (_, i) => id2label[i] ?? `LABEL_${i}`);
  const classes = problem?.endsWith('classification') === true;
  if (outputs === 0) throw inputError(`The quality model ${model} gives no number for a text.`);
  if (outputs === 1 && !classes) {
    if (asked !== null && asked !== labels[0]) {
      throw usageError(
        `The quality model ${model} gives one number and no labels; leave out #${asked}.`,
      );
    }
    return {
      ...{ kind: 'regression', label: null, labels, range: [-Infinity, Infinity] },
      of: (logits) => logits[0]!,
    };
  }
  const several = outputs === 1 || problem === 'multi_label_classification';
  const at =
    asked === null
      ? outputs === 1 || (outputs === 2 && !several)
        ? outputs - 1
        : -1
      : find(labels, asked);
  if (at < 0) {
    const names = labels.slice(0, 30).join(', ');
    const why = asked === null ? 'which of them is good is not known' : `none is called ${asked}`;
    throw usageError(
      `The quality model ${model} has the labels ${names}; ${why}. Name one: --quality-model '${model}#${labels[outputs - 1]}'.`,
    );
  }
  const label = labels[at]!;
  return several
    ? {
        kind: 'sigmoid',
        label,
        labels,
        range: PROBABILITY,
        of: (logits) => 1 / (1 + Math.exp(-logits[at]!)),
      }
    : { kind: 'softmax', label, labels, range: PROBABILITY, of: (logits) => softmax(logits, at) };
}

function find(labels: readonly string[], asked: string): number {
  const exact = labels.indexOf(asked);
  if (exact >= 0) return exact;
  return labels.findIndex((label) => label.toLowerCase() === asked.toLowerCase());
}

function softmax(logits: Float32Array, at: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.exp(logits[at]! - largest) / sum;
}
