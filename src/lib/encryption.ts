import pg from 'pg';
import { readAddress } from './db/hosts/address.ts';
import { Mistake, type Parse, type reader } from './environment.ts';
import { isLoopback, isLoopbackHost } from './http/loopback.ts';

/** A connection that leaves this machine without TLS, by the variable with its address. */
interface Plain {
  /** The words after the variable's name: the mistake, and its remedy. */
  words: string;
  /** The data that is sent without encryption when WITHOUT_TLS allows it, for the log and the doctor. */
  what: string;
}

const PLAIN = {
  SMTP_URL: {
    // Nothing is refused at start: STARTTLS is required, and its absence shows at the first connection.
    words: '',
    what: 'mails with secret links may cross the network without encryption',
  },
  SMS_URL: {
    words: 'must begin with https: one-time codes and the gateway’s key are sent there',
    what: 'texts for citizens, one-time codes and the gateway’s key cross the network without encryption',
  },
  S3_ENDPOINT: {
    words: 'must begin with https: documents are encrypted, but their names and sizes are not',
    what: 'encrypted documents, with their names and sizes in clear, cross the network',
  },
  BACKUP_S3_ENDPOINT: {
    words: 'must begin with https: backups are encrypted, but their names and sizes are not',
    what: 'encrypted backups, with their names and sizes in clear, cross the network',
  },
  SEAL_STAMP_URL: {
    words:
      'must begin with https: who is between could stamp with a certificate that nobody trusts, and sees its password',
    what: 'digests to be stamped, and the password for it, cross the network without encryption',
  },
  CLAMD: {
    words:
      'leads to another machine, and its protocol has no encryption: use clamd’s socket, or a tunnel (stunnel, WireGuard, ssh) that begins on 127.0.0.1',
    what: 'documents cross the network without encryption',
  },
  DATABASE_URL: {
    words:
      'must have sslmode=verify-full (a town’s own authority: and sslrootcert=/its/certificate.pem), since the server is another machine',
    what: 'everybody’s data cross the network without encryption, or to a server that nobody has checked',
  },
  DATABASE_POOLER_URL: {
    words:
      'must have sslmode=verify-full (a town’s own authority: and sslrootcert=/its/certificate.pem), since the pooler is on another machine',
    what: 'everybody’s data cross the network without encryption, or to a pooler that nobody has checked',
  },
  DATABASE_OWNER_URL: {
    words:
      'must have sslmode=verify-full (a town’s own authority: and sslrootcert=/its/certificate.pem), since the server is another machine',
    what: 'the database owner’s password and backups cross the network without encryption, or to a server that nobody has checked',
  },
  DATABASE_READ_URL: {
    words:
      'must have sslmode=verify-full (a town’s own authority: and sslrootcert=/its/certificate.pem), since the standby is another machine',
    what: 'what figures and exports are made from crosses the network without encryption, or comes from a server that nobody has checked',
  },
} satisfies Record<string, Plain>;

export type PlainVariable = keyof typeof PLAIN;

const isPlainVariable = (name: string): name is PlainVariable => name in PLAIN;

/** Parses WITHOUT_TLS: variables whose addresses are in the town's own network. */
export const withoutTls: Parse<ReadonlySet<PlainVariable>> = (text) => {
  const names = text.split(',').map((each) => each.trim());
  const known = names.filter(isPlainVariable);
  return known.length === names.length
    ? new Set(known)
    : new Mistake(`must be names of variables with commas, of these: ${Object.keys(PLAIN)}`);
};

/** The environment's addresses of other machines; null: the variable is not set. */
export interface Addresses {
  smtpUrl: string | null;
  smsUrl: string | null;
  s3Endpoint: string | null;
  backupS3Endpoint: string | null;
  sealStampUrl: string | null;
  /** The host of clamd's TCP address; null: a socket, or none. */
  clamdHost: string | null;
  databaseUrl: string | null;
  databaseOwnerUrl: string | null;
  databaseReadUrl: string | null;
  databasePoolerUrl: string | null;
}

/**
 * Returns the connections that leave this machine without TLS because WITHOUT_TLS allows it. Adds a mistake for each that is not allowed
 * to.
 */
