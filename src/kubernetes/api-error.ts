import { formatDuration } from '../model/duration.ts';
import { cut, stripInvisible } from '../model/plain-text.ts';

export type ApiFault =
  | 'not-found'
  /** The server knows no such path: an older version, or a custom resource without its definition. Says nothing of objects. */
  | 'not-served'
  | 'already-exists'
  | 'conflict'
  | 'invalid'
  | 'forbidden'
  | 'unauthorised'
  /** A resourceVersion or a continue token is too old. */
  | 'expired'
  | 'too-many'
  | 'timeout'
  | 'unavailable'
  /** The server answers, and not with what was asked for. */
  | 'failed';

/** What a request came to when it came to nothing. The text is for people: no headers, no body, no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly fault: ApiFault;
  /** Of HTTP, or of the Status in a watch; null: no answer. */
  readonly status: number | null;
  /** As the server asks, milliseconds; null where it does not. */
  readonly retryAfterMs: number | null;
  /** It was a write, and it may have been done. */
  readonly outcomeUnknown: boolean;
  /** `details.causes[].reason`, as in `FieldManagerConflict`. */
  readonly causes: readonly string[];

  constructor(fault: ApiFault, message: string, known: Partial<Omit<ApiError, keyof Error | 'fault'>> = {}) {
    super(message);
    this.fault = fault;
    this.status = known.status ?? null;
    this.retryAfterMs = known.retryAfterMs ?? null;
    this.outcomeUnknown = known.outcomeUnknown ?? false;
    this.causes = known.causes ?? [];
  }
}

export interface Answer {
  readonly status: number;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
  /** JSON of a Status, with or without its kind and whatever its content type says, or plain text (facts: README of the golden answers, 8). */
  readonly text: string;
}

/** Reads an answer that is no success. `isWrite`: something may have been changed. */
export function readApiError({ status, retryAfter, text }: Answer, isWrite: boolean): ApiError {
  const { reason, message, details } = readStatus(text);
  const fault = judge(status, reason ?? '', details?.name !== undefined);
  const said = tidy(message ?? text);
  const seconds = details?.retryAfterSeconds ?? Number(retryAfter ?? Number.NaN);
  return new ApiError(fault, said === '' ? `${LEADS[fault]} (HTTP ${status}).` : `${LEADS[fault]}: ${said}`, {
    status,
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
    // A 429 and a 503 of the server itself come before it acts; a proxy's 502, 503, 504 say nothing of that.
    outcomeUnknown: isWrite && status >= 500,
    causes: (details?.causes ?? []).flatMap(({ reason }) => reason ?? []),
  });
}

/** The error that a watch tells in an ERROR event: a Status. */
export function readWatchError(object: unknown): ApiError {
  const text = JSON.stringify(object) ?? '';
  return readApiError({ status: readStatus(text).code ?? 500, retryAfter: undefined, text }, false);
}

/** No answer within the deadline: nobody knows what became of a write. */
export function timeoutError(deadlineMs: number, isWrite: boolean): ApiError {
  const message = `The API server gave no answer within ${formatDuration(deadlineMs)}.`;
  return new ApiError('timeout', message, { outcomeUnknown: isWrite });
}

/** What Node says of a connection, by its code alone: messages may quote what the other side sent. */
export function transportError(error: unknown, isWrite: boolean): ApiError {
  const code = codeOf(error);
  const told = FAULTS_OF_CONNECTING.get(code);
  if (told !== undefined) return new ApiError('unavailable', `The API server cannot be reached: ${told}.`);
  if (CERTIFICATE.test(code))
    return new ApiError(
      'unavailable',
      `The certificate of the API server is not accepted (${code}): correct certificate-authority in the kubeconfig.`,
    );
  return new ApiError('unavailable', `The connection to the API server broke (${code}).`, { outcomeUnknown: isWrite });
}

/** Replaces what looks like a credential. */
export function hideCredentials(text: string): string {
  return (
    text
      .replaceAll(/\beyJ[\w-]{5,}\.[\w-]*(\.[\w-]*)?/g, '[redacted]')
      .replaceAll(/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 [redacted]')
      .replaceAll(/(:\/\/[^\s:/@]*:)[^\s/@]+@/g, '$1[redacted]@')
      .replaceAll(
        /((?:password|passwd|pwd|secret[\w-]*|token|api[_-]?key)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|["']?[^\s"',;&]+)/gi,
        '$1[redacted]',
      )
      // As SQL sets one: what a server logs of ALTER ROLE.
      .replaceAll(/\b(password\s+)'[^']*'/gi, '$1[redacted]')
  );
}

const LEADS: Readonly<Record<ApiFault, string>> = {
  'not-found': 'The cluster has no such object',
  'not-served': 'The API server does not serve this kind of object',
  'already-exists': 'It is there already',
  conflict: 'It was changed by somebody else in the meantime',
  invalid: 'The API server refuses it as invalid',
  forbidden: 'The bot may not do this in the cluster, grant it in its role',
  unauthorised: "The API server does not accept the bot's credentials, renew those of the kubeconfig",
  expired: 'What was being read is too old by now',
  'too-many': 'The API server is too busy to answer',
  timeout: 'The API server ran out of time',
  unavailable: 'The API server is not available',
  failed: 'The API server answers with a fault',
};

/** Both 409s and both 404s are told apart by more than their number (README of the golden answers, 4 and 8). */
function judge(status: number, reason: string, namesObject: boolean): ApiFault {
  if (status === 404) return reason === 'NotFound' && namesObject ? 'not-found' : 'not-served';
  if (status === 409) return reason === 'AlreadyExists' ? 'already-exists' : 'conflict';
  if (status === 504 || reason === 'Timeout' || reason === 'ServerTimeout') return 'timeout';
  return FAULTS.get(status) ?? 'failed';
}

const FAULTS: ReadonlyMap<number, ApiFault> = new Map([
  [400, 'invalid'],
  [401, 'unauthorised'],
  [403, 'forbidden'],
  [410, 'expired'],
  [413, 'invalid'],
  [415, 'invalid'],
  [422, 'invalid'],
  [429, 'too-many'],
  [502, 'unavailable'],
  [503, 'unavailable'],
]);

const FAULTS_OF_CONNECTING: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its name is unknown'],
  ['EAI_AGAIN', 'its name cannot be looked up'],
  ['EHOSTUNREACH', 'there is no way to its address'],
  ['ENETUNREACH', 'there is no way to its network'],
]);

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE = /CERT|^ERR_TLS_|^UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)/;

interface Status {
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string }[];
  };
}

function readStatus(text: string): Status {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

function tidy(text: string): string {
  // More is not even looked through.
  return cut(hideCredentials(stripInvisible(text.slice(0, 2_000))), 300);
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no code';
}
