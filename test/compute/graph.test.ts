import { describe, expect, test } from 'vitest';
import { type ElementType, float, Graph, type Tensor } from '../../src/compute/graph.ts';
import { onnxruntime, openSession } from '../../src/compute/session.ts';

/** A tensor as ONNX Runtime takes and gives it: [type, data, shape]. */
type Given = readonly [type: ElementType, data: unknown, dims: readonly number[]];

async function run(graph: Graph, feeds: Readonly<Record<string, Given>> = {}) {
  const session = await openSession(graph.build(), { threads: 1 });
  try {
    const { Tensor: Ort } = onnxruntime();
    const inputs = Object.entries(feeds).map(([name, [type, data, dims]]) => [
      name,
      new Ort(type as 'float32', data as Float32Array, dims),
    ]);
    const results = await session.run(Object.fromEntries(inputs));
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [
        name,
        { type: tensor.type, dims: [...tensor.dims], data: [...(tensor.data as Float32Array)] },
      ]),
    );
  } finally {
    await session.release();
  }
}

const f32 = (values: readonly number[], ...dims: number[]): Given => [
  'float32',
  Float32Array.from(values),
  dims,
];

describe('element types', () => {
  const cases: readonly [ElementType, unknown][] = [
    ['float32', Float32Array.of(1.5, -2)],
    ['float64', Float64Array.of(1e-300, 2)],
    ['int32', Int32Array.of(-7, 2 ** 31 - 1)],
    ['int64', BigInt64Array.of(-7n, 2n ** 62n)],
    ['int8', Int8Array.of(-128, 127)],
    ['uint8', Uint8Array.of(0, 255)],
    ['bool', Uint8Array.of(1, 0)],
  ];
  test.each(cases)('%s goes in and comes out as it was', async (type, data) => {
    const graph = new Graph('same');
    graph.output('y', graph.input('x', type, [2]), type, [2]);
    const { y } = await run(graph, { x: [type, data, [2]] });
    expect(y).toEqual({ type, dims: [2], data: [...(data as Int32Array)] });
  });

  test('a constant has the type of its typed array', async () => {
    const graph = new Graph('constants');
    const arrays = {
      float32: Float32Array.of(0.5),
      int32: Int32Array.of(-5),
      int64: BigInt64Array.of(-5n),
      int8: Int8Array.of(-5),
      uint8: Uint8Array.of(250),
    } as const;
    for (const [type, data] of Object.entries(arrays)) {
      graph.output(type, graph.constant(data, [1]), type as ElementType, [1]);
    }
    const results = await run(graph);
    for (const [type, data] of Object.entries(arrays)) {
      expect(results[type]).toEqual({ type, dims: [1], data: [...(data as Int8Array)] });
    }
  });

  test('bytes are booleans, and 16-bit words half floats, where one says so', async () => {
    const graph = new Graph('where');
    const mask = graph.constant(Uint8Array.of(1, 0), [2], 'bool');
    const half = graph.constant(Uint16Array.of(0x3c00, 0xc000), [2]); // 1 and −2
    const wide = graph.op('Cast', [half], { to: 1 });
    graph.output('y', graph.op('Where', [mask, wide, graph.scalar(9)]), 'float32', [2]);
    graph.output('wide', wide, 'float32', [2]);
    const { y, wide: widened } = await run(graph);
    expect(y!.data).toEqual([1, 9]);
    expect(widened!.data).toEqual([1, -2]);
  });

  test('a constant may be a view into a larger buffer', async () => {
    const graph = new Graph('view');
    const view = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    graph.output('y', graph.constant(view, [2]), 'float32', [2]);
    expect((await run(graph)).y!.data).toEqual([2, 3]);
  });
});

