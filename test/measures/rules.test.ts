import { describe, expect, test } from 'vitest';
import { repeatedShare, topShare } from '../../src/measures/quality/rules/repeats.ts';
import { RULES } from '../../src/measures/quality/rules.ts';
import { TextView } from '../../src/measures/text-view.ts';
import { measureRows } from '../support/measure.ts';
import { rowsOfTexts } from '../support/rows.ts';
import { samples } from '../support/texts.ts';

const prose =
  'The old town lies on a hill above the river, and its walls have stood there for many years. Travellers come to see the market. They stay for the bread, which is baked at dawn by two families.';
const backwards = prose.split(' ').reverse().join(' ');
/** More than a hundred words, no phrase of five twice. */
const long = `${prose} ${backwards} ${prose.split(' ').sort().join(' ')}`;
const list = (line: (i: number) => string, n = 8): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n');

/** For every rule a row that breaks it and one that keeps it though it comes near. */
const CASES: Readonly<Record<string, readonly [breaks: string, keeps: string]>> = {
  refusal: [
    "Tell me a secret.\nI'm sorry, but I am afraid I cannot do this.",
    "Dear teacher, I'm sorry that I am unable to come, and I can't help but worry. I cannot complete it.",
  ],
  placeholder: ['Dear [Your Name], welcome.', 'My todo list [1] is done, see <b>there</b>.'],
  leak: [
    'Fine.<|im_end|>',
    'The response: it is <fine>. Write a dialogue.\nHuman: Hello!\nAssistant: Good day.',
  ],
  truncated: [
    `${prose} And so it was that the bakers of the town`,
    `${prose}\nThe Old Town and the Bread of Two Families`,
  ],
  encoding: ['It wasnâ€™t so', 'Ça va très bien, São Paulo'],
  empty: ['…', '1'],
  runaway: [
    'the the the the the the the the the the the the',
    'ha ha ha, he said --------------------------- 0.33333333333333333333',
  ],
  'word-length': ['a b c d '.repeat(6), prose],
  symbols: [`${prose} ${'#tag '.repeat(20)}`, `${prose} #tag`],
  bullets: [list((i) => `- point ${i}`), list((i) => (i === 0 ? 'These:' : `- point ${i}`), 5)],
  ellipses: [list((i) => `and then ${i}...`), list((i) => `and then ${i}.`)],
  'no-letters': [`${'12 34 56 '.repeat(20)} words`, `${prose} ${prose}`],
  'stop-words': ['lovely red green blue old new big small tall wide '.repeat(11), long],
  'repeated-lines': [list(() => 'Buy it now.'), list((i) => `Buy number ${i}.`)],
  'top-ngram': ['very good '.repeat(60), long],
  'repeated-ngrams': [`${long} ${long}`, long],
  'unended-lines': [
    list((i) => `a line without any end at all, number ${i}`),
    list((i) => `It ends, ${i}.`),
  ],
  'repeated-text': [
    list((i) => `The same line comes more than once ${i % 2}.`),
    list((i) => `Line ${i}.`),
  ],
  'short-lines': [
    list((i) => `short ${i}`),
    list((i) => `a line that is longer than thirty characters ${i}`),
  ],
  'lorem-ipsum': ['Lorem ipsum dolor', 'Lorem is a name'],
  boilerplate: [
    'Please enable JavaScript to go on.',
    'JavaScript is a language; cookies are sweet.',
  ],
  'curly-brackets': ['Hello {name}, welcome.', 'Hello (name), welcome.'],
};

