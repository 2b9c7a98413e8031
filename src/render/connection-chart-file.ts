import type { StatusReport } from '../operations/status-report.ts';
import type { Application } from '../model/application.ts';
import { usableConnections } from '../model/capacity.ts';
import { findGaps } from '../model/history-gaps.ts';
import type { History } from '../model/history.ts';
import type { Log } from '../model/log.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ConnectionChart } from './chart/connection-chart.ts';
import { rasteriseSvg } from './chart/rasterise-svg.ts';
import { renderConnectionChart } from './chart/render-connection-chart.ts';
import type { MessageFile } from './message.ts';

/** The chart looks back on this much (product.md §4), on less while there is less, never on so little that it is a line. */
const WINDOW = { mostMs: 30 * 60_000, leastMs: 2 * 60_000 } as const;
/** Three calm samples without an answer. */
const SILENCE_MS = 15_000;

export interface ChartSubject {
  readonly database: string;
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly applications: readonly Application[];
  /** Sessions at which `connections-total` fires; null draws no line. */
  readonly fireAt: number | null;
  /** The application an alert is about. */
  readonly focus?: string | undefined;
  /** When the alert fired, epoch milliseconds. */
  readonly firedAt?: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What the chart shows. Pure. */
export function describeChart(subject: ChartSubject): ConnectionChart {
  const { database, snapshot, history, applications, fireAt, focus, firedAt, now } = subject;
  const samples = history.window(now - WINDOW.mostMs, now);
  const spanMs = Math.max(WINDOW.leastMs, now - (samples[0]?.at ?? now));
  const fromMs = now - Math.min(WINDOW.mostMs, spanMs);
  const capacity = snapshot.server.ok ? snapshot.server.value.capacity : null;
  return {
    title: `${database} · connections`,
    fromMs,
    toMs: now,
    samples,
    gaps: findGaps(samples, { fromMs, toMs: now }, SILENCE_MS),
    max: capacity?.max ?? null,
    usable: capacity && usableConnections(capacity),
    knownApplications: applications.map(({ name }) => name),
    ...(fireAt !== null && { fireAt }),
    ...(focus !== undefined && {
      focus: { application: focus, limit: applications.find(({ name }) => name === focus)?.limit },
    }),
    ...(firedAt !== undefined && { events: [{ at: firedAt, label: 'alert fired' }] }),
  };
}

/** Draws the chart as PNG; null when that fails: an alert must never be late or lost for the sake of its picture. */
export async function paintConnectionChart(subject: ChartSubject, log: Log): Promise<MessageFile | null> {
  try {
    return {
      name: 'connections.png',
      description: `Connections of ${subject.database} over time, by application`,
      data: await rasteriseSvg(renderConnectionChart(describeChart(subject))),
    };
  } catch (err) {
    log.warn({ err, database: subject.database }, 'the chart cannot be drawn; the message goes without it');
    return null;
  }
}
