import { describe, expect, it } from 'vitest';
import { createInterner } from '../../src/kubernetes/interner.ts';
import { createPodCache } from '../../src/kubernetes/pod-cache.ts';
import { trimPod } from '../../src/kubernetes/trim-pod.ts';
import { podObject } from './world.ts';

const intern = createInterner();
const pod = (name: string, given: Parameters<typeof podObject>[1] = {}) => trimPod(podObject(name, given), intern);
const NOW = Date.UTC(2020, 11, 11, 13, 24);
const HOUR_MS = 3_600_000;
const DEPLOYMENT = { kind: 'Deployment', name: 'site', revision: '14' };

function fill(...pods: readonly ReturnType<typeof pod>[]) {
  const cache = createPodCache();
  cache.replace(pods, NOW - 1, NOW);
  return cache;
}
const namesOf = (pods: readonly { readonly name: string }[]): readonly string[] => pods.map(({ name }) => name);

describe('the cache of pods', () => {
  it('keeps what went, with its address and its owner', () => {
    const cache = fill(pod('site-1', { ip: '10.2.0.7', replicaSet: 'site-rs' }), pod('site-2'));
    cache.applyOwners(new Map([['uid-site-rs', DEPLOYMENT]]));
    cache.remove(pod('site-1', { ip: '10.2.0.7', replicaSet: 'site-rs' }), NOW + 5);
    expect(namesOf(cache.pods())).toEqual(['site-2']);
    expect(cache.vanished(NOW + 5)).toMatchObject([
      { name: 'site-1', addresses: ['10.2.0.7'], owner: DEPLOYMENT, node: 'node-a', vanishedAt: NOW + 5 },
    ]);
  });

  it('keeps the address that a pod had, though its last state has none any more', () => {
    const cache = fill(pod('site-1', { ip: '10.2.0.7' }));
    cache.remove(pod('site-1', { ip: '' }), NOW);
    expect(cache.vanished(NOW)).toMatchObject([{ addresses: ['10.2.0.7'] }]);
  });

  it('keeps each address that a pod has left while it lives on, and the last when it goes', () => {
    const cache = fill(pod('site-1', { ip: '10.2.0.7' }));
    cache.put(pod('site-1', { ip: '10.2.0.8', version: 2 }), NOW + 1);
    cache.put(pod('site-1', { ip: '10.2.0.8', version: 3, phase: 'Failed' }), NOW + 2);
    cache.remove(pod('site-1', { ip: '', version: 4 }), NOW + 3);
    expect(cache.vanished(NOW + 3)).toMatchObject([
      { name: 'site-1', addresses: ['10.2.0.7'], vanishedAt: NOW + 1, livesOn: true },
      { name: 'site-1', addresses: ['10.2.0.8'], vanishedAt: NOW + 3 },
    ]);
    expect(cache.vanished(NOW + 3)[1]).not.toHaveProperty('livesOn');
  });

  it('takes a pod whose uid changed under its name for one that went and another that came', () => {
    const cache = fill(pod('db-0', { uid: 'old', ip: '10.2.0.7' }));
    cache.put(pod('db-0', { uid: 'new', ip: '10.2.0.8' }), NOW + 9);
    expect(cache.pods()).toMatchObject([{ uid: 'new' }]);
    expect(cache.vanished(NOW + 9)).toMatchObject([{ uid: 'old', addresses: ['10.2.0.7'], vanishedAt: NOW + 9 }]);
    expect(cache.remove(pod('db-0', { uid: 'old' }), NOW + 10)).toBe(false);
    expect(cache.pods()).toMatchObject([{ uid: 'new' }]);
  });

  it('takes what a new list lacks for gone since then, and itself for watching since that was asked for', () => {
    const cache = fill(pod('site-1'), pod('site-2'));
    expect(cache.watchedSince(NOW)).toBe(NOW - 1);
    cache.replace([pod('site-2')], NOW + 100, NOW + 110);
    expect(cache.vanished(NOW + 110)).toMatchObject([{ name: 'site-1', vanishedAt: NOW + 110 }]);
    expect(cache.watchedSince(NOW + 110)).toBe(NOW + 100);
  });

  it('tells one disappearance once', () => {
    const cache = fill(pod('site-1'));
    cache.replace([], NOW, NOW);
    cache.remove(pod('site-1'), NOW + 1);
    expect(cache.vanished(NOW + 1)).toMatchObject([{ name: 'site-1', vanishedAt: NOW }]);
  });

  it('leaves no address behind of a pod in the network of its node', () => {
    const object = podObject('proxy', { ip: '192.168.1.1' });
    const cache = fill(trimPod({ ...object, spec: { ...object.spec, hostNetwork: true } }, intern));
    cache.replace([], NOW, NOW);
    expect(cache.vanished(NOW)).toMatchObject([{ name: 'proxy', addresses: [] }]);
  });

  it('forgets what went a day ago, and all but the last 5,000', () => {
    const cache = fill(pod('old'));
    cache.replace([], NOW, NOW);
    expect(cache.vanished(NOW + 25 * HOUR_MS)).toEqual([]);
    const many = Array.from({ length: 5_100 }, (_, index) => pod(`pod-${index}`));
    cache.replace(many, NOW, NOW);
    cache.replace([], NOW, NOW + HOUR_MS);
    const vanished = cache.vanished(NOW + HOUR_MS);
    expect(vanished).toHaveLength(5_000);
    expect(vanished.at(-1)?.name).toBe('pod-5099');
  });

  it('does not claim to know who went before what it has forgotten', () => {
    const cache = fill(pod('site-1'));
    expect(cache.watchedSince(NOW + 25 * HOUR_MS)).toBe(NOW + HOUR_MS);
    cache.replace([pod('first')], NOW, NOW);
    cache.remove(pod('first'), NOW + 7);
    const many = Array.from({ length: 5_000 }, (_, index) => pod(`pod-${index}`));
    for (const each of many) cache.put(each, NOW);
    expect(cache.watchedSince(NOW + 9)).toBe(NOW);
    for (const each of many) cache.remove(each, NOW + 8);
    expect(cache.watchedSince(NOW + 9)).toBe(NOW + 7);
  });

  it('says whether anything changed: a heartbeat is none', () => {
    const cache = fill(pod('site-1'));
    expect(cache.put(pod('site-1', { version: 2 }), NOW)).toBe(false);
    expect(cache.put(pod('site-1', { phase: 'Failed' }), NOW)).toBe(true);
  });

  it('learns the owners of what is there and of what went, and knows them of what comes', () => {
    const cache = fill(pod('site-1', { replicaSet: 'rs' }), pod('site-2', { replicaSet: 'rs' }));
    cache.remove(pod('site-2', { replicaSet: 'rs' }), NOW);
    expect(cache.replicaSets()).toEqual(new Set(['uid-rs']));
    cache.applyOwners(new Map([['uid-rs', DEPLOYMENT]]));
    cache.put(pod('site-3', { replicaSet: 'rs' }), NOW);
    const owners = [...cache.pods(), ...cache.vanished(NOW)].map(({ owner }) => owner);
    expect(owners).toEqual([DEPLOYMENT, DEPLOYMENT, DEPLOYMENT]);
  });
});
