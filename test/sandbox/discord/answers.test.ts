import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { OPENAPI_PATH } from '../../../sandbox/discord/validate/openapi.ts';
import { type Answer, type Api, startApi } from './api.ts';
import { COMMANDS } from './real-bot.ts';

const present = existsSync(OPENAPI_PATH);
const required = process.env['REQUIRE_ALL'] === '1';
if (!present && !required) console.log('skipped: discord-openapi.json is missing (../shared/data)');

const MESSAGE = '/channels/{channel_id}/messages/{message_id}';
const COMMANDS_PATH = '/applications/{application_id}/guilds/{guild_id}/commands';
const RICH = {
  content: 'x <@&1>',
  embeds: [{ title: 't', color: 1, fields: [{ name: 'n', value: 'v' }], footer: { text: 'f' } }],
  components: [{ type: 1, components: [{ type: 2, style: 1, label: 'Go', custom_id: 'a' }] }],
};

/** Each: the operation in the document, and how to have it answered. */
const ANSWERS: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ['GET', '/gateway/bot'],
  ['GET', '/users/@me'],
  ['GET', '/applications/@me'],
  ['GET', '/oauth2/applications/@me'],
  ['GET', '/guilds/{guild_id}'],
  ['GET', '/guilds/{guild_id}/roles'],
  ['GET', '/guilds/{guild_id}/channels'],
  ['GET', '/guilds/{guild_id}/members/{user_id}'],
  ['GET', '/channels/{channel_id}'],
  ['GET', '/channels/{channel_id}/messages'],
  ['GET', '/channels/{channel_id}/messages/pins'],
  ['POST', '/channels/{channel_id}/messages', RICH],
  ['GET', MESSAGE],
  ['PATCH', MESSAGE, { content: 'y' }],
  ['POST', `${MESSAGE}/threads`, { name: 'Incident 1' }],
  ['PUT', COMMANDS_PATH, COMMANDS],
  ['GET', COMMANDS_PATH],
  ['POST', COMMANDS_PATH, { name: 'help', description: 'What you may do' }],
];

describe.skipIf(!present && !required)("the server's own answers are as Discord's document says", () => {
  let compile: (pointer: string) => ValidateFunction;
  beforeAll(async () => {
    const document = JSON.parse(await readFile(OPENAPI_PATH, 'utf8')) as object;
    const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
    formats.default(ajv);
    for (const name of ['snowflake', 'nonce', 'int32', 'int64']) ajv.addFormat(name, true);
    ajv.addSchema(document, 'discord');
    compile = (pointer) => ajv.compile({ $ref: `discord#/${pointer}` });
  });

  const errorsOf = ({ status, json }: Answer, method: string, path: string): unknown => {
    const steps = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      'application/json',
      'schema',
    ];
    const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const valid = compile(pointer);
    return valid(json) ? [] : valid.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  const filledIn = ({ sandbox }: Api, path: string, messageId: string): string =>
    path
      .replace('{guild_id}', sandbox.guildId)
      .replace('{channel_id}', sandbox.channels.alerts)
      .replace('{application_id}', sandbox.applicationId)
      .replace('{user_id}', sandbox.members.remy)
      .replace('{message_id}', messageId);

  test('the answer to a callback, with the message in it', async () => {
    await using api = await startApi();
    void api.sandbox.actAs('rosa').raw({ type: 2, data: { id: '1', name: 'db', type: 1 } });
    const interaction = api.sandbox.world.interactions.all[0];
    const path = '/interactions/{interaction_id}/{interaction_token}/callback';
    const filled = path
      .replace('{interaction_id}', interaction?.id ?? '')
      .replace('{interaction_token}', interaction?.token ?? '');
    const answer = await api.call('POST', `${filled}?with_response=true`, { type: 4, data: RICH });
    expect(errorsOf(answer, 'POST', path)).toEqual([]);
    const original = '/webhooks/{webhook_id}/{webhook_token}/messages/@original';
    const hook = original.replace('{webhook_id}', api.sandbox.applicationId);
    const read = await api.call('GET', hook.replace('{webhook_token}', interaction?.token ?? ''));
    expect(errorsOf(read, 'GET', original)).toEqual([]);
  });

  test.each(ANSWERS.map(([method, path, body]) => [method, path, body] as const))(
    '%s %s',
    async (method, path, body) => {
      await using api = await startApi();
      const { json } = await api.send(RICH);
      const answer = await api.call(method, filledIn(api, path, String(json['id'])), body);
      expect(errorsOf(answer, method, path)).toEqual([]);
    },
  );
});