describe('attributes', () => {
  test('a number is an integer, float() a float', async () => {
    const graph = new Graph('gemm');
    const x = graph.input('x', 'float32', ['n', 2]);
    const y = graph.input('y', 'float32', ['m', 2]);
    const scores = graph.op('Gemm', [x, y], { transB: 1, alpha: float(0.5) });
    graph.output('scores', scores, 'float32', ['n', 'm']);
    const { scores: found } = await run(graph, {
      x: f32([1, 2], 1, 2),
      y: f32([1, 0, 0, 1, 1, 1], 3, 2),
    });
    expect(found).toEqual({ type: 'float32', dims: [1, 3], data: [0.5, 1, 1.5] });
  });

  test('an integer may be negative', async () => {
    const graph = new Graph('negative');
    const x = graph.input('x', 'float32', [2, 2]);
    graph.output('y', graph.op('Concat', [x, x], { axis: -1 }), 'float32', [2, 4]);
    const { y } = await run(graph, { x: f32([1, 2, 3, 4], 2, 2) });
    expect(y).toMatchObject({ dims: [2, 4], data: [1, 2, 1, 2, 3, 4, 3, 4] });
  });

  test('a list is a list of integers, negative ones included', async () => {
    const graph = new Graph('lists');
    const x = graph.input('x', 'float32', [2, 3]);
    graph.output('turned', graph.op('Transpose', [x], { perm: [1, 0] }), 'float32', [3, 2]);
    const largest = graph.op('ReduceMax', [x], { axes: [-1], keepdims: 0 });
    graph.output('largest', largest, 'float32', [2]);
    const { turned, largest: top } = await run(graph, { x: f32([1, 5, 3, 9, 2, 4], 2, 3) });
    expect(turned!.data).toEqual([1, 9, 5, 2, 3, 4]);
    expect(top).toMatchObject({ dims: [2], data: [5, 9] });
  });

  test('a string is a string', async () => {
    const graph = new Graph('scatter');
    const zeros = graph.constant(new Float32Array(3), [3]);
    const values = graph.input('values', 'float32', [4]);
    const sums = graph.op('ScatterElements', [zeros, graph.ints(0, 2, 2, 0), values], {
      reduction: 'add',
    });
    graph.output('sums', sums, 'float32', [3]);
    const { sums: found } = await run(graph, { values: f32([1, 2, 3, 4], 4) });
    expect(found!.data).toEqual([5, 0, 5]);
  });
});

describe('operators', () => {
  test('may have several results, each a tensor of its own', async () => {
    const graph = new Graph('top');
    const x = graph.input('x', 'float32', ['n', 4]);
    const [values, indices] = graph.ops('TopK', [x, graph.ints(2)], 2) as [Tensor, Tensor];
    const [left, right] = graph.ops('Split', [x], 2, { axis: 1 }) as [Tensor, Tensor];
    graph.output('values', values, 'float32', ['n', 2]);
    graph.output('indices', indices, 'int64', ['n', 2]);
    graph.output('sum', graph.op('Add', [left, right]), 'float32', ['n', 2]);
    const found = await run(graph, { x: f32([3, 9, 1, 7], 1, 4) });
    expect(found.values!.data).toEqual([9, 7]);
    expect(found.indices).toMatchObject({ type: 'int64', data: [1n, 3n] });
    expect(found.sum!.data).toEqual([4, 16]);
  });

  test('leave out an optional input with an empty string', async () => {
    const graph = new Graph('optional');
    const x = graph.input('x', 'float32', [4]);
    const capped = graph.op('Clip', [x, '', graph.scalar(2)]);
    const [starts, ends, steps] = [graph.ints(-1), graph.ints(-100), graph.ints(-2)];
    graph.output('capped', capped, 'float32', [4]);
    graph.output('y', graph.op('Slice', [x, starts, ends, '', steps]), 'float32', ['k']);
    const found = await run(graph, { x: f32([-5, 1, 2, 3], 4) });
    expect(found.capped!.data).toEqual([-5, 1, 2, 2]);
    expect(found.y).toMatchObject({ dims: [2], data: [3, 1] });
  });

  test('of another domain are known by it', async () => {
    const graph = new Graph('domain');
    const x = graph.input('x', 'float32', [1, 2]);
    const squares = graph.op(
      'FusedMatMul',
      [x, x],
      { transB: 1, alpha: float(2) },
      'com.microsoft',
    );
    graph.output('y', squares, 'float32', [1, 1]);
    expect((await run(graph, { x: f32([3, 4], 1, 2) })).y!.data).toEqual([50]);
  });
});

