import { openDataset } from '../../src/data/open.ts';

/** The texts of a file's rows; rows without one are left out. */
export async function textsOf(path: string): Promise<string[]> {
  const dataset = await openDataset([path], { onBadRow: 'skip' });
  const found: string[] = [];
  for await (const { text } of dataset.rows({})) if (text !== null) found.push(text);
  await dataset.close();
  return found;
}
