/** Why a connection could not be made or broke: what the network and the server said, free of secrets. */
export interface ConnectFault {
  /** Whether the network got us as far as the server's port. */
  readonly tcpConnected: boolean;
  /** We gave up waiting; nobody refused. */
  readonly timedOut: boolean;
  /** SQLSTATE, or Node's name of a network or TLS error. */
  readonly code: string | null;
  /** The function of PostgreSQL that raised it, which tells alike SQLSTATEs apart (facts.md, PostgreSQL 2). */
  readonly routine: string | null;
  readonly message: string;
  readonly detail: string | null;
  /** True when the words are the server's: hostile text. */
  readonly fromServer: boolean;
}

/** Turns what pg rejects with into a fault, with every occurrence of the password struck out. */
export function readConnectFault(error: unknown, tcpConnected: boolean, password: string | undefined): ConnectFault {
  const field = (name: string): string | null => {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? strikeOut(value, password) : null;
  };
  return {
    tcpConnected,
    timedOut: false,
    code: field('code'),
    routine: field('routine'),
    message: field('message') ?? 'unknown error',
    detail: field('detail'),
    fromServer: field('severity') !== null,
  };
}

/** A server can ask for the password in clear and echo it in its refusal. */
function strikeOut(text: string, password: string | undefined): string {
  return password === undefined || password === '' ? text : text.replaceAll(password, '[password]');
}

const LONGEST_QUOTE = 300;

/** The server's own words, fit to be kept: one line without control or formatting characters, at most 300 characters; null when it said nothing. */
export function quoteServer(fault: ConnectFault): string | null {
  if (!fault.fromServer) return null;
  const said = fault.detail === null ? fault.message : `${fault.message} (${fault.detail})`;
  const line = said.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return Array.from(line).slice(0, LONGEST_QUOTE).join('');
}