describe('rules', () => {
  test('each has its cases', () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual(Object.keys(CASES).sort());
  });

  test.each(RULES)('$id', ({ id, breaks }) => {
    const [bad, good] = CASES[id]!;
    expect(breaks(new TextView(bad))).toBe(true);
    expect(breaks(new TextView(good))).toBe(false);
  });

  test('what else a rule finds, and what it does not', () => {
    const breaks = (id: string, text: string): boolean | null =>
      RULES.find((rule) => rule.id === id)!.breaks(new TextView(text));
    for (const text of [
      'As an AI language model, I think so.',
      'Due to privacy, I cannot answer this.',
      "I don't have personal opinions.",
    ]) {
      expect(breaks('refusal', text), text).toBe(true);
    }
    for (const text of [
      'I am unable to use my card because it broke.',
      'As an AI researcher I write papers.',
      "I'm afraid I can't let you do that",
    ]) {
      expect(breaks('refusal', text), text).toBe(false);
    }
    expect(breaks('leak', 'It is blue.\nHuman: And red?\nAssistant: Red.')).toBe(true);
    expect(breaks('leak', 'Human: Is it red?\nAssistant: It is blue.')).toBe(false);
    expect(breaks('truncated', `${prose}\nIt was the`)).toBe(true);
    expect(breaks('runaway', `Great${'!'.repeat(15)}`)).toBe(true);
    expect(breaks('runaway', `Great${'!'.repeat(14)}`)).toBe(false);
    expect(breaks('truncated', 'Look:\n```\nx = 1')).toBe(true);
    expect(breaks('truncated', '```a``` is like ```b```.')).toBe(null);
    expect(breaks('truncated', `${prose} See https://example.org/bread`)).toBe(false);
    const sum = '3 * 4 = 12 apples and 12 - 2 = 10 left '.repeat(9);
    for (const id of ['no-letters', 'top-ngram', 'repeated-ngrams']) {
      expect(breaks(id, sum), id).toBe(null);
    }
    expect(breaks('curly-brackets', 'It is \\frac{1}{2}.')).toBe(null);
    expect(
      breaks(
        'short-lines',
        list((i) => `${i + 1}. item`),
      ),
    ).toBe(null);
  });

  const ABROAD: readonly (readonly [language: string, refuses: string, answers: string])[] = [
    [
      'German',
      'Es tut mir leid, aber ich kann Ihnen dabei nicht helfen.',
      'Es tut mir leid, dass der Zug zu spät war. Ich kann den Ärger gut verstehen und als Kind ging es mir so.',
    ],
    [
      'French',
      "En tant qu'intelligence artificielle, je n'ai pas d'opinion.",
      'En tant que médecin, je ne peux pas dire que la ville est belle, mais elle est calme.',
    ],
    [
      'Spanish',
      'Lo siento, pero no puedo ayudar con esa solicitud.',
      'Lo siento, no puedo ir a la fiesta porque el tren de las ocho ya se fue.',
    ],
    [
      'Portuguese',
      'Como um modelo de linguagem, não tenho opiniões pessoais.',
      'Como um modelo de virtude, ela não mente para os amigos da escola.',
    ],
    [
      'Italian',
      'Mi dispiace, ma non posso fornire queste informazioni.',
      'Mi dispiace, ma non posso venire alla festa della scuola di mia sorella.',
    ],
    [
      'Dutch',
      'Het spijt me, maar ik kan je daar niet mee helpen.',
      'Het spijt me dat ik niet op het feest van de school was, maar de trein was te laat.',
    ],
    [
      'Russian',
      'Извините, но я не могу помочь с этим запросом.',
      'Как языки мира меняются? Я не могу ответить на этот вопрос, но это не очень сложно.',
    ],
    ['Chinese', '很抱歉，我无法回答这个问题。', '作为一个学生，我每天都去学校学习语言。'],
    [
      'Japanese',
      '申し訳ありませんが、そのご質問にはお答えできません。',
      '言語を学ぶことは楽しいです。毎日少しずつ読みます。',
    ],
    [
      'Korean',
      '죄송하지만 그 요청은 도와드릴 수 없습니다.',
      '언어를 배우는 것은 즐겁습니다. 매일 조금씩 읽습니다.',
    ],
  ];

  test.each(ABROAD)('refusals are found in %s', (_, refuses, answers) => {
    const { breaks } = RULES.find(({ id }) => id === 'refusal')!;
    expect(breaks(new TextView(refuses))).toBe(true);
    expect(breaks(new TextView(answers))).toBe(false);
  });

  test.each([
    ['Ukrainian', 'Вибачте, але я не можу допомогти з цим запитом, бо це не дозволено.'],
    ['Greek', 'Λυπάμαι, αλλά δεν μπορώ να βοηθήσω με αυτό.'],
    [
      'Polish',
      'Przykro mi, ale nie mogę pomóc w tej sprawie, ponieważ jako model językowy nie mam dostępu do takich danych i nie znam tych osób osobiście.',
    ],
  ])('rules of phrases leave rows in %s out, and so do not call them answered', (_, text) => {
    for (const id of ['refusal', 'placeholder', 'boilerplate']) {
      expect(RULES.find((rule) => rule.id === id)!.breaks(new TextView(text)), id).toBe(null);
    }
  });

  test('slots, web pages and broken ends are known in other languages', () => {
    const breaks = (id: string, text: string): boolean | null =>
      RULES.find((rule) => rule.id === id)!.breaks(new TextView(text));
    for (const slot of [
      'Sehr geehrte Frau [Ihr Name], danke.',
      'Bonjour [Votre nom],',
      '您好，[您的姓名]。',
    ]) {
      expect(breaks('placeholder', slot), slot).toBe(true);
    }
    // “All” in Spanish and Portuguese, unless it is written as a note.
    const spanish =
      'El hotel está en el centro de la ciudad y TODO está en el precio que se paga por la noche.';
    expect(breaks('placeholder', spanish)).toBe(false);
    expect(breaks('placeholder', spanish.replace('TODO está', 'TODO: falta lo que'))).toBe(true);
    expect(
      breaks('placeholder', 'The hotel is in the city and TODO is what we pay for the night.'),
    ).toBe(true);
    expect(breaks('placeholder', 'TO-DO add the address.')).toBe(true);
    expect(breaks('placeholder', 'La suite [nombres entiers] est dans le livre de la ville.')).toBe(
      false,
    );
    expect(breaks('boilerplate', 'Nous utilisons des cookies. Tous droits réservés.')).toBe(true);
    const german = 'Die Stadt liegt am Fluss. Sie ist alt. Die Leute leben gern dort.';
    expect(breaks('truncated', `${german}\nSie gehen in die`)).toBe(true);
    expect(breaks('truncated', german)).toBe(false);
    const chinese = '这座城市很古老。它在河边。人们喜欢住在那里。';
    expect(breaks('truncated', `${chinese}每天早上他们都会去市场买新鲜的`)).toBe(true);
    expect(breaks('truncated', chinese)).toBe(false);
  });

  test('lists keep the rules as a whole, though they break those of form', async () => {
    const rows = rowsOfTexts([list((i) => `- a point that is made, number ${i}`)]);
    const values = await measureRows(rows, ['quality.rules', 'quality.rules.bullets']);
    expect(values['quality.rules']!.value).toBe(1);
    expect(values['quality.rules.bullets']!.value).toBe(1);
  });

  test('none is broken by plain prose, nor asked of what it is not for', () => {
    for (const { id, breaks } of RULES)
      expect(breaks(new TextView(prose)) ?? false, id).toBe(false);
    const code = 'import os\nfor i in range(3):\n    print({i: 1})\n    x = i\n';
    for (const { id, breaks } of RULES) expect(breaks(new TextView(code)) ?? false, id).toBe(false);
  });
});

