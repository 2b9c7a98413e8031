import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { kubectl } from '../manual-commands.ts';
import { referenceParam } from '../reference-param.ts';
import { objectOf } from '../scale-by-hand.ts';
import type { RecoveryStep } from '../step.ts';

/** 30 s at most (product.md §7), and some of them to keep it. */
const WITHIN_MS = 25_000;

const params = z.object({ workload: referenceParam, claim: referenceParam.nullable() });

export default {
  kind: 'capture-evidence',
  summary:
    'Captures what the cluster and the server say now, before anything is touched. Gaps are listed and block nothing.',
  params,
  deadlineMs: 5_000,
  skip: 'What went wrong can then only be told from memory: restarting takes the logs and the sessions away.',
  title: ({ workload }) => `Capture evidence of ${formatWorkloadReference(workload)}`,
  manual({ workload }) {
    const { namespace } = workload;
    const objects = 'deployment,statefulset,replicaset,service,persistentvolumeclaim,pod,event';
    const logs = (...words: readonly string[]) =>
      kubectl(namespace, 'logs', objectOf(workload), '--all-containers', '--tail=5000', ...words);
    return [
      {
        say: 'Keeps the objects, nodes, volumes and logs as they are, in files, and lists these. Keep them to yourself: environments of pods may hold passwords.',
        run: [
          `${kubectl(namespace, 'get', objects, '-o', 'yaml')} > evidence-objects.yaml`,
          `${kubectl(null, 'get', 'node,persistentvolume,volumeattachment', '-o', 'yaml')} > evidence-nodes.yaml`,
          `${kubectl(namespace, 'get', 'deployments,statefulsets')} > evidence-workloads.txt`,
          `${logs()} > evidence-server.log`,
          `${logs('--previous')} > evidence-previous.log`,
          'wc -c evidence-*',
        ].join('\n'),
        otherwise:
          'A file of 0 bytes is a gap, as evidence-previous.log is where the container never ended before. Go on all the same, and lose no time here.',
      },
    ];
  },
  check: async () => ({ kind: 'ready', saw: 'nothing is touched yet' }),
  async act({ params: scope, tools }) {
    const [cluster, activity] = await Promise.all([
      tools.evidence.capture(scope, WITHIN_MS),
      tools.server.captureActivity(WITHIN_MS),
    ]);
    const kept = await tools.keepEvidence({
      files: [...cluster.files, ...activity.files],
      gaps: [...cluster.gaps, ...activity.gaps],
    });
    // No evidence is no reason to leave a database down: what became of it is told, and the run goes on.
    return kept.kind === 'done' ? kept : { kind: 'unknown', reason: `The evidence is not kept: ${kept.reason}.` };
  },
  verify: async () => ({ kind: 'holds', saw: 'it was captured, gaps are listed with it' }),
} satisfies RecoveryStep<z.infer<typeof params>>;
