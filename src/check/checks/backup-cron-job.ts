import { type Check, fine, type Judgement, unknown, warning } from '../check.ts';
import { judgeMissing } from '../judge-missing.ts';
import { kubectlPatch } from '../kubectl.ts';

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: "The backup's CronJob exists and is not suspended.",
  judge({ cronJobs }, { databases }): readonly Judgement[] {
    return databases.flatMap(({ name, backup, workload }) => {
      if (backup === undefined) {
        if (workload === undefined) return [];
        return [
          warning(`${name}: backup`, {
            what: 'no backup is configured',
            why: 'Nobody is told when backups stop, and a recovery begins without knowing of one.',
            mend: `backup: { cronJob: namespace/cronjob/name, maxAge: 26h }   # under the database ${name}`,
          }),
        ];
      }
      const { cronJob } = backup;
      const found = cronJobs.get(cronJob);
      if (!found?.ok) return [unknown(cronJob, found?.reason ?? 'nobody looked')];
      if (found.value === null) return [judgeMissing(cronJob, 'No backup is made, or nobody knows of it.')];
      const { suspended, schedule } = found.value;
      if (!suspended) return [fine(cronJob, `its schedule is ${schedule}`)];
      return [
        warning(cronJob, {
          what: 'it is suspended: no backup is made by itself',
          why: 'The day on which it is needed, the newest one is old.',
          mend: kubectlPatch(cronJob, { spec: { suspend: false } }),
        }),
      ];
    });
  },
} satisfies Check;
