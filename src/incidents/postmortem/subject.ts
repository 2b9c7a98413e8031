import type { IncidentAlert } from '../incident.ts';

/** What an alert is about within its database, as in the last part of `service-down · main · website`. */
export function subjectOf({ key }: Pick<IncidentAlert, 'key'>): string {
  return key.split(' · ').slice(2).join(' · ') || key;
}
