import { describe, expect, it } from 'vitest';
import workloadUnhealthy from '../../../src/alerts/rules/workload-unhealthy.ts';
import type { Pod, PodContainer } from '../../../src/model/cluster.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { WatchedWorkload } from '../../../src/model/place.ts';
import { NOW } from '../../support/builders.ts';
import {
  clusterEvent,
  clusterView,
  container,
  POSTGRES,
  pod,
  SITE,
  watched,
  workload,
} from '../../support/place-builders.ts';
import { set } from '../../support/rule-findings.ts';

const postgres = (parts: Partial<Pod> = {}) => pod('postgres', parts);
const unready = (ms: number, parts: Partial<Pod> = {}) => postgres({ ready: false, readySince: NOW - ms, ...parts });
const pending = (parts: Partial<Pod> = {}) => unready(30_000, { phase: 'Pending', createdAt: NOW - 40_000, ...parts });
const holding = (...containers: Partial<PodContainer>[]) => ({ containers: containers.map(container) });
const ended = (reason: string, agoMs: number | null) => ({
  lastEnd: { reason, at: agoMs === null ? null : NOW - agoMs, exitCode: 137 },
});

function judge(pods: readonly Pod[], parts: Partial<WatchedWorkload> = {}, written = {}) {
  const view = clusterView({ workload: watched(pods, parts), dependents: [] });
  return workloadUnhealthy.evaluate(view, set(workloadUnhealthy, written))[0];
}
const desire = (desired: number) => ({ workload: seen(workload(POSTGRES, { desired }), NOW) });
const saying = (...events: Parameters<typeof clusterEvent>[0][]) => ({ events: seen(events.map(clusterEvent), NOW) });

