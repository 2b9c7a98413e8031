import type { KubeObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import events from '../resources/events.ts';
import type { ControllerParts } from './run-controller.ts';
import { timeStamp } from './time-stamp.ts';

export type RecordEvent = (
  about: KubeObject,
  event: { readonly type?: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
) => void;

/** Records what `component` did as Events; the same again counts up the one that is there, as the real recorders do. */
export function createEventRecorder({
  api,
  clock,
  component,
}: ControllerParts & { readonly component: string }): RecordEvent {
  const names = new Map<string, string>();
  return (about, { type = 'Normal', reason, message }) => {
    const namespace = about.metadata.namespace ?? 'default';
    const at = timeStamp(clock.now());
    const same = JSON.stringify([about.metadata.uid, type, reason, message]);
    const known = names.get(same);
    const again =
      known !== undefined &&
      api.change(events, namespace, known, (event) => {
        event['count'] = Number(event['count']) + 1;
        event['lastTimestamp'] = at;
      });
    if (again) return;
    // As the real ones: nanoseconds in hexadecimal; here the revision makes them unique among all recorders.
    const name = `${about.metadata.name}.${(BigInt(clock.now()) * 1_000_000n + BigInt(api.revision() % 1_000_000)).toString(16)}`;
    try {
      api.create(events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace },
        involvedObject: {
          kind: about.kind,
          ...(about.metadata.namespace !== undefined && { namespace: about.metadata.namespace }),
          name: about.metadata.name,
          uid: about.metadata.uid,
          apiVersion: about.apiVersion,
          resourceVersion: about.metadata.resourceVersion,
        },
        reason,
        message,
        source: { component },
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
        type,
        eventTime: null,
        reportingComponent: component,
        reportingInstance: '',
      });
      names.set(same, name);
    } catch (error) {
      // A namespace that is going takes no more events (403), or is gone (404); nobody's work fails for want of one.
      if (!(error instanceof StatusError) || error.code === 409) throw error;
    }
  };
}
