import type { MemberName } from '../discord/world/seed.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';

export const MEMBERS = ['olive', 'rosa', 'remy', 'ada', 'vic'] as const satisfies readonly MemberName[];

/** All that can be typed, with the cluster's part where the stage has one. Pure. */
export function renderHelp({ inCluster }: { readonly inCluster: boolean }): string {
  const leaker = inCluster
    ? 'a pod of site opens 20 sessions (200 at most) and never closes them'
    : 'an earlier deployment of site opens 20 sessions (200 at most) and never closes them';
  return `Type what you would do:
  /db status database:main   a slash command; TAB completes
  press Acknowledge          press the button that is labelled so, on the newest message that has one
  1, click 1 of 3            click button 1 of the newest message that has one, or of message 3
  in NAME                    type commands in that channel or thread, as in: in alerts
  as NAME                    act as ${MEMBERS.join(', ')} (observe, respond, recover + on call, recover, no role)
  help, quit
or what happens to the world:
  leak 20                    ${leaker}
  fill 3                     superusers open 3 sessions, in the reserved slots too
  kill                       ${inCluster ? 'the pods of site and the superusers lose all their sessions' : 'kill what leaks, and the superusers'}
  quiet                      the applications open again what they hold on a quiet day
  freeze                     the postmaster hangs: who is in stays in
  hang                       it hangs with every backend: nobody gets an answer
  crash                      a backend is killed, and PostgreSQL recovers from it
  thaw                       ends each: it goes on
  outage, back               Discord goes down for the bot; it comes back
  play NAME                  play a scenario: ${SCENARIOS.map(({ name }) => name).join(', ')}${inCluster ? CLUSTER : ''}`;
}

const CLUSTER = `
or to the cluster (TAB knows the names):
  abandon site               a rollout whose old pods leave their sessions behind. They are orphaned when they are 60 s old:
                             nothing here fakes that minute
  rollout site, scale site 5 as they should go: who leaves logs out
  crash-pod NAME             it is killed for want of memory, and started again
  oom                        the server is killed so: it recovers from the crash, which stands still until thaw
  break redis, mend redis    what runs there crashes again and again; it runs again
  kill-node, revive-node     a node dies with its pods, sockets open; it comes back
  api outage, api back       the Kubernetes API is away; it comes back
  pods                       every pod with its address, revision, node and sessions
  kubectl get events         your own kubectl, on this cluster; kubectl alone says how to use it elsewhere`;

/** What to try first. Pure. */
export function renderWelcome({ inCluster }: { readonly inCluster: boolean }): string {
  if (!inCluster) return 'Try this: leak 60, and watch the alerts come; then /db status';
  return `Try this:
  abandon site               a rollout of site goes wrong: its old pods are gone, their sessions are not
  (wait a minute)            PostgreSQL holds them for nobody, and a session must be 60 s old to be called orphaned;
                             the alert waits two minutes more. Meanwhile: pods, /db status
  /db kill-stale             whose they were, and one red button: press Terminate`;
}
