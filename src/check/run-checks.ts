import { type CatalogueEntry, loadCatalogue } from '../catalogue/load-catalogue.ts';
import { CHECK_AREAS, type CheckFinding } from '../model/check-finding.ts';
import { type Check, type CheckFacts, type Judgement, unknown } from './check.ts';

export type CheckCatalogue = readonly CatalogueEntry<Check>[];

/** Loads every file of `checks/`, named by its file. Throws one Error that names every faulty file. */
export function loadChecks(directory: URL = new URL('./checks/', import.meta.url)): Promise<CheckCatalogue> {
  return loadCatalogue<Check>(directory, findCheckFault);
}

/** Holds what was gathered against every check; by area, and there first whether it could be seen at all. Pure. */
export function runChecks(checks: CheckCatalogue, facts: CheckFacts): readonly CheckFinding[] {
  const ordered = checks.toSorted((one, other) => rank(one.value) - rank(other.value));
  return ordered.flatMap(({ name, value }) =>
    judge(value, facts).map(({ level, subject, what, why, mend }) => {
      return { id: name, level, area: value.area, subject, what, why, mend };
    }),
  );
}

function judge(check: Check, facts: CheckFacts): readonly Judgement[] {
  const { config, discord, postgres, cluster } = facts;
  switch (check.scope) {
    case 'all':
      return check.judge(facts);
    case 'discord':
      return discord.kind === 'seen' ? check.judge(discord.facts, config) : [unknown('Discord', UNSEEN)];
    case 'database':
      return config.databases.flatMap((database) => {
        const sight = postgres.get(database.name);
        return sight?.kind === 'seen' ? check.judge(sight.facts, database) : [unknown(database.name, UNSEEN)];
      });
    case 'cluster':
      if (config.kubernetes === undefined) return [];
      return cluster === null ? [unknown('cluster', UNSEEN)] : check.judge(cluster, config);
  }
}

function rank({ area, scope }: Check): number {
  return CHECK_AREAS.indexOf(area) * 2 + (scope === 'all' ? 0 : 1);
}

const UNSEEN = 'see the first finding of this area';
const SCOPES = ['all', 'discord', 'database', 'cluster'];

function findCheckFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'has no default export';
  const check = value as Partial<Check>;
  if (!CHECK_AREAS.includes(check.area as never)) return `its area must be one of ${CHECK_AREAS.join(', ')}`;
  if (!SCOPES.includes(check.scope as never)) return `its scope must be one of ${SCOPES.join(', ')}`;
  if (!check.summary) return 'lacks its summary';
  return typeof check.judge === 'function' ? null : 'has no judge()';
}
