import type { Clock } from './clock.ts';
import { createLimiter } from './limiter.ts';

/**
 * The allowed form of each field of a security event. Only ids and words of a fixed form: no secret and no personal data has one of these
 * forms. A value of another form is left out of the line.
 */
const FIELDS = {
  /** A digest of the network of the request, different each day. */
  source: /^[\w-]{16}$/,
  /** Id of the office. */
  office: /^\d{1,9}$/,
  /** Id of the member of staff that the event is about. */
  staff: /^\d{1,9}$/,
  /** Id of the member of staff who caused it. */
  by: /^\d{1,9}$/,
  /** Id of the API token. */
  token: /^\d{1,9}$/,
  /** Id of the appointment. */
  appointment: /^[\da-f-]{36}$/,
  /** Id of the case. */
  case: /^[\da-f-]{36}$/,
  /** Id of the document. */
  document: /^[\da-f-]{36}$/,
  /** Method and pattern of the route; never the address, which may hold a secret. */
  route: /^[A-Z]{3,7} (?:\/(?![\w-]{24})[\w:.*{}+[\]\\|-]*)+$/,
  /** Status of the answer. */
  status: /^[1-5]\d\d$/,
  /** The case, in one word. */
  what: /^[a-z_:]{1,40}$/,
} as const satisfies Record<string, RegExp>;

export type SecurityField = keyof typeof FIELDS;

interface Kind {
  /** `warn` for refusals, `error` for events that need a person at once, `info` for completed actions. */
  level: 'info' | 'warn' | 'error';
  /** The line's message, the same for each event of the kind. */
  message: string;
  fields: readonly SecurityField[];
  /** Whether every event has its own line; otherwise the lines of one source are limited. */
  isAlwaysWritten?: true;
}

