export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Nine colours a theme, spread by a search so that any two of them lie far apart (CIE76 at least 20)
 * in normal, protan, deutan and tritan vision alike; a test holds them to it.
 */
export const LIGHT: readonly string[] = [
  '0866d5',
  'e2ab31',
  '00c06d',
  'f766aa',
  'b9a0ff',
  '751a44',
  '8e6800',
  '352d7d',
  '443902',
];
export const DARK: readonly string[] = [
  '1b79af',
  'e58132',
  '3cc180',
  'ffb2d0',
  'a386ff',
  'ac5878',
  'd24041',
  '9dbdfc',
  'd9e57e',
];

const rgb = (hex: string): Rgb =>
  [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

export const clusterColour = (slot: number, dark: boolean): Rgb =>
  rgb((dark ? DARK : LIGHT)[slot % LIGHT.length]!);

/** Both sides of a colour, for style sheets. */
export const clusterStyle = (slot: number): string =>
  `light-dark(#${LIGHT[slot % LIGHT.length]}, #${DARK[slot % LIGHT.length]})`;

/** A colour as the view gives it: '#rrggbb'. */
export const givenColour = (hex: string): Rgb => rgb(hex.slice(1));

export const referenceStyle = 'light-dark(#b2b4b8, #70747a)';
export const referenceColour = (dark: boolean): Rgb => (dark ? [112, 116, 122] : [178, 180, 184]);

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A colour for each place: different ones as long as they last, then the one whose nearest place is
 * farthest away, as on a printed atlas.
 */
export function assignColours(places: readonly Place[]): number[] {
  const slots: number[] = [];
  for (const [i, place] of places.entries()) {
    let best = 0;
    let farthest = -1;
    for (let slot = 0; slot < LIGHT.length; slot += 1) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let j = 0; j < i; j += 1) {
        if (slots[j] !== slot) continue;
        const other = places[j]!;
        nearest = Math.min(nearest, (other.x - place.x) ** 2 + (other.y - place.y) ** 2);
      }
      if (nearest > farthest) {
        farthest = nearest;
        best = slot;
      }
    }
    slots.push(best);
  }
  return slots;
}
