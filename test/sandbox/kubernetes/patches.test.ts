import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '../../../sandbox/kubernetes/api/patch/json-patch.ts';
import { applyMergePatch } from '../../../sandbox/kubernetes/api/patch/merge-patch.ts';

describe('a merge patch', () => {
  // RFC 7386, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %o with %o is %o', (target, patch, result) => {
    expect(applyMergePatch(target, patch)).toEqual(result);
  });

  it('makes a key of what a prototype is called', () => {
    const result = applyMergePatch({}, JSON.parse('{"__proto__": {"a": 1}}'));
    expect(Object.keys(result as object)).toEqual(['__proto__']);
    expect(result).not.toHaveProperty('a');
  });

  it('changes neither of the two, and twice is once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const before = structuredClone([target, patch]);
        const once = applyMergePatch(target, patch);
        expect([target, patch]).toEqual(before);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });
});

describe('a JSON patch', () => {
  // RFC 6902, appendix A.
  it.each([
    [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    [{ foo: ['a', 'c'] }, [{ op: 'add', path: '/foo/1', value: 'b' }], { foo: ['a', 'b', 'c'] }],
    [{ foo: ['a'] }, [{ op: 'add', path: '/foo/-', value: ['b'] }], { foo: ['a', ['b']] }],
    [{ foo: ['a', 'b'] }, [{ op: 'remove', path: '/foo/0' }], { foo: ['b'] }],
    [{ a: 1 }, [{ op: 'replace', path: '/a', value: null }], { a: null }],
    [{ a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    [{ l: [1, 2, 3] }, [{ op: 'move', from: '/l/0', path: '/l/2' }], { l: [2, 3, 1] }],
    [{ a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
    [
      { 'm~n': 1, 'x/y': 2 },
      [
        { op: 'test', path: '/m~0n', value: 1 },
        { op: 'remove', path: '/x~1y' },
      ],
      { 'm~n': 1 },
    ],
    [{ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
  ])('of %o with %o is %o', (target, patch, result) => {
    const before = structuredClone(target);
    expect(applyJsonPatch(target, patch)).toEqual(result);
    expect(target).toEqual(before);
  });

  it.each([
    ['test', { op: 'test', path: '/a', value: 2 }],
    ['remove', { op: 'remove', path: '/nope' }],
    ['replace', { op: 'replace', path: '/nope', value: 1 }],
    ['add below nothing', { op: 'add', path: '/nope/x', value: 1 }],
    ['add behind the end', { op: 'add', path: '/l/4', value: 1 }],
    ['remove at the end', { op: 'remove', path: '/l/-' }],
    ['a padded index', { op: 'remove', path: '/l/00' }],
    ['move into itself', { op: 'move', from: '/o', path: '/o/x' }],
    ['move into itself, where another takes its place', { op: 'move', from: '/m/0', path: '/m/0/x' }],
    ['what is inherited', { op: 'remove', path: '/toString' }],
    ['an unknown operation', { op: 'nonsense', path: '/a' }],
    ['a path without a slash', { op: 'remove', path: 'a' }],
  ])('refuses %s where it cannot be', (_, operation) => {
    expect(() => applyJsonPatch({ a: 1, l: [1], m: [{}, {}], o: {} }, [operation])).toThrow(
      expect.objectContaining({ code: 422, reason: 'Invalid' }),
    );
  });
});