/** Every kind of security event. Its meaning and the reaction to it: docs/security-events.md. */
export const SECURITY_EVENTS = {
  'auth.signed_in': {
    level: 'info',
    message: 'A member of staff signed in',
    fields: ['staff', 'source', 'what'],
    isAlwaysWritten: true,
  },
  'auth.signed_out': {
    level: 'info',
    message: 'A member of staff signed out',
    fields: ['staff'],
    isAlwaysWritten: true,
  },
  'auth.password_refused': {
    level: 'warn',
    message: 'A password was refused',
    fields: ['source', 'staff', 'what'],
  },
  'auth.second_factor_refused': {
    level: 'warn',
    message: 'A second factor was refused',
    fields: ['source', 'staff', 'what'],
  },
  'auth.locked_out': {
    level: 'warn',
    message: 'A sign-in was refused without looking, after too many failures',
    fields: ['source', 'staff', 'what'],
  },
  'auth.sso_refused': {
    level: 'warn',
    message: "The provider's sign-in was refused",
    fields: ['source', 'what'],
  },
  'identity.confirmed': {
    level: 'info',
    message: 'A citizen was identified',
    fields: ['source', 'what'],
    isAlwaysWritten: true,
  },
  'identity.refused': {
    level: 'warn',
    message: "The answer of a provider of citizens' identities was refused",
    fields: ['source', 'what'],
  },
  'identity.code_refused': {
    level: 'warn',
    message: 'A code for identifying on another device was refused',
    fields: ['source', 'what'],
  },
  'identity.code_denied': {
    level: 'warn',
    message: 'Somebody said that they had not asked for the code with which they were to identify',
    fields: ['source', 'appointment', 'office'],
  },
  'identity.session_moved': {
    level: 'warn',
    message: "A citizen's session came from another browser, and was ended",
    fields: ['source'],
  },
  'folder.refused': {
    level: 'warn',
    message: 'A question of a hub of folders was refused',
    fields: ['source', 'what'],
  },
  'staff.role_changed': {
    level: 'info',
    message: 'Roles of a member of staff were changed',
    fields: ['staff', 'by', 'office', 'what'],
    isAlwaysWritten: true,
  },
  'staff.sessions_ended': {
    level: 'info',
    message: 'All sessions of a member of staff were ended by a colleague',
    fields: ['staff', 'by'],
    isAlwaysWritten: true,
  },
  'api.token_refused': {
    level: 'warn',
    message: 'An API token was refused',
    fields: ['source', 'token', 'what'],
  },
  'api.scope_refused': {
    level: 'warn',
    message: 'An API token asked for what its scopes do not allow',
    fields: ['token', 'office', 'route', 'what'],
  },
  'code.refused': {
    level: 'warn',
    message: 'A one-time code was refused',
    fields: ['appointment', 'office', 'what'],
  },
  'code.exhausted': {
    level: 'warn',
    message: 'A one-time code ended, after too many wrong tries',
    fields: ['appointment', 'office', 'what'],
  },
  'signature.refused': {
    level: 'warn',
    message: 'A signature was refused',
    fields: ['source', 'what'],
  },
  'payment.refused': {
    level: 'warn',
    message: 'A message about a payment was refused',
    fields: ['source', 'what'],
  },
  'link.unknown': {
    level: 'warn',
    message: 'A secret link opens nothing',
    fields: ['source', 'route', 'what'],
  },
  'access.refused': {
    level: 'warn',
    message: 'Somebody signed in asked for what is not theirs, or not there',
    fields: ['staff', 'route', 'status'],
  },
  'web.cross_site_refused': {
    level: 'warn',
    message: 'A write from the page of another site was refused',
    fields: ['source', 'route'],
  },
  'web.rate_limited': {
    level: 'warn',
    message: 'A request was refused, after too many',
    fields: ['source', 'token', 'route'],
  },
  'web.phone_refused': {
    level: 'warn',
    message: 'Somebody of the own network came to the demo without its code',
    fields: ['source'],
  },
  'web.host_refused': {
    level: 'warn',
    message: 'A request for another host was refused',
    fields: ['source', 'what'],
  },
  'calendar.address_refused': {
    level: 'warn',
    message: 'A connected calendar led to an address that is not allowed',
    fields: ['staff', 'office', 'what'],
  },
  'upload.infected': {
    level: 'warn',
    message: 'An uploaded document is infected and was destroyed',
    fields: ['document', 'appointment', 'case', 'office'],
  },
  'operator.backup_made': {
    level: 'info',
    message: 'A backup was made',
    fields: [],
    isAlwaysWritten: true,
  },
  'operator.restored': {
    level: 'warn',
    message: 'A backup was restored',
    fields: [],
    isAlwaysWritten: true,
  },
  'operator.key_rotated': {
    level: 'warn',
    message: 'A key was rotated or retired',
    fields: ['what'],
    isAlwaysWritten: true,
  },
  'operator.key_exported': {
    level: 'warn',
    message: 'The root key was written into a file, encrypted',
    fields: [],
    isAlwaysWritten: true,
  },
  'operator.access_changed': {
    level: 'warn',
    message: 'A command changed who may do what',
    fields: ['what'],
    isAlwaysWritten: true,
  },
  'operator.message_tested': {
    level: 'info',
    message: 'An operator sent a test message',
    fields: ['staff', 'what'],
    isAlwaysWritten: true,
  },
  'operator.residents_changed': {
    level: 'info',
    message: 'The list of residents was replaced or removed',
    fields: ['what'],
    isAlwaysWritten: true,
  },
  'audit.check_failed': {
    level: 'error',
    message: 'The audit trail is not as it was sealed',
    fields: ['office', 'what'],
    isAlwaysWritten: true,
  },
} as const satisfies Record<string, Kind>;

export type SecurityEvent = keyof typeof SECURITY_EVENTS;

type FieldOf<E extends SecurityEvent> = (typeof SECURITY_EVENTS)[E]['fields'][number];
/** The facts of an event; null: not known. `source` is made from the network, a separate parameter. */
export type SecurityFacts<E extends SecurityEvent> = {
  [F in Exclude<FieldOf<E>, 'source'>]?: string | number | null;
};

