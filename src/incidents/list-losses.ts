import type { IncidentAlert } from './incident.ts';

/**
 * What is lost with what alerts are about, each once: `impact:` of applications and services, which the alerts quote joined
 * by semicolons (alerts/describe-impact.ts). Plain, hostile text. Pure.
 */
export function listLosses(alerts: readonly Pick<IncidentAlert, 'impact'>[]): readonly string[] {
  const losses = [...new Set(alerts.flatMap(({ impact }) => impact.split(';').map((one) => one.trim())))];
  // An application's own alert quotes the same without its name.
  const isSaid = (one: string) => losses.some((other) => other.endsWith(`: ${one}`));
  return losses.filter((one) => one !== '' && !isSaid(one));
}
