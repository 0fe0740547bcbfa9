import { hashSecret, type InstallationKey, sameHash } from '../../lib/secrets.ts';
import { digitsOf } from '../codes/rules.ts';
import type { LinkMaker } from './types.ts';

/** The secret of the page of an entry of the waiting list. */
export const waitingSecret = (key: InstallationKey, id: string): string =>
  key.derive(`waiting ${id}`);

/** The addresses in notices. What an appointment's is, `appointments` says. */
export function createLinks(deps: {
  appointments: Pick<LinkMaker, 'manageUrl'>;
  key: InstallationKey;
  baseUrl: string;
}): LinkMaker {
  const { appointments, key, baseUrl } = deps;
  return {
    manageUrl: (of) => appointments.manageUrl(of),
    waitingUrl: (id, language) => `${baseUrl}/${language}/waiting/${waitingSecret(key, id)}`,
    digitsOf: (code) => digitsOf(key, code),
    stopUrl: (notice, language) => `${baseUrl}/${language}/notices/${stopToken(key, notice)}`,
  };
}

const signatureOf = (key: InstallationKey, notice: string): string =>
  key.derive(`stop notices ${notice}`);

/** Names a notice to whoever it was sent to, and nobody else can make it: its id and a signature. No address is in it. */
export function stopToken(key: InstallationKey, notice: string): string {
  const id = Buffer.from(notice.replaceAll('-', ''), 'hex').toString('base64url');
  return `${id}.${signatureOf(key, notice)}`;
}

/** The notice that a token names; null when it is none of ours. */
export function noticeOfToken(key: InstallationKey, token: string): string | null {
  const [, text = ''] = /^([\w-]{22})\.[\w-]{32}$/.exec(token) ?? [];
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const [given, ours] = [token, stopToken(key, id)].map(hashSecret);
  return given && ours && sameHash(given, ours) ? id : null;
}

/** An address as the list of those who want no reminders keeps it: who has the list alone can't try addresses on it. */
export const recipientHash = (key: InstallationKey, body: number, recipient: string): Buffer =>
  Buffer.from(key.derive(`muted ${body} ${recipient}`), 'base64url');
