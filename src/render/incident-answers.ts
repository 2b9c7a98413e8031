import type { Incident } from '../incidents/incident.ts';
import { formatDuration } from '../model/duration.ts';
import { describeClosing, wordForIncident } from './incident-message.ts';
import { listWithin } from './list-within.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { mention } from './timeline-line.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** `/incident list`, in the order given. Pure; `now` in epoch milliseconds. */
export function renderIncidentList(list: readonly Incident[], now: number): Message {
  const open = list.filter(({ closed }) => closed === null);
  const title =
    open.length === 0 ? 'No incident is open' : `${open.length} ${open.length === 1 ? 'incident' : 'incidents'} open`;
  return {
    embed: {
      title,
      description:
        list.length === 0
          ? 'A critical alert opens one; `/incident open` does too.'
          : listWithin(list.map(renderLine)).join('\n'),
      colour: open.some(({ calmSince }) => calmSince === null) ? COLOURS.critical : COLOURS.calm,
      timestamp: now,
    },
    buttons: [{ id: 'incident.list:refresh', label: 'Refresh', style: 'quiet' }],
  };
}

function renderLine(incident: Incident): string {
  const { id, title, openedAt, closed, commander, thread } = incident;
  const who = commander === null ? 'no commander' : `led by ${mention(commander.member)}`;
  const when =
    closed === null
      ? `opened ${timestamp(openedAt)}`
      : `${timestamp(openedAt, 'f')}, for ${formatDuration(closed.at - openedAt)}`;
  const where = thread?.channelId ? ` · <#${thread.channelId.replaceAll(/\D/g, '')}>` : '';
  return `${wordForIncident(incident)} \`${plainUntrusted(id, 40).replaceAll('`', "'")}\` ${escapeUntrusted(title, 120)} · ${when} · ${who}${where}`;
}

/** The answer to `/incident note`: what was written down, so that it can be read once more. Pure. */
export function renderNoted(
  incident: Pick<Incident, 'id'>,
  note: { readonly by: string; readonly at: number; readonly text: string },
): Message {
  return {
    embed: {
      title: 'Noted',
      description: `${timestamp(note.at, 'T')} ${mention(note.by)}: ${escapeUntrusted(note.text, 2_000)}\nIt stands in the timeline of ${escapeUntrusted(incident.id)}, and in its post-mortem.`,
      colour: COLOURS.calm,
    },
  };
}

/** The answer to `/incident close`. Pure. Throws RangeError for one that is not closed: a defect. */
export function renderClosed(incident: Incident): Message {
  const { id, closed, title, alerts } = incident;
  if (closed === null) throw new RangeError(`incident ${id} is not closed`);
  const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null).length;
  return {
    embed: {
      title: `Incident closed: ${escapeUntrusted(title, 180)}`,
      description: [
        ...describeClosing(incident),
        ...(firing > 0
          ? [`⚠️ ${firing === 1 ? 'One alert of it still fires' : `${firing} alerts of it still fire`}.`]
          : []),
        '**Next:** fill in the post-mortem while people remember.',
      ].join('\n'),
      colour: COLOURS.unknown,
    },
    buttons: [
      { id: `incident.open:again:${id}`, label: 'Reopen', style: 'quiet' },
      { id: `incident.postmortem:show:${id}`, label: 'Post-mortem', style: 'act' },
    ],
  };
}
