import { resolve } from 'node:path';
import { type BackupSettings, readBackups } from './lib/backup/settings.ts';
import { readS3, type S3Settings } from './lib/blobs/settings.ts';
import { type CallSettings, readCalls } from './lib/calls/settings.ts';
import type { ClamdAddress } from './lib/clamd.ts';
import { databaseMistakes } from './lib/db/hosts/settings.ts';
import { checkCertificates, type PlainVariable, readEncryption } from './lib/encryption.ts';
import {
  Mistake,
  oneOf,
  type Parse,
  reader,
  sharedSecret,
  wholeNumber,
} from './lib/environment.ts';
import { namesIn } from './lib/fill.ts';
import { type GraphSettings, readGraph } from './lib/graph/settings.ts';
import {
  clamdPlace,
  contact,
  gatewayAddress,
  imapAddress,
  issuerAddress,
  mailAddress,
  plainAddress,
  postgresAddress,
  smtpAddress,
  standbyAddress,
  webAddress,
} from './lib/http/addresses.ts';
import { expression, headers, messageBody, prefixes } from './lib/http/gateway.ts';
import { type LanSettings, readLan } from './lib/http/lan.ts';
import { isLoopbackHost, isOurs } from './lib/http/loopback.ts';
import { type ProxySettings, readProxies } from './lib/http/proxies.ts';
import { STOPPING } from './lib/http/stopping.ts';
import type { Pkcs11Settings } from './lib/keys/pkcs11.ts';
import { type RegistryKeys, readRegistryKeys } from './lib/keys/registry.ts';
import { readKeys, readPkcs11 } from './lib/keys/settings.ts';
import { PlainError } from './lib/plain-error.ts';
import { type ConnectorSecrets, readConnectorSecrets } from './lib/provider-secrets.ts';
import { readSeal, type SealSettings } from './lib/seal/settings.ts';

/** All settings from the environment, read once at start. The table in docs/operating.md lists the same names. */
export interface Config extends CallSettings, ConnectorSecrets, ProxySettings, RegistryKeys {
  port: number;
  host: string;
  /** Public address without a trailing slash, for links and cookies. */
  baseUrl: string;
  /** The folder of the embedded database, documents and keys. */
  dataDir: string;
  /** A PostgreSQL server instead of the embedded one. */
  databaseUrl: string | null;
  /** The login on that server that owns the tables, if the service uses another. */
  databaseOwnerUrl: string | null;
  /** A standby of that server, where figures and exports are read, if there is one. */
  databaseReadUrl: string | null;
  /** A pooler in front of that server, through which the service asks it; null: none. */
  databasePoolerUrl: string | null;
  databasePool: number;
  /** The most connections to databases of several towns together, in one process. */
  townConnections: number;
  /** Seconds after which one of several towns sleeps that nobody asks for. */
  townIdleSeconds: number;
  /** The town file applied at start to an empty database; null: the demo town. */
  townFile: string | null;
  demo: boolean;
  /** Whether the demo town has a past, people who come and go, and a clock that can be moved. */
  demoLife: boolean;
  /** The start of the demo's clock. */
  clock: Temporal.Instant | null;
  /** Where the demo's citizens' pages are served to the own network; null: only to this machine. */
  lan: LanSettings | null;
  smtpUrl: string | null;
  mailFrom: string;
  /** The address for reports of undelivered mails; null: the sender. */
  mailBounces: string | null;
  /** The mailbox in which those reports are read; null: none. */
  bouncesUrl: string | null;
  /** The SMS gateway; null: no SMS are sent. */
  sms: SmsSettings | null;
  smsLimits: SmsLimits;
  /** The bucket of documents; null: they are in DATA_DIR. */
  s3: S3Settings | null;
  /** The antivirus for documents; null: none. */
  clamd: ClamdAddress | null;
  /** The town's identity provider; null: none. */
  oidc: OidcSettings | null;
  /** What the proxy shows that passes the questions of a hub of folders; null: none passes any. */
  folderSecret: string | null;
  /** Whether webhooks may also use the town hall's own network, in addition to public addresses. */
  webhooksPrivate: boolean;
  /** Names of calendar servers in the town hall's own network, beside those with public addresses. */
  calendarsPrivate: ReadonlySet<string>;
  /** Microsoft 365, whose calendars can be connected; null: they can't. */
  graph: GraphSettings | null;
  roles: ReadonlySet<Role>;
  /** The account of a server that root starts: a user name, or `uid:gid`; null: the owner of DATA_DIR, or a separate user. */
  runAs: string | null;
  /** The installation's key in base64 (32 bytes), if it isn't in DATA_DIR: several machines can share it. */
  installationKey: string | null;
  /** The key that will replace it: keys that it wrapped can be opened too, and `key rotate installation` wraps with it. */
  installationKeyNext: string | null;
  /** Connections that may leave this machine without TLS, because the operator declares the network as the town's own. */
  withoutTls: ReadonlySet<PlainVariable>;
  /** The hardware security module with the root key; null: a file in DATA_DIR, or INSTALLATION_KEY. */
  pkcs11: Pkcs11Settings | null;
  /** The town's electronic seal; null: none is configured. A demonstration makes one for itself. */
  seal: SealSettings | null;
  /** The recipients of encrypted backups (age); null: the command must name them. */
  backupRecipient: string | null;
  /** The backups that the service makes by itself; null: it makes none. */
  backups: BackupSettings | null;
  /** The token that a monitoring system needs for /metrics; null: /metrics is closed. */
  metricsToken: string | null;
  /** The contact for security reports, in the form of RFC 9116 (`mailto:…`, `https://…`, `tel:…`); null: none is published. */
  securityContact: string | null;
  logLevel: string;
  /** The citizen's side is closed, until an instant or until it is opened again; null: it is open. */
  closed: { until: Temporal.Instant | null } | null;
  /** Seconds for which a process that is stopped goes on answering, so that nobody is sent to it any more. */
  drainSeconds: number;
  /** Whether browsers store the offline page. */
  offlinePage: boolean;
}

