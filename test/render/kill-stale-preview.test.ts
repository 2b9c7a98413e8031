import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import { seen } from '../../src/model/observed.ts';
import type { KillRequest } from '../../src/operations/read-kill-request.ts';
import { renderKillPreview } from '../../src/render/kill-stale-preview.ts';
import type { Message } from '../../src/render/message.ts';
import { createKillWorld } from '../operations/kill-world.ts';
import { NOW } from '../support/builders.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';

const HOSTILE = '@everyone `x` [a](https://b)';

async function preview(sessions: readonly DetailedSession[], request: KillRequest, pooled: readonly number[] = []) {
  const { operation } = createKillWorld(sessions, { poolerPids: seen(new Set(pooled), NOW) });
  return renderKillPreview(await operation.preview(request, 'rosa'));
}

const csvOf = ({ attachments }: Message): string => new TextDecoder().decode(attachments?.[0]?.data);
const field = ({ embed }: Message, name: string) => embed?.fields?.find((each) => each.name.startsWith(name))?.value;

describe('the preview message', () => {
  const crowd = [
    ...detailedSessions(40),
    ...detailedSessions(5, { pid: 2_000, user: 'metabase', address: '10.2.0.9', stateMs: 7_000_000 }),
    ...detailedSessions(12, { pid: 3_000, state: 'active' }),
    detailedSession({ pid: 1, own: true }),
  ];

  it('leads with how many, and says what remains and until when it stands', async () => {
    const { embed, buttons } = await preview(crowd, { kind: 'idle' });
    expect(embed?.title).toBe('main: 45 sessions would be terminated');
    expect(embed?.description).toContain('They are **idle for 10 min or longer**.');
    expect(embed?.description).toContain(
      'In use: **58 → 13** of 100. Free for applications: **39 → 84** of 97 usable.',
    );
    expect(embed?.description).toContain(`expires <t:${NOW / 1_000 + 120}:R>`);
    expect(buttons?.map(({ label, style }) => [label, style])).toEqual([
      ['Cancel', 'quiet'],
      ['Terminate 45 sessions', 'danger'],
    ]);
  });

  it('counts by application, state and address, shows the oldest, and counts who is left alone', async () => {
    const message = await preview(crowd, { kind: 'idle' });
    expect(field(message, 'By application')).toBe('`40` site\n` 5` metabase');
    expect(field(message, 'By state')).toBe('`45` idle');
    expect(field(message, 'By address')).toBe('`40` 10.2.0.5\n` 5` 10.2.0.9');
    expect(field(message, 'The oldest')).toMatch(/^pid 2000 · metabase@site from 10.2.0.9 · idle for 1 h 56 min/);
    expect(field(message, 'The oldest')).toContain('and 40 more');
    expect(field(message, 'Left alone: 13')).toBe("`12` active\n` 1` Breakwater's own");
  });

  it("counts and lists no process of the server's own: it holds no connection", async () => {
    const message = await preview([...crowd, detailedSession({ pid: 2, backendType: 'checkpointer' })], {
      kind: 'idle',
    });
    expect(field(message, 'Left alone: 13')).toBe("`12` active\n` 1` Breakwater's own");
    expect(csvOf(message)).not.toContain('checkpointer');
    const nothing = await preview([detailedSession({ pid: 2, backendType: 'checkpointer' })], { kind: 'idle' });
    expect(nothing.embed?.description).toContain('Of 0 sessions none');
  });

  it('lists every session that was looked at, with the verdict on it', async () => {
    const lines = csvOf(await preview(crowd, { kind: 'idle' }))
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(1 + crowd.length);
    expect(lines[1]).toBe(
      'selected,,site,1000,2020-12-11 11:24:00.001000+00,site,site,,10.2.0.5,idle,3600,,7200,Client ClientRead,SELECT …',
    );
    expect(lines.at(-1)).toMatch(/^spared,Breakwater's own,breakwater,1,/);
  });

  it('warns of an age below the usual one, and only then', async () => {
    const words = /⚠️ 2 min is less than the usual 10 min/;
    expect((await preview(crowd, { kind: 'idle', olderThan: '2m' })).embed?.description).toMatch(words);
    expect((await preview(crowd, { kind: 'idle' })).embed?.description).not.toContain('⚠️');
  });

  it('warns that open transactions are rolled back', async () => {
    const open = detailedSession({ state: 'idle in transaction (aborted)' });
    const { embed, buttons } = await preview([open], { kind: 'idle-in-transaction' });
    expect(embed?.description).toContain('⚠️ Their transactions are rolled back.');
    expect(buttons?.[1]?.label).toBe('Terminate 1 session');
  });

  it("explains why the pooler's sessions are left to it", async () => {
    const { embed } = await preview(detailedSessions(3), { kind: 'idle' }, [1_000]);
    expect(embed?.description).toContain("The pooler's sessions are left to it");
  });

  it('has nothing red where nothing is stale, and says how to see the younger ones', async () => {
    const message = await preview(detailedSessions(45, { stateMs: 190_000 }), { kind: 'idle' });
    expect(message.embed?.title).toBe('main: nothing to terminate');
    expect(message.embed?.description).toContain(
      '**45** are, but not for that long: the longest for 3 min 10 s. A smaller `older-than` selects them.',
    );
    expect(field(message, 'Left alone: 45')).toBe('`45` not that long');
    expect(message.buttons?.filter(({ style }) => style === 'danger')).toEqual([]);
  });

  it('offers the kind that would select somebody where the one asked for does not', async () => {
    const open = detailedSession({ state: 'idle in transaction' });
    const { buttons } = await preview([open], { kind: 'idle' });
    expect(buttons?.map(({ label }) => label)).toEqual(['Idle in transaction ≥ 5 min: 1…']);
  });

  it('says that orphaned sessions need the cluster, and lets people choose from the others', async () => {
    const { embed, buttons } = await preview(crowd, {});
    expect(embed?.description).toMatch(/^Whose pods are gone cannot be told: that needs the cluster/);
    expect(embed?.description).toContain('`45` idle for 10 min or longer');
    expect(buttons?.map(({ label, disabled }) => [label, disabled])).toEqual([
      ['Idle ≥ 10 min: 45…', false],
      ['Idle in transaction ≥ 5 min: 0…', true],
    ]);
  });

  it('prints hostile names harmlessly, in the message and in the list', async () => {
    const names = {
      user: HOSTILE,
      database: HOSTILE,
      applicationName: '=cmd()',
      address: HOSTILE,
      statement: '@SUM(A1)',
    };
    const message = await preview([detailedSession(names)], { kind: 'idle', application: HOSTILE });
    expect(JSON.stringify(message.embed)).not.toMatch(/@everyone|\]\(https:/);
    expect(csvOf(message)).toContain(`,'${HOSTILE},`);
    expect(csvOf(message)).toContain(",'=cmd(),");
    expect(csvOf(message)).toContain(",'@SUM(A1)\r\n");
  });

  it('fits into a message of Discord however many there are and whatever they are called', async () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      detailedSession({ pid: index + 1, user: `${'ü'.repeat(55)}${index}`, address: `fd00::${index}` }),
    );
    const message = await preview(many, { kind: 'idle' });
    const total = [message.embed?.title, message.embed?.description, message.embed?.footer]
      .concat(message.embed?.fields?.flatMap(({ name, value }) => [name, value]) ?? [])
      .join('').length;
    expect(total).toBeLessThan(6_000);
    expect(message.embed?.fields?.every(({ value }) => value.length <= 1_024)).toBe(true);
    expect(() => fitMessage(message)).not.toThrow();
  });
});
