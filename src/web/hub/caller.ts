import { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { FolderSettings } from '../../domain/office/connectors/folder.ts';
import { hashSecret, sameHash } from '../../lib/secrets.ts';

/** What a request shows of who asks. */
export interface Caller {
  /** The header `Folder-Secret`, which only our proxy has. */
  secret: string | undefined;
  /** The header `Client-Cert`: the certificate that the client proved to our proxy (RFC 9440, or percent-encoded PEM). */
  certificate: string | undefined;
  /** The network address, of the client itself. */
  address: string;
}

/** Why a caller isn't the hub. */
export type CallerRefusal =
  /** The environment has no FOLDER_SECRET. */
  | 'no_secret'
  /** The request did not come by our proxy, so that nothing in it counts. */
  | 'not_by_proxy'
  | 'no_certificate'
  /** It is none of those in the town file. */
  | 'other_certificate'
  /** It is over, or not valid yet. */
  | 'certificate_expired'
  | 'other_address';

/**
 * Returns why a caller isn't the hub that the town file names; null: it is. The hub's documentation has TLS with a client certificate and
 * a list of network addresses; it signs nothing. The certificate is public, so it counts only with the secret of the proxy that checked
 * that the caller has its key.
 */
export function refusalOf(
  caller: Caller,
  settings: FolderSettings,
  secret: string | null,
  now: Temporal.Instant,
): CallerRefusal | null {
  if (!isAmong(settings.addresses, caller.address)) return 'other_address';
  if (settings.isTrial) return null;
  if (secret === null) return 'no_secret';
  if (!caller.secret || !sameHash(hashSecret(caller.secret), hashSecret(secret)))
    return 'not_by_proxy';
  const shown = certificateIn(caller.certificate);
  if (!shown) return 'no_certificate';
  const plain = (print: string) => print.replaceAll(':', '').toLowerCase();
  const print = plain(shown.fingerprint256);
  if (!settings.certificates.some((each) => plain(each) === print)) return 'other_certificate';
  const at = now.epochMilliseconds;
  const isLive = Date.parse(shown.validFrom) <= at && at <= Date.parse(shown.validTo);
  return isLive ? null : 'certificate_expired';
}

const LONGEST = 20_000;

/** Returns the certificate in a header; null: there is none. */
export function certificateIn(header: string | undefined): X509Certificate | null {
  if (!header || header.length > LONGEST) return null;
  const bytes = /^:([A-Za-z\d+/=]+):$/.exec(header)?.[1];
  try {
    return new X509Certificate(bytes ? Buffer.from(bytes, 'base64') : decodeURIComponent(header));
  } catch {
    return null;
  }
}

/** Returns whether an address is in a list; any is in an empty one. */
function isAmong(list: readonly string[], address: string): boolean {
  if (list.length === 0) return true;
  const family = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(address) === 0) return false;
  const allowed = new BlockList();
  for (const each of list) allowed.addAddress(each, family(each));
  return allowed.check(address, family(address));
}
