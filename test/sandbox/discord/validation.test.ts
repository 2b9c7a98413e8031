import { describe, expect, test } from 'vitest';
import type { BodyKind } from '../../../sandbox/discord/validate/body-kind.ts';
import { RULES } from '../../../sandbox/discord/validate/rules.ts';
import { createValidator } from '../../../sandbox/discord/validate/validator.ts';
import { startApi } from './api.ts';

const validate = createValidator(null);
const file = (filename: string, bytes = 1) => ({
  index: 0,
  filename,
  contentType: 'image/png',
  data: new Uint8Array(bytes),
});

interface Extra {
  readonly uploads?: readonly ReturnType<typeof file>[];
  readonly reason?: string;
}

async function brokenRules(kind: BodyKind, json: unknown, { uploads = [], reason }: Extra = {}): Promise<string[]> {
  const request = { kind, method: 'POST', path: '', json, uploads, reason: reason ?? null };
  const { findings } = await validate(request);
  return [...new Set(findings.map(({ rule }) => rule))];
}

const x = (count: number): string => 'x'.repeat(count);
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const button = (about: object = {}) => ({ type: 2, style: 1, label: 'Go', custom_id: 'a', ...about });
const row = (...components: object[]) => ({ components: [{ type: 1, components }] });
const menu = (about: object = {}) => ({ type: 3, custom_id: 'm', options: [{ label: 'a', value: 'a' }], ...about });
const embed = (about: object) => ({ embeds: [{ title: 'x', ...about }] });
const field = (about: object) => embed({ fields: [{ name: 'n', value: 'v', ...about }] });

const MESSAGES: readonly (readonly [rule: string, body: object, extra?: Extra])[] = [
  ['content-length', { content: x(2001) }],
  ['nonce-length', { content: 'x', nonce: x(26) }],
  ['embeds-count', { embeds: many(11, () => ({ title: 'x' })) }],
  ['embed-title-length', embed({ title: x(257) })],
  ['embed-description-length', embed({ description: x(4097) })],
  ['embed-fields-count', embed({ fields: many(26, () => ({ name: 'n', value: 'v' })) })],
  ['embed-field-name-length', field({ name: x(257) })],
  ['embed-field-value-length', field({ value: x(1025) })],
  ['embed-field-name-empty', field({ name: ' ' })],
  ['embed-field-value-empty', field({ value: '' })],
  ['embed-footer-length', embed({ footer: { text: x(2049) } })],
  ['embed-author-length', embed({ author: { name: x(257) } })],
  ['embed-total', { embeds: many(2, () => ({ description: x(3001) })) }],
  ['embed-empty', { embeds: [{ color: 1 }] }],
  ['embed-color', embed({ color: 0x1000000 })],
  ['embed-image-without-file', embed({ image: { url: 'attachment://chart.png' } })],
  ['embed-thumbnail-without-file', embed({ thumbnail: { url: 'attachment://a.png' } }), { uploads: [file('b.png')] }],
  ['buttons-in-row', row(...many(6, (index) => button({ custom_id: `a${index}` })))],
  ['custom-id-length', row(button({ custom_id: x(101) }))],
  ['custom-id-empty', row(button({ custom_id: '' }))],
  ['custom-id-duplicate', row(button(), button())],
  ['button-custom-id', row({ type: 2, style: 1, label: 'Go' })],
  ['button-custom-id', row(button({ style: 5, url: 'https://example.org' }))],
  ['button-url', row({ type: 2, style: 5, label: 'Go' })],
  ['button-style', row(button({ style: 7 }))],
  ['button-label-empty', row(button({ label: '' }))],
  ['button-label-length', row(button({ label: x(81) }))],
  ['select-options-count', row(menu({ options: many(26, (i) => ({ label: 'a', value: `${i}` })) }))],
  ['select-option-label-length', row(menu({ options: [{ label: x(101), value: 'a' }] }))],
  ['select-option-value-length', row(menu({ options: [{ label: 'a', value: x(101) }] }))],
  ['select-option-description-length', row(menu({ options: [{ label: 'a', value: 'a', description: x(101) }] }))],
  ['placeholder-length', row(menu({ placeholder: x(151) }))],
  ['select-alone-in-row', row(menu(), button())],
  ['row-empty', row()],
  ['rows-count', { components: many(6, (i) => ({ type: 1, components: [button({ custom_id: `${i}` })] })) }],
  ['v2-components-count', { flags: 32_768, components: many(41, () => ({ type: 10, content: 'x' })) }],
  ['v2-mixed', { flags: 32_768, content: 'x', components: [{ type: 10, content: 'x' }] }],
  ['v2-flag-missing', { components: [{ type: 10, content: 'x' }] }],
  ['mentions-parse-with-users', { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } }],
  ['mentions-parse-with-roles', { content: 'x', allowed_mentions: { parse: ['roles'], roles: ['1'] } }],
  ['attachments-count', { attachments: many(11, () => ({ id: '0' })) }, { uploads: [file('a.png')] }],
  ['attachment-without-file', { content: 'x', attachments: [{ id: '3' }] }],
  ['file-size', { content: 'x' }, { uploads: [file('a.png', 10 * 1024 * 1024 + 1)] }],
  ['files-count', { content: 'x' }, { uploads: many(11, () => file('a.png')) }],
  ['audit-reason-length', { content: 'x' }, { reason: x(513) }],
  ['unknown-property', { content: 'x', colour: 1 }],
  ['unknown-property', embed({ colour: 1 })],
  ['shape', { content: 5 }],
];

