import { type Finding, keyFinding } from '../finding.ts';
import { isHttpUrl } from '../schema/values/url.ts';
import type { SecretDemand } from './demands.ts';
import { type Environment, type ReadFile, readVariable } from './read-variable.ts';

export interface SecretValues {
  /** By variable; those that are unset or empty are not in it. */
  readonly values: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** Reads all that is asked for, and says what is missing, empty, set twice or unreadable. No finding holds a value. */
export function readSecrets(demands: readonly SecretDemand[], env: Environment, readFile: ReadFile): SecretValues {
  const values = new Map<string, string>();
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const demand of demands) {
    if (seen.has(demand.variable)) continue;
    seen.add(demand.variable);
    const variable = readVariable(demand.variable, env, readFile);
    const fault = variable.kind === 'set' ? findValueFault(demand, variable.value) : findFault(demand, variable);
    if (fault !== null)
      findings.push(keyFinding(demand.path, `needs ${demand.variable} (${demand.purpose}), which ${fault}`));
    if (variable.kind === 'set' && variable.value !== '') values.set(demand.variable, variable.value);
  }
  return { values, findings };
}

function findFault(
  demand: SecretDemand,
  variable: { kind: 'unset' } | { kind: 'fault'; fault: string },
): string | null {
  if (variable.kind === 'fault') return variable.fault;
  if (!demand.required) return null;
  const empty = demand.mayBeEmpty ? `, to nothing (${demand.variable}=) where none is asked for` : '';
  return `is not set: set it in the environment, or ${demand.variable}_FILE to a file that holds it${empty}`;
}

function findValueFault(demand: SecretDemand, value: string): string | null {
  if (value === '') return demand.mayBeEmpty ? null : 'is empty: set it';
  // A password may hold anything; the others travel in a header or are an address.
  if (demand.variable.endsWith('PASSWORD')) return null;
  if (/\s|\p{Cc}/u.test(value)) return 'has a space or line break in it: set it without';
  if (demand.variable.endsWith('_URL') && !isHttpUrl(value))
    return 'is no web address: set it to one that starts with https://';
  return null;
}
