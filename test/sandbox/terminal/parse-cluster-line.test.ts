import { describe, expect, it } from 'vitest';
import { renderHelp, renderWelcome } from '../../../sandbox/terminal/help.ts';
import { CLUSTER_VERBS, parseClusterLine } from '../../../sandbox/terminal/parse-cluster-line.ts';

describe('a line about the cluster', () => {
  it.each([
    ['rollout site', { verb: 'rollout', workload: 'site' }],
    ['abandon  site ', { verb: 'abandon', workload: 'site' }],
    ['scale site 3', { verb: 'scale', workload: 'site', replicas: 3 }],
    ['break redis', { verb: 'break', workload: 'redis' }],
    ['mend redis', { verb: 'mend', workload: 'redis' }],
    ['kill-node lke-node-2', { verb: 'kill-node', node: 'lke-node-2' }],
    ['revive-node lke-node-2', { verb: 'revive-node', node: 'lke-node-2' }],
    ['crash-pod metabase-1', { verb: 'crash-pod', pod: 'metabase-1' }],
    ['api outage', { verb: 'api', turns: 'outage' }],
    ['api back', { verb: 'api', turns: 'back' }],
    ['pods', { verb: 'pods' }],
    ['kubectl', { verb: 'kubectl', args: [] }],
    [
      `kubectl get pods -o custom-columns='A:.a, B:.b' "x y"`,
      { verb: 'kubectl', args: ['get', 'pods', '-o', 'custom-columns=A:.a, B:.b', 'x y'] },
    ],
  ])('%j is read', (line, act) => {
    expect(parseClusterLine(line)).toEqual({ act });
  });

  it.each(['scale site', 'scale site many', 'api', 'api down', 'abandon', 'rollout site now', 'pods site'])(
    '%j is answered with an example',
    (line) => {
      const verb = line.split(' ')[0] ?? '';
      expect(parseClusterLine(line)).toEqual({ reason: expect.stringMatching(`^As in: ${verb}`) as string });
    },
  );

  it.each(['crash', 'outage', 'kill', 'podsy'])('%j is about something else', (line) => {
    expect(parseClusterLine(line)).toBeNull();
  });
});

describe('the help', () => {
  it.each(CLUSTER_VERBS)('tells of %s where there is a cluster, and only there', (verb) => {
    const mentions = new RegExp(`\\b${verb}[ ,]`);
    expect(renderHelp({ inCluster: true })).toMatch(mentions);
    expect(renderHelp({ inCluster: false })).not.toMatch(mentions);
  });

  it('says that a session must be a minute old, and what to try first', () => {
    expect(renderHelp({ inCluster: true })).toContain('60 s old');
    expect(renderHelp({ inCluster: false })).not.toContain('abandon');
    expect(renderWelcome({ inCluster: true })).toMatch(/abandon site[^]*a minute[^]*\/db kill-stale/);
  });
});
