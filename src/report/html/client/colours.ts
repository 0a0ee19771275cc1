import type { ColourView, FieldView, GroupView, MapView } from '../view.ts';
import {
  assignColours,
  clusterColour,
  clusterStyle,
  givenColour,
  type Rgb,
  referenceColour,
} from './palette.ts';
import { type ClusterPlace, type Points, placesOf, REFERENCE } from './points.ts';

/** What the colours say now: one of the things that the map can be coloured by. */
export interface Colouring {
  readonly title: string;
  /** Of every point: its group, or its step of an amount; REFERENCE for none. */
  readonly of: Uint16Array;
  /** Empty for amounts, which have nothing to choose. */
  readonly groups: readonly GroupView[];
  /** Where the groups are, by their numbers. */
  readonly places: ReadonlyMap<number, ClusterPlace>;
  /** The ends of a scale; null for groups. */
  readonly ends: readonly [low: string, high: string] | null;
  readonly colour: (group: number, dark: boolean) => Rgb;
  /** The same for style sheets, light and dark in one; of a scale its colours from the least up. */
  readonly style: (group: number) => string;
  readonly ramp: readonly string[];
  /** What a point is called; '' for none. */
  readonly nameOf: (point: number) => string;
}

/** A colouring that is made when it is first looked at. */
export interface ColourChoice {
  readonly title: string;
  readonly colouring: () => Colouring;
}

/** The clusters first, then every field that came with the points. */
export function colouringsOf(
  map: MapView,
  clusters: readonly GroupView[],
  points: Points,
): ColourChoice[] {
  const title = map.legend ?? 'Clusters';
  const own = once(title, () =>
    map.colours
      ? given(map, map.colours, clusters, points)
      : byGroup(title, clusters, points, points.cluster),
  );
  const fields = (map.fields ?? []).map((field, at) =>
    once(field.title, () =>
      field.kind === 'names'
        ? byGroup(field.title, field.groups, points, points.fields[at]!)
        : byAmount(field, map.ramp ?? [], points.fields[at]!),
    ),
  );
  return [own, ...fields];
}

function once(title: string, make: () => Colouring): ColourChoice {
  let made: Colouring | null = null;
  return {
    title,
    colouring: () => {
      made ??= make();
      return made;
    },
  };
}

const both = ([light, dark]: ColourView): string => `light-dark(${light}, ${dark})`;

function given(
  { legend, ends }: MapView,
  colours: readonly ColourView[],
  groups: readonly GroupView[],
  points: Points,
): Colouring {
  const { cluster } = points;
  const rgbs = colours.map((pair) => pair.map(givenColour));
  const names = new Map(groups.map((group) => [group.cluster, group.name]));
  return {
    title: legend ?? 'Clusters',
    of: cluster,
    groups: ends ? [] : groups,
    places: ends ? new Map() : placesOf(points, points.cluster),
    ends: ends ?? null,
    colour: (group, dark) => rgbs[group]?.[dark ? 1 : 0] ?? referenceColour(dark),
    style: (group) => (colours[group] ? both(colours[group]) : '#888888'),
    ramp: ends ? colours.slice(0, -1).map(both) : [],
    nameOf: (point) => names.get(cluster[point]!) ?? '',
  };
}

/** Colours that differ between neighbours on the map as long as they last. */
function byGroup(
  title: string,
  groups: readonly GroupView[],
  points: Points,
  of: Uint16Array,
): Colouring {
  const places = placesOf(points, of);
  const present = groups.filter(({ cluster }) => places.has(cluster));
  const assigned = assignColours(present.map(({ cluster }) => places.get(cluster)!));
  const slots = new Map(present.map(({ cluster }, at) => [cluster, assigned[at]!]));
  const shades = [false, true].map(
    (dark) => new Map([...slots].map(([group, slot]) => [group, clusterColour(slot, dark)])),
  );
  const names = new Map(groups.map((group) => [group.cluster, group.name]));
  return {
    title,
    of,
    groups: present,
    places,
    ends: null,
    colour: (group, dark) => shades[dark ? 1 : 0]!.get(group) ?? referenceColour(dark),
    style: (group) => clusterStyle(slots.get(group) ?? 0),
    ramp: [],
    nameOf: (point) => names.get(of[point]!) ?? '',
  };
}

/** Steps of an amount, the last of which is none. */
const STEPS = 65_534;

function byAmount(
  { title, ends, low, high }: FieldView & { kind: 'amounts' },
  ramp: readonly ColourView[],
  of: Uint16Array,
): Colouring {
  const rgbs = ramp.map((pair) => pair.map(givenColour));
  const shades = ramp.length - 1;
  const shade = (step: number): number =>
    step === REFERENCE ? shades : Math.min(shades - 1, Math.floor((step / STEPS) * shades));
  return {
    title,
    of,
    groups: [],
    places: new Map(),
    ends,
    colour: (step, dark) => rgbs[shade(step)]![dark ? 1 : 0]!,
    style: (step) => both(ramp[shade(step)]!),
    ramp: ramp.slice(0, -1).map(both),
    nameOf: (point) =>
      of[point] === REFERENCE
        ? ''
        : `${title} ${Number((low + (of[point]! / STEPS) * (high - low)).toPrecision(3))}`,
  };
}
