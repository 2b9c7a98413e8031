import { StatusError } from '../status-error.ts';

/** In what shape somebody wants an object or a list. */
export type Shape = 'object' | 'table' | 'metadata';

/** The first that can be had of what an Accept header names. Throws StatusError 406 (golden 015, 016, 030). */
export function negotiate(accept: string | undefined): Shape {
  for (const wanted of (accept || '*/*').split(',')) {
    const [media = '', ...rest] = wanted.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*'].includes(media)) continue;
    const parameters = new Map(rest.map((part) => part.split('=') as [string, string]));
    const as = parameters.get('as');
    if (as === undefined) return 'object';
    if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
  }
  throw new StatusError(
    406,
    'NotAcceptable',
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
    {},
  );
}
