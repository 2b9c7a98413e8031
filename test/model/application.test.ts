import { describe, expect, it } from 'vitest';
import { nameApplication } from '../../src/model/application.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import { tallyApplications } from '../../src/model/tally.ts';
import { group } from '../support/builders.ts';

const api = { name: 'api', match: { user: 'site', database: 'site', applicationName: 'gunicorn' } };
const site = { name: 'site', match: { user: 'site', applicationName: 'celery' }, limit: 32 };
const anySite = { name: 'any-site', match: { user: 'site', database: 'site' } };

describe('the name of an application', () => {
  it.each<[string, Partial<SessionGroup>, string]>([
    ['fits when all that is given fits', { applicationName: 'gunicorn' }, 'api'],
    ['does not fit another database', { applicationName: 'gunicorn', database: 'postgres' }, 'site (other)'],
    ['does not fit another application_name', { applicationName: 'psql' }, 'any-site'],
    ['is that of the first entry that fits', { applicationName: 'celery' }, 'site'],
    ['is the user where none fits', { user: 'metabase' }, 'metabase'],
    ['is never that of an entry which does not fit', { applicationName: 'psql', database: 'x' }, 'site (other)'],
    ["is the bot's for its own sessions", { user: 'breakwater', own: true }, 'breakwater'],
    ["is not the bot's for others of its role", { user: 'breakwater', own: false }, 'breakwater (other)'],
    ['is nobody before the login', { user: null, database: null }, '(not logged in)'],
  ])('%s', (_, parts, expected) => {
    expect(nameApplication(group(parts), [api, site, anySite])).toBe(expected);
  });

  it('does not count against a limit what the configuration leaves out', () => {
    const groups = [group({ applicationName: 'celery', count: 20 }), group({ applicationName: 'psql', count: 20 })];
    const tallies = tallyApplications(groups, [site]).map(({ name, count, limit }) => [name, count, limit]);
    expect(tallies).toEqual([
      ['site', 20, 32],
      ['site (other)', 20, null],
    ]);
  });
});
