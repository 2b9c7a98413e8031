import type { Command } from '../../src/discord/command.ts';
import type { IncidentRef } from '../../src/operations/incident-operations.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { paintIncidentChart } from '../../src/render/incident-chart-file.ts';
import type { Message } from '../../src/render/message.ts';
import { renderPostmortem } from '../../src/render/render-postmortem.ts';

export default {
  description: 'The post-mortem as a Markdown file, filled in from the timeline',
  access: 'observe',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'incident',
      description: 'Which one; without it that of this thread, or the only open one',
      autocomplete: (typed, { incidents }) => incidents.suggest(typed),
    },
  ],
  run: ({ options, channelId }, operations) => write(operations, { id: options['incident'], channelId }),
  buttons: {
    show: {
      access: 'observe',
      answer: 'new',
      run: ({ args }, operations) => write(operations, { id: args[0] }),
    },
  },
} satisfies Command;

async function write(operations: Operations, which: IncidentRef): Promise<Message> {
  const { incident, at, names } = await operations.incidents.postmortem(which);
  const charts = await Promise.all(
    incident.databases
      .filter((database) => operations.databases.includes(database))
      .map(async (database) => ({
        database,
        chart: await paintIncidentChart(incident, await operations.readStatus(database)),
      })),
  );
  return renderPostmortem(incident, { now: at, names, charts });
}
