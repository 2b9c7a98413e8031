import type { Finding } from '../validate/finding.ts';

/** An answer other than 2xx, in Discord's own JSON: `{message, code, errors}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the validation found wrong with the request, if that is why. */
  readonly findings: readonly Finding[];

  constructor(status: number, code: number, message: string, findings: readonly Finding[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.findings = findings;
    this.body = { message, code, ...(findings.length > 0 && { errors: nestErrors(findings) }) };
  }
}

/** Discord's error codes that this server gives, by what went wrong (Discord, "JSON error codes"). */
const ERRORS = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  methodNotAllowed: [405, 0, '405: Method Not Allowed'],
  internal: [500, 0, '500: Internal Server Error'],
  unknownApplication: [404, 10_002, 'Unknown Application'],
  unknownChannel: [404, 10_003, 'Unknown Channel'],
  unknownGuild: [404, 10_004, 'Unknown Guild'],
  unknownMember: [404, 10_007, 'Unknown Member'],
  unknownMessage: [404, 10_008, 'Unknown Message'],
  unknownRole: [404, 10_011, 'Unknown Role'],
  unknownUser: [404, 10_013, 'Unknown User'],
  unknownWebhook: [404, 10_015, 'Unknown Webhook'],
  unknownInteraction: [404, 10_062, 'Unknown interaction'],
  unknownCommand: [404, 10_063, 'Unknown application command'],
  tooManyPins: [400, 30_003, 'Maximum number of pins reached for the channel (250)'],
  alreadyAcknowledged: [400, 40_060, 'Interaction has already been acknowledged.'],
  threadExists: [400, 160_004, 'A thread has already been created for this message'],
  missingAccess: [403, 50_001, 'Missing Access'],
  notTheAuthor: [403, 50_005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50_006, 'Cannot send an empty message'],
  missingPermissions: [403, 50_013, 'Missing Permissions'],
  wrongChannelType: [400, 50_024, 'Cannot execute action on this channel type'],
  invalidToken: [401, 50_027, 'Invalid Webhook Token'],
  threadArchived: [400, 50_083, 'Thread is archived'],
  badJson: [400, 50_109, 'The request body contains invalid JSON.'],
} as const satisfies Record<string, readonly [number, number, string]>;

export function apiError(name: keyof typeof ERRORS): ApiError {
  const [status, code, message] = ERRORS[name];
  return new ApiError(status, code, message);
}

/** 50035 with every finding at its place. */
export function invalidForm(findings: readonly Finding[]): ApiError {
  return new ApiError(400, 50_035, 'Invalid Form Body', findings);
}

type Nested = { [key: string]: Nested | { code: string; message: string }[] };

function nestErrors(findings: readonly Finding[]): Nested {
  const root: Nested = {};
  for (const { path, code, message } of findings) {
    let here = root;
    for (const key of path) here = (here[String(key)] ??= {}) as Nested;
    ((here['_errors'] ??= []) as { code: string; message: string }[]).push({ code, message });
  }
  return root;
}
