import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackupJobs } from '../../src/kubernetes/backup-jobs.ts';
import { createClient } from '../../src/kubernetes/client.ts';
import { createCluster } from '../../src/kubernetes/create-cluster.ts';
import { createObserver } from '../../src/kubernetes/observe.ts';
import { readStorage } from '../../src/kubernetes/read-storage.ts';
import { readWorkload } from '../../src/kubernetes/read-workload.ts';
import type { RecoveryStep, StepTools } from '../../src/recovery/step.ts';
import checkBackup from '../../src/recovery/steps/check-backup.ts';
import holdClient from '../../src/recovery/steps/hold-client.ts';
import proveStopped from '../../src/recovery/steps/prove-stopped.ts';
import releaseClient from '../../src/recovery/steps/release-client.ts';
import startServer from '../../src/recovery/steps/start-server.ts';
import stopServer from '../../src/recovery/steps/stop-server.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { makeKubeconfig } from '../kubernetes/world.ts';
import { type FakeApiServer, sendJson, sendStatus, startFakeApiServer } from '../support/fake-api-server.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { callOf, createFakeGround, type FakeGround, VOLUME } from './fake-ground.ts';

// The real reads against an API server that answers so to every request.
const ANSWERS: readonly [string, (response: ServerResponse, name: string) => void][] = [
  ['403', (response) => sendStatus(response, 403, 'Forbidden', 'you may not')],
  ['404', (response, name) => sendStatus(response, 404, 'NotFound', 'no such', { name })],
  ['409', (response) => sendStatus(response, 409, 'Conflict', 'it was changed')],
  ['429', (response) => void response.writeHead(429, { 'retry-after': '1' }).end('too many')],
  ['500', (response) => sendStatus(response, 500, 'InternalError', 'etcd')],
  ['an object of another kind', (response) => sendJson(response, 200, { kind: 'Cat', metadata: {} })],
  ['garbage', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  ['nothing', (response) => void response.destroy()],
];

const params = { workload: 'default/deployment/postgres', claim: 'default/persistentvolumeclaim/postgres-storage' };
const TRACE = {
  uid: 'uid-postgres',
  replicas: 1,
  pods: [{ uid: 'u', name: 'postgres-1', node: 'node-1' }],
  nodes: ['node-1'],
  volume: VOLUME,
  at: 1,
};
const BEFORE = { leases: { 'node-1': 1 }, at: 1 };
const HELD = { uid: 'uid-postgres', held: 1 };
const notes = { 'stop-server': TRACE, 'prove-stopped': BEFORE, 'hold-client:default/deployment/postgres': HELD };
const backup = { cronJob: 'default/cronjob/backup', maxAgeMs: 1, accepted: [] };

let server: FakeApiServer;
let tools: Pick<StepTools, 'cluster' | 'objects' | 'backups'>;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  server = await startFakeApiServer();
  const log = createRecordedLog();
  const client = createClient({ kubeconfig: makeKubeconfig(server), clock: systemClock });
  const observe = createObserver(systemClock, log);
  const cluster = createCluster({ client, clock: systemClock, random: Math.random, log, observe });
  tools = {
    cluster,
    objects: {
      readWorkload: (reference) => observe(() => readWorkload(client, reference)),
      readStorage: (claim) => observe(() => readStorage(client, systemClock, claim)),
      readEvents: undefined as never,
    },
    backups: createBackupJobs({ client, observe, clock: systemClock }),
  };
  closing.push(
    () => cluster.close(),
    () => client.close(),
    () => server.close(),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
});

function askedOf(step: RecoveryStep, own: object | null) {
  const ground: FakeGround = createFakeGround();
  const given = step.kind === 'check-backup' ? backup : params;
  const call = callOf(step, ground, { params: given, own: own as never, notes });
  return { ground, call: { ...call, tools: { ...ground.tools, ...tools } } };
}

describe.each(ANSWERS)('when Kubernetes answers %s', (_, answer) => {
  beforeAll(() =>
    server.intercept(({ path }, response) => {
      answer(response, path.slice(path.lastIndexOf('/') + 1));
      return true;
    }),
  );

  it.each([
    ['hold-client', holdClient, HELD],
    ['release-client', releaseClient, null],
    ['stop-server', stopServer, TRACE],
    ['stop-server before anything was noted', stopServer, null],
    ['prove-stopped', proveStopped, BEFORE],
    ['start-server', startServer, null],
    ['check-backup', checkBackup, null],
  ] as [string, RecoveryStep, object | null][])(
    '%s goes nowhere and changes nothing, and says why',
    async (_name, step, own) => {
      const { ground, call } = askedOf(step, own);
      const standing = await step.check(call);
      expect(['blocked', 'unknown']).toContain(standing.kind);
      expect(standing.saw).not.toBe('');
      const verified = await step.verify(call);
      expect(['failed', 'unknown', 'waiting']).toContain(verified.kind);
      expect(verified.saw).not.toBe('');
      if (step.undo) {
        expect(['blocked', 'unknown']).toContain((await step.undo.check(call)).kind);
        expect(['failed', 'unknown', 'waiting']).toContain((await step.undo.verify(call)).kind);
      }
      expect(ground.asked).toEqual([]);
    },
  );

  it('nothing is released on no answer, also where nobody asks before', async () => {
    const acts: readonly Pick<RecoveryStep, 'act'>[] = [holdClient.undo, releaseClient];
    for (const step of acts) {
      const { ground, call } = askedOf(holdClient, HELD);
      expect((await step.act(call)).kind).toBe('refused');
      expect(ground.asked).toEqual([]);
    }
  });
});

describe('what became of a change', () => {
  const changes = [
    { kind: 'refused', reason: 'HTTP 409' },
    { kind: 'unknown', reason: 'no answer within 10 s' },
  ] as const;

  it.each(changes)('is told as it is: $kind', async (change) => {
    const acts: [RecoveryStep, object | null][] = [
      [holdClient, HELD],
      [releaseClient, null],
      [stopServer, TRACE],
      [startServer, null],
    ];
    for (const [step, own] of acts) {
      const ground = createFakeGround({ change });
      ground.workloads = ground.workloads.map((each) => ({ ...each, heldReplicas: 1, desired: 0 }));
      const call = callOf(step, ground, { params, own: own as never, notes });
      expect(await step.act(call)).toEqual(change);
      expect(ground.asked).toHaveLength(1);
    }
  });
});
