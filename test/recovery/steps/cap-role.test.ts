import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/model/observed.ts';
import capRole from '../../../src/recovery/steps/cap-role.ts';
import { NOW } from '../../support/builders.ts';
import { createFakeWorld, roleLimit, SERVER, SILENT, stepCall } from '../../support/gentle-rungs.ts';

const PARAMS = { role: 'site', to: 32, server: SERVER };
const limitedTo = (limit: number) => createFakeWorld({ roles: seen([roleLimit({ limit })], NOW) });

describe('the limit of a role', () => {
  it('is set, with the one before noted first', async () => {
    const world = limitedTo(50);
    const standing = await capRole.check(stepCall(PARAMS, world));
    expect(standing).toEqual({ kind: 'ready', saw: 'site is limited to 50', note: { from: 50 } });
    await capRole.act(stepCall(PARAMS, world, { own: { from: 50 } }));
    expect(world.done).toEqual(['limit site 50 → 32']);
  });

  it.each([32, 20, 0])('of %s is tight enough, and left as it is', async (limit) => {
    expect((await capRole.check(stepCall(PARAMS, limitedTo(limit)))).kind).toBe('acted');
    expect((await capRole.verify(stepCall(PARAMS, limitedTo(limit)))).kind).toBe('holds');
  });

  it('keeps its note when it is looked at again after a crash', async () => {
    const call = stepCall(PARAMS, limitedTo(32), { own: { from: -1 } });
    expect(await capRole.check(call)).toMatchObject({ kind: 'acted', note: { from: -1 } });
  });

  it.each([
    ['a superuser', seen([roleLimit({ superuser: true })], NOW), 'blocked', 'superuser'],
    [
      'a role that Breakwater may not change',
      seen([roleLimit({ alterable: false })], NOW),
      'blocked',
      'ALTER ROLE "site" CONNECTION LIMIT 32;',
    ],
    ['a role that is not there', seen([], NOW), 'blocked', 'no role site'],
    ['another role', seen([roleLimit({ role: 'bot' })], NOW), 'blocked', 'no role site'],
    ['what cannot be read', SILENT, 'unknown', 'no answer within 5 s'],
  ] as const)('of %s is not touched', async (_, roles, kind, words) => {
    const standing = await capRole.check(stepCall(PARAMS, createFakeWorld({ roles })));
    expect(standing).toMatchObject({ kind, saw: expect.stringContaining(words) });
  });

  it('is not set where the one before was not noted', async () => {
    const world = limitedTo(-1);
    expect((await capRole.act(stepCall(PARAMS, world))).kind).toBe('refused');
    expect((await capRole.undo.act(stepCall(PARAMS, world))).kind).toBe('refused');
    expect(world.done).toEqual([]);
  });

  it.each([
    [limitedTo(32), 'holds'],
    [limitedTo(-1), 'waiting'],
    [limitedTo(50), 'waiting'],
    [createFakeWorld({ roles: seen([], NOW) }), 'failed'],
    [createFakeWorld({ roles: SILENT }), 'unknown'],
  ])('is read again after it was set (%#)', async (world, kind) => {
    expect((await capRole.verify(stepCall(PARAMS, world, { own: { from: -1 } }))).kind).toBe(kind);
  });
});

describe('taking a limit back', () => {
  it('restores what was there before', async () => {
    const world = limitedTo(32);
    const call = stepCall(PARAMS, world, { own: { from: -1 } });
    expect((await capRole.undo.check(call)).kind).toBe('ready');
    await capRole.undo.act(call);
    expect(world.done).toEqual(['limit site 32 → -1']);
    const after = stepCall(PARAMS, limitedTo(-1), { own: { from: -1 } });
    expect((await capRole.undo.verify(after)).kind).toBe('holds');
    expect((await capRole.undo.verify(call)).kind).toBe('waiting');
  });

  it.each([
    ['was not set by this run', 20, null, 'acted'],
    ['was taken back already', -1, { from: -1 }, 'acted'],
    ['somebody has changed since', 10, { from: -1 }, 'blocked'],
  ])('leaves one alone that %s', async (_, limit, own, kind) => {
    expect((await capRole.undo.check(stepCall(PARAMS, limitedTo(limit), { own }))).kind).toBe(kind);
  });

  it('waits while the limit cannot be read', async () => {
    const call = stepCall(PARAMS, createFakeWorld({ roles: SILENT }), { own: { from: -1 } });
    expect((await capRole.undo.check(call)).kind).toBe('unknown');
    expect((await capRole.undo.verify(call)).kind).toBe('unknown');
  });
});
