import type { CheckCatalogue } from '../src/check/run-checks.ts';
import { CHECK_AREAS } from '../src/model/check-finding.ts';

/** The table of docs/check.md, from the checks as they are. */
export function renderChecks(checks: CheckCatalogue): string {
  const rows = CHECK_AREAS.flatMap((area) =>
    checks
      .filter(({ value }) => value.area === area)
      .map(({ name, value }) => `| ${area} | \`${name}\` | ${value.summary} |`),
  );
  return ['| area | id | what it examines |', '|---|---|---|', ...rows].join('\n');
}
