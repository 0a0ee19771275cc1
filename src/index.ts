/**
 * gamut as a library. Everything here is typed, takes an `AbortSignal` and an `onProgress` callback,
 * prints nothing and throws a `GamutError` that says what is wrong and what to do.
 */
export { type AttributeOptions, attribute } from './attribute/attribute.ts';
export type { LevelEffect, TermEffect } from './attribute/effects.ts';
export type { AttributedMeasure, AttributeReport, GroupDiversity } from './attribute/report.ts';
export { type AuditResult, audit } from './audit/audit.ts';
export type { LengthReport } from './audit/length.ts';
export type { AuditOptions } from './audit/options.ts';
export type { CurveMeasure, CurvePoint, QualityCurve } from './audit/quality-curve.ts';
export type {
  ClusterReport,
  DatasetReport,
  EmbedderReport,
  Finding,
  IndexReport,
  MapReport,
  MeasureReport,
  PairReport,
  Report,
  RowReport,
  SettingsReport,
  UncoveredReport,
} from './audit/report.ts';
export type { FrontReport, TradeoffReport } from './audit/tradeoff.ts';
export type {
  DenseReport,
  DuplicateGroupReport,
  DuplicatesReport,
  InfluenceReport,
  InfluentialRow,
  OutliersReport,
  TemplateReport,
  WhyReport,
  WithoutReport,
} from './audit/why/report.ts';
export { type ErrorKind, EXIT_CODES, GamutError } from './base/errors.ts';
export type { OnProgress, ProgressEvent, RunOptions } from './base/progress.ts';
export { bench } from './bench/bench.ts';
export type { BenchReport, SensitivityReport, SetupReport } from './bench/report.ts';
export { sensitivity } from './bench/sensitivity.ts';
export type { BenchOptions, EmbeddersOptions } from './bench/settings.ts';
export { type CompareOptions, type CompareResult, compare } from './compare/compare.ts';
export type { DatasetFront } from './compare/front.ts';
export type { PairDifference } from './compare/pairs.ts';
export type { PromptReport } from './compare/prompts.ts';
export type {
  ComparedDataset,
  ComparedMeasure,
  CompareMap,
  CompareReport,
  Ranking,
} from './compare/report.ts';
export {
  type Device,
  type DeviceChoice,
  type DeviceName,
  type ListedDevice,
  listDevices,
  openDevice,
} from './compute/device.ts';
export { rowOf, type Vectors } from './compute/vectors.ts';
export type { Json, Row } from './data/row.ts';
export type { LongTexts, ModelCard } from './embed/embedder.ts';
export { listModels } from './embed/models.ts';
export { type Embedding, embed } from './engine/embed.ts';
export type { InputOptions } from './engine/inputs.ts';
export type { ScorerReport, ScoringOptions } from './engine/scoring.ts';
export type { About, Axis, Value } from './measures/measure.ts';
export type { Mixtures } from './measures/mixtures.ts';
export { type Listed, MEASURES } from './measures/registry.ts';
export {
  buildIndex,
  extendIndex,
  type Novelty,
  type NoveltyOptions,
  type NoveltyRow,
  novelty,
} from './novelty/novelty.ts';
export type { IndexCard } from './novelty/saved-index.ts';
export {
  type ProjectedRow,
  type Projection,
  type ProjectOptions,
  project,
} from './project/project.ts';
export { type RecipesReport, recipesReport } from './recipes/board.ts';
export { type Components, KNOWN as RECIPES, type Recipe } from './recipes/known.ts';
export { type RecordOptions, recordRun } from './recipes/record.ts';
export { type RecipeFile, type Run, type RunValue, readStore } from './recipes/store.ts';
export { renderAttribution } from './report/attribute.ts';
export { type Baseline, parseBaseline } from './report/baseline.ts';
export { renderBench } from './report/bench.ts';
export { renderComparison } from './report/compare.ts';
export { renderComparisonHtml } from './report/compare-html.ts';
export { renderHtml } from './report/html.ts';
export { renderJunit } from './report/junit.ts';
export { MAP_FORMATS, type MapFileOptions, writeMap } from './report/map-files.ts';
export { renderMarkdown } from './report/markdown.ts';
export { recipesMarkdown, renderRecipes } from './report/recipes.ts';
export { renderSensitivity } from './report/sensitivity.ts';
export { renderTerminal } from './report/terminal.ts';
export { renderTrack } from './report/track.ts';
export { renderAttributionHtml, renderTrackHtml } from './report/verb-html.ts';
export {
  renderAttributionJunit,
  renderComparisonJunit,
  renderTrackJunit,
} from './report/verb-junit.ts';
export {
  renderAttributionMarkdown,
  renderComparisonMarkdown,
  renderTrackMarkdown,
} from './report/verb-markdown.ts';
export type {
  Change,
  Collapse,
  Territory,
  TrackedMeasure,
  TrackReport,
} from './track/report.ts';
export { type TrackOptions, track } from './track/track.ts';
