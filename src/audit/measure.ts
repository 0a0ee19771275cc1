import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import type { ArtefactSource } from '../engine/artefacts.ts';
import type { Artefacts } from '../measures/artefacts.ts';
import type { MeasureContext, Need, Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';

/** Computes the families of the chosen measures, each once, and gives the chosen values. */
export async function runMeasures(
  chosen: readonly Listed[],
  artefacts: ArtefactSource,
  context: MeasureContext,
): Promise<Readonly<Record<string, Value>>> {
  const values: Record<string, Value> = {};
  for (const family of new Set(chosen.map((measure) => measure.family))) {
    throwIfAborted(context.signal);
    const inputs: Partial<Record<Need, Artefacts[Need]>> = {};
    for (const need of family.needs) inputs[need] = await artefacts(need);
    const finished = await family.finish(inputs as unknown as Artefacts, context);
    for (const { id } of chosen) if (id in finished) values[id] = finished[id]!;
    await breathe();
  }
  return values;
}
