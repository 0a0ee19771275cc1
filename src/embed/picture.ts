import { inputError, messageOf } from '../base/errors.ts';

/** How pictures become numbers, from a model's preprocessor_config.json. */
export interface PictureRules {
  /** What goes into the model. */
  readonly height: number;
  readonly width: number;
  /** The length of the shorter side before the middle is cut out; null where the picture is stretched. */
  readonly shortest: number | null;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly cubic: boolean;
}

type Size =
  | number
  | { readonly shortest_edge?: number; readonly height?: number; readonly width?: number };

export function pictureRules(
  config: Readonly<Record<string, unknown>>,
  file: string,
): PictureRules {
  const size = config.size as Size | undefined;
  const crop = config.do_center_crop === true ? (config.crop_size as Size | undefined) : undefined;
  const shortest = typeof size === 'number' ? size : (size?.shortest_edge ?? null);
  const whole = typeof size === 'object' && size.height && size.width ? size : undefined;
  const cut = typeof crop === 'number' ? { height: crop, width: crop } : crop;
  const fallback = shortest === null ? undefined : { height: shortest, width: shortest };
  const { height, width } = cut ?? whole ?? fallback ?? {};
  if (!height || !width) throw inputError(`${file} does not say how large pictures are to be.`);
  const triple = (value: unknown, otherwise: number): number[] =>
    config.do_normalize !== false && Array.isArray(value)
      ? (value as number[])
      : Array(3).fill(otherwise);
  return {
    height,
    width,
    shortest,
    mean: triple(config.image_mean, 0),
    std: triple(config.image_std, 1),
    cubic: config.resample !== 2,
  };
}

/** A picture as the model takes it: three planes, red, green and blue, row by row. It is turned as its camera says. */
export async function decodePicture(file: Uint8Array, rules: PictureRules): Promise<Float32Array> {
  const { height, width, shortest, mean, std } = rules;
  const kernel = rules.cubic ? 'cubic' : 'linear';
  let pixels: Buffer;
  try {
    // Loaded when the first picture comes: no other command needs it.
    const { default: sharp } = await import('sharp');
    const upright = await sharp(file)
      .rotate()
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width: w, height: h, channels } = upright.info;
    const scale = shortest === null ? null : shortest / Math.min(w, h);
    const wide = Math.max(width, scale === null ? width : Math.round(w * scale));
    const high = Math.max(height, scale === null ? height : Math.round(h * scale));
    const left = Math.floor((wide - width) / 2);
    const top = Math.floor((high - height) / 2);
    pixels = await sharp(upright.data, { raw: { width: w, height: h, channels } })
      .resize({ width: wide, height: high, fit: 'fill', kernel })
      .extract({ left, top, width, height })
      .raw()
      .toBuffer();
  } catch (error) {
    throw inputError(`it cannot be decoded (${messageOf(error).replace(/\s+/gu, ' ').trim()})`, {
      cause: error,
    });
  }
  const size = height * width;
  const channels = pixels.length / size;
  const planes = new Float32Array(3 * size);
  for (let c = 0; c < 3; c += 1) {
    // A picture in shades of grey has one channel for all three.
    const from = channels < 3 ? 0 : c;
    for (let i = 0; i < size; i += 1) {
      planes[c * size + i] = (pixels[i * channels + from]! / 255 - mean[c]!) / std[c]!;
    }
  }
  return planes;
}
