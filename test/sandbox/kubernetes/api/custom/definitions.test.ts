import { beforeEach, describe, expect, it } from 'vitest';
import { createKubeApi, type KubeApiCore } from '../../../../../sandbox/kubernetes/api/create-kube-api.ts';
import { pruneUnknown, type Schema } from '../../../../../sandbox/kubernetes/api/custom/schema.ts';
import { serveDefinitions } from '../../../../../sandbox/kubernetes/api/custom/serve-definitions.ts';
import type { ResourceType } from '../../../../../sandbox/kubernetes/api/resource-type.ts';
import { RESOURCE_TYPES } from '../../../../../sandbox/kubernetes/resources/catalogue.ts';
import definitions from '../../../../../sandbox/kubernetes/resources/custom-resource-definitions.ts';

const SPEC: Schema = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 10 },
    color: { type: 'string', enum: ['red', 'blue'], default: 'red' },
    notes: { type: 'object', additionalProperties: { type: 'string' } },
  },
};
const SCHEMA: Schema = {
  type: 'object',
  properties: { spec: SPEC, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
};

const definition = (schema: Schema = SCHEMA, name = 'widgets.sim.example') => ({
  metadata: { name },
  spec: {
    group: 'sim.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: schema } },
    ],
  },
});

let api: KubeApiCore;
beforeEach(() => {
  api = createKubeApi({ types: RESOURCE_TYPES, now: () => 0 });
  serveDefinitions(api, () => 0);
});

function widgets(): ResourceType {
  const type = api.find('sim.example', 'widgets');
  if (!type) throw new Error('widgets are not served');
  return type;
}
const widget = (spec: object, metadata: object = {}) => ({
  metadata: { name: 'w', namespace: 'n', ...metadata },
  spec,
});
function conditions(): readonly string[] {
  const told = api.get(definitions, null, 'widgets.sim.example')?.status?.conditions ?? [];
  return (told as { type: string }[]).map(({ type }) => type);
}

describe('a definition', () => {
  it('is served as soon as it is there', () => {
    api.create(definitions, definition());
    expect(conditions()).toEqual(['NamesAccepted', 'Established']);
    expect(widgets()).toMatchObject({
      kind: 'Widget',
      singular: 'widget',
      namespaced: true,
      custom: true,
      subresources: ['status'],
    });
  });

  it('must be called after what it defines', () => {
    expect(() => api.create(definitions, definition(SCHEMA, 'x.sim.example'))).toThrow(/must be spec\.names\.plural/);
  });

  it('that is changed goes on with what is stored', () => {
    api.create(definitions, definition());
    api.create(widgets(), widget({ size: 1 }));
    api.change(definitions, null, 'widgets.sim.example', ({ spec }) => {
      spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.maximum = 20;
    });
    expect(api.list(widgets(), null)).toHaveLength(1);
    expect(() => api.create(widgets(), widget({ size: 20 }, { name: 'x' }))).not.toThrow();
  });

  it('that is deleted takes its objects along, and waits for those that are held', () => {
    api.create(definitions, definition());
    api.create(widgets(), widget({ size: 1 }, { finalizers: ['sim.example/hold'] }));
    api.create(widgets(), widget({ size: 1 }, { name: 'free' }));
    api.delete(definitions, null, 'widgets.sim.example');
    expect(api.list(widgets(), null).map(({ metadata }) => metadata.name)).toEqual(['w']);
    expect(conditions()).toContain('Terminating');
    expect(() => api.create(widgets(), widget({ size: 1 }, { name: 'late' }))).toThrow(
      /while custom resource definition is terminating/,
    );
    api.change(widgets(), 'n', 'w', ({ metadata }) => delete metadata.finalizers);
    expect([api.get(definitions, null, 'widgets.sim.example'), api.find('sim.example', 'widgets')]).toEqual([
      null,
      null,
    ]);
  });
});

describe('an object of a custom kind', () => {
  beforeEach(() => void api.create(definitions, definition()));

  it('gets what its schema has by default', () => {
    expect(api.create(widgets(), widget({ size: 1 })).spec).toEqual({ size: 1, color: 'red' });
  });

  it.each<[object, string]>([
    [{}, 'spec.size: Required value'],
    [{ size: 11 }, 'spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10'],
    [{ size: 0 }, 'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1'],
    [{ size: 'x' }, 'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    [{ size: 1.5 }, 'spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"'],
    [{ size: 1, color: 'green' }, 'spec.color: Unsupported value: "green": supported values: "red", "blue"'],
    [
      { size: 1, notes: { a: 1 } },
      'spec.notes.a: Invalid value: "number": spec.notes.a in body must be of type string: "number"',
    ],
  ])('is refused as %j: %s', (spec, words) => {
    expect(() => api.create(widgets(), widget(spec))).toThrow(`Widget.sim.example "w" is invalid: ${words}`);
  });

  it('is refused where it is too large for one write', () => {
    const notes = { a: 'x'.repeat(1.5 * 1_024 * 1_024) };
    expect(() => api.create(widgets(), widget({ size: 1, notes }))).toThrow('etcdserver: request is too large');
  });
});

describe('a field that no schema knows', () => {
  it('is taken away, and named by its path, unless it is to be preserved', () => {
    const object = { spec: { size: 1, nosuch: true, notes: { any: 'x' } }, status: { any: 1 }, other: 1 };
    expect(pruneUnknown(SCHEMA, object)).toEqual(['spec.nosuch', 'other']);
    expect(object).toEqual({ spec: { size: 1, notes: { any: 'x' } }, status: { any: 1 } });
  });
});
