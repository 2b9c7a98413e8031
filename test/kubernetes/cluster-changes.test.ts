import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import deployments from '../../sandbox/kubernetes/resources/deployments.ts';
import { HELD_REPLICAS, type ScaleChange } from '../../src/model/cluster-changes.ts';
import { type ChangesGround, createChangesGround, SET, SITE, workloadObject } from './changes-ground.ts';

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const OTHER = { team: 'web' };
const DONE = { kind: 'done' };
const refused = (words: string) => ({ kind: 'refused', reason: expect.stringContaining(words) as string });

function hold(ground: ChangesGround, parts: Partial<ScaleChange> = {}) {
  return ground.changes.scale({ reference: SITE, uid: ground.uid(), from: 3, to: 0, held: 'remember', ...parts });
}

function makeAnew({ server }: ChangesGround): void {
  server.api.delete(deployments, 'default', 'site', {});
  server.api.create(deployments, workloadObject('deployment'));
}

describe('scaling a workload', () => {
  it.each([
    ['no annotation at all', {}],
    ['other annotations', { annotations: OTHER }],
  ])('remembers its replicas in the same change, where there are %s', async (_, site) => {
    const ground = await createChangesGround({ site });
    expect(await hold(ground)).toEqual(DONE);
    expect(ground.site()).toMatchObject({ spec: { replicas: 0 } });
    expect(ground.site().metadata.annotations).toEqual({ ...('annotations' in site && OTHER), [HELD_REPLICAS]: '3' });
    expect(ground.patches()).toBe(1);
  });

  it('gives them back and forgets them in one change, and leaves the other annotations', async () => {
    const ground = await createChangesGround({ site: { annotations: OTHER } });
    await hold(ground);
    expect(await hold(ground, { from: 0, to: 3, held: 'forget' })).toEqual(DONE);
    expect(ground.site()).toMatchObject({ spec: { replicas: 3 }, metadata: { annotations: OTHER } });
    expect(ground.site().metadata.annotations).toEqual(OTHER);
    expect(ground.patches()).toBe(2);
  });

  it('forgets nothing where nothing is remembered', async () => {
    const ground = await createChangesGround();
    expect(await hold(ground, { to: 1, held: 'forget' })).toEqual(DONE);
    expect(ground.site().spec.replicas).toBe(1);
  });

  it('does not touch what is remembered when it is told to leave it', async () => {
    const ground = await createChangesGround({ site: { annotations: { [HELD_REPLICAS]: '7' } } });
    expect(await hold(ground, { held: 'leave' })).toEqual(DONE);
    expect(ground.site().metadata.annotations).toEqual({ [HELD_REPLICAS]: '7' });
  });

  it('does the same with a StatefulSet', async () => {
    const ground = await createChangesGround({ kind: 'statefulset' });
    expect(await hold(ground, { reference: SET })).toEqual(DONE);
    expect(ground.site()).toMatchObject({ spec: { replicas: 0 }, metadata: { annotations: { [HELD_REPLICAS]: '3' } } });
  });

  it.each<[string, Partial<ScaleChange>, string]>([
    ['the object was made anew', { uid: 'another' }, 'was deleted and made anew'],
    ['it has other replicas', { from: 2 }, 'wants 3 replicas by now, where it wanted 2'],
    ['it is not there', { reference: { ...SITE, name: 'nope' } }, 'The cluster has no such object'],
    ['it is no workload', { reference: { ...SITE, kind: 'cronjob' } }, 'is no workload'],
  ])('is refused without a write where %s', async (_, parts, words) => {
    const ground = await createChangesGround();
    expect(await hold(ground, parts)).toEqual(refused(words));
    expect(ground.site().spec.replicas).toBe(3);
    expect(ground.patches()).toBe(0);
  });

  it('never overwrites what is remembered', async () => {
    const ground = await createChangesGround({ site: { annotations: { [HELD_REPLICAS]: '7' } } });
    expect(await hold(ground)).toEqual(refused(`${HELD_REPLICAS} already, with "7"`));
    expect(ground.site()).toMatchObject({ spec: { replicas: 3 }, metadata: { annotations: { [HELD_REPLICAS]: '7' } } });
    expect(ground.patches()).toBe(0);
  });
});

