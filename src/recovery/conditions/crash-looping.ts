import { formatDuration } from '../../model/duration.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

/** It ends again and again, and the kubelet starts it ever more slowly: one more start is what it has had already. */
export function findCrashLooping({ pods, facts }: Signs): Diagnosis | null {
  for (const { name, containers, terminatingAt } of pods ?? []) {
    const found = containers.find(({ waiting }) => waiting === 'CrashLoopBackOff');
    if (found === undefined || terminatingAt !== null) continue;
    const { lastEnd, restarts } = found;
    const outOfMemory = lastEnd?.reason === 'OOMKilled';
    const code = lastEnd === null || lastEnd.exitCode === null ? '' : `, exit code ${lastEnd.exitCode}`;
    const when = lastEnd === null || lastEnd.at === null ? '' : ` at ${timeOf(lastEnd.at)}`;
    const last = lastEnd === null ? '' : `, last with ${lastEnd.reason}${code}${when}`;
    const said = facts.events?.ok ? facts.events.value.findLast(({ about }) => about === `Pod/${name}`) : undefined;
    const quoted =
      said === undefined
        ? []
        : [`Kubernetes says, ${formatDuration(Math.max(0, facts.at - said.at))} ago: “${said.message}”`];
    return {
      condition: outOfMemory ? 'out-of-memory' : 'crash-looping',
      headline: `${name} ends again and again (CrashLoopBackOff, ${restarts} restarts${last})`,
      advice: {
        kind: 'by-hand',
        todo: [
          ...(outOfMemory
            ? [
                'Give it more memory (`resources.limits.memory`), or let it take less: fewer connections, less work_mem and shared_buffers.',
              ]
            : []),
          'Read its last words: kubectl logs --previous, of that pod.',
          'Put right what they name: settings, permissions, room on the volume, the image. Change nothing in the data directory.',
        ],
      },
      reasons: [
        ...quoted,
        `\`restart\` does not help: it has been started again ${restarts} times already, with the same end.`,
        'Not `remount` or `recreate`: the volume is mounted, and the same workload would end the same way.',
      ],
    };
  }
  return null;
}
