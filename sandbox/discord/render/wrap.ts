/** Breaks lines at spaces to fit `width` columns, inside a word only where it must. Keeps empty lines. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(line);
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > 0 ? space : width;
    lines.push(rest.slice(0, at).join('').trimEnd());
    rest = rest.slice(space > 0 ? at + 1 : at);
  }
  return [...lines, rest.join('')];
}
