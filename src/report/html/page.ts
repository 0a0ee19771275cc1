import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MapReport } from '../../audit/report.ts';
import { packagePath } from '../../base/package.ts';
import { seriesStyle } from '../figures/series.ts';
import type { Field } from './fields.ts';
import { linkScript } from './link-script.ts';
import { packPoints, packTexts, TEXT_ROWS } from './points.ts';

export interface PageParts {
  /** What the tab is called until the script has run. */
  readonly title: string;
  /** The script of the page, by its name in `client/`. */
  readonly script: string;
  /** Style sheets by their names in `style/`, in the order of the cascade. */
  readonly styles: readonly string[];
  readonly view: unknown;
  readonly map: MapReport | null;
  /** What the points can be coloured by, as the view lists it. */
  readonly fields?: readonly Field[];
}

/** One such letter and a browser keeps the whole file, megabytes of points, in two bytes a letter. */
const ABOVE_ASCII = /[^\0-\x7f]/g;
const hex = (unit: string): string => unit.charCodeAt(0).toString(16).padStart(4, '0');
/** In scripts and JSON, where all of them stand in strings. */
const unitEscape = (unit: string): string => `\\u${hex(unit)}`;
const cssEscape = (unit: string): string => `\\${hex(unit)} `;

/**
 * One HTML file that opens from disk and loads nothing. What comes from a dataset is only ever in inert
 * blocks: JSON with every `<` escaped, or base64. The page's script turns it into text nodes; the policy
 * lets no other script or style run and no request leave, and forbids the functions that turn strings
 * into markup.
 */
export function pageOf(parts: PageParts): string {
  const style = styleOf(parts.styles).replace(ABOVE_ASCII, cssEscape);
  const script = linkScript(
    packagePath('dist', 'src', 'report', 'html', 'client', `${parts.script}.js`),
  ).replace(ABOVE_ASCII, unitEscape);
  const policy = [
    "default-src 'none'",
    `style-src '${sha256(style)}'`,
    `script-src '${sha256(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const view = JSON.stringify(parts.view)
    .replaceAll('<', '\\u003c')
    .replace(ABOVE_ASCII, unitEscape);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="gamut">
<title>${parts.title}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>This page draws itself with a script of its own; allow scripts for this file to read it.</p></noscript>
<script type="application/json" id="view">${view}</script>
${parts.map ? pointBlock(parts.map, parts.fields) : ''}<script type="module" async>${script}</script>
${parts.map ? textBlock(parts.map) : ''}</body>
</html>
`;
}

/** The style sheets of a page that says what was found. */
export const WRITTEN = ['page', 'findings', 'measures', 'provenance'] as const;

/** Style sheets joined, and the colours of series. */
export const styleOf = (names: readonly string[]): string =>
  [
    ...names.map((name) =>
      readFileSync(packagePath('src', 'report', 'html', 'style', `${name}.css`), 'utf8'),
    ),
    seriesStyle(),
  ].join('\n');

const pointBlock = (map: MapReport, fields: readonly Field[] = []): string =>
  `<script type="text/plain" id="points" data-block="${TEXT_ROWS}">${packPoints(map, fields)}</script>\n`;

/** After the script, which draws the points while these are still being read. */
const textBlock = (map: MapReport): string =>
  `<script type="text/plain" id="texts">${packTexts(map)}</script>\n`;

const sha256 = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;
