import type { ActiveSession } from '../../src/model/activity.ts';
import type { Admission, Verdict } from '../../src/model/admission.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { ServerSignals } from '../../src/model/server-signals.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import { admission, group, serverFacts, signals } from './builders.ts';

/** What a fake server is like now: 97 usable connections unless it says otherwise; null means that no session is held. */
export interface FakeServer {
  sessions: readonly SessionGroup[] | null;
  lossVerdict: Verdict | null;
  admission: Admission;
  signals: ServerSignals;
  activity: readonly ActiveSession[];
}

/** A source whose server does as the test says, at once; `calls` counts what it is asked. */
export function createFakeSource(clock: Clock, server: Partial<FakeServer> = {}) {
  const now: FakeServer = {
    sessions: [group({ count: 10 })],
    lossVerdict: null,
    admission: admission(),
    signals: signals(),
    activity: [],
    ...server,
  };
  const calls = { samples: 0, probes: 0, signals: 0, activity: 0 };
  const listeners = new Set<() => void>();
  const held = <T>(value: () => T): Observed<T> =>
    now.sessions === null ? unseen('no session is held', clock.now()) : seen(value(), clock.now());
  const source: DatabaseSource = {
    server: () => held(serverFacts),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async readSessions() {
      calls.samples += 1;
      return held(() => now.sessions ?? []);
    },
    async readSignals() {
      calls.signals += 1;
      return held(() => now.signals);
    },
    async readActivity() {
      calls.activity += 1;
      return held(() => now.activity);
    },
    lossVerdict: () => (now.sessions === null ? now.lossVerdict : null),
    async probeAdmission() {
      calls.probes += 1;
      return seen(now.admission, clock.now());
    },
    close: async () => {},
  };
  /** Changes the server and tells of it, as when the connection is gained or lost. */
  const change = (server: Partial<FakeServer> = {}) => {
    Object.assign(now, server);
    for (const listener of listeners) listener();
  };
  return { source, now, calls, change, listeners };
}
