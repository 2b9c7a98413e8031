import { describe, expect, it } from 'vitest';
import { decideAccess, describeRefusal, type LevelRoles } from '../../src/discord/access.ts';

const roles: LevelRoles = { observe: ['10'], respond: ['20', '21'], recover: ['30'] };

describe('access by roles', () => {
  it.each([
    [['10'], 'observe', true],
    [['10'], 'respond', false],
    [['20'], 'observe', true],
    [['21'], 'respond', true],
    [['20'], 'recover', false],
    [['30'], 'observe', true],
    [['30'], 'recover', true],
    [[], 'observe', false],
    [['99'], 'observe', false],
    [['99', '10', '30'], 'recover', true],
  ] as const)('roles %j reach %s: %s', (memberRoles, level, allowed) => {
    expect(decideAccess(memberRoles, roles, level).allowed).toBe(allowed);
  });

  it('lets nobody in where the list is empty', () => {
    const nobody: LevelRoles = { observe: [], respond: [], recover: [] };
    expect(decideAccess(['10', '20', '30'], nobody, 'observe').allowed).toBe(false);
  });

  it('gives the highest level the member has', () => {
    expect(decideAccess(['10', '30'], roles, 'observe')).toEqual({ allowed: true, level: 'recover' });
  });
});

describe('a refusal', () => {
  it('names the roles that would do', () => {
    const decision = decideAccess(['10'], roles, 'respond');
    if (decision.allowed) throw new Error('should have been refused');
    expect(describeRefusal(decision)).toBe(
      'This needs the level `respond`; you have `observe`. Ask for one of <@&20>, <@&21>, <@&30>.',
    );
  });

  it('says what to configure when no role would do', () => {
    const decision = decideAccess(['10'], { ...roles, recover: [] }, 'recover');
    if (decision.allowed) throw new Error('should have been refused');
    expect(describeRefusal(decision)).toContain('discord.roles.recover');
  });
});
