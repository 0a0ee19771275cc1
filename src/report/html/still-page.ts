import { createHash } from 'node:crypto';
import { reveal } from '../text.ts';
import { styleOf } from './page.ts';

/**
 * One HTML file without any script, for results that are read and not explored: the policy lets its one
 * style run and nothing else, so that a row or a file name which looks like markup stays text.
 */
export function stillPage(title: string, styles: readonly string[], body: string): string {
  const style = styleOf(styles);
  const hash = createHash('sha256').update(style).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="gamut">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands between tags and inside quotes. */
export const escaped = (text: string): string =>
  reveal(text).replace(/[&<>"']/gu, (letter) => ENTITIES[letter]!);

export const element = (
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: readonly string[]
): string => {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escaped(String(value))}"`,
  );
  return `<${tag}${written.join('')}>${content.join('')}</${tag}>`;
};
