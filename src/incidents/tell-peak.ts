import type { IncidentAlert } from './incident.ts';

/** Of the rules whose value is a number of connections; what others count the timeline does not say. */
const COUNTED = new Set(['connections-total', 'connections-application', 'connections-orphaned']);

/** What an alert said, and its peak where that is another number. Plain, hostile text. Pure. */
export function tellPeak(headline: string, { rule, peak }: Pick<IncidentAlert, 'rule' | 'peak'>): string {
  if (peak === null || !COUNTED.has(rule)) return headline;
  // The count stands first, or behind its holder; elsewhere stand limits: `92 of 100 connections in use, 97 usable`.
  const isSaid = new RegExp(`(^|holds |at least )${peak} `).test(headline);
  return isSaid ? headline : `${headline}; ${peak} at the peak`;
}