test('a named dimension takes any size, on every run of one session', async () => {
  const graph = new Graph('any');
  const x = graph.input('x', 'float32', ['n', 2]);
  const sums = graph.op('ReduceSum', [x, graph.ints(1)], { keepdims: 0 });
  graph.output('sums', sums, 'float32', ['n']);
  const session = await openSession(graph.build(), { threads: 1 });
  const { Tensor: Ort } = onnxruntime();
  for (const n of [1, 3, 0]) {
    const { sums: found } = await session.run({
      x: new Ort('float32', new Float32Array(n * 2).fill(1), [n, 2]),
    });
    expect(found!.dims).toEqual([n]);
    expect([...(found!.data as Float32Array)]).toEqual(Array(n).fill(2));
  }
  await session.release();
});

test('one tensor can be several outputs, and an operand of others', async () => {
  const graph = new Graph('shared');
  const x = graph.input('x', 'float32', [1]);
  const twice = graph.op('Add', [x, x]);
  graph.output('a', twice, 'float32', [1]);
  graph.output('b', twice, 'float32', [1]);
  graph.output('c', graph.op('Mul', [twice, graph.scalar(10)]), 'float32', [1]);
  const found = await run(graph, { x: f32([3], 1) });
  expect([found.a, found.b, found.c].map((y) => y!.data[0])).toEqual([6, 6, 60]);
});

test('a constant of megabytes arrives whole', async () => {
  const [rows, dims] = [20_000, 64];
  const table = Float32Array.from({ length: rows * dims }, (_, i) => i % 65_521);
  const graph = new Graph('table');
  const ids = graph.input('ids', 'int64', ['n']);
  const picked = graph.op('Gather', [graph.constant(table, [rows, dims]), ids]);
  graph.output('rows', picked, 'float32', ['n', dims]);
  const { rows: found } = await run(graph, {
    ids: ['int64', BigInt64Array.of(0n, 19_999n, 12_345n), [3]],
  });
  const expected = [0, 19_999, 12_345].flatMap((row) => [
    ...table.subarray(row * dims, (row + 1) * dims),
  ]);
  expect(found!.data).toEqual(expected);
});

test('the same calls give the same bytes, and build() can be called again', () => {
  const make = (): Graph => {
    const graph = new Graph('twice');
    const x = graph.input('x', 'float32', ['n']);
    graph.output('y', graph.op('Sqrt', [graph.op('Abs', [x])]), 'float32', ['n']);
    return graph;
  };
  const graph = make();
  expect(graph.build()).toEqual(make().build());
  expect(graph.build()).toEqual(make().build());
});

describe('mistakes are told at once', () => {
  test('a constant whose data does not fill its shape', () => {
    expect(() => new Graph('g').constant(new Float32Array(5), [2, 3])).toThrow(
      'constant of shape [2, 3] was given 5 elements',
    );
  });

  test('a graph without an output', () => {
    expect(() => new Graph('nothing').build()).toThrow('graph nothing has no output');
  });

  test('an operator that does not exist, when the graph is loaded', async () => {
    const graph = new Graph('wrong');
    const x = graph.input('x', 'float32', [1]);
    graph.output('y', graph.op('Frobnicate', [x]), 'float32', [1]);
    await expect(openSession(graph.build())).rejects.toMatchObject({
      kind: 'runtime',
      message: expect.stringContaining('Frobnicate'),
    });
  });
});
