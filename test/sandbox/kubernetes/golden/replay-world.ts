import { request as httpRequest } from 'node:http';
import { type Access, createAccess } from '../../../../sandbox/kubernetes/api/access/create-access.ts';
import type { KubeApiCore } from '../../../../sandbox/kubernetes/api/create-kube-api.ts';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { recordUpdate } from '../../../../sandbox/kubernetes/api/patch/managed-fields.ts';
import type { ResourceType } from '../../../../sandbox/kubernetes/api/resource-type.ts';
import {
  createSandboxKubernetes,
  type SandboxKubernetes,
} from '../../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { isRecord, type Sighting } from './recording.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

/** A fresh server whose world can be made to look as it was when the recording was made. */
export interface ReplayWorld {
  readonly server: SandboxKubernetes;
  readonly access: Access;
  readonly send: (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
  ) => Promise<Answered>;
  readonly typeOf: (object: { readonly kind: string; readonly apiVersion: string }) => ResourceType | null;
  /** The next generated name. */
  readonly draw: (name: string | null) => void;
  /** Time passes until then, epoch milliseconds, if it has not. */
  readonly reach: (at: number) => Promise<void>;
  /** Lets other writes pass by until the next one brings this resourceVersion. */
  readonly passUntil: (revision: number) => void;
  /** What controllers, kubelets and people did unrecorded: the object is as it was seen. Answers whether it was not yet so. */
  readonly become: (sighting: Sighting) => boolean;
  /** Somebody took it away, whatever held it. */
  readonly vanish: (type: ResourceType, namespace: string | null, name: string) => void;
}

/** When the recording began. */
const BEGAN = Date.parse('2026-11-23T06:44:50Z');

export async function createReplayWorld(): Promise<ReplayWorld> {
  const clock = createManualClock(BEGAN);
  const access = createAccess({ now: () => clock.now() });
  const server = await createSandboxKubernetes({ ...access.hooks, clock });
  const { api } = server;
  let generated: string | null = null;
  const create = api.create.bind(api);
  // What the server would have drawn by lot.
  api.create = (type, object) => {
    const name = object.metadata.name || (object.metadata.generateName ? generated : null);
    return create(type, name ? { ...object, metadata: { ...object.metadata, name } } : object);
  };
  const configMaps = demand(api, '', 'configmaps');
  const namespaces = demand(api, '', 'namespaces');
  const ticks = { namespace: 'kube-system', name: 'ticks' };
  api.create(configMaps, { metadata: ticks, data: {} });

  function typeOf({ kind, apiVersion }: { readonly kind: string; readonly apiVersion: string }): ResourceType | null {
    const [version = '', group = ''] = apiVersion.split('/').toReversed();
    return api.types().find((type) => type.kind === kind && type.group === group && type.version === version) ?? null;
  }

  function passUntil(revision: number): void {
    while (api.revision() < revision - 1)
      api.change(configMaps, ticks.namespace, ticks.name, (draft) => (draft['data'] = { at: String(api.revision()) }));
  }

  function vanish(type: ResourceType, namespace: string | null, name: string): void {
    const found = api.get(type, namespace, name);
    if (!found) return;
    // What holds it is none of this world's business: the stored object itself is changed.
    delete found.metadata.finalizers;
    if (isRecord(found.spec)) delete found.spec['finalizers'];
    api.delete(type, namespace, name, { gracePeriodSeconds: 0, propagationPolicy: 'Background' });
  }

  function become({ object, deleted }: Sighting): boolean {
    const type = typeOf(object);
    if (!type) return false;
    const { namespace = null, name, resourceVersion, uid } = object.metadata;
    if (namespace !== null && !api.get(namespaces, null, namespace))
      api.create(namespaces, { metadata: { name: namespace } });
    const present = api.get(type, namespace, name);
    if (present?.metadata.uid === uid && Number(present.metadata.resourceVersion) >= Number(resourceVersion))
      return false;
    if (present && present.metadata.uid !== uid) vanish(type, namespace, name);
    const isLate = api.revision() >= Number(resourceVersion);
    if (isLate && present && !deleted) {
      // Too late to be written at its version: it has been so all along.
      adopt(type, present, structuredClone(present), object);
      return true;
    }
    passUntil(Number(resourceVersion));
    if (deleted) {
      vanish(type, namespace, name);
      return true;
    }
    const before = api.get(type, namespace, name);
    const stored = before
      ? api.change(
          type,
          namespace,
          name,
          ({ metadata }) => (metadata.annotations = { ...metadata.annotations, changed: '' }),
        )
      : api.create(type, {
          ...object,
          metadata: { namespace: namespace ?? undefined, name } as KubeObject['metadata'],
        });
    if (stored) adopt(type, stored, before, object);
    return true;
  }

  return {
    draw: (name) => void (generated = name),
    server,
    access,
    reach: (at) => clock.advance(Math.max(0, at - clock.now())),
    typeOf,
    passUntil,
    vanish,
    become,
    send: (method, path, headers, body) =>
      new Promise((resolve, reject) => {
        let over = false;
        const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const sent = httpRequest(
          server.url + path,
          { method, headers: { ...headers, ...length, connection: 'close' } },
          (response) => {
            const parts: Buffer[] = [];
            response.on('data', (part: Buffer) => parts.push(part));
            response.on('error', reject);
            response.on('end', () => {
              over = true;
              const text = Buffer.concat(parts).toString('utf8');
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: decode(text, response.headers['content-type']),
              });
            });
          },
        );
        sent.on('error', reject);
        sent.end(body ?? undefined);
        // Time passes only where the server waits for it.
        const pass = async (): Promise<void> => {
          if (over) return;
          const [next] = clock.sleeping();
          if (next !== undefined) await clock.advance(next);
          setTimeout(() => void pass(), 2);
        };
        void pass();
      }),
  };
}

/** Puts the recorded state into a stored object, in place: its uid, its times and its version, which no client could write. */
export function adopt(type: ResourceType, stored: KubeObject, before: KubeObject | null, recorded: KubeObject): void {
  const managedFields =
    recorded.metadata.managedFields ??
    (before
      ? [
          ...recordUpdate(
            type,
            { manager: 'kube-controller-manager', subresource: 'status', now: BEGAN },
            before,
            recorded,
          ),
        ]
      : stored.metadata.managedFields);
  for (const field of Object.keys(stored)) delete stored[field];
  Object.assign(stored, structuredClone(recorded));
  if (managedFields && managedFields.length > 0) stored.metadata.managedFields = managedFields;
}

export function demand(api: KubeApiCore, group: string, plural: string): ResourceType {
  const type = api.find(group, plural);
  if (!type) throw new Error(`no ${plural}`);
  return type;
}

function decode(text: string, contentType = ''): unknown {
  // A timeout comes as JSON under a wrong name (golden 312).
  if (!contentType.startsWith('application/json') && !text.startsWith('{')) return text;
  const lines = text.split('\n').filter(Boolean);
  // A watch, also one of a single event.
  if (lines.length !== 1 || text.startsWith('{"type":')) return lines.map((line) => JSON.parse(line) as unknown);
  return JSON.parse(text) as unknown;
}
