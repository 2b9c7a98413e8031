import { type Finding, keyFinding } from '../finding.ts';
import type { Path } from '../path.ts';
import { field, isMap, items, type Raw } from '../raw.ts';
import type { Check } from './check.ts';

/** Keys of which exactly one is wanted, or both, or at least one. */
export const checkBelongsTogether: Check = (data) => [
  ...checkJournal(field(data, 'journal')),
  ...items(field(data, 'databases')).flatMap(checkDatabase),
];

function checkDatabase(database: Raw, index: number): readonly Finding[] {
  const path = ['databases', index];
  const pooler = ['pgbouncer', 'connection', 'ssl'];
  return [
    ...checkCertificate(field(database, 'connection', 'ssl'), [...path, 'connection', 'ssl']),
    ...checkCertificate(field(database, ...pooler), [...path, ...pooler]),
    ...items(field(database, 'applications')).flatMap((application, at) =>
      checkMatch(field(application, 'match'), [...path, 'applications', at, 'match']),
    ),
  ];
}

function checkJournal(journal: Raw): readonly Finding[] {
  if (!isMap(journal)) return [];
  const sqlite = has(journal, 'sqlite');
  const kubernetes = has(journal, 'kubernetes');
  if (sqlite && kubernetes) return [keyFinding(['journal', 'kubernetes'], 'stands beside sqlite: keep one of the two')];
  if (sqlite || kubernetes) return [];
  return [
    keyFinding(['journal'], 'says not where: write sqlite: ./breakwater.db or kubernetes: { namespace: breakwater }'),
  ];
}

function checkCertificate(ssl: Raw, path: Path): readonly Finding[] {
  if (!isMap(ssl) || has(ssl, 'cert') === has(ssl, 'key')) return [];
  const [given, lacking] = has(ssl, 'cert') ? ['cert', 'key'] : ['key', 'cert'];
  return [
    keyFinding(
      [...path, given],
      `is of no use without ${lacking}: write ${lacking}: ./client.${lacking === 'key' ? 'key' : 'pem'} too`,
    ),
  ];
}

/** An empty match would take every session and leave none to the entries after it. */
function checkMatch(match: Raw, path: Path): readonly Finding[] {
  if (!isMap(match) || Object.keys(match).length > 0) return [];
  return [keyFinding(path, 'matches every session: write at least one of user, database, applicationName')];
}

function has(map: Raw, key: string): boolean {
  return field(map, key) !== undefined;
}
