type Json = { [key: string]: unknown };

/** The keys of an attachment that the document knows; discord.js sends a kept one back whole. */
const ATTACHMENT_KEYS: ReadonlySet<string> = new Set(['id', 'filename', 'title', 'description']);

/**
 * A body without what discord.js 14 sends of itself, which Discord takes although its document does not list it, and
 * with a bit field as the document has it. What the bot's own author wrote stays as it is.
 */
export function asDocumented(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(asDocumented);
  if (typeof json !== 'object' || json === null) return json;
  const body: Json = { ...json };
  // In every message, edits and callbacks included.
  if (body['enforce_nonce'] === false) delete body['enforce_nonce'];
  if (body['tts'] === false) delete body['tts'];
  if (Array.isArray(body['attachments'])) body['attachments'] = body['attachments'].map(withoutExtras);
  // When a thread begins on a message, discord.js says its type, which follows from the channel.
  if (isThread(body)) delete body['type'];
  // A string on the way, an integer in the document (facts.md, Discord 9).
  const permissions = body['default_member_permissions'];
  if (typeof permissions === 'string' && /^\d+$/.test(permissions)) {
    body['default_member_permissions'] = Number(permissions);
  }
  // A callback carries a message inside.
  if ('type' in body && 'data' in body) body['data'] = asDocumented(body['data']);
  return body;
}

function withoutExtras(attachment: unknown): unknown {
  if (typeof attachment !== 'object' || attachment === null) return attachment;
  return Object.fromEntries(Object.entries(attachment).filter(([key]) => ATTACHMENT_KEYS.has(key)));
}

function isThread(body: Json): boolean {
  return 'name' in body && (body['type'] === 11 || body['type'] === 12) && !('options' in body);
}
