import { describe, expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import cronJobs from '../../sandbox/kubernetes/resources/cron-jobs.ts';
import { type ClusterWorld, jobsOf } from './cluster-world.ts';
import { audited, becomes, here } from './kill-world.ts';
import { logged, ready, start, WAIT, type World } from './world.ts';

export function describeBackups(worldOf: () => ClusterWorld): void {
  /** What the next backups take and say. */
  function takes({ cluster }: ClusterWorld, seconds: number, bytes: number): void {
    cluster.kubernetes.api.change(cronJobs, 'default', 'blackbox', ({ spec }) => {
      const env = { PGDATABASE: 'postgres', BACKUP_SECONDS: String(seconds), BACKUP_BYTES: String(bytes) };
      const [container] = spec.jobTemplate.spec.template.spec.containers;
      container.env = Object.entries(env).map(([name, value]) => ({ name, value }));
    });
  }

  async function run({ discord }: World, by: 'rosa' | 'ada') {
    const asked = await discord.actAs(by).command('db backup-run', {}, here(discord));
    return asked.final(WAIT);
  }

  describe('/db backup-run', () => {
    it('goes on in the same message when the bot was killed and started in the middle', async () => {
      const world = worldOf();
      const other = await world.elsewhere();
      takes(world, 5, 50_000_000);
      const first = start(other.env);
      await ready(first);
      const shown = await run(other, 'rosa');
      expect(textOf(shown)).toContain('backup is starting…');
      await becomes(other, shown.id, /backup is running…/);
      first.kill('SIGKILL');
      await first.exited;

      const second = start(other.env);
      await logged(second, 'session held');
      const over = textOf(await becomes(other, shown.id, /backup succeeded in \d s/));
      expect(over).toContain('Size: **47.7 MiB**; there is none before it to compare with');
      expect(over).toContain('size_bytes=50000000');
      await audited(other, /backup on main: done\n\S+ succeeded in \d s/);
      expect(jobsOf(world.cluster)).toHaveLength(1);
      expect(other.discord.violations).toEqual([]);
      await second.stop();
    });

    it('by two members at once is one Job, and both messages follow it to its end', async () => {
      const world = worldOf();
      takes(world, 1.5, 60_000_000);
      const before = jobsOf(world.cluster).length;
      const shown = await Promise.all([run(world, 'rosa'), run(world, 'ada')]);
      const words = await Promise.all(
        shown.map(async ({ id }) => textOf(await becomes(world, id, /backup succeeded in/))),
      );
      expect(jobsOf(world.cluster)).toHaveLength(before + 1);
      const hows = words.map((each) => /\n(Started|One was running already: joined) by /.exec(each)?.[1]);
      expect(new Set(hows)).toEqual(new Set(['One was running already: joined', 'Started']));
      for (const each of words)
        expect(each).toContain('Size: **57.2 MiB**, 20 % more than the one before it (47.7 MiB)');
    });
  });
}
