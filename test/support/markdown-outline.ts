/** The headings of a Markdown file, underlined ones too. */
export function headingsOf(markdown: string): readonly string[] {
  const lines = markdown.split('\n').map((line) => line.replace(/^(?:[ >]|[-*+] |\d+[.)] )*/, ''));
  return lines.flatMap((line, index) => {
    const underlined = /^ {0,3}(?:=+|-+)\s*$/.test(line) && (lines[index - 1] ?? '').trim() !== '';
    return /^ {0,3}#{1,6}(?:\s|$)/.test(line) || underlined ? [line] : [];
  });
}

/** Of each table, the cells of every row; a pipe behind a backslash is none of a row's bounds. */
export function tablesOf(markdown: string): readonly (readonly (readonly string[])[])[] {
  const blocks = markdown.split('\n\n').map((block) => block.trimEnd().split('\n'));
  return blocks
    .filter(([first]) => first?.startsWith('|'))
    .map((lines) =>
      lines.map((line) =>
        splitRow(line)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
    );
}

function splitRow(line: string): readonly string[] {
  const cells = [''];
  for (const [part] of line.matchAll(/\\.|[^\\]/gsu)) {
    if (part === '|') cells.push('');
    else cells[cells.length - 1] += part;
  }
  return cells;
}

/** What lies between a heading and the next one. */
export function sectionOf(markdown: string, heading: string): string {
  const from = markdown.indexOf(`## ${heading}\n`);
  if (from === -1) throw new Error(`no heading ${heading}`);
  const to = markdown.indexOf('\n## ', from + 1);
  return markdown.slice(from, to === -1 ? undefined : to);
}
