import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}
const { dependencies } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as Manifest;
const declared = Object.keys(dependencies).sort();

/** Whatever a source could load by name: imports of any form, and names given to createRequire. */
function specifiersIn(folder: string): string[] {
  return readdirSync(packagePath(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(packagePath(join(folder, name)), 'utf8'))
    .flatMap((source) => [
      ...source.matchAll(/^(?:import|export|\}) .*?from '([^'\n]+)';$/gm),
      ...source.matchAll(/\b(?:import|require|resolve)\(\s*'([^'\n]+)'/g),
      ...source.matchAll(/^import '([^'\n]+)';$/gm),
      ...source.matchAll(/^const PACKAGE = '([^'\n]+)';$/gm),
      ...source.matchAll(/\(import\.meta\.url\)\(\s*'([^'\n]+)'/g),
    ])
    .map(([, specifier]) => specifier!);
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const used = [
  ...new Set(
    [...specifiersIn('src'), ...specifiersIn('models')]
      .filter((specifier) => !/^(\.|node:)/.test(specifier))
      .map(packageOf),
  ),
].sort();

test('every dependency is used by what is shipped, and nothing else is', () => {
  expect(used).toEqual(declared);
});

test('modules of Node are named as such', () => {
  expect(used.filter((name) => builtinModules.includes(name))).toEqual([]);
});
