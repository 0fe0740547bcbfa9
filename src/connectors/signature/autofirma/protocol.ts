import type { Servlets } from '../../../features/service/signatures/types.ts';
import { decipher, encipherDes, type Keys, newKeys, randomName } from './ciphers.ts';

/** Letters and digits of an identifier: the most that the program takes. They have 119 bits. */
const NAME_LENGTH = 20;

/** One request to the program, as its address and what it fetches have it. */
export interface Request extends Keys {
  /** Under which the program fetches what it does. */
  file: string;
  /** Under which it puts what it made. */
  result: string;
}

export const newRequest = (): Request => ({
  file: randomName(NAME_LENGTH),
  result: randomName(NAME_LENGTH),
  ...newKeys(),
});

/** The version of the protocol: since AutoFirma 1.5 each knows it. */
const VERSION = '3';
/** The version of the script with which others call it: what is at least demanded. */
const SCRIPT = '1';

/** The keys, as programs that know AES read them. */
const cipherOf = ({ key, iv, des }: Keys): string =>
  Buffer.from(JSON.stringify({ algo: 'AES', key, iv, legDes: des })).toString('base64');

const isChromeOnAndroid = (browser: string): boolean => /Android.*Chrome\//.test(browser);

/**
 * Returns the address that opens the program. It has nothing of what is signed or of the person: the program fetches it.
 * @param on `browser`: what the browser calls itself: Chrome on Android has another way to name programs
 */
export function addressOf(
  request: Request,
  { servlets, browser }: { servlets: Servlets; browser: string },
): string {
  const query = new URLSearchParams({
    jvc: SCRIPT,
    fileid: request.file,
    rid: request.result,
    rtservlet: servlets.retrieve,
    stservlet: servlets.storage,
    key: request.des,
    cipher: cipherOf(request),
  }).toString();
  return isChromeOnAndroid(browser)
    ? `intent://sign?${query}#Intent;scheme=afirma;package=es.gob.afirma;end`
    : `afirma://sign?${query}`;
}

/** What the program is asked to do. */
export interface Asked {
  document: Buffer;
  /** Who asks: the program shows it. */
  name: string;
  /** The number that the person's certificates have in their names; null: those of everybody are shown. */
  identifier: string | null;
}

/**
 * Returns what the program fetches: PAdES, in a revision of its own so that the document stays as it is, without anything to see; by a
 * certificate that has not ended, with the person's number in its name.
 */
export function requestBody(
  request: Request,
  { document, name, identifier }: Asked,
  { storage }: Servlets,
): string {
  const properties = [
    'signatureSubFilter=ETSI.CAdES.detached',
    'alwaysCreateRevision=true',
    `filters=${identifier ? `subject.contains:${identifier};` : ''}nonexpired:`,
  ].join('\n');
  const entries = {
    format: 'PAdES',
    algorithm: 'SHA256withRSA',
    properties: base64Url(properties),
    ver: VERSION,
    op: 'sign',
    id: request.result,
    appname: encodeURIComponent(name),
    key: request.des,
    cipher: safeOf(cipherOf(request)),
    stservlet: storage,
    // The program says while it works that it does.
    aw: 'true',
    dat: base64Url(document),
  };
  const parts = Object.entries(entries).map(([key, value]) => `<e k="${key}" v="${value}"/>`);
  return encipherDes(Buffer.from(`<sign>${parts.join('')}</sign>`), request);
}

const safeOf = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

const base64Url = (of: string | Buffer): string => safeOf(Buffer.from(of).toString('base64'));

/** Why the program signed nothing. */
export type ProgramFailure = 'cancelled' | 'no_certificate' | 'outdated' | 'denied';

/** What a program put: what it signed, or why not. `code`: its own, or ours. */
export type Put =
  | { kind: 'signed'; file: Buffer }
  | { kind: 'failed'; reason: ProgramFailure; code: string }
  | { kind: 'unreadable' };

/** Returns whether a text says that the program is at work, and nothing else yet. */
export const isWaiting = (text: string): boolean => /^#wait/i.test(text);

/** The codes of failures that people can do something about, of protocols before and since 4.1 (AutoFirma 1.10). */
const FAILURES: Readonly<Record<string, ProgramFailure>> = {
  AF500001: 'cancelled',
  SAF_19: 'no_certificate',
  AF501001: 'no_certificate',
  SAF_14: 'outdated',
  SAF_21: 'outdated',
  SAF_41: 'outdated',
  AF200701: 'outdated',
  AF500005: 'outdated',
  AF620011: 'outdated',
};

/** Reads what a program put: the certificate and the signature, each enciphered; or a failure, which is in clear. */
export function readPut(text: string, keys: Keys): Put {
  const said = text.trim();
  if (said === 'CANCEL' || /^err-11:/i.test(said))
    return { kind: 'failed', reason: 'cancelled', code: 'cancelled' };
  const failed = /^(err-\d{1,4}):=(AF\d{1,8}|SAF_\d{1,4})?|^(SAF_\d{1,4})(?=:|$)/i.exec(said);
  if (failed) {
    const code = (failed[3] ?? failed[2] ?? failed[1] ?? '').toUpperCase();
    return { kind: 'failed', reason: FAILURES[code] ?? 'denied', code };
  }
  const parts = said.split('|');
  const file = decipher(parts[1] ?? parts[0] ?? '', keys);
  return file ? { kind: 'signed', file } : { kind: 'unreadable' };
}
