import { z } from 'zod';
import { formatDuration } from '../../model/duration.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { BACKUP_FAULTS, describeBackups, judgeBackups } from '../judge-backups.ts';
import { kubectl } from '../manual-commands.ts';
import { referenceParam } from '../reference-param.ts';
import type { RecoveryStep, StepCall, Verified } from '../step.ts';

/** `accepted`: what the approval took upon itself by typing `no backup`. */
type Params = z.infer<typeof params>;
const params = z.object({ cronJob: referenceParam, maxAgeMs: z.number(), accepted: z.array(z.enum(BACKUP_FAULTS)) });

export default {
  kind: 'check-backup',
  summary: 'Wants a successful backup that is young enough and not much smaller than the one before.',
  params,
  deadlineMs: 30_000,
  skip: null,
  title: ({ maxAgeMs }) => `Check that a backup younger than ${formatDuration(maxAgeMs)} is there`,
  manual: ({ cronJob: { namespace, name }, maxAgeMs }) => [
    {
      say: `Prints the time, when the last backup succeeded (UTC), and the Jobs, newest last: it must be younger than ${formatDuration(maxAgeMs)}, and its Job Complete.`,
      run: `date -u +%Y-%m-%dT%H:%M:%SZ\n${kubectl(namespace, 'get', `cronjob/${name}`, '-o', 'jsonpath=last {.status.lastSuccessfulTime}{"\\n"}')}\n${kubectl(namespace, 'get', 'jobs', '--sort-by=.metadata.creationTimestamp')}`,
      otherwise: `Where the server still lets a backup in, make one: ${kubectl(namespace, 'create', 'job', `--from=cronjob/${name}`, `${name}-by-hand`)}, then ${kubectl(namespace, 'wait', '--for=condition=complete', `job/${name}-by-hand`, '--timeout=30m')}. Where it does not, go on only if a second person says so: should the data be lost, it is lost since the last backup.`,
    },
  ],
  async check(call) {
    const verdict = await judge(call);
    if (verdict.kind === 'holds') return { kind: 'acted', saw: verdict.saw };
    return { kind: verdict.kind === 'failed' ? 'blocked' : 'unknown', saw: verdict.saw };
  },
  act: async () => ({ kind: 'done' }),
  verify: judge,
} satisfies RecoveryStep<Params>;

async function judge({ params: { cronJob, maxAgeMs, accepted }, tools }: StepCall<Params>): Promise<Verified> {
  const now = tools.clock.now();
  const read = await tools.backups.read(cronJob);
  const faults = judgeBackups(read, maxAgeMs, now);
  const news = faults.filter(({ kind }) => !accepted.includes(kind));
  if (news.some(({ kind }) => kind === 'unreadable')) return { kind: 'unknown', saw: tell(news) };
  if (news.length > 0)
    return {
      kind: 'failed',
      saw: `${tell(news)}. Make one with /db backup-run and Retry, or end this run and ask anew: then the words "no backup" stand for it (${formatWorkloadReference(cronJob)})`,
    };
  if (faults.length > 0) return { kind: 'holds', saw: `${tell(faults)}, which was accepted` };
  return { kind: 'holds', saw: read.ok && read.value ? describeBackups(read.value, now) : 'a backup is there' };
}

function tell(faults: readonly { readonly words: string }[]): string {
  return faults.map(({ words }) => words).join('; ');
}
