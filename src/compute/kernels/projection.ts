import type { Device } from '../device.ts';
import { Graph } from '../graph.ts';

/**
 * The coordinates of a block's rows along the rows of a basis, from an origin: (x − origin) · b, row-major
 * n × k. The origin's own coordinates are taken in float64 and subtracted in the product. The result goes
 * into `into` where that is given: memory that is touched for the first time takes as long as the product.
 */
export async function projection(
  device: Device,
  block: Float32Array,
  basis: Float32Array,
  origin: ArrayLike<number>,
  dims: number,
  into?: Float32Array,
): Promise<Float32Array> {
  const k = dims === 0 ? 0 : basis.length / dims;
  if (block.length === 0 || k === 0) return new Float32Array(0);
  const shift = Float32Array.from({ length: k }, (_, c) => {
    let sum = 0;
    for (let j = 0; j < dims; j += 1) sum -= basis[c * dims + j]! * origin[j]!;
    return sum;
  });
  const centred = shift.some((coordinate) => coordinate !== 0);
  const build = (): Graph => {
    const graph = new Graph('projection');
    const x = graph.input('x', 'float32', ['n', dims]);
    const b = graph.input('b', 'float32', ['k', dims]);
    const offset = centred ? [graph.input('offset', 'float32', ['k'])] : [];
    const coordinates = graph.op('Gemm', [x, b, ...offset], { transB: 1 });
    graph.output('coordinates', coordinates, 'float32', ['n', 'k']);
    return graph;
  };
  const n = block.length / dims;
  const coordinates = into ?? new Float32Array(n * k);
  await device.run(
    { key: `projection/${dims}${centred ? '/centred' : ''}`, build },
    {
      x: [block, [n, dims]],
      b: [basis, [k, dims]],
      ...(centred ? { offset: [shift, [k]] } : {}),
    },
    { coordinates: [coordinates, [n, k]] },
  );
  return coordinates;
}

/** Bytes that one call holds beside its inputs: its result. */
export const projectionBytes = (rows: number, components: number): number => 4 * rows * components;
