import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Outcome } from '../../sandbox/discord/players/outcome.ts';
import { flattenComponents } from '../../sandbox/discord/world/message-parts.ts';
import type { MemberName } from '../../sandbox/discord/world/seed.ts';
import { MESSAGE_FLAGS, type Message } from '../../sandbox/discord/world/state.ts';
import { footerOf, textOf } from '../../sandbox/drill/read-message.ts';
import type { Player } from '../../sandbox/players/create-player.ts';
import { roleStatements } from '../../sandbox/postgres/seed.ts';
import { openConfirmations } from '../../src/bot-confirmations.ts';
import { openStreams } from '../../src/bot-journal.ts';
import type { Confirmation, Proposal } from '../../src/confirmations/confirmation.ts';
import type { KillPlan } from '../../src/model/kill-plan.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { connectClient, runSql } from '../support/postgres.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { createWorld, defer, playerOf, WAIT, type World } from './world.ts';

/** A world with an application whose idle sessions are there to be ended. */
export interface KillWorld extends World {
  readonly site: Player;
  /** Every client backend of a user, as `pid backend_start`; of all users but the one that looks without a name. */
  sessions(user?: string): Promise<readonly string[]>;
  /** What the server says to one statement of a superuser. */
  ask<Row extends object>(sql: string): Promise<readonly Row[]>;
}

export const GO = /^Terminate \d+ sessions?$/;

export async function createKillWorld(idle = 5): Promise<KillWorld> {
  const world = await createWorld();
  const { superuser } = world.postgres;
  await runSql(superuser, ...roleStatements({ name: 'site', password: 'site' }));
  const client = await connectClient({ ...superuser, applicationName: 'truth' });
  defer(() => client.end());
  const site = playerOf(world.postgres, 'site', 'site');
  await site.open(idle);
  const ask = async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows;
  return {
    ...world,
    site,
    ask,
    async sessions(user) {
      const rows = await ask<{ readonly who: string; readonly usename: string }>(
        `select pid || ' ' || backend_start as who, usename from pg_stat_activity
         where backend_type = 'client backend' and application_name <> 'truth' order by 1`,
      );
      return rows.filter(({ usename }) => user === undefined || usename === user).map(({ who }) => who);
    },
  };
}

/** Asks until so many sessions have been idle for long enough: a second is the least that may be asked for. */
export async function preview(
  { discord }: World,
  count: number,
  options: Readonly<Record<string, string>> = { application: 'site' },
): Promise<Message> {
  let answer: Message | null = null;
  const ask = async () => {
    const asked = await discord
      .actAs('rosa')
      .command('db kill-stale', { kind: 'idle', 'older-than': '1s', ...options }, here(discord));
    // In fast time an answer may be lost: Discord takes as long as ever.
    answer = await asked.final({ timeoutMs: 4_000 }).catch(() => null);
    return answer === null ? [] : [...labelsOf(answer), textOf(answer)];
  };
  await expect.poll(ask, { timeout: WAIT.timeoutMs, interval: 300 }).toContain(`Terminate ${count} sessions`);
  if (answer === null) throw new Error('no preview came');
  return answer;
}

export const here = ({ channels }: World['discord']) => ({ channelId: channels.alerts });

export function buttonsOf({ components }: Message) {
  return flattenComponents(components).filter(({ custom_id }) => custom_id !== undefined);
}

const labelsOf = (message: Message): readonly string[] => buttonsOf(message).map(({ label = '' }) => label);

/** The custom id of the red button. */
export function goId(message: Message): string {
  const red = buttonsOf(message).find(({ label = '' }) => GO.test(label));
  if (red?.custom_id === undefined) throw new Error(`there is no red button: ${textOf(message)}`);
  return red.custom_id;
}

/** A click on a custom id that no message has, or has no longer. */
export function forge(
  { discord }: World,
  customId: string,
  by: MemberName = 'rosa',
  where: { readonly guildId?: string; readonly dm?: boolean; readonly messageId?: string } = {},
): Promise<Outcome> {
  return discord.actAs(by).raw({ type: 3, data: { custom_id: customId, component_type: 2 } }, where);
}

