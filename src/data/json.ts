import { isUtf8 } from 'node:buffer';
import { inputError } from '../base/errors.ts';
import type { Bytes } from './bytes.ts';
import { jsonLines } from './jsonl.ts';
import { INVALID_UTF8, type Parsed, parseRow, type Reader } from './reader.ts';
import { type JsonPiece, type JsonShape, JsonSplitter } from './split-json.ts';

const OPEN_OBJECT = 0x7b;

/**
 * JSON: an array of rows; an object that holds one such array, or several (then the column `split`
 * has the member's name); or values one after another, which are JSON Lines if each is on its line.
 */
export const json: Reader = {
  extensions: ['.json'],
  recognises: (head) => /^\s*(\{\s*["}]|\[\s*[\]{["])/.test(head.toString('latin1', 0, 1024)),
  async open(bytes) {
    const start = /\S/.exec(bytes.head.toString('latin1'))?.[0];
    if (start === '[') {
      return { format: 'json', dims: null, rows: () => rows(bytes, 'array', null) };
    }
    if (start !== undefined && start !== '{') {
      throw inputError(
        `${bytes.name}:1 is not valid JSON: it starts with neither [ nor {. If it is plain text, name it .txt.`,
      );
    }
    const layout = await lookAtObject(bytes);
    if (layout === 'lines') return jsonLines(bytes);
    const shape = layout === 'values' ? 'values' : 'members';
    const members = layout === 'values' ? null : layout;
    return { format: 'json', dims: null, rows: () => rows(bytes, shape, members) };
  },
};

/**
 * What a document that starts with `{` is: 'lines', 'values', or the names of the members whose
 * arrays hold rows. One pass is needed to know, since a second array may follow the first.
 */
async function lookAtObject(bytes: Bytes): Promise<'lines' | 'values' | ReadonlySet<string>> {
  const splitter = new JsonSplitter('members');
  const kinds = new Map<string, string>();
  for await (const chunk of bytes.chunks()) {
    for (const { key, bytes: row } of splitter.push(chunk)) {
      if (key !== null && !kinds.has(key)) kinds.set(key, String.fromCharCode(row[0] ?? 0));
    }
    if (splitter.surplus !== null) break;
  }
  const { opened, closed, surplus } = splitter;
  const onOneLine = opened === (closed ?? splitter.line);
  if (surplus?.byte === OPEN_OBJECT)
    return onOneLine && surplus.line !== closed ? 'lines' : 'values';
  // Objects beside lists of strings are rows beside, say, the names of their labels.
  const kind = ['{', '[', '"'].find((wanted) => [...kinds.values()].includes(wanted));
  if (kind === undefined) return onOneLine ? 'lines' : 'values';
  return new Set([...kinds].filter(([, first]) => first === kind).map(([key]) => key));
}

async function* rows(
  bytes: Bytes,
  shape: JsonShape,
  members: ReadonlySet<string> | null,
): AsyncGenerator<Parsed[]> {
  const splitter = new JsonSplitter(shape);
  const wanted = ({ key }: JsonPiece): boolean =>
    members === null || (key !== null && members.has(key));
  const named = members !== null && members.size > 1;
  for await (const chunk of bytes.chunks()) {
    const pieces = splitter.push(chunk).filter(wanted);
    if (pieces.length > 0) yield pieces.map((piece) => parse(piece, named));
    if (splitter.surplus !== null) {
      const { line } = splitter.surplus;
      yield [{ line, why: 'is not valid JSON: something follows the end of the document' }];
      return;
    }
  }
  const rest = splitter.end();
  if (shape === 'values') {
    if (rest !== null) yield [parse(rest, named)];
  } else if (splitter.closed === null) {
    const opened =
      rest === null ? '' : `; the row that starts on line ${rest.line} is never closed`;
    yield [{ line: splitter.line, why: `is not valid JSON: the file ends too early${opened}` }];
  }
}

function parse({ line, bytes, key }: JsonPiece, named: boolean): Parsed {
  if (!isUtf8(bytes)) return { line, why: INVALID_UTF8 };
  const parsed = parseRow(bytes.toString('utf8'), line);
  if (!named || !('columns' in parsed) || Object.hasOwn(parsed.columns, 'split')) return parsed;
  return { line, columns: { ...parsed.columns, split: key } };
}
