import type { MessageBody } from '../world/message-body.ts';
import { MESSAGE_FLAGS } from '../world/state.ts';
import { lengthOf, maxItems, maxLength, notEmpty, type Rule, type RuleRequest, rule, unique } from './rule.ts';
import { select } from './select.ts';

type Button = { readonly type: number; readonly style?: number } & Readonly<Record<string, unknown>>;
const LINK = 5;
const PREMIUM = 6;
const BUTTONS = 'components.**';

/** The rows of ./rules.ts about messages. */
export const messageRules: readonly Rule[] = [
  maxLength('message', 'content-length', 'content', 2000),
  maxLength('message', 'nonce-length', 'nonce', 25),
  maxItems('message', 'embeds-count', 'embeds', 10),
  maxLength('message', 'embed-title-length', 'embeds.*.title', 256),
  maxLength('message', 'embed-description-length', 'embeds.*.description', 4096),
  maxItems('message', 'embed-fields-count', 'embeds.*.fields', 25),
  maxLength('message', 'embed-field-name-length', 'embeds.*.fields.*.name', 256),
  maxLength('message', 'embed-field-value-length', 'embeds.*.fields.*.value', 1024),
  notEmpty('message', 'embed-field-name-empty', 'embeds.*.fields.*.name'),
  notEmpty('message', 'embed-field-value-empty', 'embeds.*.fields.*.value'),
  maxLength('message', 'embed-footer-length', 'embeds.*.footer.text', 2048),
  maxLength('message', 'embed-author-length', 'embeds.*.author.name', 256),
  embeds('embed-total', 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000', embedTotal),
  rule('message', 'embed-empty', 'BASE_TYPE_REQUIRED', 'embeds.*', 'This field is required', ({ value }) =>
    Object.keys(value as object).every((key) => key === 'type' || key === 'color'),
  ),
  rule('message', 'embed-color', 'NUMBER_TYPE_MAX', 'embeds.*.color', 'Must be between 0 and 16777215.', ({ value }) =>
    typeof value === 'number' ? value < 0 || value > 0xffffff : false,
  ),
  maxItems('message', 'buttons-in-row', 'components.*.components', 5),
  maxLength('message', 'custom-id-length', 'components.**.custom_id', 100),
  notEmpty('message', 'custom-id-empty', 'components.**.custom_id'),
  unique('message', 'custom-id-duplicate', 'COMPONENT_CUSTOM_ID_DUPLICATED', 'components.**.custom_id'),
  button('button-custom-id', 'A custom id is required', ({ style, custom_id }) =>
    style === LINK || style === PREMIUM ? given(custom_id) : !given(custom_id),
  ),
  button('button-url', 'A url is required on link buttons, and on no other', ({ style, url }) =>
    style === LINK ? !given(url) : given(url),
  ),
  button('button-style', 'Value must be one of {1, 2, 3, 4, 5, 6}.', ({ style = 0 }) => style < 1 || style > 6),
  button('button-label-empty', 'A label or an emoji is required', ({ style, label, emoji }) =>
    style === PREMIUM ? false : (!given(label) || label === '') && !given(emoji),
  ),
  button('button-label-length', 'Must be 80 or fewer in length.', ({ label }) => lengthOf(label) > 80),
  maxItems('message', 'select-options-count', 'components.**.options', 25),
  maxLength('message', 'select-option-label-length', 'components.**.options.*.label', 100),
  maxLength('message', 'select-option-value-length', 'components.**.options.*.value', 100),
  maxLength('message', 'select-option-description-length', 'components.**.options.*.description', 100),
  maxLength('message', 'placeholder-length', 'components.**.placeholder', 150),
  rule(
    'message',
    'select-alone-in-row',
    'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
    'components.*.components',
    'The specified component exceeds the maximum width',
    ({ value }) => {
      const row = value as readonly { readonly type: number }[];
      return row.length > 1 && row.some(({ type }) => type === 3 || (type >= 5 && type <= 8));
    },
  ),
  rule(
    'message',
    'row-empty',
    'BASE_TYPE_BAD_LENGTH',
    'components.*.components',
    'Must be between 1 and 5 in length.',
    ({ value }) => Array.isArray(value) && value.length === 0,
  ),
  whole(
    'rows-count',
    ['components'],
    'Must be 5 or fewer in length.',
    (body) => !isV2(body) && (body.components ?? []).length > 5,
  ),
  whole(
    'v2-components-count',
    ['components'],
    'Must be 40 or fewer in total.',
    (body) => isV2(body) && select(body, 'components.**.type').length > 40,
  ),
  whole(
    'v2-mixed',
    ['flags'],
    'The message cannot have content or embeds with IS_COMPONENTS_V2',
    (body) => isV2(body) && ((body.content ?? '') !== '' || (body.embeds ?? []).length > 0),
  ),
  whole(
    'v2-flag-missing',
    ['components'],
    'These components need the flag IS_COMPONENTS_V2',
    (body, { editing }) => !editing && !isV2(body) && (body.components ?? []).some(({ type }) => type !== 1),
  ),
  ...(['users', 'roles'] as const).map((kind) =>
    whole(
      `mentions-parse-with-${kind}`,
      ['allowed_mentions'],
      `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      ({ allowed_mentions: allowed }) => allowed?.parse?.includes(kind) === true && (allowed[kind] ?? []).length > 0,
    ),
  ),
  maxItems('message', 'attachments-count', 'attachments', 10),
  // An id below 17 digits is not a snowflake but the n of files[n].
  rule(
    'message',
    'attachment-without-file',
    'INVALID_ATTACHMENT',
    'attachments.*.id',
    'No file was sent for this attachment',
    ({ value }, { uploads }) =>
      String(value).length < 17 && !uploads.some(({ index }) => String(index) === String(value)),
  ),
  ...['image', 'thumbnail'].map((slot) =>
    rule(
      'message',
      `embed-${slot}-without-file`,
      'INVALID_ATTACHMENT',
      `embeds.*.${slot}.url`,
      'No file of this name was sent',
      ({ value }, { uploads, editing }) => {
        const name = /^attachment:\/\/(.+)$/.exec(String(value))?.[1];
        return name !== undefined && !editing && !uploads.some(({ filename }) => filename === name);
      },
    ),
  ),
];

function whole(
  name: string,
  path: readonly string[],
  message: string,
  broken: (body: MessageBody, request: RuleRequest) => boolean,
): Rule {
  const find: Rule['find'] = (body, request) => (broken(body as MessageBody, request) ? [{ path, message }] : []);
  return { on: 'message', name, code: 'BASE_TYPE_INVALID', find };
}

function button(name: string, message: string, broken: (button: Button) => boolean): Rule {
  const find: Rule['find'] = (body) =>
    select(body, BUTTONS)
      .filter(({ value }) => (value as Partial<Button>).type === 2 && broken(value as Button))
      .map(({ path }) => ({ path, message }));
  return { on: 'message', name, code: 'BUTTON_COMPONENT_INVALID', find };
}

function embeds(name: string, code: string, message: string, broken: (body: MessageBody) => boolean): Rule {
  return {
    on: 'message',
    name,
    code,
    find: (body) => (broken(body as MessageBody) ? [{ path: ['embeds'], message }] : []),
  };
}

/** The 6000 are counted over all embeds of a message together. */
function embedTotal(body: MessageBody): boolean {
  const parts = ['title', 'description', 'footer.text', 'author.name', 'fields.*.name', 'fields.*.value'];
  const texts = parts.flatMap((part) => select(body, `embeds.*.${part}`));
  return texts.reduce((sum, { value }) => sum + lengthOf(value), 0) > 6000;
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isV2({ flags }: MessageBody): boolean {
  return ((flags ?? 0) & MESSAGE_FLAGS.componentsV2) !== 0;
}