const option = (about: object = {}) => ({ type: 3, name: 'o', description: 'd', ...about });
const command = (about: object = {}) => ({ name: 'db', description: 'Databases', ...about });
const options = (...list: object[]) => command({ options: list });
const choice = (about: object = {}) => ({ name: 'c', value: 'c', ...about });

const COMMANDS: readonly (readonly [rule: string, body: object])[] = [
  ['command-name', command({ name: 'Db' })],
  ['command-name', command({ name: 'two words' })],
  ['option-name', options(option({ name: 'Database' }))],
  ['command-description', { name: 'db' }],
  ['command-description-length', command({ description: x(101) })],
  ['option-description', options(option({ description: undefined }))],
  ['option-description-length', options(option({ description: x(101) }))],
  ['options-count', options(...many(26, (i) => option({ name: `o${i}` })))],
  ['option-choices-count', options(option({ choices: many(26, (i) => choice({ name: `c${i}` })) }))],
  ['option-choice-name-length', options(option({ choices: [choice({ name: x(101) })] }))],
  ['option-choice-name-empty', options(option({ choices: [choice({ name: '' })] }))],
  ['option-choice-value-length', options(option({ choices: [choice({ value: x(101) })] }))],
  ['required-after-optional', options(option(), option({ name: 'p', required: true }))],
  ['option-name-duplicate', options(option(), option())],
  ['subcommand-mixed', options(option({ type: 1, name: 's' }), option())],
  ['autocomplete-with-choices', options(option({ autocomplete: true, choices: [choice()] }))],
  ['autocomplete-type', options(option({ type: 5, autocomplete: true }))],
  [
    'command-size',
    options(...many(20, (i) => option({ name: `o${i}`, choices: many(5, () => choice({ value: x(100) })) }))),
  ],
  ['unknown-property', command({ permission: '0' })],
];

