import type { GroupView, MapView } from '../view.ts';
import { assignColours, clusterColour, clusterStyle, givenColour, type Rgb } from './palette.ts';
import type { ClusterPlace } from './points.ts';

/** Which colour each group of points has. */
export interface Colours {
  readonly colour: (group: number, dark: boolean) => Rgb | null;
  /** The same for style sheets, light and dark in one. */
  readonly style: (group: number) => string;
}

/** The colours that came with the view; else some that differ between neighbours. */
export function coloursOf(
  map: MapView | null,
  groups: readonly GroupView[],
  places: ReadonlyMap<number, ClusterPlace>,
): Colours {
  const given = map?.colours;
  if (given) {
    const both = given.map((pair) => pair.map(givenColour));
    return {
      colour: (group, dark) => both[group]?.[dark ? 1 : 0] ?? null,
      style: (group) => {
        const [light, dark] = given[group] ?? ['#888888', '#888888'];
        return `light-dark(${light}, ${dark})`;
      },
    };
  }
  const assigned = assignColours(groups.map(({ cluster }) => places.get(cluster)!));
  const slots = new Map(groups.map(({ cluster }, at) => [cluster, assigned[at]!]));
  const found = (dark: boolean): Map<number, Rgb> =>
    new Map([...slots].map(([group, slot]) => [group, clusterColour(slot, dark)]));
  const [light, dark] = [found(false), found(true)];
  return {
    colour: (group, isDark) => (isDark ? dark : light).get(group) ?? null,
    style: (group) => clusterStyle(slots.get(group) ?? 0),
  };
}
