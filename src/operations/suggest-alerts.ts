import type { Alert } from '../alerts/alert.ts';

/** Discord takes no longer choice (facts.md, Discord 7), and a cut key would name another alert, or none. */
const LONGEST = 100;

/**
 * Names for autocompletion, each of which the operations understand: the key, or the occurrence's id where that is too
 * long, as the names of alerts of others can be. Pure.
 */
export function suggestAlerts(alerts: readonly Pick<Alert, 'id' | 'key'>[], typed: string): readonly string[] {
  const wanted = typed.toLowerCase();
  return alerts
    .filter(({ id, key }) => key.toLowerCase().includes(wanted) || id.startsWith(wanted))
    .map(({ id, key }) => (key.length <= LONGEST ? key : id));
}
