import { setTimeout as delay } from 'node:timers/promises';
import type { WorldEvent } from '../discord/world/events.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Stage, setStage } from '../stage/set-stage.ts';
import { footerOf, titleOf } from './read-message.ts';
import { createRecorder, type Entry, type Recorder } from './recorder.ts';

/** Plays a scenario to its end, prints its timeline (or one JSON object), and says whether every expectation held. */
export async function runDrill(scenario: Scenario, { json }: { readonly json: boolean }): Promise<boolean> {
  const startedAt = Date.now();
  const recorder = createRecorder(Date.now, (entry) => {
    if (!json) console.log(renderEntry(entry, startedAt));
  });
  if (!json) console.log(`Drill ${scenario.name}: ${scenario.summary}\n`);
  const stage = await setStage();
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
  await peak.catch((error: unknown) => recorder.expect(false, `the peak could not be watched: ${String(error)}`));
  if (recorder.failures.length > 0) {
    console.error("\nThe bot's last log lines:");
    for (const line of stage.bot.log.items.slice(-20)) console.error(JSON.stringify(line));
  }
  const summary = summarise(scenario, stage, recorder);
  await stage.close();
  if (json) console.log(JSON.stringify(summary));
  else console.log(renderScore(summary, recorder));
  return summary.recovered;
}

/** The object of contract.md, "Commands for people". */
function summarise(scenario: Scenario, { discord }: Stage, { figures, failures }: Recorder) {
  const inAlerts = (event: WorldEvent): boolean =>
    'message' in event &&
    event.message.channel_id === discord.channels.alerts &&
    event.message.author.bot &&
    event.stored.visibleTo === null;
  const count = (type: WorldEvent['type']) =>
    discord.events.items.filter((event) => event.type === type && inAlerts(event)).length;
  return {
    scenario: scenario.name,
    recovered: failures.length === 0,
    detectMs: figures.detectMs,
    acknowledgeMs: figures.acknowledgeMs,
    recoverMs: figures.recoverMs,
    peakSessions: figures.peakSessions,
    // These come with `/db kill-stale` and with incidents.
    terminated: null,
    spared: null,
    messages: count('message-created'),
    edits: count('message-edited'),
    incident: null,
    postmortem: null,
    /** What was expected and did not hold: beside the contract, for those who must find out why. */
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

async function watchPeak({ observer }: Stage, { figures }: Recorder, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    figures.peakSessions = Math.max(figures.peakSessions ?? 0, await observer.count());
    await delay(50);
  }
}

const MARKS: Readonly<Record<Entry['kind'], string>> = {
  act: '\n▌',
  alert: '  🔔',
  edit: '  ✎',
  answer: '  💬',
  passed: '  ✓',
  failed: '  ✗ FAILED:',
  figure: '  ·',
};

function renderEntry({ at, kind, text }: Entry, startedAt: number): string {
  const mark = MARKS[kind];
  const seconds = ((at - startedAt) / 1_000).toFixed(2).padStart(6);
  return kind === 'act' ? `\n${seconds} s ${mark.trim()} ${text}` : `${seconds} s ${mark} ${text}`;
}

function renderScore(summary: ReturnType<typeof summarise>, { failures }: Recorder): string {
  const { detectMs, recoverMs, peakSessions, messages, edits } = summary;
  return [
    '',
    failures.length === 0
      ? 'Recovered: every expectation held.'
      : `Not recovered: ${failures.length} expectations failed.\n${failures.map((text) => `  ✗ ${text}`).join('\n')}`,
    `  detected after   ${detectMs} ms (crossing in PostgreSQL → POST at Discord)`,
    `  recovered after  ${recoverMs} ms (crossing → the alert is green)`,
    `  peak             ${peakSessions} sessions`,
    `  messages, edits  ${messages}, ${edits}`,
  ].join('\n');
}
