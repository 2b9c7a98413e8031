import type { Incident } from '../incidents/incident.ts';
import { countOpen } from '../incidents/postmortem/pen.ts';
import { COLOURS, type Message, type MessageFile } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** What a message takes beside the file (facts.md, Discord 7: ten in all). */
const MOST_CHARTS = 9;

/** The post-mortem as a file, with its charts beside it. Pure. */
export function renderPostmortemMessage(incident: Incident, markdown: string, charts: readonly MessageFile[]): Message {
  const { id, title, events, closed } = incident;
  const { questions, tasks } = countOpen(markdown);
  const [first, ...others] = charts.slice(0, MOST_CHARTS);
  return {
    embed: {
      title: `Post-mortem: ${escapeUntrusted(title, 180)}`,
      description: [
        `**Filled in** from ${events.length === 1 ? 'one entry' : `${events.length} entries`} of the timeline: times to detect, to acknowledge and to recover, the alerts and what they affect, who held the connections, every act and every note.`,
        `**Left to people:** ${questions} ${questions === 1 ? 'question' : 'questions'}, each marked _To be filled in_${tasks === 0 ? '' : `, and an owner for ${tasks === 1 ? 'one follow-up task' : `each of ${tasks} follow-up tasks`}`}.`,
        ...(closed === null ? ['The incident is still open: ask for it again once it is closed.'] : []),
      ].join('\n'),
      colour: COLOURS.calm,
    },
    ...(first && { file: first }),
    attachments: [
      {
        name: `postmortem-${id.replaceAll(/[^\w-]/g, '-')}.md`,
        type: 'text/markdown',
        description: `The post-mortem of incident ${id}, in Markdown`,
        data: new TextEncoder().encode(markdown),
      },
      ...others,
    ],
  };
}
