import { findClosest } from '../../model/did-you-mean.ts';
import { type Finding, valueFinding } from '../finding.ts';
import { field, items, type Raw, text } from '../raw.ts';
import type { Check, CheckContext } from './check.ts';

/** What names something else in the file names something that is there. */
export const checkReferences: Check = (data, context) => {
  const databases = items(field(data, 'databases'));
  const services = items(field(data, 'services'));
  return [
    ...services.flatMap((service, index) => checkDependsOn(service, index, databases, context)),
    ...databases.flatMap(checkDependents),
  ];
};

function checkDependsOn(
  service: Raw,
  index: number,
  databases: readonly Raw[],
  { censor }: CheckContext,
): readonly Finding[] {
  const dependsOn = text(field(service, 'dependsOn'));
  const names = databases.flatMap((database) => {
    const name = field(database, 'name');
    return typeof name === 'string' || typeof name === 'number' ? [String(name)] : [];
  });
  if (dependsOn === undefined || names.length === 0 || names.includes(dependsOn)) return [];
  const closest = findClosest(dependsOn, names);
  const shown = (closest === null ? names : [closest]).flatMap((name) => censor.quote(name) ?? []);
  const advice =
    shown.length === 0
      ? "write a database's name"
      : `${closest === null ? 'write' : 'did you mean'} ${shown.join(' or ')}`;
  const end = closest === null || shown.length === 0 ? '' : '?';
  return [valueFinding(['services', index, 'dependsOn'], `is no database of this file: ${advice}${end}`)];
}

/** Holding the database's own workload as a dependent would take it away again just after it came back. */
function checkDependents(database: Raw, index: number): readonly Finding[] {
  const workload = text(field(database, 'workload'));
  return items(field(database, 'dependents')).flatMap((dependent, at) =>
    workload !== undefined && dependent === workload
      ? [
          valueFinding(
            ['databases', index, 'dependents', at],
            "is the database's own workload: list only what depends on it",
          ),
        ]
      : [],
  );
}
