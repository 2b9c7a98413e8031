import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../../shared/data/kubernetes/golden/', import.meta.url));

/** One exchange with a real API server; `body` of a watch is its events. */
export interface GoldenExchange {
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

const files: readonly string[] = (() => {
  try {
    return readdirSync(DIRECTORY).filter((name) => /^\d{3}-.*\.json$/.test(name));
  } catch {
    return [];
  }
})();

/** Why tests that need them are skipped; null when they are there. */
export const GOLDEN_MISSING: string | null =
  files.length > 0 ? null : `no recorded answers of a real API server in ${DIRECTORY}`;

if (GOLDEN_MISSING !== null && process.env['REQUIRE_ALL'] !== '1') process.stderr.write(`skipped: ${GOLDEN_MISSING}\n`);

/** By its number, as in `033`. */
export function readGolden(number: string): GoldenExchange {
  const file = files.find((name) => name.startsWith(`${number}-`));
  if (file === undefined) throw new Error(GOLDEN_MISSING ?? `no golden answer ${number}`);
  return JSON.parse(readFileSync(`${DIRECTORY}${file}`, 'utf8')) as GoldenExchange;
}

/** The text as it went over the wire. */
export function wireText({ response: { body } }: GoldenExchange): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** As `describe.skipIf` wants it: with REQUIRE_ALL=1 what is missing fails. */
export const WITHOUT_GOLDEN = GOLDEN_MISSING !== null && process.env['REQUIRE_ALL'] !== '1';

/** The body that the real server answered in the exchange of this number, as in `010`. */
// oxlint-disable-next-line typescript/no-explicit-any -- JSON of many kinds
export function readGoldenBody(number: string): any {
  return readGolden(number).response.body;
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
