import { describe, expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import { alertSays, askOrphaned, type ClusterWorld, endingNobody } from './cluster-world.ts';
import { audited, buttonsOf } from './kill-world.ts';
import { askStatus, logged, ready, start, type World } from './world.ts';

const LISTS = '/api/v1/pods?limit';

export function describeRefusals(worldOf: () => ClusterWorld): void {
  /** What is said of orphaned sessions where nobody can be told from another: no red button, and nobody is ended. */
  async function refusal(asked: World = worldOf()): Promise<string> {
    const shown = await endingNobody(worldOf(), () => askOrphaned(asked));
    expect(buttonsOf(shown).filter(({ label = '' }) => label.startsWith('Terminate'))).toEqual([]);
    return textOf(shown);
  }

  describe('/db kill-stale refuses', () => {
    it.each([
      [{ kind: 'refuse', code: 500 }, 'The API server answers with a fault'],
      [{ kind: 'drop' }, 'The connection to the API server broke'],
      [{ kind: 'hang' }, 'no answer within 10 s'],
    ] as const)('where the pods cannot be listed: %o', async (fault, reason) => {
      const { cluster, discord, postgres, env } = worldOf();
      const stop = cluster.kubernetes.faults.set({ ...fault, path: LISTS });
      const words = await refusal({ discord, postgres, env }).finally(stop);
      expect(words).toContain('nothing terminated, orphaned sessions unknown');
      expect(words).toContain(reason);
      await audited(worldOf(), /kill-stale on main: refused\norphaned sessions cannot be told from the others/);
    });

    it('without a cluster, and says what to write', async () => {
      const other = await worldOf().elsewhere({});
      const bot = start(other.env);
      await Promise.all([ready(bot), logged(bot, 'ready to act')]);
      expect(await refusal(other)).toContain('Write kubernetes with its podCidrs into the configuration');
      await bot.stop();
    });

    it('where no pod lies in the configured networks, and names one', async () => {
      const world = worldOf();
      const kubeconfig = world.cluster.kubernetes.kubeconfig('breakwater');
      const other = await world.elsewhere({ inCluster: { kubeconfig, podNetwork: '10.2.0.0/16' } });
      const bot = start(other.env);
      await Promise.all([ready(bot), logged(bot, 'ready to act')]);
      expect(await refusal(other)).toMatch(
        /none of its pods has an address in kubernetes\.podCidrs \(10\.2\.0\.0\/16\): pod default\/\S+ has 127\.20\./,
      );
      await bot.stop();
    });
  });

  it('without the API server the bot says that it is blind, and /db status goes on', async () => {
    const world = worldOf();
    const other = await world.elsewhere();
    const stop = world.cluster.kubernetes.faults.set({ kind: 'refuse', code: 500, path: '/api/v1/nodes' });
    // Half a minute is some seconds.
    const bot = start(other.env, { scale: 12, from: Date.now() });
    await ready(bot);
    const { message } = await alertSays(other, 'source-blind · breakwater · kubernetes', 'firing');
    expect(textOf(message)).toContain('has not reached Kubernetes for');
    const status = await askStatus(other);
    expect(status).toMatch(/\*\*\d+\*\* used/);
    expect(status).toContain('The API server answers with a fault');
    stop();
    await alertSays(other, 'source-blind · breakwater · kubernetes', 'resolved');
    await bot.stop();
  });
}
