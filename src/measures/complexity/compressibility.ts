import { deflateRawSync } from 'node:zlib';
import { traitFamily } from '../traits.ts';

/**
 * compressibility: bytes of a row ÷ its bytes after deflate (level 9, without a header). What a row says
 * twice compresses; a short row hardly does, so rows compare at like lengths.
 */
export const compressibility = traitFamily({
  family: 'compressibility',
  axis: 'complexity',
  traits: {
    compressibility: {
      about: {
        title: 'Compressibility of a row',
        reads: 'How many times smaller deflate makes a row by itself.',
        range: [0, Number.POSITIVE_INFINITY],
        more: 'less',
        growsWithN: false,
        cite: 'Lempel & Ziv 1977; Yin et al. 2024 (entropy law), arXiv 2407.06645',
      },
      of({ text }) {
        if (text === '') return null;
        const bytes = Buffer.from(text);
        return bytes.length / deflateRawSync(bytes, { level: 9 }).length;
      },
    },
  },
});