/** The identity provider for staff (OpenID Connect). Those of citizens are in the town file. */
export interface OidcSettings {
  /** Exactly as the provider writes it, with or without a trailing slash. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The name on the button, after "Sign in with". */
  name: string;
  /** Values of `amr` or `acr` that show that it required a second factor. */
  secondFactor: readonly string[];
}

/** The form of requests to the SMS gateway. */
export interface SmsSettings {
  url: string;
  method: 'POST' | 'PUT';
  headers: Record<string, string>;
  /** JSON or a form, with the blanks {to}, {digits}, {text}, {id} and {sender}. */
  body: string;
  sender: string;
  /** The pattern in the answer to an accepted message; null: any 2xx is accepted. */
  accepted: RegExp | null;
}

/** The limits of SMS: each costs money, and anybody may type a number into a form. */
export interface SmsLimits {
  /** The allowed beginnings of numbers, such as `+34`; empty: any. */
  prefixes: readonly string[];
  /** For the whole installation, within 24 hours. */
  perDay: number;
}

export type Role = 'web' | 'worker';

/** Thrown at start, with every mistake in the environment at once, each naming its variable. */
export class ConfigError extends PlainError {
  override name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `The environment has ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}:\n  ${mistakes.join('\n  ')}`,
    );
    this.mistakes = mistakes;
  }
}