export function readEncryption(
  variable: ReturnType<typeof reader>,
  mistakes: string[],
  addresses: Addresses,
): ReadonlySet<PlainVariable> {
  const allowed = variable('WITHOUT_TLS', null, withoutTls) ?? new Set<PlainVariable>();
  const plain = plainOf(addresses);
  for (const name of plain) {
    if (allowed.has(name) || PLAIN[name].words === '') continue;
    mistakes.push(
      `${name} ${PLAIN[name].words}. In a network that is the town's alone, WITHOUT_TLS=${name} allows it.`,
    );
  }
  const hasPassword = addresses.smtpUrl !== null && new URL(addresses.smtpUrl).password !== '';
  if (plain.includes('SMTP_URL') && allowed.has('SMTP_URL') && hasPassword)
    mistakes.push(
      'WITHOUT_TLS names SMTP_URL, which has a password: a password is sent with TLS only.',
    );
  return new Set(plain.filter((name) => allowed.has(name)));
}

/** Adds a mistake where certificates would not be checked. */
export function checkCertificates(
  env: Record<string, string | undefined>,
  mistakes: string[],
): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    mistakes.push(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 has no certificate checked: take it away. NODE_EXTRA_CA_CERTS names the file of an authority of the town's own.",
    );
}

/** Returns the variables whose connections leave this machine, and could do so without TLS. */
function plainOf(addresses: Addresses): PlainVariable[] {
  const { smtpUrl, smsUrl, s3Endpoint, backupS3Endpoint, sealStampUrl } = addresses;
  const { clamdHost, databaseUrl, databaseOwnerUrl, databaseReadUrl, databasePoolerUrl } =
    addresses;
  const isPlain: Record<PlainVariable, boolean> = {
    SMTP_URL: smtpUrl !== null && /^smtp:/i.test(smtpUrl) && !isLoopback(smtpUrl),
    SMS_URL: isPlainHttp(smsUrl),
    S3_ENDPOINT: isPlainHttp(s3Endpoint),
    BACKUP_S3_ENDPOINT: isPlainHttp(backupS3Endpoint),
    SEAL_STAMP_URL: isPlainHttp(sealStampUrl),
    CLAMD: clamdHost !== null && !isLoopbackHost(clamdHost),
    DATABASE_URL: databaseUrl !== null && !isDatabaseSafe(databaseUrl),
    DATABASE_POOLER_URL: databasePoolerUrl !== null && !isDatabaseSafe(databasePoolerUrl),
    DATABASE_OWNER_URL: databaseOwnerUrl !== null && !isDatabaseSafe(databaseOwnerUrl),
    DATABASE_READ_URL: databaseReadUrl !== null && !isDatabaseSafe(databaseReadUrl),
  };
  return Object.keys(isPlain).filter(
    (name): name is PlainVariable => isPlain[name as PlainVariable],
  );
}

const isPlainHttp = (url: string | null): boolean =>
  url?.startsWith('http:') === true && !isLoopback(url);

/**
 * Returns whether the connection to each PostgreSQL server of an address stays on this machine, or uses TLS with a checked certificate. The
 * driver itself parses the address, so the check sees what the driver will do.
 */
export const isDatabaseSafe = (databaseUrl: string): boolean =>
  (readAddress(databaseUrl)?.urls ?? [databaseUrl]).every(isServerSafe);

function isServerSafe(databaseUrl: string): boolean {
  const { host, ssl } = new pg.Client({ connectionString: databaseUrl }) as {
    host: string;
    ssl: boolean | { rejectUnauthorized?: boolean; checkServerIdentity?: unknown };
  };
  if (host.startsWith('/') || isLoopbackHost(host)) return true;
  if (typeof ssl === 'boolean') return ssl;
  return ssl.rejectUnauthorized !== false && ssl.checkServerIdentity === undefined;
}

/** Returns the warning, at each start and in the doctor, about a connection that WITHOUT_TLS allows. */
export const formatPlain = (name: PlainVariable): string =>
  `WITHOUT_TLS: ${name}: ${PLAIN[name].what}.`;

/**
 * Returns nodemailer's options for TLS 1.2 or newer with a checked certificate. A server on this machine is exempt: the connection can't be
 * intercepted, and its certificate is rarely trusted.
 * @param mayBePlain whether WITHOUT_TLS contains SMTP_URL: STARTTLS is used when offered, with any certificate
 */
export function mailSecurity(url: string, mayBePlain: boolean) {
  const isExempt = isLoopback(url) || (mayBePlain && /^smtp:/i.test(url));
  return {
    requireTLS: !isExempt,
    tls: { minVersion: 'TLSv1.2' as const, rejectUnauthorized: !isExempt },
  };
}
