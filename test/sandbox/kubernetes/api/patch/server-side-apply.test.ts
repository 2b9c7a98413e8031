import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject, NewObject } from '../../../../../sandbox/kubernetes/api/object.ts';
import { fieldsOf } from '../../../../../sandbox/kubernetes/api/patch/field-set.ts';
import {
  decodeFields,
  encodeFields,
  recordUpdate,
} from '../../../../../sandbox/kubernetes/api/patch/managed-fields.ts';
import { applyServerSide } from '../../../../../sandbox/kubernetes/api/patch/server-side-apply.ts';
import configMaps from '../../../../../sandbox/kubernetes/resources/config-maps.ts';
import deployments from '../../../../../sandbox/kubernetes/resources/deployments.ts';

const config = (spec: object): NewObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'pg' },
  spec,
});
const spec = (image: string, more: object = {}) => ({
  replicas: 1,
  selector: { matchLabels: { app: 'pg' } },
  template: { spec: { containers: [{ name: 'c', image, ...more }] } },
});
const as = (manager: string, force = false, now = 0) => ({ manager, force, now });
const apply = (manager: string, before: KubeObject | null, wanted: NewObject, force = false) =>
  applyServerSide(deployments, as(manager, force), before, wanted) as KubeObject;
const owners = (object: KubeObject) =>
  (object.metadata.managedFields as { manager: string; operation: string }[]).map(
    ({ manager, operation }) => `${manager} ${operation}`,
  );

const CONTAINER = '.spec.template.spec.containers[name="c"]';

describe('an apply', () => {
  it('owns what it names', () => {
    const made = apply('one', null, config(spec('a:1')));
    expect(made.metadata.managedFields).toMatchObject([
      {
        manager: 'one',
        operation: 'Apply',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:template': {
              'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
            },
          },
        },
      },
    ]);
  });

  it('of the same again changes nothing, not even the time', () => {
    const made = apply('one', null, config(spec('a:1')));
    expect(applyServerSide(deployments, as('one', false, 9_000), made, config(spec('a:1')))).toEqual(made);
  });

  it('conflicts with whoever owns a field that would change, each named', () => {
    const made = apply('one', null, config(spec('a:1')));
    expect(() => apply('two', made, config({ ...spec('a:2'), replicas: 2 }))).toThrow(
      expect.objectContaining({
        code: 409,
        message: `Apply failed with 2 conflicts: conflicts with "one":\n- .spec.replicas\n- ${CONTAINER}.image`,
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.replicas' },
            { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: `${CONTAINER}.image` },
          ],
        },
      }),
    );
  });

  it('shares a field whose value is the same', () => {
    const made = apply('one', null, config(spec('a:1')));
    expect(owners(apply('two', made, config(spec('a:1'))))).toEqual(['one Apply', 'two Apply']);
  });

  it('takes the field by force', () => {
    const made = apply('one', null, config(spec('a:1')));
    const forced = apply('two', made, config(spec('a:2')), true);
    expect(forced.spec.template.spec.containers).toEqual([{ name: 'c', image: 'a:2' }]);
    const [one, two] = (forced.metadata.managedFields as { fieldsV1: Record<string, unknown> }[]).map(({ fieldsV1 }) =>
      JSON.stringify(fieldsV1),
    );
    expect(one).not.toContain('f:image');
    expect(two).toContain('f:image');
  });

  it('drops what it named before and nobody else owns', () => {
    const made = apply('one', null, config(spec('a:1', { env: [{ name: 'A', value: '1' }] })));
    const again = apply('one', made, config(spec('a:1')));
    expect(again.spec.template.spec.containers).toEqual([{ name: 'c', image: 'a:1' }]);
    const shared = apply('two', made, config(spec('a:1', { env: [{ name: 'A', value: '1' }] })));
    expect(apply('one', shared, config(spec('a:1'))).spec.template.spec.containers[0].env).toEqual([
      { name: 'A', value: '1' },
    ]);
  });

  it('leaves alone what it never named', () => {
    const made = apply('one', null, config(spec('a:1')));
    const defaulted = { ...made, spec: { ...made.spec, paused: false } };
    expect(apply('one', defaulted, config(spec('a:2'))).spec).toMatchObject({ paused: false });
  });

  it('conflicts with an update, in other words', () => {
    const made = apply('one', null, config(spec('a:1')));
    const scaled = { ...made, spec: { ...made.spec, replicas: 3 } };
    const managedFields = [
      ...recordUpdate(deployments, { manager: 'kubectl-scale', subresource: '', now: 0 }, made, scaled),
    ];
    const after = { ...scaled, metadata: { ...scaled.metadata, managedFields } };
    expect(owners(after)).toEqual(['one Apply', 'kubectl-scale Update']);
    expect(() => apply('one', after, config(spec('a:1')))).toThrow(
      'Apply failed with 1 conflict: conflict with "kubectl-scale" using apps/v1: .spec.replicas',
    );
  });
});

describe('an update', () => {
  it('owns maps that it brings into being, and what it wrote is its alone', () => {
    const map = (data: object): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' } as KubeObject['metadata'],
      data,
    });
    const first = recordUpdate(configMaps, { manager: 'a', subresource: '', now: 0 }, null, map({ k: '1', l: '1' }));
    expect(first).toMatchObject([{ manager: 'a', fieldsV1: { 'f:data': { '.': {}, 'f:k': {}, 'f:l': {} } } }]);
    const before = map({ k: '1', l: '1' });
    before.metadata.managedFields = [...first];
    const second = recordUpdate(configMaps, { manager: 'b', subresource: '', now: 0 }, before, map({ k: '2' }));
    expect(second).toMatchObject([
      { manager: 'a', fieldsV1: { 'f:data': {} } },
      { manager: 'b', fieldsV1: { 'f:data': { 'f:k': {} } } },
    ]);
  });
});

describe('fields', () => {
  it('come out of their encoding as they went in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (spec_) => {
        const fields = fieldsOf({ spec: spec_ }, { custom: false });
        expect(new Set(decodeFields({ fieldsV1: encodeFields(fields) }).keys())).toEqual(new Set(fields.keys()));
      }),
    );
  });
});
