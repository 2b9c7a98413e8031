import type { StrategyName } from './plan.ts';

/** What people do by hand where a rung of the ladder is not carried out by this version: each a sentence. */
export const LATER_RUNGS: Readonly<Partial<Record<StrategyName, readonly string[]>>> = {
  remount: [
    'Scale the database to 0, without force, and wait until no pod of it is left: look at the pods, never at the status.',
    'See that the volume is attached nowhere: `kubectl get volumeattachments`, and the provider’s own list. On a dead node power the node off at the provider first.',
    'Only then scale the database back.',
  ],
  recreate: [
    'Save the Deployment, the claim and the volume as YAML, and set the volume’s reclaim policy to Retain before anything is deleted.',
    'Delete the Deployment, wait until no pod of it is left, and see that the volume is attached nowhere.',
    'Only then apply the saved Deployment again: the same image version, claim and mount.',
  ],
};
