import {
  createSandboxDiscord,
  type SandboxDiscord,
  type SandboxDiscordOptions,
} from '../../../sandbox/discord/create-sandbox-discord.ts';
import { createOpenApiCheck } from '../../../sandbox/discord/validate/openapi.ts';

/** Compiling the document's schemas takes longer than most tests: all servers of a run share it. */
export const sharedOpenApi = createOpenApiCheck();

/** A sandbox without a bot, spoken to by plain requests. */
export interface Api extends AsyncDisposable {
  readonly sandbox: SandboxDiscord;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  send(body: object): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
}

export async function startApi(options: SandboxDiscordOptions = {}): Promise<Api> {
  const sandbox = await createSandboxDiscord({ openApi: sharedOpenApi, ...options });
  const call: Api['call'] = async (method, path, body, headers = {}) => {
    const form = body instanceof FormData;
    const response = await fetch(sandbox.apiUrl + path, {
      method,
      headers: {
        Authorization: `Bot ${sandbox.token}`,
        ...(form || body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return {
      status: response.status,
      headers: response.headers,
      json: (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>,
    };
  };
  return {
    sandbox,
    call,
    send: (body) => call('POST', `/v10/channels/${sandbox.channels.alerts}/messages`, body),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}
