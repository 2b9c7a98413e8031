import { describe, expect, it } from 'vitest';
import { parseLine } from '../../../sandbox/terminal/parse-line.ts';

describe('a line of the terminal', () => {
  it.each([
    ['', { kind: 'nothing' }],
    ['  help ', { kind: 'help' }],
    [
      '/db kill-stale database:main older-than:10 m',
      { kind: 'slash', command: 'db kill-stale', options: { database: 'main', 'older-than': '10 m' } },
    ],
    ['/', { kind: 'unknown', reason: 'Which command? Try /db status.' }],
    ['2', { kind: 'click', button: 2, message: null }],
    ['click 1 of 3', { kind: 'click', button: 1, message: 3 }],
    ['press Silence 1 h', { kind: 'press', label: 'Silence 1 h' }],
    ['as rosa', { kind: 'as', member: 'rosa' }],
    ['in alerts', { kind: 'in', channel: 'alerts' }],
    ['in #Incident 20201211-1324', { kind: 'in', channel: 'Incident 20201211-1324' }],
    ['play flapping', { kind: 'play', scenario: 'flapping' }],
    ['leak 30', { kind: 'world', verb: 'leak', count: 30 }],
    ['freeze', { kind: 'world', verb: 'freeze', count: null }],
    ['thaw', { kind: 'world', verb: 'thaw', count: null }],
    ['crash', { kind: 'world', verb: 'crash', count: null }],
    ['outage', { kind: 'world', verb: 'outage', count: null }],
    ['back', { kind: 'world', verb: 'back', count: null }],
    ['abandon site', { kind: 'cluster', act: { verb: 'abandon', workload: 'site' } }],
    ['scale site', { kind: 'unknown', reason: 'As in: scale site 3.' }],
    ['freezer', { kind: 'unknown', reason: 'I do not know "freezer". Type help.' }],
    ['leak many', { kind: 'unknown', reason: 'I do not know "leak many". Type help.' }],
  ])('%j is read', (line, meaning) => {
    expect(parseLine(line)).toEqual(meaning);
  });
});
