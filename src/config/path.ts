/** Where a value stands in the configuration: keys and list indexes from the root. */
export type Path = readonly (string | number)[];

/** `databases[0].connection.port`. `showKey` may hide a key: a mangled file may hold anything there. */
export function formatPath(path: Path, showKey: (key: string) => string = String): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    return `${text}${text === '' ? '' : '.'}${showKey(segment)}`;
  }, '');
}

export function isPlainKey(key: string): boolean {
  return /^[A-Za-z_][\w-]{0,63}$/.test(key);
}
