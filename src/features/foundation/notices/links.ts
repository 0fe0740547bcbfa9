import { digitsOf } from '../../../domain/one-time-code.ts';
import {
  hashSecret,
  type KeyVersion,
  linkForm,
  type PurposeKey,
  sameHash,
} from '../../../lib/secrets.ts';
import type { LinkMaker } from './types.ts';

/** Returns the secret of the page of a wait list entry. `link`: the link number of its appointment, else 0. */
export const waitingSecret = (key: PurposeKey, id: string, link: number): string =>
  linkForm(key.of(id).derive(link === 0 ? `waiting ${id}` : `waiting ${id} ${link}`));

/** Returns the secret of the page of a case. `link`: how often it was replaced. */
export const caseSecret = (key: PurposeKey, { id, link }: { id: string; link: number }): string =>
  linkForm(key.of(id).derive(link === 0 ? `case ${id}` : `case ${id} ${link}`));

/** Returns the secret of the page of somebody who must sign a case. */
export const cosignerSecret = (key: PurposeKey, id: string): string =>
  linkForm(key.of(id).derive(`cosigner ${id}`));

/** Returns the secret of the page of a request. `link`: how often it was replaced. */
export const requestSecret = (
  key: PurposeKey,
  { id, link }: { id: string; link: number },
): string => linkForm(key.of(id).derive(link === 0 ? `request ${id}` : `request ${id} ${link}`));

/** Returns the secret of the page of somebody who follows a request. */
export const followerSecret = (key: PurposeKey, id: string): string =>
  linkForm(key.of(id).derive(`follower ${id}`));

/** Returns the secret of the page of a conversation in writing. */
export const chatSecret = (key: PurposeKey, id: string): string =>
  linkForm(key.of(id).derive(`chat ${id}`));

/** The addresses in notices. `appointments` defines the address of an appointment. */
export function createLinks(deps: {
  appointments: Pick<LinkMaker, 'manageUrl' | 'shortManageUrl'>;
  keys: Record<'links' | 'codes', PurposeKey>;
  baseUrl: string;
}): LinkMaker {
  const { appointments, keys, baseUrl } = deps;
  return {
    manageUrl: (of) => appointments.manageUrl(of),
    shortManageUrl: (of) => appointments.shortManageUrl(of),
    waitingUrl: ({ id, link }, language) =>
      `${baseUrl}/${language}/waiting/${waitingSecret(keys.links, id, link)}`,
    shortWaitingUrl: ({ id, link }) => `${baseUrl}/w/${waitingSecret(keys.links, id, link)}`,
    caseUrl: (of, language) => `${baseUrl}/${language}/case/${caseSecret(keys.links, of)}`,
    cosignUrl: (id, language) => `${baseUrl}/${language}/cosign/${cosignerSecret(keys.links, id)}`,
    requestUrl: (of, language) => `${baseUrl}/${language}/request/${requestSecret(keys.links, of)}`,
    chatUrl: (id, language) => `${baseUrl}/${language}/chat/${chatSecret(keys.links, id)}`,
    followUrl: (id, language) => `${baseUrl}/${language}/follow/${followerSecret(keys.links, id)}`,
    digitsOf: (code) => digitsOf(keys.codes, code),
    stopUrl: (notice, language) =>
      `${baseUrl}/${language}/notices/${stopToken(keys.links, notice)}`,
    shortObjectUrl: (notice) => `${baseUrl}/n/${stopToken(keys.links, notice)}`,
  };
}

const signatureOf = (key: KeyVersion, notice: string): string =>
  key.derive(`stop notices ${notice}`);

/** Returns a token that identifies a notice to its recipient: its id and a signature. It can't be forged and contains no address. */
export function stopToken(key: KeyVersion, notice: string): string {
  const id = Buffer.from(notice.replaceAll('-', ''), 'hex').toString('base64url');
  return `${id}.${signatureOf(key, notice)}`;
}

/** Returns the notice of a token; null when the token is not valid. */
export function noticeOfToken(key: PurposeKey, token: string): string | null {
  const [, text = ''] = /^([\w-]{22})\.[\w-]{32}$/.exec(token) ?? [];
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const given = hashSecret(token);
  const isOurs = key.live().some((each) => sameHash(given, hashSecret(stopToken(each, id))));
  return isOurs ? id : null;
}

/**
 * Returns the hashes of an address for the list of people without reminders, by each version of the key, the newest first. A
 * person who has only the list can't test addresses against it.
 */
export const recipientHashes = (key: PurposeKey, office: number, recipient: string): Buffer[] =>
  key.live().map((each) => Buffer.from(each.derive(`muted ${office} ${recipient}`), 'base64url'));
