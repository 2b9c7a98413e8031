import { DiscordAPIError } from '@discordjs/rest';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { expect, it } from 'vitest';
import { classifySendError } from '../../src/discord/classify-send-error.ts';

it.each([
  ['a deleted channel', 404, RESTJSONErrorCodes.UnknownChannel, 'channel'],
  ['a missing permission', 403, RESTJSONErrorCodes.MissingPermissions, 'channel'],
  ['an archived thread', 400, RESTJSONErrorCodes.InvalidActionOnArchivedThread, 'channel'],
  ['a locked thread', 400, RESTJSONErrorCodes.ThreadLocked, 'channel'],
  ['a message that Discord cannot read', 400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, 'message'],
] as const)('%s is a refusal of the right thing', (_, status, code, of) => {
  const error = new DiscordAPIError({ code, message: 'no' }, code, status, 'POST', 'http://x', {
    body: undefined,
    files: undefined,
  });
  expect(classifySendError(error)).toMatchObject({ kind: 'refused', of });
});
