import { describe, expect, it } from 'vitest';
import { strategicMerge } from '../../../../../sandbox/kubernetes/api/patch/strategic-merge.ts';

const pod = (spec: object) => ({ spec: { template: { spec } } });
const POSTGRES = { name: 'postgres', image: 'postgres:16', env: [{ name: 'A', value: '1' }] };
const EXPORTER = { name: 'exporter', image: 'exporter:1' };

describe('a strategic merge', () => {
  it.each<[string, object, object, object]>([
    [
      'merges containers by name',
      { containers: [POSTGRES, EXPORTER] },
      { containers: [{ name: 'exporter', image: 'exporter:2' }] },
      { containers: [POSTGRES, { ...EXPORTER, image: 'exporter:2' }] },
    ],
    [
      'puts a new container first',
      { containers: [POSTGRES] },
      { containers: [EXPORTER] },
      { containers: [EXPORTER, POSTGRES] },
    ],
    [
      'merges env within',
      { containers: [POSTGRES] },
      { containers: [{ name: 'postgres', env: [{ name: 'A', value: '2' }] }] },
      { containers: [{ ...POSTGRES, env: [{ name: 'A', value: '2' }] }] },
    ],
    [
      'takes an item away',
      { containers: [POSTGRES, EXPORTER] },
      { containers: [{ name: 'exporter', $patch: 'delete' }] },
      { containers: [POSTGRES] },
    ],
    [
      'replaces a list on request',
      { containers: [POSTGRES, EXPORTER] },
      { containers: [{ $patch: 'replace' }, EXPORTER] },
      { containers: [EXPORTER] },
    ],
    [
      'tells mounts apart by their path',
      { containers: [{ name: 'c', volumeMounts: [{ name: 'd', mountPath: '/a' }] }] },
      { containers: [{ name: 'c', volumeMounts: [{ name: 'd', mountPath: '/b' }] }] },
      {
        containers: [
          {
            name: 'c',
            volumeMounts: [
              { name: 'd', mountPath: '/b' },
              { name: 'd', mountPath: '/a' },
            ],
          },
        ],
      },
    ],
    [
      'replaces tolerations',
      { tolerations: [{ key: 'a' }] },
      { tolerations: [{ key: 'b' }] },
      { tolerations: [{ key: 'b' }] },
    ],
    ['deletes what is null', { nodeName: 'a', hostname: 'h' }, { nodeName: null }, { hostname: 'h' }],
    [
      'keeps of a volume only what it is told to',
      { volumes: [{ name: 'v', emptyDir: {} }] },
      { volumes: [{ name: 'v', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] },
      { volumes: [{ name: 'v', secret: { secretName: 's' } }] },
    ],
    [
      'lets the order of elements pass',
      { containers: [POSTGRES] },
      { '$setElementOrder/containers': [{ name: 'postgres' }], containers: [{ name: 'postgres', image: 'x' }] },
      { containers: [{ ...POSTGRES, image: 'x' }] },
    ],
    [
      'replaces an object on request',
      { securityContext: { runAsUser: 1, fsGroup: 2 } },
      { securityContext: { $patch: 'replace', runAsUser: 3 } },
      { securityContext: { runAsUser: 3 } },
    ],
  ])('%s', (_, before, patch, after) => {
    expect(strategicMerge(pod(before), pod(patch))).toEqual(pod(after));
  });

  it('adds finalizers, and takes named ones away', () => {
    const before = { metadata: { finalizers: ['a', 'b'] } };
    expect(strategicMerge(before, { metadata: { finalizers: ['c'] } })['metadata']).toEqual({
      finalizers: ['c', 'a', 'b'],
    });
    expect(strategicMerge(before, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } })['metadata']).toEqual({
      finalizers: ['b'],
    });
  });

  it('changes neither of the two', () => {
    const before = pod({ containers: [POSTGRES] });
    const frozen = structuredClone(before);
    strategicMerge(before, pod({ containers: [{ name: 'postgres', image: 'x' }] }));
    expect(before).toEqual(frozen);
  });
});
