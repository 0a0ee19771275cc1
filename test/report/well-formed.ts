import { expect } from 'vitest';

/** Every line of a Markdown table has as many cells as the others. */
export function expectWholeTables(markdown: string): void {
  let width = 0;
  for (const line of markdown.split('\n')) {
    const cells = line.startsWith('|') ? line.replaceAll('\\|', '').split('|').length : 0;
    if (cells > 0 && width > 0) expect(cells).toBe(width);
    width = cells;
  }
}

/** Markdown has no tags but those that fold and make small. */
export function expectOwnTags(markdown: string): void {
  const outside = markdown.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
  const tags = [...outside.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  expect([...new Set(tags)].toSorted()).toEqual(
    ['</details>', '</sub>', '</summary>', '<details>', '<sub>', '<summary>'].toSorted(),
  );
}

/** Tags of XML open and close in turns, and nothing between them is markup. */
export function expectWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, close, name, empty] of xml.matchAll(/<(\/?)([a-z-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (close) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name!);
  }
  expect(open).toEqual([]);
  const left = xml.replace(/<\?xml[^>]*>|<\/?[a-z-]+(?:\s+[a-z]+="[^"<]*")*\/?>/g, '');
  expect(left).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
}
