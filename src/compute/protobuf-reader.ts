/** A field of a message as it lies in the bytes. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 bytes of a length, 5 four bytes. */
  readonly wire: number;
  /** The payload: of a length-delimited field its content. */
  readonly bytes: Uint8Array;
  /** The field with its tag, for copying. */
  readonly whole: Uint8Array;
  /** A varint's value; 0 for the others. */
  readonly value: number;
}

/**
 * The fields of a message in Protocol Buffers' wire format, in order, as views of its bytes. Throws a
 * RangeError where they are cut short or are no message.
 */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at];
      if (byte === undefined) break;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number is cut short');
  };
  while (at < bytes.length) {
    const start = at;
    const tag = varint();
    const wire = tag & 7;
    let value = 0;
    let from = at;
    if (wire === 0) value = varint();
    else if (wire === 2) {
      const length = varint();
      from = at;
      at += length;
    } else if (wire === 1 || wire === 5) at += wire === 1 ? 8 : 4;
    else throw new RangeError(`there is no field of kind ${wire}`);
    if (at > bytes.length) throw new RangeError('a field is cut short');
    const number = Math.floor(tag / 8);
    fields.push({
      number,
      wire,
      value,
      bytes: bytes.subarray(from, at),
      whole: bytes.subarray(start, at),
    });
  }
  return fields;
}

/** The text of a field. */
export const textOf = ({ bytes }: Field): string => Buffer.from(bytes).toString('utf8');

/** The varints of a repeated field, packed or one by one. */
export function integersOf(fields: readonly Field[], number: number): number[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap((field) => (field.wire === 0 ? [field.value] : unpack(field.bytes)));
}

function unpack(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) {
      values.push(value);
      value = 0;
      shift = 0;
    }
  }
  return values;
}
