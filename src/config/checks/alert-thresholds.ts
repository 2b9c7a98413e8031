import type { RuleDescription } from '../../model/rule-options.ts';
import { parseThreshold, type Threshold } from '../../model/threshold.ts';
import type { Censor } from '../censor.ts';
import { type Finding, valueFinding } from '../finding.ts';
import type { Path } from '../path.ts';
import { field, items, type Raw } from '../raw.ts';
import { ruleDefault } from '../schema/default-clear.ts';
import type { Check } from './check.ts';

/** An alert that fires at nothing never ends, and one that resolves above where it fires flaps. */
export const checkAlertThresholds: Check = (data, { rules, censor }) =>
  items(field(data, 'databases')).flatMap((database, index) =>
    rules.flatMap((rule) =>
      checkRule(rule, field(database, 'alerts', rule.id), ['databases', index, 'alerts', rule.id], censor),
    ),
  );

function checkRule(rule: RuleDescription, settings: Raw, path: Path, censor: Censor): readonly Finding[] {
  const givenFire = read(field(settings, 'fire'));
  const clear = read(field(settings, 'clear'));
  // A `fire` that cannot be read is reported by the schema, and says nothing about `clear`.
  const fire = field(settings, 'fire') === undefined ? ruleDefault(rule, 'fire') : givenFire;
  const findings: Finding[] = [];
  if (givenFire?.value === 0) findings.push(valueFinding([...path, 'fire'], 'would fire at nothing: write 1 or more'));
  if (fire !== null && clear !== null && fire.kind === clear.kind && clear.value > fire.value) {
    findings.push(
      valueFinding(
        [...path, 'clear'],
        `is above fire (${censor.quote(show(fire)) ?? '…'}): write less, so that it can resolve`,
      ),
    );
  }
  return findings;
}

function read(value: Raw): Threshold | null {
  return typeof value === 'string' || typeof value === 'number' ? parseThreshold(value) : null;
}

function show({ kind, value }: Threshold): string {
  return kind === 'percent' ? `${value}%` : String(value);
}
