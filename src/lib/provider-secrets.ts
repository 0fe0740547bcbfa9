import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Mistake, type Parse, type reader } from './environment.ts';

/** The secrets of a provider of identities. Each is null where the environment has none. */
export interface ProviderSecrets {
  /** What the provider gave to the town. */
  secret: string | null;
  /** Our private key, PEM. */
  key: string | null;
  /** Our certificate for it, PEM, with its chain: the own one first. */
  certificate: string | null;
}

/** The secrets of a provider for which the environment has none. */
export const NO_SECRETS: ProviderSecrets = { secret: null, key: null, certificate: null };

const NAME = /^IDENTITY_([A-Z\d_]+)_(SECRET|KEY|CERTIFICATE)(?:_FILE)?$/;

/**
 * Reads IDENTITY_<CODE>_SECRET, _KEY and _CERTIFICATE, each also as a file, for every code that the environment has. The codes of the town
 * file are in small letters, with hyphens instead of underscores.
 */
export function readProviderSecrets(
  env: Readonly<Record<string, string | undefined>>,
  variable: ReturnType<typeof reader>,
): Map<string, ProviderSecrets> {
  const names = new Set(Object.keys(env).flatMap((name) => NAME.exec(name)?.[1] ?? []));
  const of = (name: string): ProviderSecrets => ({
    secret: variable(`IDENTITY_${name}_SECRET`, null, (text) => text),
    key: variable(`IDENTITY_${name}_KEY`, null, privateKey),
    certificate: variable(`IDENTITY_${name}_CERTIFICATE`, null, certificate),
  });
  return new Map([...names].map((name) => [codeOf(name), of(name)]));
}

const codeOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export const privateKey: Parse<string> = (text) => {
  try {
    createPrivateKey(text);
    return text;
  } catch {
    return new Mistake('must be a private key without a password (PEM)');
  }
};

export const certificate: Parse<string> = (text) => {
  try {
    new X509Certificate(text);
    return text;
  } catch {
    return new Mistake('must be a certificate (PEM)');
  }
};

/** Certificates of authorities, one after the other. */
const authorities: Parse<string> = (text) => {
  const all = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    const isRight = all.length > 0 && all.every((each) => new X509Certificate(each).ca);
    return isRight ? text : new Mistake('must be certificates of authorities (PEM)');
  } catch {
    return new Mistake('must be certificates of authorities (PEM)');
  }
};

/** The key of a terminal of Redsys: 24 bytes in base64, as its administration shows it. */
const paymentSecret: Parse<string> = (text) =>
  /^[A-Za-z\d+/]{32}$/.test(text)
    ? text
    : new Mistake("must be the key of the terminal: 32 characters, as the bank's pages show it");

/** The secrets of other people's systems that the town file names. */
export interface ConnectorSecrets {
  /** Of the providers of citizens' identities, by the provider's code. */
  identitySecrets: ReadonlyMap<string, ProviderSecrets>;
  /** What the bank gave to the town for payments on-line; null: nothing. */
  paymentSecret: string | null;
  /** What the AOC gave to the town for signatures by VÀLid; null: nothing. */
  signatureSecret: string | null;
  /** The authorities whose certificates of people count for signatures with AutoFirma, PEM, one after the other; null: none. */
  autofirmaAuthorities: string | null;
}

/** Reads all of them. */
export const readConnectorSecrets = (
  env: Readonly<Record<string, string | undefined>>,
  variable: ReturnType<typeof reader>,
): ConnectorSecrets => ({
  identitySecrets: readProviderSecrets(env, variable),
  paymentSecret: variable('PAYMENT_SECRET', null, paymentSecret),
  signatureSecret: variable('SIGNATURE_SECRET', null, (text) => text),
  autofirmaAuthorities: variable('AUTOFIRMA_AUTHORITIES', null, authorities),
});