test('repeated phrases are counted by the characters they take', () => {
  const words = 'a b c d e x a b c d e'.split(' ');
  expect(repeatedShare(words, 5)).toBeCloseTo(5 / 11, 12);
  expect(repeatedShare(words, 6)).toBe(0);
  expect(topShare(words, 2)).toBeCloseTo(4 / 11, 12);
  expect(topShare(['one'], 2)).toBe(0);
});

describe('as measures', () => {
  const texts = [
    ...samples(90, 2).map(({ text }) => text),
    ...Array.from({ length: 10 }, (_, i) => `As an AI language model, I decline request ${i}.`),
  ];

  test('say which share breaks a rule, and show some that do', async () => {
    const values = await measureRows(rowsOfTexts(texts), [
      'quality.rules',
      'quality.rules.refusal',
    ]);
    expect(values['quality.rules']!.value).toBeCloseTo(0.9, 12);
    expect(values['quality.rules']!.rows).toHaveLength(3);
    const refusal = values['quality.rules.refusal']!;
    expect(refusal.value).toBeCloseTo(0.1, 12);
    expect(refusal.interval![0]).toBeLessThan(0.1);
    expect(refusal.interval![1]).toBeGreaterThan(0.1);
    for (const row of refusal.rows!) expect(texts[row]).toContain('As an AI');
  });

  test('rows in another language than most are those, whichever it is', async () => {
    const english = 'This is the house that they have built for all of us.';
    const german = 'Das ist das Haus, das sie für uns alle mit der Hand gebaut haben.';
    for (const [most, few] of [
      [english, german],
      [german, english],
    ]) {
      const rows = rowsOfTexts(Array.from({ length: 40 }, (_, i) => `${i < 30 ? most : few} ${i}`));
      const value = (await measureRows(rows, ['quality.rules.language']))[
        'quality.rules.language'
      ]!;
      expect(value.value).toBe(0.25);
      for (const row of value.rows!) expect(row).toBeGreaterThanOrEqual(30);
    }
  });
});
