import { commandRules } from './command-rules.ts';
import { messageRules } from './message-rules.ts';
import { lengthOf, maxItems, maxLength, notEmpty, type Rule, rule, unique } from './rule.ts';

const MEBIBYTE = 1024 * 1024;
const isEmpty = ({ value }: { readonly value: unknown }): boolean => Array.isArray(value) && value.length === 0;

/**
 * What Discord rejects and its OpenAPI document does not say, and its limits, which must hold without that document
 * too (facts.md, Discord 7 and 9).
 */
export const RULES: readonly Rule[] = [
  ...messageRules,
  ...commandRules,
  maxItems('choices', 'choices-count', 'choices', 25),
  maxLength('choices', 'choice-name-length', 'choices.*.name', 100),
  notEmpty('choices', 'choice-name-empty', 'choices.*.name'),
  maxLength('choices', 'choice-value-length', 'choices.*.value', 100),
  maxLength('modal', 'modal-title-length', 'title', 45),
  notEmpty('modal', 'modal-title-empty', 'title'),
  maxLength('modal', 'modal-custom-id-length', '**.custom_id', 100),
  maxItems('modal', 'modal-components-count', 'components', 5),
  rule('modal', 'modal-empty', 'BASE_TYPE_BAD_LENGTH', 'components', 'Must be between 1 and 5 in length.', isEmpty),
  maxLength('modal', 'modal-label-length', 'components.**.label', 45),
  maxLength('modal', 'modal-placeholder-length', 'components.**.placeholder', 100),
  maxLength('modal', 'modal-value-length', 'components.**.value', 4_000),
  unique('modal', 'modal-custom-id-duplicate', 'COMPONENT_CUSTOM_ID_DUPLICATED', 'components.**.custom_id'),
  maxLength('thread', 'thread-name-length', 'name', 100),
  notEmpty('thread', 'thread-name-empty', 'name'),
  {
    on: 'request',
    name: 'audit-reason-length',
    code: 'BASE_TYPE_MAX_LENGTH',
    find: (_, { reason }) =>
      reason !== null && lengthOf(decodeURIComponent(reason)) > 512
        ? [{ path: ['reason'], message: 'Must be 512 or fewer in length.' }]
        : [],
  },
  {
    on: 'request',
    name: 'file-size',
    code: 'BASE_TYPE_FILE_TOO_LARGE',
    find: (_, { uploads }) =>
      uploads
        .filter(({ data }) => data.byteLength > 10 * MEBIBYTE)
        .map(({ index }) => ({ path: ['files', index], message: 'Request entity too large' })),
  },
  {
    on: 'request',
    name: 'files-count',
    code: 'BASE_TYPE_BAD_LENGTH',
    find: (_, { uploads }) =>
      uploads.length > 10 ? [{ path: ['files'], message: 'Must be 10 or fewer in length.' }] : [],
  },
];
