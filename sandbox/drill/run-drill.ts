import { setTimeout as delay } from 'node:timers/promises';
import type { WorldEvent } from '../discord/world/events.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Stage, setStage } from '../stage/set-stage.ts';
import { footerOf, titleOf } from './read-message.ts';
import { createRecorder, type Figures, type Recorder } from './recorder.ts';
import { renderEntry, renderScore } from './render-drill.ts';

/** The object of contract.md, "Commands for people"; a scenario's own figures stand beside what that names. */
export interface Summary {
  readonly scenario: string;
  readonly recovered: boolean;
  readonly detectMs: number | null;
  readonly acknowledgeMs: number | null;
  readonly recoverMs: number | null;
  readonly peakSessions: number | null;
  readonly terminated: number | null;
  readonly spared: number | null;
  readonly messages: number;
  readonly edits: number;
  readonly incident: Figures['incident'];
  readonly postmortem: string | null;
  /** What was expected and did not hold, for those who must find out why. */
  readonly failures: readonly string[];
}

/** Plays a scenario to its end and tells what became of it; prints its timeline unless that is unwanted. */
export async function runDrill(scenario: Scenario, { quiet }: { readonly quiet: boolean }): Promise<Summary> {
  const say = (text: string): void => {
    if (!quiet) console.log(text);
  };
  say(`Drill ${scenario.name}: ${scenario.summary}`);
  const stage = await setStage(scenario.stage);
  const { scale } = stage.time;
  say(scale === 1 ? '' : `Time runs ${scale} times faster here; all times are the bot's.\n`);
  const startedAt = stage.time.now();
  const recorder = createRecorder(
    () => stage.time.now(),
    (entry) => say(renderEntry(entry, startedAt)),
  );
  const stopWatching = new AbortController();
  const peak = watchPeak(stage, recorder, stopWatching.signal);
  const unfollow = followChannel(stage, recorder);
  try {
    for (const act of scenario.acts) {
      recorder.note('act', act.title);
      await act.play(stage);
      await act.respond?.(stage, recorder);
    }
  } catch (error) {
    recorder.expect(false, error instanceof Error ? error.message : String(error));
  }
  unfollow();
  stopWatching.abort();
  await peak;
  if (recorder.failures.length > 0) {
    console.error("\nThe bot's last log lines:");
    for (const line of stage.lives.log().slice(-20)) console.error(JSON.stringify(line));
  }
  const summary = summarise(scenario, stage, recorder);
  await stage.close();
  say(renderScore(summary, recorder.figures.own));
  return summary;
}

function summarise(scenario: Scenario, { discord }: Stage, { figures, failures }: Recorder): Summary {
  const inAlerts = (event: WorldEvent): boolean =>
    'message' in event &&
    event.message.channel_id === discord.channels.alerts &&
    event.message.author.bot &&
    event.stored.visibleTo === null;
  const count = (type: WorldEvent['type']) =>
    discord.events.items.filter((event) => event.type === type && inAlerts(event)).length;
  return {
    ...figures.own,
    scenario: scenario.name,
    recovered: failures.length === 0,
    detectMs: figures.detectMs,
    acknowledgeMs: figures.acknowledgeMs,
    recoverMs: figures.recoverMs,
    peakSessions: figures.peakSessions,
    terminated: figures.terminated,
    spared: figures.spared,
    messages: count('message-created'),
    edits: count('message-edited'),
    incident: figures.incident,
    postmortem: figures.postmortem,
    failures,
  };
}

/** Notes what appears in the alert channel as people would see it. */
function followChannel({ discord }: Stage, recorder: Recorder): () => void {
  const titles = new Map<string, string>();
  return discord.events.on((event) => {
    if (event.type !== 'message-created' && event.type !== 'message-edited') return;
    const { message } = event;
    if (message.channel_id !== discord.channels.alerts || titleOf(message) === '') return;
    const isAlert = footerOf(message).split(' · ').length === 3;
    const state = titleOf(message).split(':')[0] ?? '';
    // Of the edits that only bring newer numbers the timeline keeps quiet.
    if (titles.get(message.id) === state) return;
    titles.set(message.id, state);
    recorder.note(isAlert ? 'alert' : 'answer', titleOf(message), event.at);
  });
}

const LOOK_EVERY_MS = 50;

async function watchPeak({ observer }: Stage, { figures }: Recorder, signal: AbortSignal): Promise<void> {
  // A server that hangs may still do so when the drill has failed.
  const stopped = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  while (!signal.aborted) {
    // A server that is full, down or recovering has no number to tell: the peak is of those that it told.
    const now = await Promise.race([observer.count().catch(() => null), stopped]);
    if (now !== null) figures.peakSessions = Math.max(figures.peakSessions ?? 0, now);
    await delay(LOOK_EVERY_MS);
  }
}
