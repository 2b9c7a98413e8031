import { z } from 'zod';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import { referenceParam } from '../reference-param.ts';
import { kubectl } from '../shell-words.ts';
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
  manual({ workload: { namespace, kind, name } }) {
    const objects = 'deployment,statefulset,replicaset,service,persistentvolumeclaim,pod,event';
    return [
      {
        say: 'Keeps the objects as they are.',
        run: `${kubectl(namespace, 'get', objects, '--output', 'yaml')} > evidence-objects.yaml`,
      },
      {
        say: 'Keeps nodes and volumes as they are.',
        run: `${kubectl(null, 'get', 'node,persistentvolume,volumeattachment', '--output', 'yaml')} > evidence-nodes.yaml`,
      },
      {
        say: 'Keeps the logs of the server.',
        run: `${kubectl(namespace, 'logs', `${kind}/${name}`, '--all-containers', '--tail=5000')} > evidence-server.log`,
      },
      {
        say: 'Keeps the logs of the container before; it fails where there was none.',
        run: `${kubectl(namespace, 'logs', `${kind}/${name}`, '--all-containers', '--previous', '--tail=5000')} > evidence-previous.log`,
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
    return kept.kind === 'refused' ? { kind: 'unknown', reason: kept.reason } : kept;
  },
  verify: async () => ({ kind: 'holds', saw: 'what could be captured is with the run, gaps listed' }),
} satisfies RecoveryStep<z.infer<typeof params>>;
