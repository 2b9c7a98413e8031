import { tooLong } from './field-errors.ts';
import type { KubeObject, ObjectMeta } from './object.ts';
import { type Fault, invalid } from './refusals.ts';
import type { ResourceType } from './resource-type.ts';

/** Throws StatusError 422 for metadata that no kind may have (golden 017, 260). */
export function checkMetadata(type: ResourceType, { metadata }: KubeObject, before: KubeObject | null): void {
  checkAnnotations(type, metadata);
  if (before === null) return checkName(type, metadata.name);
  if (before.metadata.deletionTimestamp === undefined) return;
  const held = before.metadata.finalizers ?? [];
  const added = (metadata.finalizers ?? []).filter((finalizer) => !held.includes(finalizer));
  if (added.length === 0) return;
  const list = added.map((finalizer) => `"${finalizer}"`).join(', ');
  const fault = {
    reason: 'FieldValueForbidden',
    field: 'metadata.finalizers',
    message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
  };
  // Of custom resources the server looks twice (golden 260).
  throw invalid(type, metadata.name, type.custom ? [fault, fault] : [fault]);
}

/** Bytes of all keys and values together (golden 229). */
const MOST_ANNOTATIONS = 256 * 1_024;

function checkAnnotations(type: ResourceType, { name, annotations = {} }: ObjectMeta): void {
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (size > MOST_ANNOTATIONS) throw invalid(type, name, [tooLong('metadata.annotations', MOST_ANNOTATIONS)]);
}

function checkName(type: ResourceType, name: string): void {
  if (name === '') throw refuse('FieldValueRequired', 'Required value: name or generateName is required');
  const [rule, said] = LABELS.has(type.plural) ? [LABEL, LABEL_SAID] : [SUBDOMAIN, SUBDOMAIN_SAID];
  // Names of roles and their bindings are parts of paths, and nothing more.
  if (type.group === 'rbac.authorization.k8s.io' || (rule.test(name) && name.length <= 253)) return;
  throw refuse('FieldValueInvalid', `Invalid value: ${JSON.stringify(name)}: ${said}`);

  function refuse(reason: Fault['reason'], message: string): Error {
    return invalid(type, name, [{ reason, field: 'metadata.name', message }]);
  }
}

/** Their names become labels of DNS. */
const LABELS: ReadonlySet<string> = new Set(['namespaces', 'services']);
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_SAID =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_SAID =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
