import { z } from 'zod';
import type { Delivered } from '../delivery/transport.ts';
import type { Redactor } from '../model/redact.ts';
import type { Secret } from '../model/secret.ts';
import type { Message } from '../render/message.ts';
import { NEVER_SENT } from './classify-send-error.ts';
import { fitMessage } from './fit-message.ts';

const TIMEOUT_MS = 5_000;
const UNSAID_RETRY_S = 1;

const createdSchema = z.object({ id: z.string() });
const limitSchema = z.object({ retry_after: z.number().positive() });

/**
 * Posts through a channel's incoming webhook, which needs neither the bot's token nor its gateway. Who has the URL can
 * post: it is in no reason. Without buttons, which such a webhook may not send, and without files. Throws when the URL is none.
 */
export function createWebhookTransport(options: {
  readonly url: Secret;
  readonly timeoutMs?: number;
  readonly redactor?: Redactor;
}): {
  send(message: Message): Promise<Delivered>;
} {
  const { timeoutMs = TIMEOUT_MS, redactor } = options;
  const url = readUrl(options.url.reveal());
  return {
    async send(message) {
      try {
        const { content, embeds, allowed_mentions } = fitMessage({ ...withoutFiles(message), buttons: [] });
        const body = { content, embeds, allowed_mentions };
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(redactor ? redactor.value(body) : body),
          signal: AbortSignal.timeout(timeoutMs),
          redirect: 'manual',
        });
        return await readAnswer(response);
      } catch (error) {
        // The message of such an error may name the address; its code does not.
        const code = codeOf(error);
        const reason = `no answer from the fallback webhook (${code})`;
        return NEVER_SENT.has(code) ? { kind: 'failed', reason, retryAfterMs: 0 } : { kind: 'uncertain', reason };
      }
    },
  };
}

async function readAnswer(response: Response): Promise<Delivered> {
  const reason = `the fallback webhook answers ${response.status}`;
  if (response.ok) return { kind: 'delivered', messageId: createdSchema.parse(await response.json()).id };
  if (response.status === 429) {
    // A proxy in front of Discord answers in HTML: then the header alone says how long (facts.md, Discord 3).
    const body = limitSchema.safeParse(await response.json().catch(() => null));
    const seconds = body.success ? body.data.retry_after : Number(response.headers.get('retry-after'));
    return { kind: 'failed', reason, retryAfterMs: (seconds > 0 ? seconds : UNSAID_RETRY_S) * 1_000 };
  }
  await response.body?.cancel();
  if (response.status >= 500) return { kind: 'uncertain', reason };
  return { kind: 'refused', reason, of: 'message' };
}

function withoutFiles(message: Message): Message {
  const { file: _, attachments: __, ...rest } = message;
  return rest;
}

/** `wait` makes Discord answer when the message stands. */
function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error('DISCORD_FALLBACK_WEBHOOK_URL is no URL');
  const url = new URL(text);
  url.searchParams.set('wait', 'true');
  return url;
}

function codeOf(error: unknown): string {
  const { name = 'Error', cause } = error as { readonly name?: string; readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : name;
}
