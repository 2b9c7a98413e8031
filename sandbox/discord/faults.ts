/** Everything that can go wrong with Discord, to be switched on while it runs (facts.md, Discord 2–6). */
export type RestFault =
  /** The act happens, the answer is lost: a message is stored and 502 (or `status`) comes back. */
  | ({ readonly kind: 'fail-after'; readonly status?: number } & RestMatch)
  /** Nothing happens, 502 (or `status`) comes back. */
  | ({ readonly kind: 'fail-before'; readonly status?: number } & RestMatch)
  /** No answer until the fault is cleared; then the socket closes. */
  | ({ readonly kind: 'hang' } & RestMatch)
  | ({ readonly kind: 'slow'; readonly ms: number } & RestMatch)
  /** The socket closes, before or after the act. */
  | ({ readonly kind: 'drop'; readonly when: 'before' | 'after' } & RestMatch)
  /** 429. `body` html is what a proxy in front of Discord sends: the header alone tells how long. */
  | ({
      readonly kind: 'rate-limit';
      readonly retryAfterS: number;
      readonly body?: 'json' | 'html';
      readonly global?: boolean;
    } & RestMatch)
  /** 401 on routes that take the bot's token; once, unless `times` says otherwise. */
  | ({ readonly kind: 'unauthorized' } & RestMatch);

export interface RestMatch {
  readonly method?: string;
  /** The operation's path, as in `/channels/{channel_id}/messages`, or a part of it. */
  readonly route?: string;
  /** How many requests it strikes; all by default. */
  readonly times?: number;
}

/** Lasting ones: until cleared. */
export type LinkFault =
  /** Nothing listens; comes back on the same port. */
  | { readonly kind: 'down' }
  /** Connections stand, and nothing ever comes through. */
  | { readonly kind: 'black-hole' }
  | { readonly kind: 'gateway-down' }
  | { readonly kind: 'no-heartbeat-ack' };

/** Those that happen once, at once. */
export type GatewayAct =
  | { readonly kind: 'close'; readonly code: number }
  | { readonly kind: 'drop-sockets' }
  | { readonly kind: 'malformed-dispatch' }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'invalid-session'; readonly resumable: boolean };

export type Fault = RestFault | LinkFault | GatewayAct;

export interface Faults {
  /** Switches a fault on; what it returns switches it off. Acts need no switching off. */
  set(fault: Fault): Promise<() => Promise<void>>;
  /** Switches everything off, or all of one kind. */
  clear(kind?: Fault['kind']): Promise<void>;
  readonly active: readonly (RestFault | LinkFault)[];
  /** For the REST server: the faults that strike this request, counted down. */
  strike(operation: { readonly method: string; readonly path: string; readonly auth: 'bot' | 'none' }): RestFault[];
  has(kind: LinkFault['kind']): boolean;
  /** Resolves when that fault is cleared. */
  cleared(fault: RestFault): Promise<void>;
}

/** What the servers do when a fault of the link, or an act, comes. */
export interface FaultEffects {
  begin(fault: LinkFault): Promise<void>;
  end(fault: LinkFault): Promise<void>;
  act(act: GatewayAct): void;
}

const LINK_KINDS: ReadonlySet<string> = new Set(['down', 'black-hole', 'gateway-down', 'no-heartbeat-ack']);
const ACT_KINDS: ReadonlySet<string> = new Set([
  'close',
  'drop-sockets',
  'malformed-dispatch',
  'reconnect',
  'invalid-session',
]);

export function createFaults(effects: FaultEffects): Faults {
  const entries = new Set<{
    readonly fault: RestFault | LinkFault;
    left: number;
    readonly ended: PromiseWithResolvers<void>;
  }>();

  const end = async (entry: typeof entries extends Set<infer E> ? E : never): Promise<void> => {
    if (!entries.delete(entry)) return;
    if (isLink(entry.fault)) await effects.end(entry.fault);
    entry.ended.resolve();
  };

  return {
    get active() {
      return [...entries].map(({ fault }) => fault);
    },
    async set(fault) {
      if (isAct(fault)) {
        effects.act(fault);
        return async () => {};
      }
      const once = fault.kind === 'unauthorized' ? 1 : Number.POSITIVE_INFINITY;
      const left = isLink(fault) ? Number.POSITIVE_INFINITY : (fault.times ?? once);
      const entry = { fault, left, ended: Promise.withResolvers<void>() };
      entries.add(entry);
      if (isLink(fault)) await effects.begin(fault);
      return () => end(entry);
    },
    async clear(kind) {
      for (const entry of entries) if (kind === undefined || entry.fault.kind === kind) await end(entry);
    },
    strike({ method, path, auth }) {
      const struck: RestFault[] = [];
      for (const entry of entries) {
        const { fault } = entry;
        if (isLink(fault) || entry.left <= 0) continue;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.route !== undefined && !path.includes(fault.route)) continue;
        if (fault.kind === 'unauthorized' && auth === 'none') continue;
        entry.left -= 1;
        struck.push(fault);
      }
      return struck;
    },
    has: (kind) => [...entries].some(({ fault }) => fault.kind === kind),
    cleared: (fault) => [...entries].find((entry) => entry.fault === fault)?.ended.promise ?? Promise.resolve(),
  };
}

function isLink(fault: Fault): fault is LinkFault {
  return LINK_KINDS.has(fault.kind);
}

function isAct(fault: Fault): fault is GatewayAct {
  return ACT_KINDS.has(fault.kind);
}
