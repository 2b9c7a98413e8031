import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { footerOf, textOf, titleOf } from '../../sandbox/drill/read-message.ts';
import { fill } from '../support/fill.ts';
import { runSql } from '../support/postgres.ts';
import { askStatus, createWorld, defer, endAfterEach, HOSTILE, logged, playerOf, ready, start, WAIT } from './world.ts';

endAfterEach();

describe('the bot as a process', () => {
  it('registers in its guild only, once, and ends with 0 on SIGTERM', async () => {
    const { discord, env } = await createWorld();
    const first = start(env);
    await logged(first, 'commands registered');
    expect(await first.stop()).toBe(0);
    const second = start(env);
    expect(await logged(second, 'commands registered')).toMatchObject({ changed: false });
    expect(discord.requests.items.filter(({ method }) => method === 'PUT').map(({ route }) => route)).toEqual([
      '/applications/{application_id}/guilds/{guild_id}/commands',
    ]);
    expect(discord.violations).toEqual([]);
  });

  it.each([
    ['npm alone', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['the whole group', (pid: number) => process.kill(-pid, 'SIGTERM')],
  ])('ends with 0 and leaves no process when `npm start` gets SIGTERM: %s', async (_, terminate) => {
    const { env } = await createWorld();
    const npm = spawn('npm', ['start'], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(npm, 'exit');
    for await (const line of createInterface({ input: npm.stdout })) if (line.includes('commands registered')) break;
    terminate(npm.pid ?? 0);
    expect(await ended).toEqual([0, null]);
    // The group is empty: nothing is there to take a signal.
    expect(() => process.kill(-(npm.pid ?? 0), 0)).toThrow('ESRCH');
  });

  it('is up while PostgreSQL is down, says so, and recovers by itself', async () => {
    const world = await createWorld();
    await world.postgres.stop('fast');
    const bot = start(world.env);
    await logged(bot, 'commands registered');
    expect(await askStatus(world)).toMatch(/connections unknown[\s\S]*nothing listens there: PostgreSQL is stopped/);
    await world.postgres.restart();
    await logged(bot, 'session held');
    expect(await askStatus(world)).toMatch(/\d+ of 21 connections in use/);
  });

  it('fires while Discord is down and posts when it is back', async () => {
    const { discord, postgres, env } = await createWorld();
    const back = await discord.faults.set({ kind: 'down' });
    const bot = start(env);
    await logged(bot, 'not connected to Discord');
    await fill(playerOf(postgres, HOSTILE, 'hostile'), 16);
    await bot.log.waitFor(({ msg }) => msg === 'fired', WAIT);
    await back();
    const { message } = await discord.waitForMessage(
      (each) => footerOf(each) === 'connections-total · main · total',
      WAIT,
    );
    expect(titleOf(message)).toContain('firing');
    const keys = discord.messages(discord.channels.alerts).map(footerOf);
    expect(keys.filter((key) => key === 'connections-total · main · total')).toHaveLength(1);
  });

  it('ends on SIGTERM though nobody reads its log any more', async () => {
    const { env } = await createWorld();
    const bot = spawn(process.execPath, [fileURLToPath(new URL('../../src/main.ts', import.meta.url)), 'run'], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    defer(() => bot.kill('SIGKILL'));
    const ended = once(bot, 'exit');
    for await (const line of createInterface({ input: bot.stdout })) if (line.includes('commands registered')) break;
    bot.stdout.destroy();
    bot.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('ends with 1 and one clear line when the token is wrong, which no line repeats', async () => {
    const { env } = await createWorld();
    const bot = start({ ...env, DISCORD_TOKEN: 'not-the-token-at-all' });
    expect(await bot.exited).toBe(1);
    const fatal = bot.log.items.filter(({ level }) => level === 'fatal' || level === 'error');
    expect(fatal.map(({ msg }) => msg)).toEqual([expect.stringContaining('put the right one into DISCORD_TOKEN')]);
    expect(JSON.stringify(bot.log.items) + bot.stderr()).not.toContain('not-the-token-at-all');
  });

  it('has a last word by the fallback webhook when its token is wrong', async () => {
    const { discord, env } = await createWorld();
    const url = discord.fallbackWebhookUrl;
    const bot = start({ ...env, DISCORD_TOKEN: 'not-the-token-at-all', DISCORD_FALLBACK_WEBHOOK_URL: url });
    expect(await bot.exited).toBe(1);
    const texts = discord.messages(discord.channels.alerts).map(textOf);
    expect(texts).toEqual([expect.stringMatching(/cannot go on[\s\S]*put the right one into DISCORD\\?_TOKEN/)]);
    expect(JSON.stringify(bot.log.items) + bot.stderr()).not.toContain(url);
    expect(discord.violations).toEqual([]);
  });

  it('ends with 2 and every fault when the configuration is broken', async () => {
    const { env } = await createWorld();
    const path = env['BREAKWATER_CONFIG'] ?? '';
    const broken = (await readFile(path, 'utf8')).replace('port: ', 'prt: ').replace('calm: 1s', 'calm: 1');
    await writeFile(path, broken);
    const { DISCORD_TOKEN: _, ...withoutToken } = env;
    const bot = start(withoutToken);
    expect(await bot.exited).toBe(2);
    const faults = bot
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith(`${path}:`));
    expect(faults).toEqual([
      expect.stringMatching(/:\d+:\d+ .*DISCORD_TOKEN/),
      expect.stringMatching(/:\d+:\d+ databases\[0\]\.connection\.prt/),
      expect.stringMatching(/:\d+:\d+ databases\[0\]\.sampling\.calm/),
    ]);
  });

  it('ends with 1 and says what to write when another program listens where it is to serve', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    defer(() => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { env } = await createWorld({ httpPort: port });
    const bot = start(env);
    expect(await bot.exited).toBe(1);
    expect(bot.stderr()).toContain(`http.listen is 127.0.0.1:${port}: another program listens there already`);
  });

  it('ends with 1 and names the file when a certificate cannot be read', async () => {
    const { env } = await createWorld();
    const path = env['BREAKWATER_CONFIG'] ?? '';
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('connection: {', 'connection: { ssl: { ca: ./no.pem },'),
    );
    const bot = start(env);
    expect(await bot.exited).toBe(1);
    expect(bot.stderr()).toMatch(/^breakwater run failed: ENOENT.*no\.pem'\n$/);
  });

  it('prints a hostile name harmlessly, in status and alert', async () => {
    const world = await createWorld();
    const bot = start(world.env);
    await ready(bot);
    await fill(playerOf(world.postgres, HOSTILE, 'hostile'), 16);
    const isAlert = (each: Message) => footerOf(each) === 'connections-total · main · total';
    const { message } = await world.discord.waitForMessage(isAlert, WAIT);
    expect(textOf(message)).toContain('\\@\u2060everyone');
    expect(textOf(message)).not.toMatch(/@everyone|https:\/\/evil/);
    const text = await askStatus(world);
    expect(text).toContain('\\@\u2060everyone \\`x\\` \\*\\*b\\*\\*');
    expect(text).not.toMatch(/@everyone|https:\/\/evil/);
    const mentions = world.discord.requests.items.flatMap(({ json }) =>
      typeof json === 'object' && json !== null && 'allowed_mentions' in json ? [json.allowed_mentions] : [],
    );
    expect(mentions.length).toBeGreaterThan(0);
    const { onCall } = world.discord.roles;
    for (const allowed of mentions) expect([{ parse: [] }, { parse: [], roles: [onCall] }]).toContainEqual(allowed);
    expect(world.discord.violations).toEqual([]);
  });

  it('says at start, and in every status, that its counts are too low for want of a privilege', async () => {
    const world = await createWorld();
    await runSql(world.postgres.superuser, 'revoke pg_monitor from breakwater');
    const bot = start(world.env);
    expect(await logged(bot, 'its numbers are too low')).toMatchObject({ level: 'error', privilege: 'pg_monitor' });
    await ready(bot);
    expect(await askStatus(world)).toMatch(/too low[\s\S]*grant pg_monitor/i);
    expect(bot.log.items.filter(({ privilege }) => privilege === 'pg_monitor')).toHaveLength(1);
  });
});
