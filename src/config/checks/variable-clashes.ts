import { type Finding, keyFinding } from '../finding.ts';
import { formatPath, type Path } from '../path.ts';
import { field } from '../raw.ts';
import { listDemands } from '../secrets/demands.ts';
import type { Check } from './check.ts';

/** Two secrets that would be read from one variable (`main-db` and `main_db`): one of them would be wrong. */
export const checkVariableClashes: Check = (data) => {
  const first = new Map<string, Path>();
  return listDemands(data).flatMap(({ variable, path }): readonly Finding[] => {
    const other = first.get(variable);
    if (other === undefined) {
      first.set(variable, path);
      return [];
    }
    // The same name twice is a fault of its own.
    if (nameOf(data, other) === nameOf(data, path)) return [];
    return [
      keyFinding(
        path,
        `takes its password from ${variable}, as ${formatPath(other)} does: give the databases names that differ in more than case and punctuation`,
      ),
    ];
  });
};

function nameOf(data: unknown, path: Path): unknown {
  const [, index] = path;
  const databases = field(data, 'databases');
  return Array.isArray(databases) && typeof index === 'number' ? field(databases[index], 'name') : undefined;
}
