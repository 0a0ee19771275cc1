/**
 * Finds and counts code without a parser: a tokeniser of what Python, JavaScript and languages of the C
 * family share (names, numbers, strings, comments, operators, brackets). What it counts stands for the
 * size of a syntax tree and is no tree; other languages are read as one of these.
 */
export interface CodeCounts {
  /** Names, literals, operators, and one for every pair of brackets: leaves and inner nodes of a tree, about. */
  readonly nodes: number;
  /** Places where the way parts: if, for, while, case, catch, conditional and logical operators. */
  readonly decisions: number;
}

const FENCE = /^[ \t]*(?:```|~~~)[^\n]*\n([\s\S]*?)(?:^[ \t]*(?:```|~~~)|$(?![\s\S]))/gm;

/** Fenced blocks; else the whole text, where most of its lines look like code. */
export function codeIn(text: string): string | null {
  const blocks = text.includes('```') || text.includes('~~~') ? fenced(text) : '';
  if (blocks !== '') return blocks;
  let lines = 0;
  let code = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    lines += 1;
    if (CODE_LINE.test(trimmed)) code += 1;
  }
  return code >= LEAST_LINES && code >= LEAST_SHARE * lines ? text : null;
}

const LEAST_LINES = 2;
const LEAST_SHARE = 0.4;
const CODE_LINE =
  /^(?:#include\b|import [\w{*]|from [\w.]+ import\b|(?:async )?def \w+\s*\(|class \w+.*[:{]$|(?:export |public |private |static |async )*(?:function\b|class\b.*\{|(?:const|let|var) [\w{[]+.*=)|return\b.*[;)\]\w]$|(?:if|for|while|elif|else|try|except|switch|catch)\b.*[:{]$|[\w.[\]]+ ?[-+*/]?= ?[^=].*[;)\]\w'"]$|[\w.]+\(.*\)[;:]?$|[{}\])]+[;,)]*$|<\/?\w+[^>]*>.*|.*[;{]$|SELECT\b.*|\/\/.*)/;

function fenced(text: string): string {
  return Array.from(text.matchAll(FENCE), ([, block]) => block!.trim())
    .filter((block) => block !== '')
    .join('\n');
}

const TOKEN =
  /("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)|(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|#(?!include|define|if|else|endif)[^\n]*)|([\p{L}_$][\p{L}\p{N}_$]*)|(\d[\w.]*)|([([{])|(=>|->|::|\*\*=?|\/\/=?|<<=?|>>=?|[-+*/%&|^=<>!?]=+|&&|\|\||\?\?|\?\.|\+\+|--|[-+*/%=<>!&|^~?:.@])/gu;

const PARTING = new Set(
  'if elif for foreach while case catch except when and or && || ??'.split(' '),
);

export function countCode(code: string): CodeCounts {
  let nodes = 0;
  let decisions = 0;
  for (const [token, , comment] of code.matchAll(TOKEN)) {
    if (comment !== undefined) continue;
    nodes += 1;
    if (PARTING.has(token) || token === '?') decisions += 1;
  }
  return { nodes, decisions };
}
