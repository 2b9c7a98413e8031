import type { DatabaseView } from './rule.ts';

/**
 * What people lose without the database, by whom: `site: site, API; website: the site; wiki`. A service that depends on it
 * is named though nobody wrote what it is for.
 */
export function describeImpact({
  applications,
  dependents,
}: Pick<DatabaseView, 'applications' | 'dependents'>): string {
  const described = [...applications, ...dependents].flatMap(({ name, impact }) =>
    impact === undefined ? [] : `${name}: ${impact}`,
  );
  const others = dependents.filter(({ impact }) => impact === undefined).map(({ name }) => name);
  return [...described, ...others].join('; ');
}
