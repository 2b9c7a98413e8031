import { expect, it } from 'vitest';
import { describePods } from '../../src/model/describe-pods.ts';

const of = (name: string, revision: string | null, namespace = 'default') => ({
  address: '10.2.0.5',
  pod: { namespace, name, owner: revision === null ? null : 'Deployment/site', revision },
});

it('tells the pods of one rollout together, and those of another namespace or revision apart', () => {
  const targets = [of('a', '41'), of('a', '41'), of('b', '41'), of('c', '42'), of('d', '41', 'other')];
  expect(describePods(targets)).toBe('3 of site, revision 41 (2 pods), 1 of pod c, 1 of pod d');
});

it('names a pod without a rollout by itself, and who has none by the address; the rest is counted', () => {
  const nobody = { address: '10.2.0.9', pod: null };
  const targets = [nobody, nobody, nobody, of('a', null), of('a', null), of('b', null), of('c', null)];
  expect(describePods(targets)).toBe('3 of 10.2.0.9, 2 of pod a, 1 of pod b, 1 of others');
});