describe('what somebody else does between the look and the write', () => {
  const scaleTo = (replicas: number) => (ground: ChangesGround) =>
    ground.change(({ spec }) => (spec.replicas = replicas));
  const remember = (ground: ChangesGround) =>
    ground.change(({ metadata }) => (metadata.annotations = { ...metadata.annotations, [HELD_REPLICAS]: '7' }));

  it.each<[string, (ground: ChangesGround) => void, Partial<ScaleChange>, object, string]>([
    ['scales it', scaleTo(5), {}, {}, 'wants 5 replicas by now'],
    ['makes it anew', makeAnew, {}, {}, 'was deleted and made anew'],
    ['holds it, where it had no annotation', remember, {}, {}, 'already, with "7"'],
    ['holds it, where it had others', remember, {}, { annotations: OTHER }, 'already, with "7"'],
    ['scales it while it is only scaled', scaleTo(5), { held: 'leave' }, {}, 'wants 5 replicas by now'],
  ])('%s: nothing is changed, and what is there now is told', async (_, act, parts, site, words) => {
    const ground = await createChangesGround({ meanwhile: act, site });
    const uid = ground.uid();
    expect(await hold(ground, { uid, ...parts })).toEqual(refused(words));
    expect(ground.site().spec.replicas).not.toBe(0);
    expect(ground.site().metadata.annotations?.[HELD_REPLICAS]).not.toBe('3');
    expect(ground.patches()).toBe(1);
  });

  function touch(ground: ChangesGround): void {
    ground.change(({ metadata }) => (metadata.labels = { at: String(ground.patches()) }));
  }

  it('forgets only what it read', async () => {
    const ground = await createChangesGround({ meanwhile: remember, site: { annotations: { [HELD_REPLICAS]: '2' } } });
    expect(await hold(ground, { to: 2, held: 'forget' })).toEqual(DONE);
    expect(ground.patches()).toBe(2);
    expect(ground.server.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'GET 200',
      'PATCH 422',
      'GET 200',
      'PATCH 200',
    ]);
  });

  it('does not matter where it only touches the status', async () => {
    const ground = await createChangesGround({ meanwhile: touch, times: 2 });
    expect(await hold(ground)).toEqual(DONE);
    expect(ground.patches()).toBe(3);
  });

  it('is left alone after three times', async () => {
    const ground = await createChangesGround({ meanwhile: touch, times: 9 });
    expect(await hold(ground)).toEqual(
      refused('each of 3 times default/deployment/site was no longer as it had just been seen'),
    );
    expect(ground.patches()).toBe(3);
  });
});

describe('restarting a workload', () => {
  const restart = (ground: ChangesGround, mark = 'run-1', uid = ground.uid()) =>
    ground.changes.restart(SITE, uid, mark);
  const template = ({ spec }: KubeObject): { annotations?: object; labels?: object } =>
    (spec.template as { metadata: object }).metadata;

  it.each([
    ['no annotations', undefined],
    ['others', OTHER],
    ['an older mark', { ...OTHER, [RESTARTED_AT]: 'run-0' }],
  ])('marks its pod template where that has %s, and nothing else', async (_, annotations) => {
    const ground = await createChangesGround();
    if (annotations) ground.change((site) => Object.assign(template(site), { annotations }));
    expect(await restart(ground)).toEqual(DONE);
    expect(template(ground.site())).toEqual({
      labels: { app: 'site' },
      annotations: { ...annotations, [RESTARTED_AT]: 'run-1' },
    });
    expect(ground.site()).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: annotations ? 3 : 2 } });
  });

  it('is one restart, however often it is asked for with the same mark', async () => {
    const ground = await createChangesGround();
    expect(await restart(ground)).toEqual(DONE);
    expect(await restart(ground)).toEqual(DONE);
    expect(ground.patches()).toBe(1);
  });

  it('is refused where the object was made anew, or is paused', async () => {
    const ground = await createChangesGround();
    expect(await restart(ground, 'run-1', 'another')).toEqual(refused('was deleted and made anew'));
    ground.change(({ spec }) => (spec.paused = true));
    expect(await restart(ground)).toEqual(refused('kubectl rollout resume'));
    expect(ground.patches()).toBe(0);
  });

  it('keeps an annotation that came between the look and the write', async () => {
    const ground = await createChangesGround({
      meanwhile: (given) => given.change((site) => Object.assign(template(site), { annotations: OTHER })),
    });
    expect(await restart(ground)).toEqual(DONE);
    expect(template(ground.site()).annotations).toEqual({ ...OTHER, [RESTARTED_AT]: 'run-1' });
  });

  it('does not restart what was made anew between the look and the write', async () => {
    const ground = await createChangesGround({ meanwhile: makeAnew });
    const uid = ground.uid();
    expect(await restart(ground, 'run-1', uid)).toEqual(refused('was deleted and made anew'));
    expect(template(ground.site()).annotations).toBeUndefined();
  });
});
