import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/kubernetes/faults.ts';
import { seen } from '../../src/model/observed.ts';
import type { PlanStep, RecoveryPlan } from '../../src/recovery/plan.ts';
import { judgeSessions, toShown } from '../../src/recovery/sessions-to-end.ts';
import restart from '../../src/recovery/strategies/restart.ts';
import { viewRun } from '../../src/recovery/view-run.ts';
import { renderRun } from '../../src/render/recover-message.ts';
import { OWNERS, SERVER } from '../support/gentle-rungs.ts';
import { SITE } from '../support/place-builders.ts';
import { recoverySettings } from '../support/recovery-facts.ts';
import { type Campaign, type Phase, runThrough } from './fault-campaign.ts';
import { LEFTOVER } from './fault-world.ts';

// The real runner, steps, ports and HTTP client, against an API server that answers so to every request of one phase of each step.

const FAULTS: readonly [string, Fault, RegExp][] = [
  ['403', { kind: 'refuse', code: 403 }, /The bot may not do this in the cluster, grant it in its role/],
  ['404', { kind: 'refuse', code: 404 }, /no such object|does not serve|not in the cluster|does not exist|is gone/],
  ['409', { kind: 'refuse', code: 409 }, /It was changed by somebody else in the meantime/],
  ['429', { kind: 'busy', retryAfterSeconds: null }, /The API server is too busy to answer/],
  ['429 with Retry-After', { kind: 'busy', retryAfterSeconds: 2 }, /The API server is too busy to answer/],
  ['500', { kind: 'refuse', code: 500 }, /The API server answers with a fault/],
  ['garbage', { kind: 'garbage' }, /something that is no JSON/],
  ['nothing', { kind: 'hang' }, /The API server gave no answer within \d+ s/],
  ['a reset', { kind: 'drop' }, /The connection to the API server broke/],
];
/** What may be answered though the change was made. */
const LOST: readonly [string, Fault][] = [
  ['500', { kind: 'refuse', code: 500, when: 'after' }],
  ['garbage', { kind: 'garbage', when: 'after' }],
  ['nothing', { kind: 'hang', when: 'after' }],
  ['a reset', { kind: 'drop', when: 'after' }],
];

/** A plan, the steps of which ask Kubernetes in each phase, and what it comes to in the end. */
interface Way {
  readonly plan: RecoveryPlan;
  readonly undoneAt: string | null;
  readonly asks: Readonly<Record<Phase, readonly string[]>>;
  /** Those that change something in Kubernetes. */
  readonly changes: readonly string[];
  readonly effects: readonly string[];
}

const BOT = { ...SITE, name: 'bot' };
const scope = { application: 'site', kind: 'leftovers', owners: OWNERS, protect: [], server: SERVER };
const shown = judgeSessions('site', {
  sessions: [LEFTOVER],
  sessionsAt: 0,
  poolerPids: seen(new Set<number>(), 0),
  applications: OWNERS,
  protect: [],
}).map(toShown);

const outlined = restart.outline(recoverySettings({ dependents: [SITE, BOT] }));
const RESTART = planOf('restart', outlined.kind === 'steps' ? outlined.steps : []);
const RENEW = planOf('restart-application', [
  { id: 'stop-application', kind: 'stop-application', params: { workload: { ...SITE } } },
  { id: 'terminate-sessions', kind: 'terminate-sessions', params: scope, shown },
  {
    id: 'start-application',
    kind: 'start-application',
    params: { workload: { ...SITE }, stoppedBy: 'stop-application' },
  },
  { id: 'restart-rollout', kind: 'restart-rollout', params: { workload: { ...BOT } } },
]);
const SERVER_STEPS = ['hold-client', 'stop-server', 'prove-stopped', 'start-server', 'release-client'];

const WAYS: readonly [string, Way][] = [
  [
    'restart',
    {
      plan: RESTART,
      undoneAt: null,
      asks: {
        check: ['check-backup', ...SERVER_STEPS],
        act: SERVER_STEPS.filter((kind) => kind !== 'prove-stopped'),
        verify: ['check-backup', ...SERVER_STEPS, 'check-workloads'],
      },
      changes: SERVER_STEPS.filter((kind) => kind !== 'prove-stopped'),
      effects: ['bot 2 → 0', 'site 3 → 0', 'postgres 1 → 0', 'postgres 0 → 1 beside 0', 'site 0 → 3', 'bot 0 → 2'],
    },
  ],
  [
    'restart, undone before the start',
    {
      plan: RESTART,
      undoneAt: 'start-server',
      asks: {
        check: ['stop-server', 'hold-client'],
        act: ['stop-server', 'hold-client'],
        verify: ['stop-server', 'hold-client'],
      },
      changes: ['stop-server', 'hold-client'],
      effects: ['bot 2 → 0', 'site 3 → 0', 'postgres 1 → 0', 'postgres 0 → 1 beside 0', 'site 0 → 3', 'bot 0 → 2'],
    },
  ],
  [
    'restart-application',
    {
      plan: RENEW,
      undoneAt: null,
      asks: {
        check: ['stop-application', 'terminate-sessions', 'start-application', 'restart-rollout'],
        act: ['stop-application', 'terminate-sessions', 'start-application', 'restart-rollout'],
        // Sessions that are gone are gone, whatever the pods are.
        verify: ['stop-application', 'start-application', 'restart-rollout'],
      },
      changes: ['stop-application', 'start-application', 'restart-rollout'],
      effects: ['site 3 → 0', 'ended 1', 'site 0 → 3', 'bot 2 → 2, restarted'],
    },
  ],
  [
    'restart-application, undone before the start',
    {
      plan: RENEW,
      undoneAt: 'start-application',
      asks: { check: ['stop-application'], act: ['stop-application'], verify: ['stop-application'] },
      changes: ['stop-application'],
      effects: ['site 3 → 0', 'ended 1', 'site 0 → 3'],
    },
  ],
];

