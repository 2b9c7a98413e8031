import { describe, expect, it } from 'vitest';
import { findName, shortenNames } from '../../src/render/short-names.ts';

const titled = (...titles: string[]) => titles.map((title) => ({ title }));
const STEPS = titled('Hold default/deployment/site at 0', 'Scale default/statefulset/pg-main.a back, twice');

describe('short names of workloads', () => {
  it.each([
    ['default/deployment/site is at 0', 'site is at 0'],
    ['gone: default/statefulset/pg-main.a.', 'gone: pg-main.a.'],
    ['(default/deployment/site; default/deployment/redis)', '(site; default/deployment/redis)'],
    [
      'other/deployment/site and https://x.example/default/deployment/site',
      'other/deployment/site and https://x.example/default/deployment/site',
    ],
    [
      'default/deployment/site-2 and default/deployment/site/scale',
      'default/deployment/site-2 and default/deployment/site/scale',
    ],
  ])('%s', (text, short) => {
    expect(shortenNames(text, STEPS)).toBe(short);
  });

  it('are not used where two have the same', () => {
    const steps = titled('Hold default/deployment/site at 0', 'Hold other/deployment/site at 0');
    expect(shortenNames('Hold other/deployment/site at 0', steps)).toBe('Hold other/deployment/site at 0');
  });

  it('say which workload a step is about', () => {
    expect(findName('stop-application:default/deployment/site x')).toBe('site');
    expect(findName('Limit role site to 32 connections')).toBeNull();
  });
});
