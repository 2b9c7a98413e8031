import { z } from 'zod';
import type { AccessAnswer, AccessQuestion, AccessReviews } from '../model/access-review.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';
import type { KubernetesClient } from './client.ts';
import type { Observe } from './observe.ts';

/** Everybody who is logged in may ask about himself (system:basic-user). Changes nothing. */
export function createAccessReviews(client: KubernetesClient, observe: Observe): AccessReviews {
  return {
    review: (questions) =>
      observe(async () => {
        const answers: AccessAnswer[] = [];
        for (const question of questions) answers.push(await reviewAccess(client, question));
        return answers;
      }),
  };
}

async function reviewAccess(client: KubernetesClient, question: AccessQuestion): Promise<AccessAnswer> {
  const { verb, group, namespace, name } = question;
  const [resource, subresource] = question.resource.split('/');
  const answer = await client.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb,
          group,
          resource,
          ...(subresource !== undefined && { subresource }),
          ...(namespace !== null && { namespace }),
          ...(name !== null && { name }),
        },
      },
    },
  });
  // A denied one is 201 like an allowed one (README of the golden answers, 7).
  const { status } = reviewSchema.parse(answer);
  const reason = [status.reason, status.evaluationError].filter((text) => text).join('; ');
  return { question, allowed: status.allowed && status.denied !== true, reason: cut(stripInvisible(reason), 300) };
}

const reviewSchema = z.object({
  status: z.object({
    allowed: z.boolean(),
    denied: z.boolean().nullish(),
    reason: z.string().nullish(),
    evaluationError: z.string().nullish(),
  }),
});
