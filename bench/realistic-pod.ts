/** A pod as a real cluster serves it, some 9 KB of JSON: managed fields, a projected volume, a sidecar, environment, probes. */
export function realisticPod(index: number) {
  const deployment = `service-${index % 400}`;
  const hash = `${(index % 400).toString(16).padStart(3, '0')}c9f6b8`;
  const name = `${deployment}-${hash}-${index.toString(36).padStart(5, 'x')}`;
  const uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const ip = `10.${2 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const time = '2020-12-11T13:00:00Z';
  return {
    metadata: {
      name,
      generateName: `${deployment}-${hash}-`,
      namespace: `team-${index % 40}`,
      uid,
      resourceVersion: String(1_000 + index),
      creationTimestamp: time,
      labels: { app: deployment, 'app.kubernetes.io/name': deployment, 'pod-template-hash': hash, tier: 'backend' },
      annotations: {
        'kubectl.kubernetes.io/restartedAt': time,
        'prometheus.io/scrape': 'true',
        'checksum/config': uid.repeat(2),
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${deployment}-${hash}`,
          uid: `rs-${index % 400}`,
          controller: true,
        },
      ],
      managedFields: ['kube-controller-manager', 'kubelet'].map((manager) => ({
        manager,
        operation: 'Update',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: Object.fromEntries(
          Array.from({ length: 40 }, (_, field) => [`f:field${field}`, { '.': {}, 'f:value': {} }]),
        ),
      })),
    },
    spec: {
      nodeName: `node-${index % 100}`,
      containers: ['app', 'sidecar'].map((container) => ({
        name: container,
        image: `registry.example.com/${deployment}/${container}:v1.${index % 400}.0`,
        env: Array.from({ length: 15 }, (_, number) => ({
          name: `SETTING_${number}`,
          value: `value ${number} of ${deployment}`,
        })),
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'kube-api-access', mountPath: '/var/run/secrets' },
        ],
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 },
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePath: '/dev/termination-log',
      })),
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: `${deployment}-data` } },
        {
          name: 'kube-api-access',
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
        },
      ],
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
      })),
      restartPolicy: 'Always',
      serviceAccountName: 'default',
    },
    status: {
      phase: 'Running',
      hostIP: `192.168.1.${index % 100}`,
      podIP: ip,
      podIPs: [{ ip }],
      startTime: time,
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        (type) => ({
          type,
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: time,
        }),
      ),
      containerStatuses: ['app', 'sidecar'].map((container) => ({
        name: container,
        image: `registry.example.com/${deployment}/${container}:v1.${index % 400}.0`,
        imageID: `registry.example.com/${deployment}@sha256:${'0'.repeat(64)}`,
        containerID: `containerd://${uid}${container}`,
        ready: true,
        started: true,
        restartCount: index % 7,
        state: { running: { startedAt: time } },
        lastState: index % 7 === 0 ? {} : { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: time } },
      })),
    },
  };
}
