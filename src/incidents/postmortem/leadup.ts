import { formatDuration } from '../../model/duration.ts';
import { firstWords } from '../measure-incident.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, moment, prompt } from './pen.ts';

const MOST_WARNINGS = 20;

/** What was seen before it became an incident. */
export function writeLeadup({ figures: { trigger, warnings, events }, pen }: Part): readonly Block[] {
  const lines = warnings.map((alert) => {
    const ahead =
      trigger?.firedAt && alert.firedAt ? `, ${formatDuration(trigger.firedAt - alert.firedAt)} before` : '';
    return `- ${moment(alert.firedAt ?? alert.since)}${ahead}: ${pen.text(firstWords(alert, events).headline)} (${pen.text(alert.key)})`;
  });
  const known =
    trigger === null
      ? 'No alert fired: the timeline knows nothing of the time before.'
      : `The condition of the alert that this began with was first seen at ${moment(trigger.since)}.${lines.length === 0 ? ' No other alert of this incident had fired before it.' : ' What had fired before it:'}`;
  return [
    known,
    ...(lines.length === 0 ? [] : [cutMiddle(lines, MOST_WARNINGS, (left) => `- … ${left} more …`).join('\n')]),
    prompt('what changed before this began (deployments, migrations, traffic, configuration)?'),
  ];
}
