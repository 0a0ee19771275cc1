import { join } from 'node:path';
import { writeFileAtomic } from '../../base/files.ts';
import type { Scene } from '../plot/scene.ts';
import type { ThemeName } from '../plot/theme.ts';
import type { Figure } from './marks.ts';

/** Writes each figure as SVG and as PNG under its name; returns how many. Fonts are loaded only here. */
export async function writeFigures(
  folder: string,
  figures: readonly Figure[],
  map: Scene | null,
  theme: ThemeName,
): Promise<number> {
  const { figurePng, figureSvg } = await import('./picture.ts');
  for (const figure of figures) {
    await writeFileAtomic(join(folder, `${figure.id}.svg`), figureSvg(figure, theme));
    await writeFileAtomic(join(folder, `${figure.id}.png`), await figurePng(figure, theme));
  }
  if (map === null) return figures.length;
  const { svg } = await import('../plot/svg.ts');
  const { png } = await import('../plot/png.ts');
  await writeFileAtomic(join(folder, 'map.svg'), svg(map));
  await writeFileAtomic(join(folder, 'map.png'), await png(map, 2));
  return figures.length + 1;
}
