import { createHmac } from 'node:crypto';

/** How the exchange knows the desks: by a secret that both know, or each by a password. */
export interface SipSecrets {
  /** Credentials that end by themselves are made from it (Kamailio's auth_ephemeral); null: none are. */
  secret: string | null;
  /** `103@sip.vilaclara.cat` → password, of exchanges that know no such secret. */
  passwords: Readonly<Record<string, string>>;
}

/** Credentials are asked for anew before they end, as long as somebody is signed in. */
export const CREDENTIAL_SECONDS = 15 * 60;

/** The user and password of an extension; null when the environment gives none. */
export function passwordFor(
  { secret, passwords }: SipSecrets,
  extension: string,
  domain: string,
  now: Temporal.Instant,
): { user: string; password: string } | null {
  const own = passwords[`${extension}@${domain}`];
  if (own !== undefined) return { user: extension, password: own };
  if (secret === null) return null;
  const user = `${Math.floor(now.epochMilliseconds / 1000) + CREDENTIAL_SECONDS}:${extension}`;
  return { user, password: createHmac('sha1', secret).update(user).digest('base64') };
}
