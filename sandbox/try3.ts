import { setTimeout as delay } from 'node:timers/promises';
import { setStage } from './stage/set-stage.ts';
import { textOf } from './drill/read-message.ts';
const stage = await setStage({ cluster: true } as never);
const t0 = Date.now();
const say = (...x: unknown[]) => console.log(`[${((Date.now()-t0)/1000).toFixed(1)}]`, ...x);
try {
  const { discord, cluster } = stage;
  const run = async (name: string, opts: object = {}) => { const a = Date.now(); const o = await discord.actAs('remy').command(name, { database: 'main', ...opts }, { channelId: discord.channels.alerts }); const m: any = await o.final({ timeoutMs: 30000 }); return `${Date.now()-a} ms: ` + textOf(m); };
  await delay(3000);
  const f = cluster!.kubernetes.faults;
  say('--- API hangs');
  const off = f.set({ kind: 'hang' } as never);
  f.closeSockets();
  await delay(1000);
  say(await run('db backup-run')); say(await run('db backup-status')); say(await run('db kill-stale'));
  say('connections', cluster!.kubernetes.connections());
  await delay(95000);
  say(discord.messages(discord.channels.alerts).map((x: any) => textOf(x)).join('\n====\n'));
  say(await run('db status'));
  await cluster!.kubelets && 0;
  off(); await delay(45000);
  say('after', discord.messages(discord.channels.alerts).map((x: any) => textOf(x).split('\n')[0]).join('\n'));
  say('connections', cluster!.kubernetes.connections());
  say('warn+', stage.lives.log().filter((l: any) => l.level >= 40).map((l: any) => JSON.stringify(l).slice(0, 300)).join('\n'));
  say('violations', JSON.stringify(discord.violations));
} finally { await stage.close(); }
