import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { parseDuration } from '../model/duration.ts';
import { parseOption, SEVERITIES } from '../model/rule-options.ts';
import type { Rule } from './rule.ts';

/**
 * Loads every file of `rules/` as one rule, by file name. Throws one Error that names every faulty file: a rule that is
 * silently missing would be an alert that never comes.
 */
export async function loadRules(directory: URL = new URL('./rules/', import.meta.url)): Promise<readonly Rule[]> {
  const entries = await loadCatalogue<Rule>(directory, findRuleFault);
  const rules = entries.map(({ value }) => value);
  const stray = rules.flatMap(({ id, inhibitedBy = [] }) => {
    const unknown = inhibitedBy.filter(({ by }) => by === id || !rules.some((rule) => rule.id === by));
    return unknown.map(({ by }) => `${id}: is inhibited by ${by}, which is no other rule`);
  });
  for (const { id, inhibitedBy = [] } of rules) {
    const mutual = inhibitedBy.find(({ by }) =>
      rules.find((rule) => rule.id === by)?.inhibitedBy?.some((each) => each.by === id),
    );
    if (mutual) stray.push(`${id}: inhibits ${mutual.by} and is inhibited by it: nobody would be told of either`);
  }
  if (stray.length > 0) throw new Error(`The rules do not fit together:\n  ${stray.join('\n  ')}`);
  return rules;
}

const SCOPES = ['database', 'services', 'cluster', 'sources'];

function findRuleFault(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return 'has no default export';
  const rule = value as Partial<Rule>;
  if (rule.id !== name) return `its id is ${JSON.stringify(rule.id)}, its file says ${JSON.stringify(name)}`;
  if (!SEVERITIES.includes(rule.severity as never)) return 'has no severity';
  if (typeof rule.for !== 'string' || parseDuration(rule.for) === null) return '`for` is not a duration';
  if (rule.keep !== undefined && parseDuration(rule.keep) === null) return '`keep` is not a duration';
  if (!rule.summary || !rule.firstStep) return 'lacks its summary or its first step';
  if (typeof rule.evaluate !== 'function') return 'has no evaluate()';
  if (!SCOPES.includes(rule.scope as never)) return `its scope must be one of ${SCOPES.join(', ')}`;
  const options = Object.entries(rule.options ?? {});
  for (const [option, { type, default: fallback }] of options) {
    if (parseOption(type, fallback) === null) return `options.${option} has no usable default`;
  }
  const names = new Set(options.map(([option]) => option));
  if (names.has('fire') && !names.has('clear')) return 'has the option fire without clear, and could not resolve';
  if (names.has('clear') && !names.has('fire') && rule.worse !== 'unrelated') {
    return 'has the option clear without fire: say that it is unrelated, or give both';
  }
  return null;
}
