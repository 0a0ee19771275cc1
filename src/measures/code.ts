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

/**
 * Fenced blocks; a script from its #! on; else the lines from the first to the last that look like code, where LEAST_SHARE of
 * all lines do, or LEAST_TELLING and one of them is a line that nothing else is. Assignments alone are no code, since solved
 * equations look so; a single line has to be one that nothing else is.
 */
export function codeIn(text: string): string | null {
  const blocks = text.includes('```') || text.includes('~~~') ? fenced(text) : '';
  if (blocks !== '') return blocks;
  const lines = text.split('\n');
  const script = lines.findIndex((line) => line.startsWith('#!/'));
  if (script >= 0) return lines.slice(script).join('\n').trim();
  let written = 0;
  let [first, last] = [-1, -1];
  let [code, telling, plain] = [0, 0, 0];
  for (const [at, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    written += 1;
    const kind = kindOf(trimmed);
    if (kind === null) continue;
    if (first < 0) first = at;
    last = at;
    code += 1;
    if (kind === 'telling') telling += 1;
    else if (kind === 'code') plain += 1;
  }
  const enough = telling > 0 || (plain > 0 && code >= LEAST_LINES);
  const share = telling > 0 ? LEAST_TELLING : LEAST_SHARE;
  return enough && code >= share * written ? lines.slice(first, last + 1).join('\n') : null;
}

const LEAST_LINES = 2;
/** Of the lines that are not empty, how many have to look like code. */
const LEAST_SHARE = 0.4;
/** The same where one of them is code whatever stands around it. */
const LEAST_TELLING = 0.3;

/** Lines that are code whatever stands around them. */
const TELLING = [
  /^(?:#include\b|<!DOCTYPE\b|<\?(?:php|xml)\b|package \w[\w.]*;)/,
  /^(?:import \{.*\} from|import (?:\w+;|[\w.]+ as \w+;?|\w+(?:\.\w+)+;?)$|from [\w.]+ import\b|using namespace\b)/,
  /^(?:async )?def \w+(?:[ (].*[:)]|)$|^(?:export |async )*function\b.*[({]/,
  /^(?:public|private|protected|static) (?:.*(?:\w\(|\{|[)\]=>"'].*;)|(?:\w+ )*[\w.<>[\],?]+ \w+;)$/,
  /^(?:const|let|var) [\w{[][^=]*=(?:.*(?:;|=>.*)|\s*(?:["'`].*["'`+\\]|.*[[\](){},]))$/,
  /^SELECT (?:.*(?:\b[A-Z_]{2,}\(|\*|=).*|(?:DISTINCT |TOP \d+ )?["'`[\]\w.]+(?: AS \S+)?(?:, ?["'`[\]\w.]+(?: AS \S+)?)*(?:,| FROM \S.*| from \S+;?))$/,
  /^(?:INSERT INTO .+|CREATE (?:TABLE|VIEW|INDEX|DATABASE) .+|UPDATE \w+ SET .+|DELETE FROM .+)/,
  /^(?:console\.log|System\.out\.\w+|print(?:f|ln)?)\(.*\);?$/,
];
/** Lines that are code among others. */
const CODE = [
  /^(?:import \w+|(?:const|var) \w+ ?= ?\S+(?: [-+*/%] \S+)*|SELECT (?:["'`[\]\w.]+(?:, |$))+)$/,
  /^(?:class \w+.*[:{]$|return\b.*[;)\]\w]$|[{}\])]+[;,)]*$|.*\{$|\/\/)/,
  /^(?:if|for|while|elif|else|try|except|switch|catch)\b.*[:{]$|^if \[.*\]|^(?:then|do|done|fi|esac|end);?$/,
  /^(?:[\w.]+\(.*\)[;:]?$|.*[=()[\]<>"'].*;$|\w+(?: \w+){0,2};$)/,
  /^(?:echo|puts|cd|grep|find|sudo|export|npm|pip|git|cat|sed|awk) .*[-$"'/|.*]/,
  /^<\/?(?!no ?input|no ?output|none)[a-z][\w-]*(?:\s[^>]*)?>/,
  /^(?:FROM|WHERE|GROUP BY|ORDER BY|(?:INNER |LEFT |RIGHT )?JOIN|VALUES|SET|AND|LIMIT) ./,
];
/** Characters of a line above which nobody wrote it as code; patterns would take long. */
const LONG_LINE = 1000;
const ASSIGNMENT = /^(?:let )?\$?[A-Za-z_][\w.[\]'"]* ?[-+*/]?= ?[^=\s].*$/;

function kindOf(line: string): 'telling' | 'code' | 'assignment' | null {
  if (line.length > LONG_LINE) return null;
  const is = (pattern: RegExp): boolean => pattern.test(line);
  if (TELLING.some(is)) return 'telling';
  if (CODE.some(is)) return 'code';
  return is(ASSIGNMENT) ? 'assignment' : null;
}

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
