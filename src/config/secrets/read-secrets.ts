import { findClosest } from '../../model/did-you-mean.ts';
import { type Finding, keyFinding } from '../finding.ts';
import { isHttpUrl } from '../schema/values/url.ts';
import type { SecretDemand } from './demands.ts';
import { type Environment, type ReadFile, readVariable, type Variable } from './read-variable.ts';
import { isSecretVariable } from './variable-names.ts';

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
  const unclaimed = listUnclaimed(demands, env);
  for (const demand of demands) {
    if (seen.has(demand.variable)) continue;
    seen.add(demand.variable);
    const variable = readVariable(demand.variable, env, readFile);
    const fault =
      variable.kind === 'set' ? findValueFault(demand, variable.value) : findFault(demand, variable, unclaimed);
    if (fault !== null)
      findings.push(keyFinding(demand.path, `needs ${demand.variable} (${demand.purpose}), which ${fault}`));
    if (variable.kind === 'set' && variable.value !== '') values.set(demand.variable, variable.value);
  }
  return { values, findings };
}

function findFault(
  demand: SecretDemand,
  variable: Exclude<Variable, { kind: 'set' }>,
  unclaimed: readonly string[],
): string | null {
  if (variable.kind === 'fault') return variable.fault;
  if (!demand.required) return null;
  const empty = demand.mayBeEmpty ? `, to nothing (${demand.variable}=) where none is asked for` : '';
  const closest = findClosest(demand.variable, unclaimed);
  const slip = closest === null ? '' : ` (${closest} is set, which nothing asks for)`;
  return `is not set${slip}: set it in the environment, or ${demand.variable}_FILE to a file that holds it${empty}`;
}

/** Our kind of variable, set for nothing: most likely a name that was misspelt, here or in the file. */
function listUnclaimed(demands: readonly SecretDemand[], env: Environment): readonly string[] {
  const claimed = new Set(demands.map(({ variable }) => variable));
  return Object.keys(env).filter((name) => {
    const variable = name.replace(/_FILE$/, '');
    return isSecretVariable(variable) && !claimed.has(variable);
  });
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
