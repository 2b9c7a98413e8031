import type { Incident } from '../incidents/incident.ts';
import type { ActFact, TimelineEvent, TimelineFact } from '../incidents/timeline.ts';
import type { Json } from '../journal/journal.ts';
import { boundEvent, LONGEST_NOTE } from './bound-incident.ts';
import { type IncidentContent, letterIds, type NarrationContent, readLetter } from './letter-content.ts';
import type { GivenUp, Outbox } from './outbox.ts';

/** More than this go into the next message (facts.md, Discord 7: a description has 4,096 characters). */
const MOST_EVENTS = 10;
const MOST_CHARACTERS = 2_500;

/**
 * Tells an incident's events, each once, over restarts too: into its thread all that happens, into the alert channel what the
 * alerts' own messages do not say. What waits to be posted is told in one message with what comes meanwhile.
 */
export interface Narrator {
  /** Puts what has not been told yet; `thread`: null for the alert channel. Says how many events have been, for the summary to keep. */
  narrate(incident: Incident, thread: string | null): number;
  /** As `narrate`, while nobody knows yet where to. */
  narratedTo(incident: Incident): number;
  /** A message stands: the next events have the next one. */
  posted(letterId: string): void;
  /** The thread takes nothing any more: what that letter told goes into the alert channel. */
  moveToChannel(letter: GivenUp): void;
  forget(incidentId: string): void;
}

interface Story {
  narratedTo: number;
  /** The letter that more can be told with. */
  open: NarrationContent | null;
}

export function createNarrator(outbox: Pick<Outbox, 'put' | 'open' | 'contentOf' | 'messageOf'>): Narrator {
  const stories = new Map<string, Story>();

  function put(content: NarrationContent, final: boolean): void {
    const { thread, events } = content.narration;
    outbox.put({
      id: content.mark,
      lane: 'normal',
      single: true,
      ...(thread !== null && { channel: thread }),
      urgent: false,
      final,
      at: events[0]?.at ?? 0,
      content: content as unknown as Json,
      durable: true,
    });
  }

  function storyOf(incident: Incident): Story {
    const known = stories.get(incident.id);
    if (known) return known;
    const story = resume(incident);
    stories.set(incident.id, story);
    return story;
  }

  /** From what a former process left in the outbox: the summary says how far it came, a letter that was put just before may know more. */
  function resume(incident: Incident): Story {
    const summary = outbox.contentOf(letterIds.summary(incident.id)) as IncidentContent | null;
    // Without a summary, and yet with a thread, the outbox was lost: it has been told.
    const story: Story = {
      narratedTo: summary?.narratedTo ?? (incident.thread ? incident.events.length : 0),
      open: null,
    };
    for (const id of outbox.open().filter((each) => each.startsWith(`${incident.id}.`))) {
      const letter = readLetter(outbox.contentOf(id));
      if (letter.kind !== 'narration') continue;
      close(story);
      story.narratedTo = Math.max(story.narratedTo, letter.content.narration.narratedTo);
      story.open = letter.content;
      if (outbox.messageOf(id) !== null) close(story);
    }
    return story;
  }

  function close(story: Story): void {
    const { open } = story;
    story.open = null;
    if (open) put(open, true);
  }

  return {
    narratedTo: (incident) => storyOf(incident).narratedTo,
    narrate(incident, thread) {
      const story = storyOf(incident);
      if (story.open && story.open.narration.thread !== thread) close(story);
      for (const event of incident.events.slice(story.narratedTo)) {
        const seq = story.narratedTo;
        story.narratedTo += 1;
        if (!isTold(event.fact, thread)) continue;
        if (story.open && isFull(story.open.narration.events)) close(story);
        const mark = story.open?.mark ?? (thread === null ? letterIds.inChannel : letterIds.inThread)(incident.id, seq);
        const events = [...(story.open?.narration.events ?? []), boundEvent(event, LONGEST_NOTE)];
        const narration = { incident: { ...incident, alerts: [], events: [] }, events, thread, narratedTo: seq + 1 };
        story.open = { narration, mark };
        put(story.open, false);
      }
      return story.narratedTo;
    },
    posted(letterId) {
      const story = [...stories.values()].find(({ open }) => open?.mark === letterId);
      if (story) close(story);
    },
    moveToChannel({ id, content }) {
      const letter = readLetter(content);
      if (letter.kind !== 'narration') return;
      const { narration } = letter.content;
      const events = narration.events.filter(({ fact }) => isTold(fact, null));
      const mark = letterIds.inChannel(
        narration.incident.id,
        id.slice(letterIds.inThread(narration.incident.id, '').length),
      );
      if (events.length > 0) put({ narration: { ...narration, events, thread: null }, mark }, true);
    },
    forget: (incidentId) => void stories.delete(incidentId),
  };
}

const RESULTS: ReadonlySet<ActFact['stage']> = new Set(['done', 'interrupted', 'stopped', 'ended']);
/** The course of a recovery, for its thread: who wanted it, and each step's end. */
const COURSE: ReadonlySet<ActFact['stage']> = new Set(['requested', 'approved', 'broke-glass', 'step', 'directed']);

/** Acts are told by what came of them; the thread begins below the message that says how it was opened. */
function isTold(fact: TimelineFact, thread: string | null): boolean {
  switch (fact.type) {
    case 'act':
      return RESULTS.has(fact.stage) || (thread !== null && COURSE.has(fact.stage));
    case 'note':
    case 'closed':
    case 'reopened':
      return true;
    case 'thread':
      return fact.refused !== null;
    case 'pin':
      return thread !== null && fact.refused !== null;
    case 'opened':
      return false;
    case 'alert':
    case 'commander':
    case 'holders':
      return thread !== null;
  }
}

function isFull(events: readonly TimelineEvent[]): boolean {
  return events.length >= MOST_EVENTS || JSON.stringify(events).length > MOST_CHARACTERS;
}
