import { isDeepStrictEqual } from 'node:util';
import { forbiddenValue, invalidValue, refuseInvalid, tooLong } from '../../api/field-errors.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Draft } from './defaults.ts';

/** Bytes; keys and values count together (golden 224). */
const LARGEST = 1_024 * 1_024;
const BYTES = new TextEncoder();

/** Golden 063, 225. */
export function checkConfigMap(object: KubeObject, before: KubeObject | null): void {
  const size =
    sizeOf(object['data'], (text) => BYTES.encode(text).length) + sizeOf(object['binaryData'], decodedLength);
  refuseInvalid({ group: '', kind: 'ConfigMap' }, object.metadata.name, [
    ...checkImmutable(object, before, ['data', 'binaryData']),
    ...(size > LARGEST ? [tooLong('[]', LARGEST)] : []),
  ]);
}

/** Golden 228. */
export function checkSecret(object: KubeObject, before: KubeObject | null): void {
  refuseInvalid({ group: '', kind: 'Secret' }, object.metadata.name, [
    ...checkImmutable(object, before, ['data']),
    ...(sizeOf(object['data'], decodedLength) > LARGEST ? [tooLong('data', LARGEST)] : []),
  ]);
}

/** Golden 221. */
export function checkLease({ metadata, spec }: KubeObject): void {
  const positive = (['leaseDurationSeconds'] as const).filter(
    (field) => spec?.[field] !== undefined && !(spec[field] > 0),
  );
  const counted = (['leaseTransitions'] as const).filter((field) => spec?.[field] !== undefined && !(spec[field] >= 0));
  refuseInvalid({ group: 'coordination.k8s.io', kind: 'Lease' }, metadata.name, [
    ...positive.map((field) => invalidValue(`spec.${field}`, spec[field], 'must be greater than 0')),
    ...counted.map((field) => invalidValue(`spec.${field}`, spec[field], 'must be greater than or equal to 0')),
  ]);
}

/** Golden 148: the server says it in the words of its own types. */
export function checkVolumeAttachment({ metadata, spec }: KubeObject, before: KubeObject | null): void {
  if (!before || isDeepStrictEqual(spec, before.spec)) return;
  const source: Draft = spec?.source ?? {};
  const said = {
    Attacher: spec?.attacher ?? '',
    Source: { PersistentVolumeName: source['persistentVolumeName'] ?? null, InlineVolumeSpec: null },
    NodeName: spec?.nodeName ?? '',
  };
  refuseInvalid({ group: 'storage.k8s.io', kind: 'VolumeAttachment' }, metadata.name, [
    invalidValue('spec', said, 'field is immutable'),
  ]);
}

function checkImmutable(object: KubeObject, before: KubeObject | null, fields: readonly string[]) {
  if (before?.['immutable'] !== true) return [];
  const changed = fields.filter((field) => !isDeepStrictEqual(object[field], before[field]));
  return [
    ...(object['immutable'] === true
      ? []
      : [forbiddenValue('immutable', 'field is immutable when `immutable` is set')]),
    ...changed.map((field) => forbiddenValue(field, 'field is immutable when `immutable` is set')),
  ];
}

function sizeOf(map: unknown, lengthOf: (text: string) => number): number {
  const entries = Object.entries((map ?? {}) as Record<string, unknown>);
  return entries.reduce((sum, [key, value]) => sum + BYTES.encode(key).length + lengthOf(String(value)), 0);
}

function decodedLength(base64: string): number {
  return Buffer.from(base64, 'base64').length;
}
