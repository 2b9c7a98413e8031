import type { Incident } from '../../src/incidents/incident.ts';
import type { TimelineEvent, TimelineFact } from '../../src/incidents/timeline.ts';
import { NOW } from './builders.ts';
import { act, alertFact, event, incident, incidentAlert } from './incident-builders.ts';

/** Rosa is on call, Ines is new, Paul came later. */
export const MEMBERS: Readonly<Record<string, string>> = { '11': 'rosa', '12': 'ines', '13': 'paul' };

const IMPACT = 'site: site, API, moderation; website: the site; metricity';

const SITE = {
  id: 'bb00000001',
  key: 'connections-application · main · site',
  rule: 'connections-application',
  severity: 'warning',
  headline: 'site holds 34 connections, its limit is 32',
  impact: 'site, API, moderation',
} as const;
const TOTAL = { headline: '91 of 100 connections in use, 97 usable', impact: IMPACT } as const;
const WEBSITE = {
  id: 'bb00000003',
  key: 'service-down · main · website',
  rule: 'service-down',
  headline: 'website: answers 524: the CDN reached the server, which gave no answer in time',
  impact: 'the site',
} as const;

function holders(
  moment: 'opened' | 'peak' | 'before' | 'after',
  counts: Readonly<Record<string, number>>,
): TimelineFact {
  const applications = Object.entries(counts).map(([name, count]) => ({ name, count }));
  const used = applications.reduce((sum, { count }) => sum + count, 0);
  return { type: 'holders', database: 'main', moment, used, usable: 97, max: 100, applications };
}

/** 2020-12-11 as it would have gone: an earlier deployment of `site` never closed its connections. */
export const EVENTS: readonly TimelineEvent[] = [
  event(-140, alertFact({ ...SITE, alertId: SITE.id, since: NOW - 140_000, firedAt: NOW - 140_000, peak: 34 })),
  event(0, {
    type: 'opened',
    title: `main: ${TOTAL.headline}`,
    cause: 'connections-total · main · total',
    databases: ['main'],
  }),
  event(
    0,
    alertFact({
      ...TOTAL,
      evidence: 'Most are held by site 74 (limit 32), metabase 6 and 5 others.',
      since: NOW - 2_000,
      firedAt: NOW,
    }),
  ),
  event(0, holders('opened', { site: 74, metabase: 6, bitwarden: 4, metricity: 4, breakwater: 3 })),
  event(1, { type: 'thread', channelId: '900', refused: null }),
  event(1, { type: 'pin', refused: 'Missing Permissions' }),
  event(18, alertFact({ ...WEBSITE, alertId: WEBSITE.id, since: NOW + 3_000, firedAt: NOW + 18_000, peak: null })),
  event(
    41,
    alertFact({
      ...TOTAL,
      became: 'acknowledged',
      peak: 97,
      headline: '97 of 100 connections in use, 97 usable',
      since: NOW - 2_000,
      firedAt: NOW,
    }),
    '11',
  ),
  event(41, { type: 'commander', member: '11' }, '11'),
  event(44, holders('peak', { site: 80, metabase: 6, bitwarden: 4, metricity: 4, breakwater: 3 })),
  event(75, act({ stage: 'refused', confirmation: null, summary: 'needs the level respond' }), '12'),
  event(95, act({ summary: '45 orphaned sessions of site, pods long gone' }), '11'),
  event(104, act({ stage: 'confirmed', summary: '45 orphaned sessions of site, pods long gone' }), '11'),
  event(104, holders('before', { site: 80, metabase: 6, bitwarden: 4, metricity: 4, breakwater: 3 })),
  event(
    105,
    act({
      stage: 'done',
      summary: 'terminated 43, spared 2, failed 0',
      figures: { terminated: 43, spared: 2, failed: 0 },
    }),
    '11',
  ),
  event(105, holders('after', { site: 37, metabase: 6, bitwarden: 4, metricity: 4, breakwater: 3 })),
  event(
    106,
    alertFact({
      ...TOTAL,
      became: 'resolved',
      peak: 97,
      headline: '54 of 100 connections in use, 97 usable',
      since: NOW - 2_000,
      firedAt: NOW,
    }),
  ),
  event(
    131,
    alertFact({
      ...WEBSITE,
      alertId: WEBSITE.id,
      became: 'resolved',
      headline: 'website: answers 200',
      since: NOW + 3_000,
      firedAt: NOW + 18_000,
      peak: null,
    }),
  ),
  event(
    160,
    {
      type: 'note',
      text: 'The pods of the deployment before last are gone, their connections were not.\n<@13> looks at CONN_MAX_AGE.',
    },
    '11',
  ),
  event(
    240,
    alertFact({
      ...SITE,
      alertId: SITE.id,
      became: 'resolved',
      headline: 'site holds 21 connections, its limit is 32',
      peak: 80,
      since: NOW - 140_000,
      firedAt: NOW - 140_000,
    }),
  ),
  event(
    900,
    {
      type: 'closed',
      severity: 'high',
      impact: 'Nobody could use the site or its API for two minutes; moderation commands failed.',
    },
    '11',
  ),
];

/** The same as the incident it folds to. */
export const STORY: Incident = incident({
  events: EVENTS,
  commander: { member: '11', at: NOW + 41_000 },
  calmSince: NOW + 240_000,
  closed: {
    by: '11',
    at: NOW + 900_000,
    severity: 'high',
    impact: 'Nobody could use the site or its API for two minutes; moderation commands failed.',
  },
  thread: { channelId: '900', refused: null },
  pin: { refused: 'Missing Permissions' },
  alerts: [
    incidentAlert({
      ...SITE,
      since: NOW - 140_000,
      firedAt: NOW - 140_000,
      resolvedAt: NOW + 240_000,
      peak: 80,
      headline: 'site holds 21 connections, its limit is 32',
    }),
    incidentAlert({
      ...TOTAL,
      since: NOW - 2_000,
      resolvedAt: NOW + 106_000,
      acknowledgedBy: '11',
      acknowledgedAt: NOW + 41_000,
      peak: 97,
      headline: '54 of 100 connections in use, 97 usable',
    }),
    incidentAlert({
      ...WEBSITE,
      since: NOW + 3_000,
      firedAt: NOW + 18_000,
      resolvedAt: NOW + 131_000,
      peak: null,
      headline: 'website: answers 200',
    }),
  ],
});