const PHASES: readonly Phase[] = ['check', 'act', 'verify'];

describe.each(WAYS)('%s', (_, { plan, undoneAt, asks, changes, effects }) => {
  const isWell = ({ run, ...campaign }: Campaign): void => {
    expect(run.state).toMatchObject(undoneAt === null ? { kind: 'done' } : { kind: 'ended', undone: true });
    expect([campaign.effects, campaign.held, campaign.faults]).toEqual([effects, [], []]);
  };

  describe.each(FAULTS)('when Kubernetes answers %s', (__, fault, words) => {
    it.each(PHASES)('to %s: stops there, says so, and goes on when it is over, nothing done twice', async (phase) => {
      const campaign = await runThrough(plan, { phase, fault }, undoneAt);
      expect(listStopped(campaign)).toEqual(asks[phase]);
      for (const { kind, stopped } of campaign.struck) if (stopped) expectTold(campaign, kind, stopped, words);
      isWell(campaign);
    });

    it('to the change alone: is not done, or not known to be', async () => {
      const campaign = await runThrough(plan, { phase: 'act', fault: { ...fault, method: 'PATCH' } }, undoneAt);
      expect(listStopped(campaign)).toEqual(changes);
      for (const { kind, stopped } of campaign.struck) if (stopped) expectTold(campaign, kind, stopped, words);
      isWell(campaign);
    });
  });

  it.each(LOST)('goes on where a change was made and its answer is %s: the world says so', async (__, fault) => {
    const campaign = await runThrough(plan, { phase: 'act', fault: { ...fault, method: 'PATCH' } }, undoneAt);
    expect(listStopped(campaign)).toEqual([]);
    expect(campaign.struck.filter(({ asked }) => asked > 0).map(({ kind }) => kind)).toEqual(changes);
    isWell(campaign);
  });
});

const PROVING = ['stop-server', 'prove-stopped', 'start-server'];

it.each<[string, readonly string[], readonly string[]]>([
  ['/api/v1/pods', PROVING, ['hold-client', ...PROVING]],
  ['/api/v1/nodes', PROVING, ['hold-client', ...PROVING]],
  ['/persistentvolumeclaims/', PROVING, ['prove-stopped']],
  ['/persistentvolumes/', PROVING, ['prove-stopped']],
  ['/leases/', ['prove-stopped', 'start-server'], ['prove-stopped']],
  ['/volumeattachments', PROVING, ['prove-stopped']],
])('a restart that cannot read %s alone stops where it hangs on it', async (path, check, verify) => {
  const fault: Fault = { kind: 'refuse', code: 500, path, method: 'GET' };
  for (const [phase, kinds] of [
    ['check', check],
    ['verify', verify],
  ] as const) {
    const campaign = await runThrough(RESTART, { phase, fault });
    expect.soft([phase, listStopped(campaign)]).toEqual([phase, kinds]);
    expect(campaign.run.state.kind).toBe('done');
  }
});

it('evidence that cannot be had is listed as a gap, and keeps no database down', async () => {
  const { struck } = await runThrough(RESTART, { phase: 'act', fault: { kind: 'refuse', code: 403 } });
  expect(struck.find(({ kind }) => kind === 'capture-evidence')).toMatchObject({ stopped: null });
});

/** In the order in which they were met. */
function listStopped({ struck }: Campaign): readonly string[] {
  return struck.filter(({ stopped }) => stopped !== null).map(({ kind }) => kind);
}

/** The message says which step it is, what is true, what can be pressed, and how to go on by hand. */
function expectTold(
  { catalogue, now }: Campaign,
  kind: string,
  stopped: NonNullable<Campaign['struck'][number]['stopped']>,
  words: RegExp,
): void {
  const view = viewRun(stopped, { steps: catalogue, strategies: [] }, now);
  const { embed, buttons, attachments = [] } = renderRun(view);
  const step = view.byHand.find((each) => each.step.kind === kind);
  const told = embed?.description ?? '';
  expect(told).toMatch(words);
  expect(told).toMatch(/❌ \*\*|❔ \*\*Outcome unknown:\*\*/);
  expect(told).not.toMatch(/<html|undefined|\[object/);
  expect(buttons?.map(({ label }) => label)).toContain('Retry');
  const { commands = [] } = step ?? {};
  expect(commands.length, `how to do ${kind} by hand`).toBeGreaterThan(0);
  const file = new TextDecoder().decode(attachments[0]?.data);
  for (const { run } of commands) if (run !== null) expect(file).toContain(run);
}

function planOf(strategy: RecoveryPlan['strategy'], steps: readonly PlanStep[]): RecoveryPlan {
  return { database: 'main', strategy, target: null, approval: 'second', steps, warnings: [], overrides: [] };
}
