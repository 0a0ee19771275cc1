/**
 * What the page is given: a report turned into words and positions, so that the script in the page
 * only draws. Every string is shown as text, never as markup. Types only, nothing is imported: the
 * page's own compilation (with the browser's library) and gamut's both read this file.
 */

export interface View {
  readonly title: string;
  /** 'held against varied.jsonl'; null without a reference. */
  readonly against: string | null;
  readonly summary: string;
  readonly findings: readonly FindingView[];
  readonly warnings: readonly string[];
  readonly facts: FactsView;
  readonly map: MapView | null;
  readonly axes: readonly AxisView[];
  readonly figures: readonly FigureView[];
  readonly uncovered: readonly UncoveredView[];
  readonly clusters: readonly ClusterView[];
  readonly pairs: readonly PairView[];
  readonly browse: readonly BrowseView[];
  readonly provenance: readonly Fact[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}

/** A drawing of lines, areas, dots and words, with the same in numbers. Places are in its own units, from the top left. */
export interface FigureView {
  /** Names its file, and its place on the page. */
  readonly id: string;
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly caption: string;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly MarkView[];
  readonly table: FactsView;
}

/** 's0' … 's11' are series; the dataset is s0, its reference is soft. */
export type ToneView = 'ink' | 'soft' | 'grid' | `s${number}`;

export type MarkView =
  | {
      readonly kind: 'line';
      /** x and y in turns. */
      readonly points: readonly number[];
      readonly tone: ToneView;
      readonly dashed?: true;
      readonly width?: number;
    }
  | {
      readonly kind: 'area';
      readonly points: readonly number[];
      readonly tone: ToneView;
      /** From 0 to 1. */
      readonly opacity: number;
    }
  | {
      readonly kind: 'dot';
      readonly at: readonly [x: number, y: number, radius: number];
      readonly tone: ToneView;
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly at: readonly [x: number, y: number];
      readonly anchor: 'start' | 'middle' | 'end';
      readonly tone: ToneView;
      readonly strong?: true;
    };

export interface FindingView {
  readonly level: 'problem' | 'notice' | 'good' | 'plain';
  /** What it is about, where that is no judgement. */
  readonly label?: string;
  readonly text: string;
  /** What it rests on: parts of the page by their ids. */
  readonly evidence: readonly { readonly target: string; readonly title: string }[];
}

export type Fact = readonly [name: string, value: string];

/** One row a fact; the second column only where there is a reference. */
export interface FactsView {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface AxisView {
  readonly axis: string;
  readonly title: string;
  /** The measures to lead with, and the others, which start folded away. */
  readonly key: readonly MeasureView[];
  readonly rest: readonly MeasureView[];
  readonly compares: boolean;
}

export interface MeasureView {
  readonly id: string;
  readonly title: string;
  readonly reads: string;
  readonly direction: string;
  readonly value: string;
  readonly interval: string | null;
  /** The same measure of the reference, at equal n. */
  readonly reference: string | null;
  readonly comparison: string | null;
  /** Beside an earlier report; null without one. */
  readonly baseline: string | null;
  /** Why there is no value or no interval, or that rows were sampled. */
  readonly note: string | null;
  readonly cite: string;
  readonly unit: string | null;
  /** null where the measure is unbounded or has no value. */
  readonly bar: BarView | null;
  readonly size: SizeView | null;
}

/** How the value moves with the number of rows. */
export interface SizeView {
  readonly words: string;
  /** Points from 0 to 1, rows in steps of doublings to the right, values upwards; null when too few. */
  readonly curve: readonly (readonly [x: number, y: number])[] | null;
  /** '576 rows: 50.7; 1153 rows: 54.2; …' */
  readonly points: string;
}

/** Positions in the measure's range, 0 at its low end and 1 at its high end. */
export interface BarView {
  readonly at: number;
  readonly interval: readonly [number, number] | null;
  readonly reference: number | null;
  readonly low: string;
  readonly high: string;
}

export interface RowView {
  readonly id: string;
  readonly text: string | null;
}

export interface ClusterView {
  readonly cluster: number;
  readonly name: string;
  readonly words: readonly string[];
  readonly rows: string;
  readonly share: string;
  /** Relative to the largest cluster, from 0 to 1. */
  readonly size: number;
  readonly spread: string;
  readonly samples: readonly RowView[];
}

export interface PairView {
  readonly similarity: string;
  readonly identical: boolean;
  readonly a: RowView;
  readonly b: RowView;
}

/** A list to leaf through. */
export interface BrowseView {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly entries: readonly EntryView[];
  /** Buttons above it, and the ids that they put on the clipboard. */
  readonly copies: readonly { readonly label: string; readonly ids: readonly string[] }[];
}

export interface EntryView {
  readonly head: string;
  readonly figures: string;
  readonly words: readonly string[];
  readonly samples: readonly RowView[];
  /** null where there is nothing to copy. */
  readonly ids: readonly string[] | null;
}

export interface UncoveredView {
  readonly name: string;
  readonly words: readonly string[];
  readonly referenceShare: string;
  /** Of the reference, from 0 to 1. */
  readonly size: number;
  readonly detail: string;
  readonly samples: readonly RowView[];
}

export interface MapView {
  readonly points: number;
  readonly referencePoints: number;
  readonly caption: string;
  /** What the colours say; 'Clusters' when absent. */
  readonly legend?: string;
  /** Colours of the groups by number; chosen by the page when absent. */
  readonly colours?: readonly ColourView[];
  /** For amounts: what the first and the last of the colours stand for. The groups have no names then. */
  readonly ends?: readonly [low: string, high: string];
  /** What the groups are, where they are no clusters. */
  readonly group?: string;
  /** Which of the fields names places on the map; the groups do when absent. */
  readonly named?: number;
  /** Whether groups can be hidden one by one and looked at side by side. */
  readonly apart?: true;
  /** What the points can be coloured by instead. */
  readonly fields?: readonly FieldView[];
  /** Colours of amounts from the least to the largest, and that of none. */
  readonly ramp?: readonly ColourView[];
}

export type FieldView =
  | { readonly kind: 'names'; readonly title: string; readonly groups: readonly GroupView[] }
  | {
      readonly kind: 'amounts';
      readonly title: string;
      /** In words: a few values lie beyond them. */
      readonly ends: readonly [low: string, high: string];
      readonly low: number;
      readonly high: number;
    };

/** As '#rrggbb', for a page in the light and in the dark. */
export type ColourView = readonly [light: string, dark: string];

/** A group of points on a map. */
export type GroupView = Pick<ClusterView, 'cluster' | 'name' | 'share'>;

/** A page that is one map. */
export interface MapPageView {
  readonly title: string;
  readonly summary: string;
  readonly map: MapView;
  /** Largest first. */
  readonly clusters: readonly GroupView[];
}

/** The page of a verb beside audit: `compare`, `track`, `attribute`. */
export interface VerbView {
  /** What stands in the corner: 'gamut compare'. */
  readonly mark: string;
  readonly title: string;
  readonly summary: string;
  readonly findings: readonly FindingView[];
  readonly warnings: readonly string[];
  /** Of a comparison only. */
  readonly map: MapView | null;
  /** The datasets as groups of the map. */
  readonly clusters: readonly GroupView[];
  /** The whole at a glance. */
  readonly figures: readonly FigureView[];
  /** How the rows of each dataset are spread; of a comparison only. */
  readonly spreads: readonly FigureView[];
  readonly axes: readonly {
    readonly id: string;
    readonly title: string;
    readonly lead: string;
    /** How its drawings are read; of use only where they are shown. */
    readonly drawn: string;
    readonly table: TableView;
    readonly figures: readonly FigureView[];
  }[];
  readonly tables: readonly {
    readonly id: string;
    readonly title: string;
    readonly lead: string;
    readonly table: TableView;
    /** Whether it starts folded away, and what the line that unfolds it says. */
    readonly folded?: string;
  }[];
  readonly provenance: readonly Fact[];
  readonly skipped: View['skipped'];
}

export interface TableView {
  readonly columns: readonly CellView[];
  readonly rows: readonly (readonly CellView[])[];
}

export interface CellView {
  readonly text: string;
  /** Small, below it. */
  readonly note?: string;
  /** The series whose colour stands before it. */
  readonly series?: number;
}

/** Ids and texts of points that follow each other, as a block of the page holds them. */
export interface PointTexts {
  readonly ids: readonly string[];
  readonly texts: readonly (string | null)[];
}
