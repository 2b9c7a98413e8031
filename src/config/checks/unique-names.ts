import { OWN_SCOPE } from '../../model/source-state.ts';
import { type Finding, valueFinding } from '../finding.ts';
import type { Path } from '../path.ts';
import { field, items, type Raw, text } from '../raw.ts';
import type { Check } from './check.ts';

/** Names that people and messages tell things apart by stand once in their list, and are not the bot's own. */
export const checkUniqueNames: Check = (data) => [
  ...findRepeats(items(field(data, 'databases')), ['databases'], 'name', 'another database'),
  ...findRepeats(items(field(data, 'services')), ['services'], 'name', 'another service'),
  ...items(field(data, 'databases')).flatMap(checkDatabase),
  ...items(field(data, 'databases')).flatMap((database, index) =>
    text(field(database, 'name')) === OWN_SCOPE
      ? [
          valueFinding(
            ['databases', index, 'name'],
            'stands for Breakwater itself in alerts: write another name, as in main',
          ),
        ]
      : [],
  ),
];

function checkDatabase(database: Raw, index: number): readonly Finding[] {
  const path = ['databases', index];
  const applications = items(field(database, 'applications'));
  const dependents = items(field(database, 'dependents'));
  return [
    ...findRepeats(applications, [...path, 'applications'], 'name', 'another application of this database'),
    ...findRepeats(dependents, [...path, 'dependents'], null, 'an earlier entry'),
  ];
}

function findRepeats(list: readonly Raw[], path: Path, key: string | null, what: string): readonly Finding[] {
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const name = text(key === null ? item : field(item, key));
    if (name === undefined) return [];
    if (seen.has(name)) {
      const place = key === null ? [...path, index] : [...path, index, key];
      return [valueFinding(place, `is taken by ${what}: write ${key === null ? 'each once' : 'another name'}`)];
    }
    seen.add(name);
    return [];
  });
}
