import {
  createSandboxDiscord,
  type SandboxDiscord,
  type SandboxDiscordOptions,
} from '../../sandbox/discord/create-sandbox-discord.ts';
import type { Fault } from '../../sandbox/discord/faults.ts';
import { createFeed, type Feed } from '../../sandbox/discord/feed.ts';
import { createGateway, type Gateway } from '../../src/discord/gateway.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

type News =
  | { readonly kind: 'connected' }
  | { readonly kind: 'interaction'; readonly raw: unknown }
  | { readonly kind: 'fatal'; readonly reason: string };

/** The bot's own gateway against a sandbox of its own. */
export interface StartedGateway extends AsyncDisposable {
  readonly sandbox: SandboxDiscord;
  readonly gateway: Gateway;
  readonly clock: MovableClock;
  readonly log: ReturnType<typeof createRecordedLog>;
  readonly news: Feed<News>;
  count(kind: News['kind']): number;
  /** Resolves when it has connected so many times in all. */
  connected(times?: number): Promise<void>;
  fatal(): Promise<string>;
  /** Sends the bot a command and waits until it has come through, once. */
  interact(): Promise<void>;
  /** Moves the time on, bit by bit, until that is so. */
  skipUntil(holds: () => boolean): Promise<void>;
}

export async function startGateway(
  options: SandboxDiscordOptions & { readonly botToken?: string; readonly faults?: readonly Fault[] } = {},
): Promise<StartedGateway> {
  const { botToken, faults = [], ...sandboxOptions } = options;
  const sandbox = await createSandboxDiscord({ openApi: null, ...sandboxOptions });
  for (const fault of faults) await sandbox.faults.set(fault);
  const [clock, log, news] = [createMovableClock(), createRecordedLog(), createFeed<News>()];
  const gateway = createGateway({
    apiUrl: sandbox.apiUrl,
    token: botToken ?? sandbox.token,
    clock,
    log,
    onInteraction: (raw) => news.push({ kind: 'interaction', raw }),
    onConnected: () => news.push({ kind: 'connected' }),
    onFatal: (reason) => news.push({ kind: 'fatal', reason }),
  });
  const count = (kind: News['kind']): number => news.items.filter((item) => item.kind === kind).length;
  return {
    sandbox,
    gateway,
    clock,
    log,
    news,
    count,
    async connected(times = 1) {
      await news.waitFor(() => count('connected') >= times, { what: `connection ${times}` });
    },
    async fatal() {
      const item = await news.waitFor(({ kind }) => kind === 'fatal', { what: 'a fatal end' });
      return 'reason' in item ? item.reason : '';
    },
    async interact() {
      const before = count('interaction');
      // Nobody answers it; the sandbox says so when it closes.
      sandbox
        .actAs('olive')
        .raw({ type: 2, data: { name: 'db' } })
        .catch(() => null);
      await news.waitFor(() => count('interaction') > before, { what: 'the interaction' });
    },
    async skipUntil(holds) {
      while (!holds()) {
        clock.skip(1_000);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await sandbox.close();
    },
  };
}
