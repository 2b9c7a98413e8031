import { usableConnections } from '../model/capacity.ts';
import type { HistoryPoint } from '../model/history.ts';
import { findGaps } from '../model/history-gaps.ts';
import type { ChartSubject } from '../model/status-report.ts';
import { tallyApplications } from '../model/tally.ts';
import type { ConnectionChart } from './chart/connection-chart.ts';
import { rasterise } from './chart/rasterise.ts';
import { renderConnectionChart } from './chart/render-connection-chart.ts';
import type { MessageFile } from './message.ts';

/** The chart looks back on this much (product.md §4), on less while there is less, never on so little that it is a line. */
const WINDOW = { mostMs: 30 * 60_000, leastMs: 30_000 } as const;
/** A later exhaustion is not drawn; the shares are of what the chart looks back on. */
const FUTURE = { mostMs: 3_600_000, margin: 1.1, leastShare: 0.2, mostShare: 2 } as const;
/** Three calm samples without an answer. */
const SILENCE_MS = 15_000;

/** The picture, or why there is none: a message must never be late or lost for the sake of its chart. */
export type PaintedChart =
  | { readonly ok: true; readonly file: MessageFile }
  | { readonly ok: false; readonly reason: string };

/** What the chart shows. Pure. */
export function describeChart(subject: ChartSubject): ConnectionChart {
  const { database, snapshot, history, configured, fireAt, focus, firedAt, at: now } = subject;
  const samples = [...history.window(now - WINDOW.mostMs, now), ...latestPoint(subject)];
  const spanMs = Math.min(WINDOW.mostMs, Math.max(WINDOW.leastMs, now - (samples[0]?.at ?? now)));
  const fromMs = now - spanMs;
  const capacity = snapshot.server.ok ? snapshot.server.value.capacity : null;
  const usable = capacity && usableConnections(capacity);
  const outlook = lookAhead(subject, usable, spanMs);
  return {
    title: `${database} · connections`,
    fromMs,
    toMs: outlook?.toMs ?? now,
    samples,
    gaps: findGaps(samples, { fromMs, toMs: now }, SILENCE_MS),
    max: capacity?.max ?? null,
    usable,
    knownApplications: configured.map(({ name }) => name),
    ...(fireAt !== null && { fireAt }),
    ...(focus !== undefined && {
      focus: { application: focus, limit: configured.find(({ name }) => name === focus)?.limit },
    }),
    ...(outlook && { forecast: [outlook.full] }),
    ...(firedAt !== undefined && { events: [{ at: firedAt, label: 'alert fired' }] }),
  };
}

/**
 * Where the total meets `usable`, and how far the chart must look ahead for it: a little beyond that moment, at least so
 * far that its word has room, at most twice as far as it looks back.
 */
function lookAhead({ forecast, at: now, snapshot }: ChartSubject, usable: number | null, spanMs: number) {
  if (forecast.kind !== 'exhausts' || usable === null || !snapshot.sessions.ok) return null;
  const { inMs } = forecast;
  if (inMs === 0 || inMs > FUTURE.mostMs) return null;
  const aheadMs = Math.max(spanMs * FUTURE.leastShare, Math.min(inMs * FUTURE.margin, spanMs * FUTURE.mostShare));
  return { full: { at: now + inMs, total: usable }, toMs: now + aheadMs };
}

/** The history keeps each second's peak; the right edge is what is true now. */
function latestPoint({ snapshot: { sessions }, configured, at }: ChartSubject): HistoryPoint[] {
  if (!sessions.ok) return [];
  const tallies = tallyApplications(sessions.value, configured);
  return [{ at, counts: new Map(tallies.map(({ name, count }) => [name, count])) }];
}

/** Draws the chart as PNG; never throws. */
export function paintConnectionChart(subject: ChartSubject): Promise<PaintedChart> {
  const description = `Connections of ${subject.database} over time, by application`;
  return paintChart(() => describeChart(subject), { name: 'connections.png', description });
}

/** As `paintConnectionChart`, whatever the chart shows. */
export async function paintChart(
  describe: () => ConnectionChart,
  as: Pick<MessageFile, 'name' | 'description'>,
): Promise<PaintedChart> {
  try {
    return { ok: true, file: { ...as, type: 'image/png', data: await rasterise(renderConnectionChart(describe())) } };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
