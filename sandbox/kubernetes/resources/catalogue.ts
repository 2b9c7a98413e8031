import type { ResourceType } from '../api/resource-type.ts';
import clusterRoleBindings from './cluster-role-bindings.ts';
import clusterRoles from './cluster-roles.ts';
import configMaps from './config-maps.ts';
import cronJobs from './cron-jobs.ts';
import customResourceDefinitions from './custom-resource-definitions.ts';
import deployments from './deployments.ts';
import events from './events.ts';
import horizontalPodAutoscalers from './horizontal-pod-autoscalers.ts';
import jobs from './jobs.ts';
import leases from './leases.ts';
import namespaces from './namespaces.ts';
import nodes from './nodes.ts';
import persistentVolumeClaims from './persistent-volume-claims.ts';
import persistentVolumes from './persistent-volumes.ts';
import podDisruptionBudgets from './pod-disruption-budgets.ts';
import pods from './pods.ts';
import replicaSets from './replica-sets.ts';
import roleBindings from './role-bindings.ts';
import roles from './roles.ts';
import secrets from './secrets.ts';
import serviceAccounts from './service-accounts.ts';
import services from './services.ts';
import statefulSets from './stateful-sets.ts';
import storageClasses from './storage-classes.ts';
import volumeAttachments from './volume-attachments.ts';

/** What the server serves from its start; custom resources come with their definitions. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  cronJobs,
  customResourceDefinitions,
  deployments,
  events,
  horizontalPodAutoscalers,
  jobs,
  leases,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  roleBindings,
  roles,
  secrets,
  serviceAccounts,
  services,
  statefulSets,
  storageClasses,
  volumeAttachments,
];