describe('workload-unhealthy', () => {
  it('is clear of one whose pods are all ready, however many wait to go', () => {
    const going = postgres({ name: 'old', terminatingAt: NOW, ready: false });
    expect(judge([postgres(), going])).toMatchObject({ subject: 'default/deployment/postgres', standing: 'clear' });
  });

  it.each([
    [59_999, false],
    [60_000, true],
  ])('counts a pod that has not been ready for %i ms as down at once: %s', (ms, atOnce) => {
    expect(judge([unready(ms)])).toMatchObject({ standing: 'firing', atOnce });
  });

  it('counts pods, not what the status says, and none that is on its way out', () => {
    const full = { workload: seen(workload(POSTGRES, { ready: 1 }), NOW) };
    expect(judge([], full)).toMatchObject({ standing: 'firing', atOnce: false });
    expect(judge([postgres({ terminatingAt: NOW })], full)?.standing).toBe('firing');
  });

  it('says how many are ready, since when one is not, and why', () => {
    const waiting = unready(90_000, holding({ waiting: 'ImagePullBackOff' }));
    expect(judge([postgres({ name: 'a' }), waiting], desire(2))?.headline).toBe(
      'deployment postgres: 1 of 2 pods are ready; postgres-6f7d-abcde has not been since 2020-12-11 13:22 UTC: ImagePullBackOff',
    );
  });

  it.each<[string, readonly Pod[], Partial<WatchedWorkload>, string, RegExp]>([
    [
      'a crash loop',
      [unready(1_000, holding({ waiting: 'CrashLoopBackOff', restarts: 7, ...ended('Error', 5_000) }))],
      {},
      'crashes again and again (CrashLoopBackOff, 7 restarts, last with Error, exit code 137)',
      /logs --previous/,
    ],
    [
      'a volume that is attached elsewhere',
      [pending()],
      saying({ reason: 'FailedAttachVolume', message: 'Multi-Attach error' }),
      'cannot get its volume attached (FailedAttachVolume)',
      /Never force-delete/,
    ],
    ['a volume that cannot be mounted', [pending()], saying({}), 'cannot mount its volume (FailedMount)', /CSI/],
    [
      'an out-of-memory kill, though it is ready again',
      [postgres(holding(ended('OOMKilled', 599_999)))],
      {},
      'was OOMKilled at 2020-12-11 13:14 UTC, and is ready again',
      /Wait, and do not restart it/,
    ],
    [
      'an out-of-memory kill of unknown time',
      [unready(1_000, holding(ended('OOMKilled', null)))],
      {},
      'was OOMKilled, and is not ready yet',
      /Wait/,
    ],
  ])('fires at once on %s, and says what to do first', (_, pods, parts, words, step) => {
    const found = judge(pods, parts);
    expect(found).toMatchObject({ standing: 'firing', atOnce: true, firstStep: expect.stringMatching(step) });
    expect(found?.headline).toContain(words);
  });

  it.each<[string, readonly Pod[], Partial<WatchedWorkload>]>([
    ['an out-of-memory kill of long ago', [postgres(holding(ended('OOMKilled', 600_000)))], {}],
    ['an out-of-memory kill of unknown time, of one that is ready', [postgres(holding(ended('OOMKilled', null)))], {}],
    ['a volume that was mounted since', [postgres()], saying({})],
  ])('does not fire on %s', (_, pods, parts) => {
    expect(judge(pods, parts)?.standing).toBe('clear');
  });

  it.each<[string, readonly Pod[], Partial<WatchedWorkload>]>([
    ['about another pod', [pending()], saying({ about: 'Pod/another' })],
    ['about an older pod of this name', [pending()], saying({ at: NOW - 41_000 })],
    ['about something else', [pending()], saying({ reason: 'BackOff' })],
    ['while it starts, the volume being there', [pending({ phase: 'Running' })], saying({})],
  ])('does not take for its volume what an event says %s', (_, pods, parts) => {
    expect(judge(pods, parts)).toMatchObject({ standing: 'firing', atOnce: false });
  });

  it('holds while one that came back may crash again, and is clear once it was ready for a minute', () => {
    const back = (readyMs: number) => postgres({ readySince: NOW - readyMs, ...holding(ended('Error', 30_000)) });
    expect(judge([back(59_999)])?.standing).toBe('holding');
    expect(judge([back(60_000)])?.standing).toBe('clear');
    expect(judge([postgres({ readySince: NOW })])?.standing).toBe('clear');
  });

  it('holds for ten minutes where it crashed several times, so that it does not ring at each crash', () => {
    const back = (agoMs: number, parts: Partial<Pod> = {}) =>
      postgres({ readySince: NOW - agoMs, ...holding({ ...ended('Error', agoMs), restarts: 2 }), ...parts });
    expect(judge([back(599_999)])?.standing).toBe('holding');
    expect(judge([back(600_000)])?.standing).toBe('clear');
    expect(judge([postgres(), back(90_000, { terminatingAt: NOW })])?.standing).toBe('clear');
  });

  it('does not call sick what is scaled to 0, but says it', () => {
    expect(judge([], desire(0))).toMatchObject({
      standing: 'clear',
      headline: 'deployment postgres is scaled to 0',
    });
  });

  it('fires at once where there is no such workload, whatever is known of its pods', () => {
    const gone = { workload: seen(null, NOW), pods: unseen('stale', NOW) };
    expect(judge([], gone)).toMatchObject({
      standing: 'firing',
      atOnce: true,
      headline: 'deployment postgres does not exist',
    });
  });

  it('is unknown where the workload or its pods are, and says why', () => {
    expect(judge([unready(90_000)], { workload: unseen('forbidden', NOW) })).toMatchObject({
      standing: 'unknown',
      headline: 'the state of deployment postgres is unknown: forbidden',
    });
    expect(judge([], { pods: unseen('the watch is stale', NOW) })?.standing).toBe('unknown');
  });

  it('names a pod that does not go, and that the events are unknown', () => {
    const going = postgres({ name: 'old', terminatingAt: NOW + 30_000, node: 'node-2' });
    expect(judge([pending(), going], { events: unseen('timeout', NOW) })?.evidence).toBe(
      'old on node-2 is Terminating, its grace ends at 2020-12-11 13:24 UTC. What the cluster tried is unknown: timeout.',
    );
  });

  it('quotes below the headline what the cluster says, whole words of it', () => {
    const message = `Multi-Attach error for volume "${'pvc-1234 '.repeat(60)}"`;
    const found = judge([pending()], saying({ reason: 'FailedAttachVolume', message }));
    expect(found?.headline).not.toContain('pvc-1234');
    expect(found?.evidence).toMatch(/^Kubernetes says: “Multi-Attach error for volume "pvc-1234 .*…”\.$/);
  });

  it('is critical for PostgreSQL as configured, a warning for a dependent, and quotes what people lose', () => {
    const dependents = [watched([], { reference: SITE, role: 'dependent' })];
    const applications = [
      { name: 'site', match: {}, workload: 'default/deployment/site', impact: 'the API' },
      { name: 'bot', match: {}, impact: 'moderation' },
    ];
    const view = clusterView({ workload: watched([]), dependents }, { applications });
    const [own, site] = workloadUnhealthy.evaluate(view, set(workloadUnhealthy));
    expect([own?.severity, own?.impact]).toEqual([undefined, 'site: the API; bot: moderation']);
    expect([site?.severity, site?.impact]).toEqual(['warning', 'the API']);
  });
});
