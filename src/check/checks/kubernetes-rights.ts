import type { AccessAnswer, AccessQuestion } from '../../model/access-review.ts';
import { formatAccess, formatResource, listNeededAccess, type NeededAccess } from '../access-questions.ts';
import { type Check, fault, fine, type Judgement, unknown } from '../check.ts';

/** The service account of k8s/. */
const ACCOUNT = 'breakwater:breakwater';

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: 'The rights that this version uses, asked by SelfSubjectAccessReview, and no others.',
  judge({ access }, config) {
    if (!access.ok) return [unknown('rights', access.reason)];
    const needed = listNeededAccess(config);
    const denied = needed.filter(({ question }) => !isAllowed(question, access.value));
    if (denied.length === 0) return [fine('rights', `all ${needed.length} that this version uses`)];
    // One command for the verbs of one resource.
    const groups = Map.groupBy(denied, ({ question }) => formatAccess({ ...question, verb: '' }));
    return [...groups.values()].map(describe);
  },
} satisfies Check;

function isAllowed(question: AccessQuestion, answers: readonly AccessAnswer[]): boolean {
  return answers.some((answer) => answer.allowed && formatAccess(answer.question) === formatAccess(question));
}

function describe(needs: readonly NeededAccess[]): Judgement {
  const [first] = needs;
  if (first === undefined) throw new Error('a group is never empty');
  const { group, resource, namespace } = first.question;
  const verbs = needs.map(({ question }) => question.verb);
  const kind = namespace === null ? 'clusterrole' : 'role';
  const within = namespace === null ? '' : ` --namespace ${namespace}`;
  const name = ['breakwater', resource.replaceAll('/', '-'), ...verbs].join('-');
  const what = formatResource(group, resource);
  return fault(formatAccess({ ...first.question, verb: verbs.join(', ') }), {
    what: `the bot may not ${verbs.join(' or ')} ${what}${namespace === null ? '' : ` in ${namespace}`}`,
    why: [...new Set(needs.map(({ why }) => why))].join(' '),
    mend: [
      '# for the service account of k8s/, whose manifests grant all of this',
      `kubectl${within} create ${kind} ${name} \\\n  --verb=${verbs.join(',')} --resource=${what}`,
      `kubectl${within} create ${kind}binding ${name} \\\n  --${kind}=${name} --serviceaccount=${ACCOUNT}`,
    ].join('\n'),
  });
}
