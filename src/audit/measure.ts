import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import type { ArtefactSource } from '../engine/artefacts.ts';
import type { Artefacts } from '../measures/artefacts.ts';
import type { Measure, MeasureContext, Need, Value } from '../measures/measure.ts';
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
    const finished = await family.finish(await inputsOf(family, artefacts), context);
    for (const { id } of chosen) if (id in finished) values[id] = finished[id]!;
    await breathe();
  }
  return values;
}

/** What a family asks for; it sees no more than that. */
export async function inputsOf(family: Measure, artefacts: ArtefactSource): Promise<Artefacts> {
  const inputs: Partial<Record<Need, Artefacts[Need]>> = {};
  for (const need of family.needs) inputs[need] = await artefacts(need);
  return inputs as unknown as Artefacts;
}
