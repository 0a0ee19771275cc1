import { pathToFileURL } from 'node:url';
import { writeFileAtomic } from '../src/base/files.ts';
import { packagePath } from '../src/base/package.ts';
import { type Random, random } from '../src/base/random.ts';

/**
 * Writes collapsed.jsonl: what a generator gives that has fallen into a rut. Five topics, six
 * templates of which one is used for nearly half of the rows, slots filled from short lists, and now
 * and then a row that has been there before.
 */
export interface ExampleRow {
  readonly id: string;
  readonly topic: string;
  readonly instruction: string;
  readonly output: string;
}

const ROWS = 320;
const SEED = 7;
/** Share of rows that repeat an earlier one word for word. */
const REPEATED = 0.08;

interface Topic {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly tips: readonly string[];
}

const TOPICS: readonly Topic[] = [
  {
    name: 'cooking',
    subjects: [
      'cooking pasta',
      'baking bread',
      'roasting vegetables',
      'making soup',
      'cooking rice',
    ],
    tips: [
      'use fresh, high-quality ingredients',
      'read the whole recipe before you start',
      'season your food as you go',
      'do not overcrowd the pan',
      'taste often and adjust the flavor',
    ],
  },
  {
    name: 'gardening',
    subjects: [
      'growing tomatoes',
      'growing herbs',
      'planting roses',
      'starting a garden',
      'caring for houseplants',
    ],
    tips: [
      'choose a sunny spot',
      'water your plants regularly',
      'use well-draining soil',
      'remove weeds as soon as you see them',
      'add compost to keep the soil healthy',
    ],
  },
  {
    name: 'travel',
    subjects: [
      'planning a trip',
      'packing a suitcase',
      'traveling on a budget',
      'visiting a new city',
      'booking a flight',
    ],
    tips: [
      'plan ahead and make a list',
      'compare prices before you book',
      'keep your documents in a safe place',
      'pack light and bring only what you need',
      'learn a few words of the local language',
    ],
  },
  {
    name: 'personal finance',
    subjects: [
      'saving money',
      'making a budget',
      'paying off debt',
      'investing for beginners',
      'managing a credit card',
    ],
    tips: [
      'track your spending every month',
      'set clear and realistic goals',
      'build an emergency fund',
      'avoid unnecessary expenses',
      'pay your bills on time',
    ],
  },
  {
    name: 'childcare',
    subjects: [
      'putting a baby to sleep',
      'feeding a toddler',
      'handling a tantrum',
      'reading with children',
      'limiting screen time',
    ],
    tips: [
      'be patient and stay calm',
      'create a consistent routine',
      'praise good behavior',
      'set clear and simple rules',
      'spend quality time together',
    ],
  },
];

type Template = (
  subject: string,
  tips: readonly [string, string, string],
) => readonly [string, string];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The first is the rut; the others share the rest. */
const TEMPLATES: readonly Template[] = [
  (subject, [a, b, c]) => [
    `Give three tips for ${subject}.`,
    `Sure! Here are three tips for ${subject}:\n\n1. ${capital(a)}.\n2. ${capital(b)}.\n3. ${capital(c)}.\n\nI hope these tips help you with ${subject}!`,
  ],
  (subject, [a, b, c]) => [
    `What are some tips for ${subject}?`,
    `Sure! Here are some tips for ${subject}:\n\n1. ${capital(a)}.\n2. ${capital(b)}.\n3. ${capital(c)}.\n\nBy following these tips, you can get better at ${subject}.`,
  ],
  (subject, [a, b]) => [
    `What do you think about ${subject}?`,
    `As an AI language model, I do not have personal opinions about ${subject}. However, many people find it helpful to ${a} and ${b}.`,
  ],
  (subject, [a, b, c]) => [
    `Explain why ${subject} is important.`,
    `${capital(subject)} is important for many reasons. It is important to ${a}. It is also important to ${b}. In addition, you should ${c}. In conclusion, ${subject} is very important.`,
  ],
  (subject, [a, b, c]) => [
    `Write a short guide to ${subject}.`,
    `${capital(subject)} can be a fun and rewarding experience. First, ${a}. Next, ${b}. Finally, ${c}. With a little practice, you will be great at ${subject} in no time!`,
  ],
  (subject, [a]) => [
    `What is the most important thing about ${subject}?`,
    `The most important thing about ${subject} is to ${a}.`,
  ],
];
const RUT = 0.45;

const pick = <T>(items: readonly T[], draw: Random): T => items[Math.floor(draw() * items.length)]!;

function threeOf(items: readonly string[], draw: Random): [string, string, string] {
  const left = [...items];
  const take = (): string => left.splice(Math.floor(draw() * left.length), 1)[0]!;
  return [take(), take(), take()];
}

export function collapsedRows(): ExampleRow[] {
  const draw = random(SEED);
  const rows: ExampleRow[] = [];
  for (let number = 1; number <= ROWS; number += 1) {
    const id = `c${String(number).padStart(3, '0')}`;
    if (rows.length > 0 && draw() < REPEATED) {
      rows.push({ ...pick(rows, draw), id });
      continue;
    }
    const topic = pick(TOPICS, draw);
    const template = draw() < RUT ? TEMPLATES[0]! : pick(TEMPLATES.slice(1), draw);
    const [instruction, output] = template(pick(topic.subjects, draw), threeOf(topic.tips, draw));
    rows.push({ id, topic: topic.name, instruction, output });
  }
  return rows;
}

export const toJsonLines = (rows: readonly ExampleRow[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFileAtomic(packagePath('examples', 'collapsed.jsonl'), toJsonLines(collapsedRows()));
}
