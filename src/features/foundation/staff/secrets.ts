import { createHmac, randomUUID } from 'node:crypto';
import type { SecretConfig } from 'better-auth/crypto';
import { deriveSecret, idNaming, type KeyVersion, type PurposeKey } from '../../../lib/secrets.ts';

/** The keys of staff's accounts. A text is version 0 of both. */
export type StaffKeys = string | Record<'staff' | 'links', PurposeKey>;

/** A secret of the accounts' library, which signs cookies and encrypts the secrets of authenticators. */
export interface LibrarySecret {
  version: number;
  value: string;
}

const secretOf = (by: KeyVersion): string => by.derive('staff sessions');

/** Returns the valid secrets: the one in use first, then the newest. */
export function librarySecrets(keys: StaffKeys): LibrarySecret[] {
  if (typeof keys === 'string') return [{ version: 0, value: keys }];
  const { staff } = keys;
  const all = staff.live().map((by) => ({ version: by.version, value: secretOf(by) }));
  const isInUse = ({ version }: LibrarySecret) => version === staff.version;
  return [...all.filter(isInUse), ...all.filter((each) => !isInUse(each))];
}

/** Returns the keys for the library's own functions: the key in use to encrypt, and every valid key to decrypt. */
export function sealingOf(keys: StaffKeys): SecretConfig | string {
  if (typeof keys === 'string') return keys;
  return {
    get keys() {
      return new Map(librarySecrets(keys).map(({ version, value }) => [version, value]));
    },
    get currentVersion() {
      return keys.staff.version;
    },
    // Values without a version were encrypted before there were versions.
    get legacySecret() {
      return librarySecrets(keys).find(({ version }) => version === 0)?.value ?? '';
    },
  };
}

/** Returns whether the library's functions encrypted this by the key in use. */
export function isByNewest(keys: StaffKeys, sealed: string): boolean {
  const version = typeof keys === 'string' ? 0 : keys.staff.version;
  return sealed.startsWith('$ba$') ? sealed.startsWith(`$ba$${version}$`) : version === 0;
}

/** Returns which secret signed a cookie of the library in a Cookie header; the one in use when there is none. */
export function signerOf(keys: StaffKeys, cookie: string): LibrarySecret | undefined {
  const all = librarySecrets(keys);
  const signed = cookie.split(/;\s*/).map((each) => decoded(each.slice(each.indexOf('=') + 1)));
  const isSigned = ({ value: secret }: LibrarySecret) =>
    signed.some((each) => {
      const at = each.lastIndexOf('.');
      const seal = createHmac('sha256', secret).update(each.slice(0, Math.max(at, 0)));
      return at > 0 && seal.digest('base64') === each.slice(at + 1);
    });
  return all.length > 1 ? (all.find(isSigned) ?? all[0]) : all[0];
}

/** Decodes the value of a cookie; empty when it is not ours. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // not our cookie
  }
}

/** Makes ids of invitations, which name the key of their link, and the secrets of those links. */
export interface InvitationLinks {
  newId(): string;
  tokenOf(invitation: string): string;
}

export function invitationLinks(keys: StaffKeys): InvitationLinks {
  const keyOf = (id: string) => (typeof keys === 'string' ? keys : secretOf(keys.links.of(id)));
  return {
    newId: () => (typeof keys === 'string' ? idNaming(0, randomUUID()) : keys.links.newId()),
    tokenOf: (id) => deriveSecret(keyOf(id), `invitation ${id}`),
  };
}
