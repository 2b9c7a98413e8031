import { optionDefault, parseOption, type RuleDescription } from '../../model/rule-options.ts';
import type { Threshold } from '../../model/threshold.ts';
import type { Censor } from '../censor.ts';
import { type Finding, valueFinding } from '../finding.ts';
import type { Path } from '../path.ts';
import { field, items, type Raw } from '../raw.ts';
import type { Check } from './check.ts';

/** An alert that fires at nothing never ends, and one that resolves beyond where it fires flaps. */
export const checkAlertThresholds: Check = (data, { rules, censor }) =>
  items(field(data, 'databases')).flatMap((database, index) =>
    rules
      .filter(({ options }) => options['fire'] !== undefined && options['clear'] !== undefined)
      .flatMap((rule) =>
        checkRule(rule, field(database, 'alerts', rule.id), ['databases', index, 'alerts', rule.id], censor),
      ),
  );

function checkRule(rule: RuleDescription, settings: Raw, path: Path, censor: Censor): readonly Finding[] {
  const read = (name: 'fire' | 'clear'): Threshold | null => readOption(rule, name, field(settings, name));
  const givenFire = read('fire');
  const clear = read('clear');
  // A `fire` that cannot be read is reported by the schema, and says nothing about `clear`.
  const writtenFire = field(settings, 'fire');
  const fire = writtenFire === undefined ? optionDefault(rule, 'fire') : givenFire;
  const findings: Finding[] = [];
  if (givenFire?.value === 0 && optionDefault(rule, 'fire').value > 0)
    findings.push(valueFinding([...path, 'fire'], 'would fire at nothing: write 1 or more'));
  const fault = fire && clear && fire.kind === clear.kind ? findOrderFault(rule, fire.value, clear.value) : null;
  if (fault !== null) {
    const shown = show(writtenFire, rule.options['fire']?.default);
    findings.push(
      valueFinding(
        [...path, 'clear'],
        `is ${fault.where} fire (${censor.quote(shown) ?? '…'}): write ${fault.write}, so that it can resolve`,
      ),
    );
  }
  return findings;
}

function show(written: Raw, fallback: string | number | undefined): string {
  return typeof written === 'string' || typeof written === 'number' ? String(written) : String(fallback);
}

function findOrderFault({ worse = 'higher' }: RuleDescription, fire: number, clear: number) {
  if (worse === 'higher' && clear > fire) return { where: 'above', write: 'less' };
  if (worse === 'lower' && clear < fire) return { where: 'below', write: 'more' };
  return null;
}

function readOption(rule: RuleDescription, name: 'fire' | 'clear', value: Raw): Threshold | null {
  const type = rule.options[name]?.type;
  if (type === undefined || (typeof value !== 'string' && typeof value !== 'number')) return null;
  return parseOption(type, value);
}
