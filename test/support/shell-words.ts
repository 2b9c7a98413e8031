import { execFileSync } from 'node:child_process';

/** What a real shell hands to kubectl or psql when a command is copied into it; with `cat`, what it pipes into psql. */
export function readWords(command: string, does: 'words' | 'cat' = 'words'): readonly string[] {
  const body = does === 'cat' ? 'cat' : String.raw`for word do printf '%s\0' "$word"; done`;
  const script = `kubectl() { ${body}; }; psql() { ${body}; }; ${command}`;
  const said = execFileSync('sh', ['-c', script], { env: { PATH: process.env['PATH'] ?? '' }, encoding: 'utf8' });
  return does === 'cat' ? [said] : said.split('\0').slice(0, -1);
}
