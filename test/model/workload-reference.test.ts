import { expect, it } from 'vitest';
import { formatWorkloadReference, parseWorkloadReference } from '../../src/model/workload-reference.ts';

it.each(['default/deployment/site', 'a-b/persistentvolumeclaim/postgres-storage.v2', 'x/cronjob/0'])(
  'reads %s and writes it back',
  (text) => {
    const reference = parseWorkloadReference(text);
    expect(reference && formatWorkloadReference(reference)).toBe(text);
  },
);

it.each([
  '',
  'site',
  'deployment/site',
  'a/b/c/d',
  'default/Deployment/site',
  'default/deployment/Site',
  'default//site',
  '-a/b/c',
])('refuses %j', (text) => {
  expect(parseWorkloadReference(text)).toBeNull();
});
