import type { Session } from '../../compute/device.ts';
import { onnxruntime } from '../../compute/session.ts';
import { pooledResults } from '../../compute/token-pool.ts';
import { type Model, makeConstant, makeNode, makeResult } from './onnx-parts.ts';
import { sourcesOf } from './products.ts';

/** The least and the largest value of each channel of a tensor. */
export interface Range {
  readonly low: Float32Array;
  readonly high: Float32Array;
}
/** By the names of tensors. */
export type Ranges = ReadonlyMap<string, Range>;

const LOW = '__gamut_low';
const HIGH = '__gamut_high';

/** A model that also gives, for everything that it multiplies with a matrix, the range of each channel. */
export function watched(model: Model): Uint8Array {
  const nodes = model.nodes.map(({ content }) => content);
  const constants = [makeConstant('__gamut_first', [1], 'int64', BigInt64Array.of(0n))];
  const outputs: Uint8Array[] = [];
  for (const { name, width } of sourcesOf(model)) {
    const shape = `${name}__gamut_shape`;
    constants.push(makeConstant(shape, [2], 'int64', BigInt64Array.of(-1n, BigInt(width))));
    nodes.push(makeNode('Reshape', [name, shape], [`${name}__gamut_rows`]));
    for (const [type, suffix] of [
      ['ReduceMin', LOW],
      ['ReduceMax', HIGH],
    ] as const) {
      // From opset 18 on axes are an input of these.
      const rows = `${name}__gamut_rows`;
      nodes.push(
        model.opset >= 18
          ? makeNode(type, [rows, '__gamut_first'], [name + suffix], { keepdims: 0 })
          : makeNode(type, [rows], [name + suffix], { keepdims: 0, axes: [0] }),
      );
      outputs.push(makeResult(name + suffix, width));
    }
  }
  return model.write({ nodes, constants, outputs });
}

/** Runs a watched model as the model itself, and gathers the ranges that it gives besides. */
export function watching(session: Session): { session: Session; ranges: Ranges } {
  const ranges = new Map<string, Range>();
  const own = session.outputs.filter((name) => !name.endsWith(LOW) && !name.endsWith(HIGH));
  return {
    ranges,
    session: {
      inputs: session.inputs,
      outputs: own,
      warnings: session.warnings,
      // What it sees it gathers here, so it runs here.
      expect: async () => 1,
      release: () => session.release(),
      async run(feeds, pool) {
        const results = await session.run(feeds);
        for (const output of session.outputs) {
          if (!output.endsWith(LOW)) continue;
          const name = output.slice(0, -LOW.length);
          const low = results[output]!.data as Float32Array;
          const high = results[name + HIGH]!.data as Float32Array;
          const known = ranges.get(name);
          if (known === undefined) {
            ranges.set(name, { low: low.slice(), high: high.slice() });
            continue;
          }
          for (let j = 0; j < low.length; j += 1) {
            if (low[j]! < known.low[j]!) known.low[j] = low[j]!;
            if (high[j]! > known.high[j]!) known.high[j] = high[j]!;
          }
        }
        const wanted = Object.fromEntries(own.map((name) => [name, results[name]!]));
        return pool === undefined ? wanted : pooledResults(onnxruntime(), wanted, pool);
      },
    },
  };
}
