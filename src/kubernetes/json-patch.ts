/** One step of RFC 6902; the steps of a patch are done all together, or none is. */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

export const JSON_PATCH = 'application/json-patch+json';

type Annotations = Readonly<Record<string, string>> | null | undefined;

/** Where an object's fields are, as RFC 6901 writes it. */
export function pointTo(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Holds only while the annotation is as it was seen. That something is absent no `test` can say (RFC 6902, 4.6), so it is the
 * object's version that must not have moved.
 */
export function testAnnotation(
  where: readonly string[],
  annotations: Annotations,
  key: string,
  resourceVersion: string,
): PatchOperation {
  const seen = annotations?.[key];
  return seen === undefined
    ? { op: 'test', path: pointTo('metadata', 'resourceVersion'), value: resourceVersion }
    : { op: 'test', path: pointTo(...where, key), value: seen };
}

/** Sets one annotation and leaves the others; where there are none at all the map is made with it. */
export function setAnnotation(
  where: readonly string[],
  annotations: Annotations,
  key: string,
  value: string,
): PatchOperation {
  return annotations
    ? { op: 'add', path: pointTo(...where, key), value }
    : { op: 'add', path: pointTo(...where), value: { [key]: value } };
}
