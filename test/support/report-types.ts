import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../src/base/package.ts';

/**
 * What the compiler says of reports as values of their documented types: nothing where each has every field that its type
 * asks for and none that it does not know. `reports` holds names of types that src/index.ts exports, and JSON.
 */
export async function typeErrors(
  reports: readonly (readonly [type: string, json: string])[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gamut-types-'));
  const types = [...new Set(reports.map(([type]) => type))].join(', ');
  const lines = reports.map(([type, json], i) => `export const r${i}: ${type} = ${json};`);
  const index = JSON.stringify(packagePath('src', 'index.ts'));
  const made = [`import type { ${types} } from ${index};`, ...lines].join('\n');
  const config = {
    extends: packagePath('tsconfig.json'),
    compilerOptions: {
      rootDir: '/',
      typeRoots: [packagePath('node_modules', '@types')],
      rewriteRelativeImportExtensions: false,
    },
    files: ['reports.ts'],
    include: [],
  };
  try {
    await writeFile(join(folder, 'reports.ts'), made);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const tsc = packagePath('node_modules', 'typescript', 'bin', 'tsc');
    return await new Promise((resolve) => {
      execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], (_, out) =>
        // Other files may lack what only the project's own configuration names.
        resolve(
          out
            .split('\n')
            .filter((line) => line.includes('reports.ts('))
            .join('\n'),
        ),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
