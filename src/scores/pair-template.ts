import type { TokenizerJson } from '../embed/tokenise/tokenizer-json.ts';

/** What stands around two texts that a model reads together, and which of them each token belongs to. */
export interface PairTemplate {
  readonly before: readonly number[];
  readonly between: readonly number[];
  readonly after: readonly number[];
  /** The token type of each part in order: before, first, between, second, after. */
  readonly types: readonly [number, number, number, number, number];
}

/** How a tokeniser's file puts two texts together; null where it says nothing that is known here. */
export function pairTemplate({
  post_processor: part,
}: Pick<TokenizerJson, 'post_processor'>): PairTemplate | null {
  if (part === null) return null;
  if (part.type === 'BertProcessing' || part.type === 'RobertaProcessing') {
    const { cls, sep } = part as unknown as Record<'cls' | 'sep', readonly [string, number]>;
    const [start, end] = [cls[1], sep[1]];
    return part.type === 'BertProcessing'
      ? { before: [start], between: [end], after: [end], types: [0, 0, 0, 1, 1] }
      : { before: [start], between: [end, end], after: [end], types: [0, 0, 0, 0, 0] };
  }
  if (part.type !== 'TemplateProcessing') return null;
  const { pair, special_tokens: ids } = part as unknown as {
    readonly pair?: readonly Readonly<
      Record<string, { readonly id: string; readonly type_id?: number }>
    >[];
    readonly special_tokens: Readonly<Record<string, { readonly ids: readonly number[] }>>;
  };
  const first = pair?.findIndex((piece) => piece.Sequence?.id === 'A') ?? -1;
  const second = pair?.findIndex((piece) => piece.Sequence?.id === 'B') ?? -1;
  if (pair === undefined || first < 0 || second <= first) return null;
  const parts = [
    pair.slice(0, first),
    pair.slice(first, first + 1),
    pair.slice(first + 1, second),
    pair.slice(second, second + 1),
    pair.slice(second + 1),
  ];
  const tokens = (pieces: typeof pair): number[] =>
    pieces.flatMap((piece) => ids[piece.SpecialToken?.id ?? '']?.ids ?? []);
  const type = (pieces: typeof pair): number =>
    (pieces[0]?.Sequence ?? pieces[0]?.SpecialToken)?.type_id ?? 0;
  return {
    before: tokens(parts[0]!),
    between: tokens(parts[2]!),
    after: tokens(parts[4]!),
    types: [type(parts[0]!), type(parts[1]!), type(parts[2]!), type(parts[3]!), type(parts[4]!)],
  };
}
