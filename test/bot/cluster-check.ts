import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import persistentVolumes from '../../sandbox/kubernetes/resources/persistent-volumes.ts';
import type { CheckFinding } from '../../src/model/check-finding.ts';
import { type ClusterWorld, runCheck } from './cluster-world.ts';

export function describeCheck(worldOf: () => ClusterWorld): void {
  describe('breakwater check', () => {
    it('finds no fault where all is well', async () => {
      const { status, output } = await runCheck(worldOf().env, '--json');
      const { ok, findings } = JSON.parse(output) as { ok: boolean; findings: readonly CheckFinding[] };
      expect(findings.filter(({ level }) => level === 'fault')).toEqual([]);
      expect([status, ok]).toEqual([0, true]);
      expect(new Set(findings.map(({ area }) => area)).size).toBe(4);
    });

    it('finds three faults of three worlds, each with what mends it, and warns of a volume that is not kept', async () => {
      const { output, status } = await withFaults(worldOf(), (env) => runCheck(env, '--json'));
      const { ok, findings } = JSON.parse(output) as { ok: boolean; findings: readonly CheckFinding[] };
      expect([status, ok]).toEqual([1, false]);
      const told = (level: CheckFinding['level']) =>
        findings.filter((each) => each.level === level).map(({ area, what, mend }) => [area, what, mend]);
      const saying = (words: string): string => expect.stringContaining(words) as string;
      expect(told('fault')).toEqual([
        ['discord', saying('Embed Links'), saying('#audit')],
        ['postgres', saying('pg_signal_backend'), saying('GRANT pg_signal_backend TO "breakwater";')],
        ['kubernetes', saying('ENOENT'), saying('kubectl')],
      ]);
      expect(told('warning')).toContainEqual([
        'kubernetes',
        saying('is Delete'),
        saying('kubectl patch persistentvolume'),
      ]);
    });
  });
}

/** In Discord, in PostgreSQL, in the configuration and in the cluster; mended afterwards. */
export async function withFaults<T>(
  { cluster, discord, stage, env }: ClusterWorld,
  act: (env: ClusterWorld['env']) => Promise<T>,
): Promise<T> {
  const { api } = cluster.kubernetes;
  const volume = api.list(persistentVolumes, null)[0]?.metadata.name ?? '';
  const keep = (policy: string) =>
    api.change(persistentVolumes, null, volume, ({ spec }) => void (spec.persistentVolumeReclaimPolicy = policy));
  const path = env['BREAKWATER_CONFIG'] ?? '';
  const config = await readFile(path, 'utf8');
  keep('Delete');
  discord.world.forbidBot(discord.channels.audit, ['EMBED_LINKS']);
  await writeFile(path, config.replace('    claim:', '    manifest: ./postgres.yaml\n    claim:'));
  await stage.observer.run('revoke pg_signal_backend from breakwater');
  try {
    return await act(env);
  } finally {
    await stage.observer.run('grant pg_signal_backend to breakwater');
    await writeFile(path, config);
    discord.world.forbidBot(discord.channels.audit, []);
    keep('Retain');
  }
}
