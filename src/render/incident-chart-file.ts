import type { Incident } from '../incidents/incident.ts';
import { measureIncident } from '../incidents/measure-incident.ts';
import { usableConnections } from '../model/capacity.ts';
import { LAST_HOURS } from '../model/history.ts';
import { findGaps } from '../model/history-gaps.ts';
import type { ChartSubject } from '../model/status-report.ts';
import type { ConnectionChart } from './chart/connection-chart.ts';
import type { ChartEvent } from './chart/draw-events.ts';
import { type PaintedChart, paintChart } from './connection-chart-file.ts';

/** The lead-up, and whether it stayed calm. */
const AROUND = { beforeMs: 10 * 60_000, afterMs: 5 * 60_000 } as const;
/** Three calm samples without an answer, beside what a coarse memory leaves between two of its points. */
const SILENCE_MS = 15_000;
const HOUR_MS = 3_600_000;
/** A name of a file, whatever the database is called. */
const LONGEST_NAME = 40;

/**
 * The connections of one database during an incident, as PNG, from what is still in memory: `subject` as for /db status
 * now. Never throws; says why there is no picture.
 */
export async function paintIncidentChart(incident: Incident, subject: ChartSubject): Promise<PaintedChart> {
  const chart = describeIncidentChart(incident, subject);
  if (!chart.samples.some(({ counts }) => counts !== null)) {
    const hours = Math.max(...[LAST_HOURS, ...(LAST_HOURS.coarser ?? [])].map(({ spanMs }) => spanMs)) / HOUR_MS;
    return {
      ok: false,
      reason: `no sample of that time is in memory, where Breakwater keeps the last ${hours} hours, until it is restarted`,
    };
  }
  const slug = subject.database
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME);
  return paintChart(() => chart, {
    name: `connections-${slug}.png`,
    description: `Connections of ${subject.database} during incident ${incident.id}, by application`,
  });
}

/** What the chart shows: from ten minutes before the first condition until five after the calm. Pure. */
export function describeIncidentChart(incident: Incident, subject: ChartSubject): ConnectionChart {
  const { database, snapshot, history, configured, fireAt, at: now } = subject;
  const { openedAt, calmSince, closed, alerts } = incident;
  const beganAt = Math.min(openedAt, ...alerts.map(({ since }) => since));
  const fromMs = beganAt - AROUND.beforeMs;
  const toMs = Math.max(beganAt, Math.min(now, (calmSince ?? closed?.at ?? now) + AROUND.afterMs));
  const samples = history.window(fromMs, toMs);
  const capacity = snapshot.server.ok ? snapshot.server.value.capacity : null;
  return {
    title: `${database} · connections`,
    fromMs,
    toMs,
    samples,
    gaps: findGaps(samples, { fromMs, toMs }, silenceFor(now - fromMs)),
    max: capacity?.max ?? null,
    usable: capacity && usableConnections(capacity),
    knownApplications: configured.map(({ name }) => name),
    ...(fireAt !== null && { fireAt }),
    atPeak: calmSince !== null || closed !== null,
    events: listMarks(incident, database, now),
  };
}

/** What is older is remembered more coarsely: two points of neighbouring buckets lie up to two buckets apart. */
function silenceFor(ageMs: number): number {
  const tiers = [LAST_HOURS, ...(LAST_HOURS.coarser ?? [])];
  const tier = tiers.find(({ spanMs }) => spanMs >= ageMs) ?? tiers.at(-1) ?? LAST_HOURS;
  return SILENCE_MS + (tier === LAST_HOURS ? 0 : 2 * tier.bucketMs);
}

function listMarks(incident: Incident, database: string, now: number): readonly ChartEvent[] {
  const { trigger, events } = measureIncident(incident, now);
  const acts = events.flatMap(({ at, fact }) =>
    fact.type === 'act' && fact.stage === 'done' && fact.database === database ? [{ at, label: fact.act }] : [],
  );
  return [
    ...(trigger?.firedAt ? [{ at: trigger.firedAt, label: 'alert fired' }] : []),
    ...acts,
    ...(incident.calmSince === null ? [] : [{ at: incident.calmSince, label: 'calm' }]),
  ];
}
