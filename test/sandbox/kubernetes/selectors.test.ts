import { describe, expect, it } from 'vitest';
import {
  matchesSelector,
  parseLabelSelector,
  printSelector,
} from '../../../sandbox/kubernetes/api/selectors/label-selector.ts';

const LABELS = { app: 'pg', 'app.kubernetes.io/name': 'postgres', empty: '' };

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['nope', false],
    ['!nope', true],
    ['app=pg', true],
    ['app == pg', true],
    ['app!=pg', false],
    ['nope!=pg', true],
    ['app.kubernetes.io/name=postgres', true],
    ['empty=', true],
    ['app in (web, pg)', true],
    ['app notin (web,pg)', false],
    ['nope notin (a)', true],
    ['nope in ()', false],
    ['app=pg,nope', false],
    ['app in (web,pg),!nope,empty', true],
  ])('%s: %s', (text, matches) => {
    expect(parseLabelSelector(text)(LABELS)).toBe(matches);
  });

  it.each([
    ['a===b', "found '='"],
    ['a in b', /unable to parse/],
    ['=b', /unable to parse/],
  ])('refuses %s', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });
});

describe('the selector of a spec', () => {
  it('is printed as a query names it', () => {
    const selector = {
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['y', 'x'] },
        { key: 'd', operator: 'DoesNotExist' },
      ],
    };
    expect(printSelector(selector)).toBe('a=1,b=2,c in (x,y),!d');
  });

  it('matches everything when it is empty, and nothing when there is none', () => {
    expect([matchesSelector({}, LABELS), matchesSelector(undefined, LABELS)]).toEqual([true, false]);
  });
});
