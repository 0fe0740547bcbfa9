import { digitsOf } from '../../../domain/one-time-code.ts';
import { hashSecret, type KeyVersion, type PurposeKey, sameHash } from '../../../lib/secrets.ts';
import type { LinkMaker } from './types.ts';

/** The secret of the page of an entry of the waiting list. `link`: of the appointment that it is of, else 0. */
export const waitingSecret = (key: PurposeKey, id: string, link: number): string =>
  key.of(id).derive(link === 0 ? `waiting ${id}` : `waiting ${id} ${link}`);

/** The addresses in notices. What an appointment's is, `appointments` says. */
export function createLinks(deps: {
  appointments: Pick<LinkMaker, 'manageUrl'>;
  keys: Record<'links' | 'codes', PurposeKey>;
  baseUrl: string;
}): LinkMaker {
  const { appointments, keys, baseUrl } = deps;
  return {
    manageUrl: (of) => appointments.manageUrl(of),
    waitingUrl: ({ id, link }, language) =>
      `${baseUrl}/${language}/waiting/${waitingSecret(keys.links, id, link)}`,
    digitsOf: (code) => digitsOf(keys.codes, code),
    stopUrl: (notice, language) =>
      `${baseUrl}/${language}/notices/${stopToken(keys.links, notice)}`,
  };
}

const signatureOf = (key: KeyVersion, notice: string): string =>
  key.derive(`stop notices ${notice}`);

/** Names a notice to whoever it was sent to, and nobody else can make it: its id and a signature. No address is in it. */
export function stopToken(key: KeyVersion, notice: string): string {
  const id = Buffer.from(notice.replaceAll('-', ''), 'hex').toString('base64url');
  return `${id}.${signatureOf(key, notice)}`;
}

/** The notice that a token names; null when it is none of ours. */
export function noticeOfToken(key: PurposeKey, token: string): string | null {
  const [, text = ''] = /^([\w-]{22})\.[\w-]{32}$/.exec(token) ?? [];
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const given = hashSecret(token);
  const isOurs = key.live().some((each) => sameHash(given, hashSecret(stopToken(each, id))));
  return isOurs ? id : null;
}

/**
 * Returns an address as the list of those who want no reminders may keep it, by each version of the key, the newest first:
 * whoever has the list alone can't try addresses on it.
 */
export const recipientHashes = (key: PurposeKey, office: number, recipient: string): Buffer[] =>
  key.live().map((each) => Buffer.from(each.derive(`muted ${office} ${recipient}`), 'base64url'));
