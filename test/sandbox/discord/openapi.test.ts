import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type CheckAgainstOpenApi,
  createOpenApiCheck,
  OPENAPI_PATH,
} from '../../../sandbox/discord/validate/openapi.ts';
import { COMMANDS } from './real-bot.ts';

const present = existsSync(OPENAPI_PATH);
const required = process.env['REQUIRE_ALL'] === '1';
if (!present && !required) console.log('skipped: discord-openapi.json is missing (../shared/data)');

const POST_MESSAGE = { method: 'POST', path: '/channels/{channel_id}/messages' };
const PUT_COMMANDS = { method: 'PUT', path: '/applications/{application_id}/guilds/{guild_id}/commands' };
const CALLBACK = { method: 'POST', path: '/interactions/{interaction_id}/{interaction_token}/callback' };

describe.skipIf(!present && !required)("Discord's own document", () => {
  const missing: CheckAgainstOpenApi = () =>
    Promise.reject(new Error('discord-openapi.json is missing (../shared/data)'));
  const check = createOpenApiCheck() ?? missing;

  test.each([
    ['an unknown property', POST_MESSAGE, { content: 'x', colour: 1 }, ['colour']],
    ['an unknown property of an embed', POST_MESSAGE, { embeds: [{ titel: 'x' }] }, ['embeds', '0', 'titel']],
    ['a wrong type', POST_MESSAGE, { content: 5 }, ['content']],
    ['a wrong snowflake', POST_MESSAGE, { sticker_ids: ['abc'] }, ['sticker_ids', '0']],
    ['an unknown option of a command', PUT_COMMANDS, [{ ...COMMANDS[0], hidden: true }], ['0', 'hidden']],
  ])('finds %s', async (_, operation, json, path) => {
    const findings = await check({ ...operation, json });
    expect(findings.map((finding) => finding.path)).toContainEqual(path);
  });

  test.each([
    ['a plain message as discord.js sends it', POST_MESSAGE, { content: 'x', tts: false, enforce_nonce: false }],
    ['commands, with permissions as a string', PUT_COMMANDS, COMMANDS],
    ['a deferral', CALLBACK, { type: 5, data: { flags: 64 } }],
    ['an answer', CALLBACK, { type: 4, data: { content: 'x', tts: false, enforce_nonce: false } }],
    ['an operation without a body', { method: 'GET', path: '/gateway/bot' }, undefined],
  ])('has nothing against %s', async (_, operation, json) => {
    expect(await check({ ...operation, json })).toEqual([]);
  });

  test('without the document there is no check', () => {
    expect(createOpenApiCheck('/nowhere/discord-openapi.json')).toBeNull();
  });
});
