import { describe, expect, it } from 'vitest';
import { lacksPermission } from '../../src/incidents/lacks-permission.ts';
import { writePostmortem } from '../../src/incidents/postmortem.ts';
import { NOW } from '../support/builders.ts';
import { incident } from '../support/incident-builders.ts';

describe('what Discord refused', () => {
  it.each([
    ['the bot lacks the permission Create Public Threads in <#3>', true],
    ['Discord answers 403: Missing Access', true],
    ['Missing Permissions', true],
    ['Discord answers 404: Unknown Channel', false],
    ['somebody deleted the message', false],
    ['<#3> has as many pins as Discord allows: unpin an old one', false],
  ])('is mended by a permission, or not: %s', (refused, expected) => {
    expect(lacksPermission(refused)).toBe(expected);
  });

  it.each([
    ['Missing Access', true],
    ['Discord answers 404: Unknown Channel', false],
  ])('is a task in the post-mortem only where it is: %s', (refused, asked) => {
    const of = incident({ thread: { channelId: null, refused }, pin: { refused } });
    const text = writePostmortem(of, { now: NOW, nameOf: (id) => id, pictures: [] });
    expect(text.includes('may Breakwater open one in the alert channel?')).toBe(asked);
    expect(text.includes('may Breakwater pin in the alert channel?')).toBe(asked);
  });
});
