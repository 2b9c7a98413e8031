import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { setStage } from '../../../sandbox/stage/set-stage.ts';

const SCALE = 10;

it('starts the bot again after kill -9 with the same configuration, in a time that runs on', {
  timeout: 60_000,
}, async () => {
  const lost: (number | null)[] = [];
  await using started = new AsyncDisposableStack();
  const stage = await setStage({
    timeScale: SCALE,
    http: true,
    services: [{ name: 'website', url: 'http://127.0.0.1:1/', dependsOn: 'main', impact: 'the site' }],
    onBotLost: (_, status) => lost.push(status),
  });
  started.defer(() => stage.close());
  const first = stage.bot;
  await stage.lives.kill('SIGKILL');
  const second = stage.lives.launch();
  await second.log.waitFor(({ msg }) => msg === 'session held', { timeoutMs: 20_000 });

  expect(stage.bot).toBe(second);
  expect(second.pid).not.toBe(first.pid);
  const timeOf = (bot: typeof first) => Date.parse(String(bot.log.items[0]?.['time']));
  expect(timeOf(second)).toBeGreaterThan(timeOf(first));
  expect(timeOf(second) - stage.time.from).toBeGreaterThan(Date.now() - stage.time.from);
  expect(timeOf(second)).toBeLessThanOrEqual(stage.time.now());
  expect(stage.lives.log().filter(({ msg }) => msg === 'starting')).toHaveLength(2);
  expect(lost).toEqual([]);

  const config = readFileSync(join(dirname(stage.postgres.dataDirectory), 'breakwater.yaml'), 'utf8');
  expect(config).toContain(`http: { listen: "${new URL(stage.httpUrl ?? '').host}" }`);
  expect(config).toContain('services:\n  - { name: website, url: "http://127.0.0.1:1/"');
});