/** The words of a refusal, which nobody but the asker sees. */
export async function refusalOf(outcome: Outcome): Promise<string> {
  const message = await outcome.final(WAIT);
  expect(message.flags & MESSAGE_FLAGS.ephemeral, `only the asker sees: ${textOf(message)}`).not.toBe(0);
  return textOf(message);
}

/** Waits until the message says it, and gives it as it is then. */
export async function becomes({ discord }: World, id: string, words: RegExp): Promise<Message> {
  const what = `the message that says ${words}`;
  return (await discord.waitForMessage((each) => each.id === id && words.test(textOf(each)), { ...WAIT, what }))
    .message;
}

/** What the audit channel holds of acts, oldest first: stage and words. */
export const auditOf = ({ discord }: World): readonly string[] => discord.messages(discord.channels.audit).map(textOf);

export const audited = ({ discord }: World, words: RegExp) =>
  discord.waitForMessage((each) => each.channel_id === discord.channels.audit && words.test(textOf(each)), {
    ...WAIT,
    what: `an act in the audit channel that says ${words}`,
  });

/** Gives its name. */
export async function openIncident({ discord }: World): Promise<string> {
  const opened = await discord.actAs('rosa').command('incident open', { title: 'full' }, here(discord));
  return footerOf(await opened.final(WAIT)).replace('incident · ', '');
}

/** The whole timeline, as the post-mortem has it. */
export async function timelineOf({ discord }: World, incident?: string): Promise<string> {
  const asked = await discord
    .actAs('rosa')
    .command('incident postmortem', { ...(incident !== undefined && { incident }) }, here(discord));
  const { id } = await asked.final(WAIT);
  const file = discord.world.messages.find(id)?.files.find(({ attachment }) => attachment.filename.endsWith('.md'));
  if (file === undefined) throw new Error('there is no post-mortem');
  return Buffer.from(file.data).toString();
}

/** Puts a run into the journal that this bot, not yet started, will find there: as a former life left it. */
export async function leaveInJournal({ env }: World, proposal: Partial<Proposal>): Promise<Confirmation> {
  const path = join(dirname(env['BREAKWATER_CONFIG'] ?? ''), 'breakwater.db');
  const log = createRecordedLog();
  const streams = await openStreams({
    redactor: createRedactor([]),
    journal: { kind: 'sqlite', path },
    clock: systemClock,
    log,
    onFatal: (reason) => {
      throw new Error(reason);
    },
  });
  const desk = await openConfirmations({ streams, clock: systemClock, log });
  const { summary = 'left', requestedBy = 'rosa', act = 'kill-stale', plan = null } = proposal;
  const left = await desk.propose({ act, database: 'main', plan, summary, requestedBy, typed: null });
  await streams.close();
  return left;
}

/** A plan over all sessions that fit the condition on pg_stat_activity, as they are now; `changed` lies about them. */
export async function planOf(world: KillWorld, where: string, changed: object = {}): Promise<KillPlan> {
  const [row] = await world.ask<{ readonly targets: KillPlan['targets'] }>(`
    select json_agg(json_build_object(
      'pid', pid, 'backendStart', ${utc('backend_start')}, 'userId', usesysid::bigint, 'databaseId', datid::bigint,
      'state', state, 'stateChange', ${utc('state_change')}, 'user', usename, 'database', datname, 'application', 'site',
      'applicationName', application_name, 'address', null, 'stateMs', 1000, 'ageMs', 1000)) as targets
    from pg_stat_activity where backend_type = 'client backend' and application_name <> 'truth' and ${where}`);
  const targets = (row?.targets ?? []).map((target) => Object.assign(target, changed));
  expect(targets.length).toBeGreaterThan(0);
  const criteria = { kind: 'idle', olderThanMs: 1_000, application: null } as const;
  return { criteria, targets, holders: { used: 5, usable: 18, max: 21, applications: [] } };
}

const utc = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00"')`;
