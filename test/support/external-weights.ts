import { GRAPH, MODEL, TENSOR } from '../../src/compute/onnx-fields.ts';
import { Writer } from '../../src/compute/protobuf.ts';
import { type Field, readFields } from '../../src/compute/protobuf-reader.ts';

const EXTERNAL = 1;
const DATA_LOCATION = 14;

/** A model whose constants lie in a file beside it, as exporters split what is large. */
export function splitWeights(
  model: Uint8Array,
  location: string,
): { readonly model: Uint8Array; readonly weights: Uint8Array } {
  const data: Uint8Array[] = [];
  let at = 0;
  const split = (tensor: Uint8Array): Uint8Array => {
    const fields = readFields(tensor);
    const raw = fields.find(({ number }) => number === TENSOR.raw)!.bytes;
    const said = { location, offset: String(at), length: String(raw.length) };
    data.push(raw);
    at += raw.length;
    const entries = Object.entries(said).map(([key, value]) =>
      new Writer().text(1, key).text(2, value).finish(),
    );
    return Buffer.concat([
      ...fields.filter(({ number }) => number !== TENSOR.raw).map(({ whole }) => whole),
      ...entries.map((entry) => new Writer().bytes(TENSOR.external, entry).finish()),
      new Writer().integer(DATA_LOCATION, EXTERNAL).finish(),
    ]);
  };
  const changed = (
    bytes: Uint8Array,
    number: number,
    change: (content: Uint8Array) => Uint8Array,
  ): Uint8Array =>
    Buffer.concat(
      readFields(bytes).map((field: Field) =>
        field.number === number
          ? new Writer().bytes(number, change(field.bytes)).finish()
          : field.whole,
      ),
    );
  const lean = changed(model, MODEL.graph, (graph) => changed(graph, GRAPH.initializer, split));
  return { model: lean, weights: Buffer.concat(data) };
}
