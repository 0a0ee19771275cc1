/** Strings that would run, load, break out or turn the page around where a report trusted a row. */
export const HOSTILE: readonly string[] = [
  '<script>window.hacked = 1</script>',
  '</script><script>window.hacked = 2</script>',
  '<img src="https://hacked.invalid/x.png" onerror="window.hacked = 3">',
  '"><svg onload="window.hacked = 4">',
  '<a href="javascript:window.hacked = 5">click</a>',
  'javascript:window.hacked = 6',
  '<!--<script>',
  ']]></textarea></style></title></script>--><h1>broken out</h1>',
  'line\u2028separator\u2029paragraph',
  'abc\u202egnirts desrever\u2066',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must stay a string
  '{{constructor.constructor("window.hacked = 7")()}} ${window.hacked = 8} <%= 9 %>',
  '\u001b[2J\u001b[31mred\u001b]0;title\u0007\u009b31m',
  '\ud800 lone surrogate',
  '__proto__',
  '<iframe srcdoc="<script>parent.hacked = 10</script>"></iframe>',
  '<link rel="stylesheet" href="https://hacked.invalid/x.css"><base href="https://hacked.invalid/">',
  '\u0000null and \u0008backspace',
];