/** Reads the environment. @throws ConfigError */
export function readConfig(env: Record<string, string | undefined>): Config {
  const mistakes: string[] = [];
  const variable = reader(env, mistakes);
  const places = readPlaces(variable);
  const sms = readSms(variable, mistakes);
  const s3 = readS3(variable, mistakes);
  const clamd = variable('CLAMD', null, clamdPlace);
  const seal = readSeal(variable, mistakes);
  const townFile = variable('TOWN_FILE', null, (text) => resolve(text));
  const demo = readDemo(variable, mistakes, places, { sms, townFile });
  const keys = readKeys(variable);
  const backups = readBackups(variable, mistakes, { ...demo, ...keys });
  const config: Config = {
    ...places,
    ...demo,
    lan: readLan(variable, mistakes, { ...places, ...demo }),
    ...readContacts(variable, places.baseUrl),
    ...keys,
    backups,
    dataDir: variable('DATA_DIR', 'data', (text) => resolve(text)),
    townFile,
    sms,
    oidc: readOidc(variable, mistakes),
    ...readConnectorSecrets(env, variable),
    ...readRegistryKeys(variable, mistakes),
    folderSecret: variable('FOLDER_SECRET', null, sharedSecret),
    s3,
    ...readCalls(variable, mistakes),
    clamd,
    seal,
    withoutTls: readEncryption(variable, mistakes, {
      smtpUrl: places.smtpUrl,
      databaseUrl: places.databaseUrl,
      databaseOwnerUrl: places.databaseOwnerUrl,
      databaseReadUrl: places.databaseReadUrl,
      databasePoolerUrl: places.databasePoolerUrl,
      smsUrl: sms?.url ?? null,
      s3Endpoint: s3?.endpoint ?? null,
      backupS3Endpoint: backups && 's3' in backups.to ? backups.to.s3.endpoint : null,
      sealStampUrl: seal?.stampUrl ?? null,
      clamdHost: clamd && 'host' in clamd ? clamd.host : null,
    }),
    webhooksPrivate: variable('WEBHOOKS_PRIVATE', '0', oneOf('0', '1')) === '1',
    calendarsPrivate: new Set(variable('CALENDARS_PRIVATE', '', hostNames)),
    graph: readGraph(variable, mistakes),
    roles: variable('ROLES', 'web,worker', roles),
    runAs: variable('RUN_AS', null, userName),
    pkcs11: readPkcs11(variable, mistakes),
    ...readProxies(variable, places),
    metricsToken: variable('METRICS_TOKEN', null, (text) => text),
    logLevel: variable('LOG_LEVEL', 'info', oneOf(...LOG_LEVELS)),
    closed: variable('CLOSED_UNTIL', null, closedUntil),
    drainSeconds: variable('DRAIN_SECONDS', '0', wholeNumber(0, STOPPING.mostDrainSeconds)),
    offlinePage: variable('OFFLINE_PAGE', '1', oneOf('0', '1')) === '1',
  };
  checkTogether(env, config, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

type Variable = ReturnType<typeof reader>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Reads the addresses of the service, of the database and of the mail server. */
function readPlaces(variable: Variable) {
  const port = variable('PORT', '3000', wholeNumber(0, 65535));
  return {
    port,
    host: variable('HOST', '127.0.0.1', (text) => text),
    baseUrl: variable('BASE_URL', `http://localhost:${port}`, webAddress),
    databaseUrl: variable('DATABASE_URL', null, postgresAddress),
    databaseOwnerUrl: variable('DATABASE_OWNER_URL', null, postgresAddress),
    databaseReadUrl: variable('DATABASE_READ_URL', null, standbyAddress),
    databasePoolerUrl: variable('DATABASE_POOLER_URL', null, postgresAddress),
    databasePool: variable('DATABASE_POOL', '16', wholeNumber(2, 500)),
    townConnections: variable('DATABASE_CONNECTIONS', '80', wholeNumber(4, 5_000)),
    townIdleSeconds: variable('TOWN_IDLE_SECONDS', '300', wholeNumber(1, 86_400)),
    smtpUrl: variable('SMTP_URL', null, smtpAddress),
  };
}

type Places = ReturnType<typeof readPlaces>;

/** Returns whether it is a demo: by default when nothing is configured and only this machine can reach it. */
function readDemo(
  variable: Variable,
  mistakes: string[],
  places: Places,
  { sms, townFile }: { sms: unknown; townFile: string | null },
) {
  const { host, baseUrl, databaseUrl, smtpUrl } = places;
  const isConfigured = sms !== null || townFile !== null;
  const isPrivate = isLoopbackHost(host) && isOurs(baseUrl);
  const isNothing = !databaseUrl && !smtpUrl && !isConfigured && isPrivate;
  const demo = variable('DEMO', isNothing ? '1' : '0', oneOf('0', '1')) === '1';
  const clock = variable('CLOCK', null, instant);
  if (demo && !isOurs(baseUrl)) {
    mistakes.push(
      'DEMO=1 shows passwords and mails to everybody, so it only works where BASE_URL is this machine (http://localhost:…).',
    );
  }
  if (clock && !demo) mistakes.push("CLOCK sets the service's clock, which only DEMO=1 allows.");
  // `npm start` sets it always: without a demo it means nothing, and the town that somebody prepares has no made-up past.
  const demoLife = demo && townFile === null && variable('DEMO_LIFE', '0', oneOf('0', '1')) === '1';
  return { demo, clock, demoLife };
}

/** Reads the settings of mails, SMS and calls. */
function readContacts(variable: Variable, baseUrl: string) {
  return {
    smsLimits: {
      prefixes: variable('SMS_PREFIXES', null, prefixes) ?? [],
      perDay: variable('SMS_PER_DAY', '2000', wholeNumber(0, 1_000_000)),
    },
    mailFrom: variable('MAIL_FROM', `finestreta@${new URL(baseUrl).hostname}`, mailAddress),
    mailBounces: variable('MAIL_BOUNCES', null, plainAddress),
    bouncesUrl: variable('BOUNCES_URL', null, imapAddress),
    securityContact: variable('SECURITY_CONTACT', null, contact),
  };
}

/** Checks combinations of variables. */
function checkTogether(
  env: Record<string, string | undefined>,
  config: Config,
  mistakes: string[],
): void {
  checkCertificates(env, mistakes);
  mistakes.push(...databaseMistakes(config));
}

/** Reads the gateway's variables. Without SMS_URL there is none, and the others have no effect. */
function readSms(variable: Variable, mistakes: string[]): SmsSettings | null {
  const url = variable('SMS_URL', null, gatewayAddress);
  const settings = {
    method: variable('SMS_METHOD', 'POST', oneOf('POST', 'PUT')),
    headers: variable('SMS_HEADERS', '{}', headers),
    body: variable('SMS_BODY', '{"to":"{to}","text":"{text}"}', messageBody),
    sender: variable('SMS_SENDER', null, (text) => text) ?? '',
    accepted: variable('SMS_ACCEPTED', null, expression),
  };
  if (!url) return null;
  if (namesIn(settings.body).includes('sender') && !settings.sender)
    mistakes.push('SMS_BODY has {sender} in it, so SMS_SENDER must say who.');
  return { url, ...settings };
}

/** Reads the provider's variables. Without OIDC_ISSUER there is none, and the others have no effect. */
function readOidc(variable: Variable, mistakes: string[]): OidcSettings | null {
  const issuer = variable('OIDC_ISSUER', null, issuerAddress);
  const clientId = variable('OIDC_CLIENT_ID', null, (text) => text);
  const clientSecret = variable('OIDC_CLIENT_SECRET', null, (text) => text);
  const name = variable('OIDC_NAME', null, (text) => text);
  const secondFactor = variable('OIDC_SECOND_FACTOR', 'mfa', words);
  if (!issuer) return null;
  for (const [variable, value] of Object.entries({
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
  })) {
    if (!value) mistakes.push(`OIDC_ISSUER is set, so ${variable} must be too.`);
  }
  return {
    issuer,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    name: name ?? new URL(issuer).hostname,
    secondFactor,
  };
}

const words: Parse<string[]> = (text) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

const hostNames: Parse<string[]> = (text) => {
  const names = text
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return names.every((each) => /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/.test(each))
    ? names
    : new Mistake(
        'must be names of servers, such as nuvol.vilaclara.intern,correu.vilaclara.intern',
      );
};

const instant: Parse<Temporal.Instant> = (text) => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return new Mistake('must be an instant such as 2026-11-30T08:00:00+01:00');
  }
};

const closedUntil: Parse<{ until: Temporal.Instant | null }> = (text) => {
  if (text === '1') return { until: null };
  const until = instant(text);
  return until instanceof Mistake
    ? new Mistake(`${until.words}, or 1 when nobody knows until when`)
    : { until };
};

const userName: Parse<string> = (text) =>
  /^([a-z_][a-z0-9_.-]{0,31}\$?|\d{1,10}:\d{1,10})$/i.test(text)
    ? text
    : new Mistake('must be the name of a user, or uid:gid such as 1001:1001');

const roles: Parse<ReadonlySet<Role>> = (text) => {
  const names = text.split(',').map((each) => each.trim());
  const known = names.filter((each): each is Role => each === 'web' || each === 'worker');
  return known.length === names.length && known.length > 0
    ? new Set(known)
    : new Mistake('must be web, worker or web,worker');
};
