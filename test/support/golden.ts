import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../../shared/data/kubernetes/golden/', import.meta.url));

/** Whether the exchanges recorded from a real API server lie beside the checkout; who asks says so when they do not. */
export const hasGolden = existsSync(DIRECTORY);
if (!hasGolden && process.env['REQUIRE_ALL'] === '1') throw new Error('golden exchanges are missing (../shared/data)');
if (!hasGolden) console.log('skipped: golden exchanges are missing (../shared/data/kubernetes)');

/** The body that the real server answered in the exchange of this number, as in `010`. */
// oxlint-disable-next-line typescript/no-explicit-any -- JSON of many kinds
export function readGolden(number: string): any {
  const file = readdirSync(DIRECTORY).find((name) => name.startsWith(`${number}-`));
  if (file === undefined) throw new Error(`no golden exchange ${number}`);
  return JSON.parse(readFileSync(`${DIRECTORY}${file}`, 'utf8')).response.body;
}

/** Without what is of one run: times, uids, hashes, versions. */
export function withoutRun(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/"(?:\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, '"TIME"')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replace(/"resourceVersion":"\d+"/g, '"resourceVersion":"N"')
    .replace(/\b([a-z][a-z-]*?)-[bcdfghjklmnpqrstvwxz2-9]{8,10}(?:-[a-z0-9]{5})?(?:\.[0-9a-f]{16})?\b/g, '$1-HASH')
    .replace(/"([a-z-]+)\.[0-9a-f]{16}"/g, '"$1.HASH"');
  return JSON.parse(text);
}
