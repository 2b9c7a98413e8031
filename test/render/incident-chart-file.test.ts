import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import { createHistory, LAST_HOURS } from '../../src/model/history.ts';
import type { ChartSubject } from '../../src/model/status-report.ts';
import { describeIncidentChart, paintIncidentChart } from '../../src/render/incident-chart-file.ts';
import { group, NOW, snapshot } from '../support/builders.ts';
import { incident, incidentAlert } from '../support/incident-builders.ts';
import { STORY } from '../support/incident-story.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The database `hours` after the incident's beginning; `blindMinutes` of it unseen from 5 minutes before the incident. */
function subject(hours: number, blindMinutes = 0): ChartSubject {
  const at = NOW + hours * HOUR;
  const history = createHistory(LAST_HOURS);
  for (let moment = NOW - 30 * MINUTE; moment <= at; moment += 5_000) {
    const isBlind = moment > NOW - 5 * MINUTE && moment < NOW + (blindMinutes - 5) * MINUTE;
    history.record(moment, isBlind ? null : new Map([['site', moment >= NOW && moment < NOW + 4 * MINUTE ? 90 : 40]]));
  }
  return {
    database: 'main',
    at,
    snapshot: snapshot([group({ count: 40 })]),
    history,
    configured: [],
    fireAt: 90,
    forecast: { kind: 'steady' },
  };
}

describe('the chart of an incident', () => {
  it('shows ten minutes before the first condition until five after the calm', () => {
    const { fromMs, toMs, samples } = describeIncidentChart(STORY, subject(1));
    expect(fromMs).toBe(NOW - 140_000 - 10 * MINUTE);
    expect(toMs).toBe(NOW + 240_000 + 5 * MINUTE);
    expect(samples.at(0)?.at).toBeLessThan(fromMs + 10_000);
    expect(samples.at(-1)?.at).toBeGreaterThan(toMs - 10_000);
  });

  it('ends now while it is open', () => {
    const open: Incident = incident({ alerts: [incidentAlert()] });
    expect(describeIncidentChart(open, subject(0.1)).toMs).toBe(NOW + 0.1 * HOUR);
  });

  it.each([0.2, 1, 2, 5, 11])('has no gap where nothing was unseen, %d hours later', (hours) => {
    expect(describeIncidentChart(STORY, subject(hours)).gaps).toEqual([]);
  });

  it.each([0.2, 2, 5])('shows what was unseen as a gap, %d hours later', (hours) => {
    expect(describeIncidentChart(STORY, subject(hours, 4)).gaps).toHaveLength(1);
  });

  it('marks the alert, each act and the calm', () => {
    const { events } = describeIncidentChart(STORY, subject(1));
    expect(events?.map(({ label }) => label)).toEqual(['alert fired', 'kill-stale', 'calm']);
  });

  it('tells the peak in numbers once it is over, and the latest while it is not', () => {
    expect(describeIncidentChart(STORY, subject(1)).atPeak).toBe(true);
    expect(describeIncidentChart(incident(), subject(1)).atPeak).toBe(false);
  });

  it('is a picture with a name that any file system takes', async () => {
    const painted = await paintIncidentChart(STORY, { ...subject(0.2), database: 'Main DB' });
    expect(painted).toMatchObject({ ok: true, file: { name: 'connections-main-db.png', type: 'image/png' } });
  });

  it('says why there is none once nothing of it is in memory', async () => {
    const painted = await paintIncidentChart(STORY, subject(13));
    expect(painted).toEqual({ ok: false, reason: expect.stringContaining('keeps the last 12 hours') });
  });
});
