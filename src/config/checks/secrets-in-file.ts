import { type Finding, keyFinding, valueFinding } from '../finding.ts';
import type { Hints } from '../hints.ts';
import type { Path } from '../path.ts';
import { field, isMap, type Raw, text } from '../raw.ts';
import { describeSecret, isSecretKey } from '../secrets/looks-secret.ts';
import { databaseVariable } from '../secrets/variable-names.ts';
import type { Check } from './check.ts';

/** Secrets never stand in the file (contract.md): found by the name of their key, or by their look. */
export const checkSecretsInFile: Check = (data, { hints }) => visit(data, [], data, hints);

function visit(value: Raw, path: Path, data: Raw, hints: Hints): readonly Finding[] {
  if (typeof value === 'string') {
    const what = describeSecret(value);
    if (what === null) return [];
    return [valueFinding(path, `${what}, and a secret never stands in this file: ${advise(path, data)}`)];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => visit(item, [...path, index], data, hints));
  if (!isMap(value)) return [];
  const known = hints.keysAt(path);
  return Object.entries(value).flatMap(([key, child]) => {
    const place = [...path, key];
    if (known.includes(key) || !isSecretKey(key)) return visit(child, place, data, hints);
    return [keyFinding(place, `is a secret, which never stands in this file: ${advise(place, data)}`)];
  });
}

/** Every text in the file that is a secret, so that no fault about something else quotes it. */
export function collectSecrets(value: Raw, hints: Hints, path: Path = [], inSecret = false): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => collectSecrets(item, hints, [...path, index], inSecret));
  if (isMap(value)) {
    const known = hints.keysAt(path);
    return Object.entries(value).flatMap(([key, child]) => {
      const named = isSecretKey(key) && !known.includes(key);
      return collectSecrets(child, hints, [...path, key], inSecret || named);
    });
  }
  const isSecret = inSecret || (typeof value === 'string' && describeSecret(value) !== null);
  return isSecret && (typeof value === 'string' || typeof value === 'number') ? [String(value)] : [];
}

/** Which variable to set instead, as far as the place tells. */
function advise(path: Path, data: Raw): string {
  const variable = variableFor(path, data);
  if (variable === null) return 'take it out; secrets come from the environment';
  return `take it out, and set ${variable} or ${variable}_FILE in the environment`;
}

function variableFor(path: Path, data: Raw): string | null {
  const [section, index, part] = path;
  if (section === 'discord') return 'DISCORD_TOKEN';
  if (section === 'linode') return 'LINODE_TOKEN';
  if (section === 'http') return 'WEBHOOK_TOKEN';
  const databases = field(data, 'databases');
  if (section !== 'databases' || typeof index !== 'number' || !Array.isArray(databases)) return null;
  const name = text(field(databases[index], 'name')) ?? null;
  if (part === 'volume') return 'LINODE_TOKEN';
  if (name === null) return null;
  if (part === 'canary' || part === 'pgbouncer') return databaseVariable(name, part);
  return databaseVariable(name, 'password');
}
