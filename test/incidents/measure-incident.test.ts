import { describe, expect, it } from 'vitest';
import { measureIncident } from '../../src/incidents/measure-incident.ts';
import { writePostmortem } from '../../src/incidents/postmortem.ts';
import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import { NOW } from '../support/builders.ts';
import { became, fired, incident, MINUTE_MS, opened, over, owned, warned } from './builders.ts';

const TOTAL = fired('total');
const OPENED = NOW + 180 * MINUTE_MS;

describe('the figures of an incident', () => {
  it('count from its opening where a warning of hours got worse', () => {
    const worse = { ...warned('total'), severity: 'critical' } as const;
    const acknowledged = owned(worse, '42', OPENED + 2 * MINUTE_MS);
    const { acknowledgeMs, recoverMs } = measureIncident(
      incident(
        opened(OPENED, { cause: worse.key }),
        became('joined', worse),
        became('acknowledged', acknowledged),
        { at: OPENED + 2 * MINUTE_MS, by: '42', fact: { type: 'commander', member: '42' } },
        became('resolved', over(worse, OPENED + 5 * MINUTE_MS)),
      ),
      OPENED + 60 * MINUTE_MS,
    );
    expect({ acknowledgeMs, recoverMs }).toEqual({ acknowledgeMs: 2 * MINUTE_MS, recoverMs: 5 * MINUTE_MS });
  });

  it('are of the alert that lived when it opened, not of an earlier one of the same name', () => {
    const earlier = over(fired('total', NOW - 20 * MINUTE_MS), NOW - 19 * MINUTE_MS);
    const { trigger } = measureIncident(
      incident(
        opened(NOW, { cause: TOTAL.key }),
        became('joined', earlier),
        became('resolved', earlier),
        became('fired', TOTAL),
      ),
      NOW + MINUTE_MS,
    );
    expect(trigger?.id).toBe(TOTAL.id);
  });

  it('make nobody commander who owned a warning before', () => {
    const warning = warned('site', NOW - 3 * MINUTE_MS);
    const quiet = incident(
      opened(),
      became('joined', warning),
      became('acknowledged', owned(warning, '42', NOW - 2 * MINUTE_MS)),
      became('fired', TOTAL),
    );
    expect(measureIncident(quiet, NOW).acknowledged).toBeNull();
    const text = writePostmortem(quiet, { now: NOW, nameOf: () => 'Ann' });
    expect(text).toContain('Ann had acknowledged what led up to it');
    expect(text).not.toContain('was the commander');
  });
});

it('the act that ended it is told though its alert was over before the act was told to be done', () => {
  const act = (stage: 'confirmed' | 'done', at: number) => ({
    at,
    by: '42',
    fact: { type: 'act', act: 'kill-stale', database: 'main', stage, confirmation: 'a1', summary: 'terminated 61' },
  });
  const events = [act('confirmed', NOW + 1_000), act('done', NOW + 3_000)] as TimelineEvent[];
  const told = incident(opened(), became('fired', TOTAL), ...events, became('resolved', over(TOTAL, NOW + 2_000)));
  expect(writePostmortem(told, { now: NOW + 9_000, nameOf: () => 'Ann' })).toMatch(
    /The last act that was begun before that: .*Ann carried out kill-stale on main: terminated 61/,
  );
});
