import { timestampOf } from '../deletion.ts';
import { invalidValue, refuseInvalid } from '../field-errors.ts';
import type { ComputedAnswer } from '../http/hooks.ts';
import { notFound } from '../refusals.ts';
import type { Tokens } from './tokens.ts';

const SHORTEST_SECONDS = 600;
const USUAL_SECONDS = 3_600;
const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';
const BODY = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };

/** Answers POST …/serviceaccounts/NAME/token; throws 404, and 422 for less than ten minutes (golden 183, 184). */
export function createTokenRequests(tokens: Tokens): ComputedAnswer {
  return {
    group: '',
    version: 'v1',
    kind: 'TokenRequest',
    plural: 'serviceaccounts/token',
    namespaced: true,
    body: BODY,
    create({ api, namespace, name, body, now }) {
      const type = { group: '', plural: 'serviceaccounts' };
      const accounts = api.find(type.group, type.plural);
      const account = accounts && api.get(accounts, namespace, name ?? '');
      if (!account) throw notFound(type, name ?? '');
      const { expirationSeconds = USUAL_SECONDS, audiences = [AUDIENCE] } = (body['spec'] ?? {}) as TokenRequestSpec;
      if (expirationSeconds < SHORTEST_SECONDS)
        refuseInvalid(BODY, '', [
          invalidValue('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 10 minutes'),
        ]);
      const expiresAt = now + expirationSeconds * 1_000;
      const { metadata } = account;
      const token = tokens.issue(api, { namespace: namespace ?? '', name: metadata.name }, expiresAt);
      return {
        kind: BODY.kind,
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { name: metadata.name, namespace, uid: metadata.uid, creationTimestamp: timestampOf(now) },
        spec: { audiences, expirationSeconds, boundObjectRef: null },
        status: { token, expirationTimestamp: timestampOf(expiresAt) },
      };
    },
  };
}

interface TokenRequestSpec {
  readonly expirationSeconds?: number;
  readonly audiences?: readonly string[];
}
