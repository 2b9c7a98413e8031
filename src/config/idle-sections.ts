import type { Config } from './config.ts';

/**
 * The parts of a configuration that are checked and not acted on in this version: said at start, so that nobody
 * believes to be watched where nobody watches.
 */
export function listIdleSections(config: Config): readonly string[] {
  const { databases, journal } = config;
  const top = [journal.kind === 'kubernetes' && 'journal.kubernetes'];
  const each = databases.flatMap(({ name, manifest, volume }) => [
    // `breakwater check` reads it; nothing applies it yet.
    manifest !== undefined && `databases.${name}.manifest`,
    volume && `databases.${name}.volume`,
  ]);
  return [...top, ...each].filter((section) => typeof section === 'string');
}
