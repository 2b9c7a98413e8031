import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Names } from '../../../sandbox/discord/render/readable.ts';
import { listControls, renderMessage } from '../../../sandbox/discord/render-message.ts';
import type { Message } from '../../../sandbox/discord/world/state.ts';

const names: Names = {
  user: (id) => (id === '11' ? 'Rosa' : undefined),
  role: (id) => (id === '22' ? 'on-call' : undefined),
  channel: (id) => (id === '33' ? 'alerts' : undefined),
};
const now = Date.UTC(2026, 10, 23, 8, 0, 0);

function message(about: Partial<Message>): Message {
  return {
    id: '1',
    channel_id: '33',
    author: { id: '9', username: 'breakwater', global_name: null, bot: true },
    content: '',
    timestamp: '2026-11-23T08:00:00.000Z',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    type: 0,
    flags: 0,
    ...about,
  };
}

const render = (about: Partial<Message>, width = 60): string => renderMessage(message(about), { names, now, width });

describe('content', () => {
  test.each([
    ['<@&22> look at <#33>, says <@11>', '@on-call look at #alerts, says @Rosa'],
    ['<@&999> stays', '<@&999> stays'],
    ['full <t:1795420920:R>', 'full in 2 minutes'],
    ['at <t:1795420800:t>', 'at 08:00 UTC'],
    ['a\\_b \\*c\\*', 'a_b *c*'],
    ['`a\\_b`', 'a\\_b'],
    ['**91** of __97__, ~~old~~', '91 of 97, old'],
    ['2 ** 3 ** 4, \\*\\*a\\*\\*', '2 ** 3 ** 4, **a**'],
    ['```sql\nselect 1\n```', 'select 1'],
  ])('%j reads %j', (content, expected) => {
    expect(render({ content }).split('\n').slice(1).join('\n')).toBe(expected);
  });

  test('hostile text cannot steer the terminal', () => {
    assert(
      property(array(integer({ min: 0, max: 0x2100 })), (codes) => {
        const content = String.fromCodePoint(...codes);
        const controls = Array.from(render({ content, embeds: [{ type: 'rich', title: content }] })).filter((one) => {
          const code = one.codePointAt(0) ?? 0;
          return (code < 32 && one !== '\n' && one !== '\t') || (code >= 127 && code < 160);
        });
        expect(controls).toEqual([]);
      }),
    );
  });
});

test('an embed shows title, columns of inline fields, picture and footer behind its bar', () => {
  const text = render({
    embeds: [
      {
        type: 'rich',
        title: 'main',
        color: 0xff0000,
        fields: [
          { name: 'Used', value: '97', inline: true },
          { name: 'Usable', value: '97', inline: true },
          { name: 'By application', value: 'site 80\nmetricity 17' },
        ],
        image: { url: 'http://127.0.0.1/attachments/1/2/chart.png', width: 800, height: 400 },
        footer: { text: 'connections-total · main' },
      },
    ],
  });
  expect(text.split('\n').slice(1)).toEqual([
    '▌ main',
    '▌',
    '▌ Used                         Usable',
    '▌ 97                           97',
    '▌',
    '▌ By application',
    '▌ site 80',
    '▌ metricity 17',
    '▌ [picture: chart.png 800×400]',
    '▌ connections-total · main',
  ]);
});

test('controls are numbered as they are listed; disabled ones and links have no number', () => {
  const about = {
    components: [
      {
        type: 1,
        components: [
          { type: 2, style: 1, label: 'Refresh', custom_id: 'a' },
          { type: 2, style: 2, label: 'Off', custom_id: 'b', disabled: true },
          { type: 2, style: 5, label: 'Docs', url: 'https://example.org' },
          { type: 2, style: 4, label: 'Recover…', custom_id: 'c' },
        ],
      },
    ],
  };
  expect(render(about).split('\n').at(-1)).toBe('  [1: Refresh] [Off] [Docs: https://example.org] [2: Recover…]');
  expect(listControls(message(about)).map(({ custom_id }) => custom_id)).toEqual(['a', 'c']);
});

test('a deferred answer is thinking, an edited one says when, an ephemeral one says who sees it', () => {
  expect(render({ flags: 128 })).toContain('is thinking');
  expect(render({ edited_timestamp: '2026-11-23T08:00:05.000Z' })).toContain('(edited 08:00:05)');
  expect(render({ flags: 64 })).toContain('only you see this');
});

test('colours only when asked for', () => {
  const embeds = [{ type: 'rich', title: 'x', color: 0x123456 } as const];
  expect(render({ embeds })).not.toContain('\u001B');
  expect(renderMessage(message({ embeds }), { names, now, colour: true })).toContain('\u001B[38;2;18;52;86m▌');
});
