import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { choosePort } from '../../sandbox/postgres/choose-port.ts';
import { PASSWORDS, WEBHOOK_TOKEN } from '../../sandbox/stage/bot-environment.ts';
import { fill } from '../support/fill.ts';
import { createWorld, endAfterEach, playerOf, ready, start, WAIT, type World } from './world.ts';

endAfterEach();

const LINODE_TOKEN = 'linode-token-of-no-value';
const HOOK_TOKEN = 'fallback-webhook-token-of-no-value';

/** Each is said by somebody in every place where a stranger may put words: the bot passes none of them on. */
describe('the secrets of the bot as a process', () => {
  it('leave neither in its log, nor in its journal, nor in its answers, nor to Discord', async () => {
    const httpPort = choosePort();
    const world = await createWorld({ httpPort, extra: '    volume: { provider: linode, id: "123456" }' });
    const { token } = world.discord;
    const secrets = [token, LINODE_TOKEN, WEBHOOK_TOKEN, HOOK_TOKEN, ...Object.values(PASSWORDS)];
    const bot = start({
      ...world.env,
      LINODE_TOKEN,
      DISCORD_FALLBACK_WEBHOOK_URL: `${new URL(world.discord.apiUrl).origin}/api/webhooks/1/${HOOK_TOKEN}`,
      LOG_LEVEL: 'debug',
    });
    await ready(bot);
    // In the database: names of applications; by a webhook: words, names, labels.
    for (const secret of secrets) {
      const player = playerOf(world.postgres, 'breakwater', PASSWORDS.breakwater, secret.slice(0, 63));
      await fill(player, 1);
    }
    await sendAlert(httpPort, secrets.join(' and '));
    for (const secret of secrets) await sendAlert(httpPort, `a secret: ${secret}`);
    await world.discord.waitForMessage(({ embeds }) => JSON.stringify(embeds).includes('a secret'), WAIT);
    const asked = await world.discord.actAs('remy').command('db status', { database: secrets[0] ?? '' });
    await asked.final(WAIT);
    await world.discord.actAs('remy').command('alert list', {});
    await respond(world, secrets.join(' or '));
    const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
    await bot.stop();

    const journal = await readFile(join(dirname(world.env['BREAKWATER_CONFIG'] ?? ''), 'breakwater.db'), 'latin1');
    const sent = world.discord.requests.items.map(({ json }) => JSON.stringify(json) ?? '').join('\n');
    const files = listFiles(world);
    const log = bot.log.items.map((line) => JSON.stringify(line)).join('\n');
    for (const text of [sent, journal, files]) expect(text).toContain('[redacted]');
    for (const secret of secrets) {
      for (const [place, text] of Object.entries({ log, sent, journal, metrics, files })) {
        expect(`${place}: ${text.includes(secret) ? secret : 'clean'}`).toBe(`${place}: clean`);
      }
    }
  });
});

/** All that a responder can ask for, each with the secrets in it. */
async function respond({ discord }: World, words: string): Promise<void> {
  const rosa = discord.actAs('rosa');
  const ask = async (line: string, options: Readonly<Record<string, string>>) =>
    (await rosa.command(line, options, { channelId: discord.channels.alerts })).final(WAIT);
  await ask('incident open', { title: words.slice(0, 100) });
  await ask('incident note', { text: words });
  const listed = await ask('db connections', {});
  await (await rosa.click(listed.id, 'CSV')).final(WAIT);
  await ask('db locks', {});
  // They have to be idle for a second first.
  await expect
    .poll(async () => JSON.stringify(await ask('db kill-stale', { kind: 'idle', 'older-than': '1s' })), {
      timeout: WAIT.timeoutMs,
    })
    .toContain('Terminate 6 sessions');
  const preview = discord
    .messages(discord.channels.alerts)
    .findLast((each) => JSON.stringify(each).includes('Terminate 6'));
  await rosa.click(preview?.id ?? '', 'Terminate 6 sessions');
  await discord.waitForMessage((each) => textOf(each).includes('terminated 6'), WAIT);
  await ask('incident close', { severity: 'sev3', impact: words });
  await ask('incident postmortem', { incident: await onlyIncident(discord) });
}

async function onlyIncident(discord: World['discord']): Promise<string> {
  const { choices } = await discord.actAs('rosa').autocomplete('incident postmortem', { incident: '' }, 'incident');
  return choices[0]?.value.toString() ?? '';
}

function listFiles({ discord }: World): string {
  const stored = [...discord.world.channels.keys()].flatMap((id) =>
    discord.world.messages.list(id, { ephemeral: true }),
  );
  return stored.flatMap(({ files }) => files.map(({ data }) => Buffer.from(data).toString('latin1'))).join('\n');
}

async function sendAlert(port: number, words: string): Promise<void> {
  const labels = { alertname: words.slice(0, 150), severity: 'warning', instance: words };
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      version: '4',
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          labels,
          annotations: { summary: words, description: words },
          startsAt: '2026-01-01T00:00:00Z',
        },
      ],
    }),
  });
  expect(response.status).toBe(200);
}