/** Writes security events to the log and counts them. */
export interface SecurityLog {
  /**
   * Counts an event, and writes its line unless its source has had many. @param network the client's network, of which a digest of the day
   * is written
   */
  note<E extends SecurityEvent>(event: E, facts: SecurityFacts<E>, network?: string): void;
  /** Returns the number of events of each kind in this process; every kind is listed. */
  counts(): ReadonlyMap<SecurityEvent, number>;
  /** Writes the number of lines left out since the last report. */
  flush(): void;
  close(): void;
}

/** Lines of one kind from one source. */
const OF_SOURCE = { burst: 5, perMinute: 1 };
/** Lines of one kind from all sources together. */
const OF_KIND = { burst: 60, perMinute: 30 };
const FLUSH_MS = 60_000;

type Write = (fields: object, message: string) => void;

export interface SecurityLogDeps {
  log: Record<Kind['level'], Write>;
  clock: Clock;
  /** Turns a network into 96 bits in base64url, irreversibly. */
  digest(network: string): string;
}

export function createSecurityLog({ log, clock, digest }: SecurityLogDeps): SecurityLog {
  const counted = new Map<SecurityEvent, number>(namesOf().map((event) => [event, 0]));
  const leftOut = new Map<SecurityEvent, number>();
  const ofSource = createLimiter(clock, OF_SOURCE);
  const ofKind = createLimiter(clock, OF_KIND);

  const write = (event: SecurityEvent, facts: object) => {
    const { level, message } = SECURITY_EVENTS[event];
    log[level]({ event, ...facts }, message);
  };
  const isWritten = (event: SecurityEvent, from: string): boolean => {
    const kind: Kind = SECURITY_EVENTS[event];
    if (kind.isAlwaysWritten) return true;
    return ofSource.take(`${event} ${from}`) === 0 && ofKind.take(event) === 0;
  };
  const flush = () => {
    for (const [event, count] of leftOut) write(event, { leftOut: count });
    leftOut.clear();
  };
  const timer = setInterval(flush, FLUSH_MS).unref();

  return {
    note(event, facts, network) {
      counted.set(event, (counted.get(event) ?? 0) + 1);
      const source = network === undefined ? undefined : digest(network);
      const fields = fieldsOf(event, { ...facts, source });
      const { staff, token, appointment } = fields;
      if (isWritten(event, String(source ?? token ?? staff ?? appointment ?? '')))
        write(event, fields);
      else leftOut.set(event, (leftOut.get(event) ?? 0) + 1);
    },
    counts: () => counted,
    flush,
    close: () => {
      clearInterval(timer);
      flush();
    },
  };
}

/**
 * Returns the digest that distinguishes networks in security events: of the network and the UTC day, with a key. Lines of two days can't be
 * joined, and a network can't be found from a line without the key.
 */
export const networkDigest =
  (key: { derive(text: string): string }, clock: Clock) =>
  (network: string): string => {
    const day = clock.now().toString().slice(0, 10);
    return key.derive(`security source ${day} ${network}`).slice(0, 16);
  };

/** A log that writes nothing. */
export const noSecurityLog: SecurityLog = {
  note: () => {},
  counts: () => new Map(),
  flush: () => {},
  close: () => {},
};

const namesOf = () => Object.keys(SECURITY_EVENTS) as SecurityEvent[];

/** Returns the facts that the kind declares and that have the form of their field. */
function fieldsOf(event: SecurityEvent, facts: Record<string, unknown>): Record<string, unknown> {
  const kind: Kind = SECURITY_EVENTS[event];
  const fields = kind.fields.flatMap((field) => {
    const value = facts[field];
    const isFit = value !== undefined && value !== null && FIELDS[field].test(String(value));
    return isFit ? [[field, value] as const] : [];
  });
  return Object.fromEntries(fields);
}
