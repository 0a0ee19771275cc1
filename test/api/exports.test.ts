import { expect, test } from 'vitest';

const gamut: Readonly<Record<string, unknown>> = await import('../../src/index.ts');

test('every verb that measures is a function of the library, with its renderer', () => {
  const verbs = [
    ...['audit', 'compare', 'attribute', 'track', 'project', 'embed', 'bench', 'sensitivity'],
    ...['buildIndex', 'novelty', 'recipesReport', 'recordRun', 'readStore'],
    ...['renderTerminal', 'renderMarkdown', 'renderHtml', 'renderJunit'],
    'renderRecipes',
    ...['Comparison', 'Attribution', 'Track'].flatMap((verb) =>
      ['', 'Html', 'Markdown', 'Junit'].map((form) => `render${verb}${form}`),
    ),
  ];
  for (const name of verbs) expect(gamut[name], name).toBeTypeOf('function');
  expect(gamut.RECIPES).toContainEqual(expect.objectContaining({ id: 'self-instruct' }));
});
