import type { Json } from '../journal/journal.ts';
import type { RecoveryRun } from '../recovery/run.ts';
import type { RunView } from '../recovery/view.ts';
import type { RunName } from '../render/recovery-letters.ts';
import { type RecoveryContent, type RecoveryNews, readLetter } from './letter-content.ts';
import type { GivenUp, Outbox } from './outbox.ts';

/** Discord takes ten to a message; of 400 kB each they stay below 8 MiB. */
const FILES_A_LETTER = 10;
const MOST_GAPS = 20;
const LONGEST_GAP = 200;

/** Where everybody sees a run now. */
export interface PostedRun {
  readonly runId: string;
  readonly channelId: string;
  readonly messageId: string;
}

/** Tells of recoveries what must reach people through any outage and any restart; told again it is the same message. */
export interface RecoveryTeller {
  /** A run that waits for somebody, and whose message nobody sees otherwise: one for each of its stops, with the buttons. Where it stands, if it does. */
  interrupted(view: RunView, channel: string): PostedRun | null;
  /** Pings the on-call role, once. */
  brokeGlass(
    broken: { readonly run: NamedRun; readonly by: string; readonly reason: string; readonly at: number },
    channel: string,
  ): void;
  /** The `count` files that are kept of a run (recovery/keep-evidence.ts), ten to a message, and what is missing. */
  evidence(run: NamedRun, count: number, gaps: readonly string[], channel: string, at: number): void;
  /** From the outbox; null for any other letter. */
  posted(letterId: string, messageId: string): PostedRun | null;
  /** From the outbox: what its channel does not take stands in the alert channel. */
  givenUp(letter: GivenUp): void;
}

type NamedRun = Pick<RecoveryRun, 'id'> & { readonly plan: Pick<RecoveryRun['plan'], 'database' | 'strategy'> };

export function createRecoveryTeller(options: {
  readonly outbox: Pick<Outbox, 'put' | 'contentOf' | 'messageOf'>;
  readonly channels: { readonly alerts: string };
}): RecoveryTeller {
  const { outbox, channels } = options;

  function put(content: RecoveryContent): void {
    const { recovery, channel, mark } = content;
    outbox.put({
      id: mark,
      lane: recovery.kind === 'evidence' ? 'normal' : 'critical',
      single: true,
      ...(channel !== channels.alerts && { channel }),
      urgent: false,
      final: true,
      at: recovery.kind === 'run' ? recovery.view.now : recovery.at,
      content: content as unknown as Json,
      durable: true,
    });
  }

  const tell = (recovery: RecoveryNews, channel: string): void =>
    put({ recovery, channel, instead: null, mark: markOf(recovery) });

  return {
    interrupted(view, channel) {
      const news = { kind: 'run', view } as const;
      tell(news, channel);
      const mark = markOf(news);
      for (const [letterId, channelId] of [
        [mark, channel],
        [hereOf(mark), channels.alerts],
      ] as const) {
        const messageId = outbox.messageOf(letterId);
        if (messageId !== null) return { runId: view.run.id, channelId, messageId };
      }
      return null;
    },
    brokeGlass: ({ run, by, reason, at }, channel) =>
      tell({ kind: 'broke-glass', ...nameOf(run), by, reason, at }, channel),
    evidence(run, total, gaps, channel, at) {
      const bounded = boundGaps(gaps);
      for (let from = 0; from === 0 || from < total; from += FILES_A_LETTER) {
        const count = Math.min(FILES_A_LETTER, total - from);
        tell({ kind: 'evidence', ...nameOf(run), from, count, total, gaps: from === 0 ? bounded : [], at }, channel);
      }
    },
    posted(letterId, messageId) {
      const letter = readLetter(outbox.contentOf(letterId));
      if (letter.kind !== 'recovery' || letter.content.recovery.kind !== 'run') return null;
      const { recovery, channel } = letter.content;
      return { runId: recovery.view.run.id, channelId: channel, messageId };
    },
    givenUp({ content, channel, reason }) {
      const letter = readLetter(content);
      if (letter.kind !== 'recovery') return;
      const { recovery, mark } = letter.content;
      put({ recovery, channel: channels.alerts, instead: { channel, reason }, mark: hereOf(mark) });
    },
  };
}

function markOf(news: RecoveryNews): string {
  switch (news.kind) {
    case 'run':
      return `recovery.${news.view.run.id}.${news.view.run.stops}`;
    case 'broke-glass':
      return `recovery.${news.runId}.glass`;
    case 'evidence':
      return `recovery.${news.runId}.evidence${news.from}`;
  }
}

function hereOf(mark: string): string {
  return `${mark}.here`;
}

function nameOf({ id: runId, plan: { database, strategy } }: NamedRun): RunName {
  return { runId, database, strategy };
}

function boundGaps(gaps: readonly string[]): readonly string[] {
  const more = gaps.length - MOST_GAPS;
  return [
    ...gaps.slice(0, MOST_GAPS).map((gap) => gap.slice(0, LONGEST_GAP)),
    ...(more > 0 ? [`and ${more} more, which the journal keeps`] : []),
  ];
}
