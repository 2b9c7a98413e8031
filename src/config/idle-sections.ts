import type { Config } from './config.ts';

/**
 * The parts of a configuration that are checked and not acted on in this version: said at start, so that nobody
 * believes to be watched where nobody watches.
 */
export function listIdleSections(config: Config): readonly string[] {
  const { kubernetes, databases, journal } = config;
  const top = [kubernetes && 'kubernetes', journal.kind === 'kubernetes' && 'journal.kubernetes'];
  const each = databases.flatMap(({ name, workload, claim, manifest, dependents, volume, backup }) => [
    workload !== undefined && `databases.${name}.workload`,
    claim !== undefined && `databases.${name}.claim`,
    manifest !== undefined && `databases.${name}.manifest`,
    dependents.length > 0 && `databases.${name}.dependents`,
    volume && `databases.${name}.volume`,
    backup && `databases.${name}.backup`,
  ]);
  return [...top, ...each].filter((section) => typeof section === 'string');
}
