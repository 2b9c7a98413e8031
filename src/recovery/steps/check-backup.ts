import { z } from 'zod';
import { formatDuration } from '../../model/duration.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { BACKUP_FAULTS, describeBackups, judgeBackups } from '../judge-backups.ts';
import { referenceParam } from '../reference-param.ts';
import { kubectl } from '../shell-words.ts';
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
      say: `Prints when a backup succeeded last (UTC): it should be younger than ${formatDuration(maxAgeMs)}.`,
      run: kubectl(namespace, 'get', 'cronjob', name, '--output', 'jsonpath={.status.lastSuccessfulTime}{"\\n"}'),
    },
    {
      say: 'Lists the Jobs, newest last: the last one of the backup should be complete.',
      run: kubectl(namespace, 'get', 'jobs', '--sort-by=.metadata.creationTimestamp'),
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
