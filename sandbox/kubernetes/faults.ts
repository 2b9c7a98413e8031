/** Everything that can go wrong with an API server, to be switched on while it runs. */
export type Fault = Match &
  (
    | { readonly kind: 'slow'; readonly ms: number }
    /** No answer until the fault is switched off; then it is answered after all. `after`: the act happens at once. */
    | { readonly kind: 'hang'; readonly when?: 'before' | 'after' }
    /** `after`: the act happens, its answer is lost. */
    | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly when?: 'before' | 'after' }
    /** 429, with the header Retry-After or without. */
    | { readonly kind: 'busy'; readonly retryAfterSeconds: number | null }
    /** 200, and a page of HTML: what a proxy answers that stands in between. */
    | { readonly kind: 'garbage'; readonly when?: 'before' | 'after' }
    /** The socket closes. */
    | { readonly kind: 'drop'; readonly when?: 'before' | 'after' }
  );

/** A 403 and a 404 name what was asked for, as of somebody who may not, and of what is not there. */
export type RefusalCode = 403 | 404 | 409 | 429 | 500 | 504;

interface Match {
  readonly method?: string;
  /** A part of the path with its query as it was sent, or a pattern. */
  readonly path?: string | RegExp;
  /** How many requests it strikes; all by default. */
  readonly times?: number;
}

export interface Faults {
  /** Switches a fault on; what it returns switches it off. */
  set(fault: Fault): () => void;
  clear(): void;
  /** Forgets what changed: whoever asks for the past is told 410. */
  compact(): void;
  /** Ends every watch, as a server that stops does. */
  dropWatches(): void;
  /** Cuts every connection; new ones are taken. */
  closeSockets(): void;
}

export interface FaultsInside extends Faults {
  /** The faults that strike this request, counted down. */
  strike(method: string, path: string): readonly Fault[];
  /** Resolves when that fault is switched off. */
  ended(fault: Fault): Promise<void>;
}

export function createFaults(effects: Pick<Faults, 'compact' | 'dropWatches' | 'closeSockets'>): FaultsInside {
  const entries = new Map<Fault, { left: number; readonly ended: PromiseWithResolvers<void> }>();
  const end = (fault: Fault): void => {
    entries.get(fault)?.ended.resolve();
    entries.delete(fault);
  };
  return {
    ...effects,
    set(given) {
      const fault = { ...given };
      entries.set(fault, { left: fault.times ?? Number.POSITIVE_INFINITY, ended: Promise.withResolvers() });
      return () => end(fault);
    },
    clear: () => [...entries.keys()].forEach(end),
    strike(method, path) {
      const struck = [...entries].filter(([fault, { left }]) => left > 0 && fits(fault, method, path));
      for (const [, entry] of struck) entry.left -= 1;
      return struck.map(([fault]) => fault);
    },
    ended: (fault) => entries.get(fault)?.ended.promise ?? Promise.resolve(),
  };
}

function fits(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  return typeof fault.path === 'object' ? fault.path.test(path) : path.includes(fault.path ?? '');
}
