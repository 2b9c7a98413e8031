import { randomUUID } from 'node:crypto';
import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import events from '../resources/events.ts';
import { toTime } from './times.ts';

/** Tells what a kubelet did or could not do for a pod; the same said again is counted. */
export type TellEvent = (pod: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string) => void;

export function createEventTeller(api: KubeApi, now: () => number, node: string): TellEvent {
  const told = new Map<string, string>();
  return ({ metadata: { name, namespace = 'default', uid, resourceVersion } }, type, reason, message) => {
    const key = [uid, reason, message].join('\n');
    const at = toTime(now());
    const known = told.get(key);
    const counted =
      known !== undefined &&
      api.change(events, namespace, known, (draft) => {
        draft['count'] = Number(draft['count']) + 1;
        draft['lastTimestamp'] = at;
      });
    if (counted) return;
    const made = tryToMake(() =>
      api.create(events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${name}.${randomUUID().replaceAll('-', '').slice(0, 16)}`, namespace },
        involvedObject: { kind: 'Pod', namespace, name, uid, apiVersion: 'v1', resourceVersion },
        reason,
        message,
        source: { component: 'kubelet', host: node },
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
        type,
        eventTime: null,
        reportingComponent: 'kubelet',
        reportingInstance: node,
      }),
    );
    if (made !== null) told.set(key, made.metadata.name);
  };
}

/** Null where the server refuses it, as in a namespace that is going: an event is no reason to fail. */
function tryToMake(make: () => KubeObject): KubeObject | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof StatusError) return null;
    throw error;
  }
}
