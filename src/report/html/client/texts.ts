import type { PointTexts } from '../view.ts';
import type { Points } from './points.ts';
import { blockOf, unpack } from './unpack.ts';

/** Ids and texts of the points, which are unpacked a block of rows at a time. */
export interface Texts {
  /** What has been unpacked so far, by point. */
  readonly known: PointTexts;
  readonly has: (point: number) => boolean;
  /** Unpacks the block that a point is in. */
  readonly need: (point: number) => Promise<void>;
  /** Unpacks all of them, one after another. */
  readonly all: () => Promise<PointTexts>;
}

/** So that the page answers its reader between two blocks. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The blocks stand at the end of the page, which is drawn before they have been read. */
async function packedTexts(): Promise<readonly string[]> {
  if (document.readyState === 'loading') {
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
  }
  return blockOf('texts').split('\n');
}

export function textsOf({ count, block: rows }: Points): Texts {
  const ids = new Array<string>(count);
  const texts = new Array<string | null>(count);
  const known = { ids, texts };
  const packed = packedTexts();
  const opened: (Promise<void> | undefined)[] = [];
  const open = async (block: number): Promise<void> => {
    const bytes = await unpack((await packed)[block]!);
    const part = JSON.parse(new TextDecoder().decode(bytes)) as PointTexts;
    for (const [at, id] of part.ids.entries()) {
      ids[block * rows + at] = id;
      texts[block * rows + at] = part.texts[at]!;
    }
  };
  const need = (point: number): Promise<void> => {
    const block = Math.floor(point / rows);
    opened[block] ??= open(block);
    return opened[block];
  };
  let everything: Promise<PointTexts> | null = null;
  const readAll = async (): Promise<PointTexts> => {
    for (let from = 0; from < count; from += rows) {
      await need(from);
      await pause();
    }
    return known;
  };
  return {
    known,
    has: (point) => ids[point] !== undefined,
    need,
    all: () => {
      everything ??= readAll();
      return everything;
    },
  };
}

/** The same for readers who do with what can be unpacked; of what cannot they are told. */
export const forgiving = (
  { known, has, need, all }: Texts,
  tell: (error: unknown) => void,
): Texts => ({
  known,
  has,
  need: (point) => need(point).catch(tell),
  all: () =>
    all().catch((error: unknown) => {
      tell(error);
      return known;
    }),
});
