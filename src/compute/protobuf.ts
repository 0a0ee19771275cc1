/**
 * The part of Protocol Buffers' wire format that an ONNX model needs: varints, 32-bit floats and
 * length-delimited fields. https://protobuf.dev/programming-guides/encoding/
 */
export class Writer {
  private readonly parts: Uint8Array[] = [];

  /** An integer field (int32, int64, enum). Negative numbers take ten bytes, as the format wants. */
  integer(field: number, value: number | bigint): this {
    this.parts.push(varint((field << 3) | 0), varint(value));
    return this;
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.parts.push(varint((field << 3) | 5), bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.parts.push(varint((field << 3) | 2), varint(value.length), value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Writer): this {
    const length = value.parts.reduce((sum, part) => sum + part.length, 0);
    this.parts.push(varint((field << 3) | 2), varint(length), ...value.parts);
    return this;
  }

  /** Repeated integers in packed form. */
  packed(field: number, values: readonly (number | bigint)[]): this {
    return this.bytes(field, concat(values.map(varint)));
  }

  finish(): Uint8Array {
    return concat(this.parts);
  }
}

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