const OTHERS: readonly (readonly [rule: string, kind: BodyKind, body: unknown])[] = [
  ['commands-count', 'command-list', many(101, (i) => command({ name: `c${i}` }))],
  ['command-name-duplicate', 'command-list', [command(), command()]],
  ['choices-count', 'interaction-callback', { type: 8, data: { choices: many(26, () => choice()) } }],
  ['choice-name-length', 'interaction-callback', { type: 8, data: { choices: [choice({ name: x(101) })] } }],
  ['choice-name-empty', 'interaction-callback', { type: 8, data: { choices: [choice({ name: '' })] } }],
  ['choice-value-length', 'interaction-callback', { type: 8, data: { choices: [choice({ value: x(101) })] } }],
  ['modal-title-length', 'interaction-callback', modal({ title: x(46) })],
  ['modal-title-empty', 'interaction-callback', modal({ title: '' })],
  ['modal-custom-id-length', 'interaction-callback', modal({ custom_id: x(101) })],
  ['modal-components-count', 'interaction-callback', modal({ components: many(6, (i) => input(`i${i}`)) })],
  ['modal-empty', 'interaction-callback', modal({ components: [] })],
  ['modal-value-length', 'interaction-callback', modal({ components: [input('a', { value: x(4_001) })] })],
  ['modal-label-length', 'interaction-callback', modal({ components: [input('a', { label: x(46) })] })],
  ['modal-placeholder-length', 'interaction-callback', modal({ components: [input('a', { placeholder: x(101) })] })],
  ['modal-custom-id-duplicate', 'interaction-callback', modal({ components: [input('a'), input('a')] })],
  ['content-length', 'interaction-callback', { type: 4, data: { content: x(2001) } }],
  ['unknown-property', 'interaction-callback', { type: 4, data: { contents: 'x' } }],
  ['thread-name-length', 'thread', { name: x(101) }],
  ['thread-name-empty', 'thread', { name: '' }],
  ['shape', 'thread', { name: 'x', auto_archive_duration: 7 }],
];

function modal(about: object) {
  return { type: 9, data: { custom_id: 'm', title: 'Break glass', components: [input('a')], ...about } };
}

function input(customId: string, about: object = {}) {
  return { type: 1, components: [{ type: 4, custom_id: customId, label: 'Why', style: 1, ...about }] };
}

describe('each rule finds what breaks it, and nothing else is found', () => {
  test.each(MESSAGES.map(([rule, body, extra]) => [rule, body, extra ?? {}] as const))(
    'message: %s',
    async (rule, body, extra) => {
      expect(await brokenRules('message', body, extra)).toEqual([rule]);
    },
  );
  test.each(COMMANDS)('command: %s', async (rule, body) => {
    expect(await brokenRules('command', body)).toEqual([rule]);
  });
  test.each(OTHERS)('%s', async (rule, kind, body) => {
    expect(await brokenRules(kind, body)).toEqual([rule]);
  });
  test('no rule is without an example here', () => {
    const shown = new Set([...MESSAGES, ...COMMANDS, ...OTHERS].map(([rule]) => rule));
    expect(RULES.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

test.each([
  [
    'all limits reached',
    { content: x(2000), ...field({ name: x(256), value: x(1024) }), ...row(button({ label: x(80) })) },
  ],
  ['an emoji counts as one character', { content: '🚨'.repeat(2000) }],
  ['a link button', row({ type: 2, style: 5, label: 'Docs', url: 'https://example.org' })],
  ['parse beside ids of another kind', { content: 'x', allowed_mentions: { parse: ['users'], roles: ['1'] } }],
])('nothing is wrong with %s', async (_, body) => {
  expect(await brokenRules('message', body)).toEqual([]);
});

test('a violation is refused at its place with 50035, and recorded', async () => {
  await using api = await startApi({ openApi: null });
  const answer = await api.send(field({ value: '' }));
  expect([answer.status, answer.json]).toEqual([
    400,
    {
      message: 'Invalid Form Body',
      code: 50_035,
      errors: {
        embeds: {
          '0': {
            fields: {
              '0': { value: { _errors: [{ code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }] } },
            },
          },
        },
      },
    },
  ]);
  expect(api.sandbox.violations).toMatchObject([
    { rule: 'embed-field-value-empty', request: 'POST /channels/{channel_id}/messages' },
  ]);
  expect(api.sandbox.messages(api.sandbox.channels.alerts)).toEqual([]);
});
