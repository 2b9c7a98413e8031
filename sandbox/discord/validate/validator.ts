import type { z } from 'zod';
import type { Upload } from '../world/message-parts.ts';
import { BODIES } from './bodies.ts';
import type { BodyKind } from './body-kind.ts';
import type { Finding } from './finding.ts';
import type { CheckAgainstOpenApi } from './openapi.ts';
import type { RuleRequest, Subject } from './rule.ts';
import { RULES } from './rules.ts';
import { select } from './select.ts';

export interface Checkable {
  readonly kind: BodyKind | null;
  readonly method: string;
  readonly path: string;
  readonly json: unknown;
  readonly uploads: readonly Upload[];
  readonly reason: string | null;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** Parsed; only to be used when there are no findings. */
  readonly body: unknown;
}

export type Validate = (request: Checkable) => Promise<Checked>;

/** Checks a body in three ways: its shape, the rules of ./rules.ts, and the OpenAPI document when there is one. */
export function createValidator(openApi: CheckAgainstOpenApi | null): Validate {
  return async (request) => {
    const { kind, json, uploads, reason } = request;
    const context: RuleRequest = { uploads, reason, editing: kind === 'message-edit' || isUpdate(kind, json) };
    const general = applyRules('request', json, [], context);
    if (kind === null) return { findings: general, body: json };
    const shape = BODIES[kind].safeParse(json ?? {});
    const byDocument = openApi === null ? [] : await openApi(request);
    if (!shape.success) return { findings: [...general, ...shapeFindings(shape.error), ...byDocument], body: null };
    const byRules = subjectsOf(kind, shape.data).flatMap(({ subject, value, path }) =>
      applyRules(subject, value, path, context),
    );
    return { findings: [...general, ...byRules, ...byDocument], body: shape.data };
  };
}

interface Part {
  readonly subject: Subject;
  readonly value: unknown;
  readonly path: readonly (string | number)[];
}

/** What there is in a body for the rules to look at. */
function subjectsOf(kind: BodyKind, body: unknown): Part[] {
  const part = (subject: Subject, value: unknown, path: Part['path'] = []): Part => ({ subject, value, path });
  switch (kind) {
    case 'message':
    case 'message-edit':
      return [part('message', body)];
    case 'command':
    case 'command-edit':
      return [part('command', body)];
    case 'command-list':
      return [part('command-list', body), ...select(body, '*').map(({ value, path }) => part('command', value, path))];
    case 'thread':
    case 'channel-edit':
      return [part('thread', body)];
    case 'interaction-callback':
      break;
  }
  const { type, data } = body as { readonly type: number; readonly data?: unknown };
  const subject = CALLBACK_SUBJECTS[type];
  return subject === undefined || (data ?? null) === null ? [] : [part(subject, data, ['data'])];
}

const CALLBACK_SUBJECTS: Readonly<Record<number, Subject>> = { 4: 'message', 7: 'message', 8: 'choices', 9: 'modal' };

/** A type 7 callback edits the message that the component is on. */
function isUpdate(kind: BodyKind | null, json: unknown): boolean {
  return kind === 'interaction-callback' && (json as { readonly type?: number } | null)?.type === 7;
}

function applyRules(subject: Subject, value: unknown, prefix: Part['path'], context: RuleRequest): Finding[] {
  return RULES.filter(({ on }) => on === subject).flatMap(({ name, code, find }) =>
    find(value, context).map(({ path, message }) => ({ rule: name, code, message, path: [...prefix, ...path] })),
  );
}

function shapeFindings({ issues }: z.ZodError): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    if (issue.code !== 'unrecognized_keys') {
      return [{ rule: 'shape', path, message: issue.message, code: 'BASE_TYPE_CHOICES' }];
    }
    return issue.keys.map((key) => ({
      rule: 'unknown-property',
      path: [...path, key],
      message: 'Discord knows no such property',
      code: 'UNKNOWN_PROPERTY',
    }));
  });
}
