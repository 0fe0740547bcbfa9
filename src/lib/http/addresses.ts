import { isStun, isTurn } from '../calls/turn.ts';
import { type ClamdAddress, clamdAddress } from '../clamd.ts';
import { readAddress } from '../db/hosts/address.ts';
import { wantsPrimary } from '../db/hosts/facts.ts';
import { isDatabaseSafe } from '../encryption.ts';
import { addressWith, Mistake, type Parse } from '../environment.ts';
import { isLoopback, isOurs } from './loopback.ts';

export const webAddress: Parse<string> = (text) => {
  const url = addressWith(
    ['http:', 'https:'],
    'must be a web address such as https://cita.vilaclara.cat',
  )(text);
  if (url instanceof Mistake) return url;
  if (url.pathname !== '/' || url.search || url.hash)
    return new Mistake('must be an address without a path');
  if (url.protocol === 'http:' && !isOurs(text))
    return new Mistake(
      'must begin with https where it is not this machine: put a web server with a certificate before it',
    );
  return url.origin;
};

/** An address of a PostgreSQL server that can be written to. */
export const postgresAddress: Parse<string> = (text) => {
  const sessions = readAddress(text)?.sessions ?? null;
  return sessions === null || wantsPrimary(sessions)
    ? standbyAddress(text)
    : new Mistake('must have target_session_attrs=read-write: the service writes');
};

/** An address of a PostgreSQL server that need not be written to. */
export const standbyAddress: Parse<string> = (text) => {
  // A socket folder is given as ?host=/path, which leaves the host empty.
  const address = readAddress(text);
  const mistake = new Mistake(
    'must be an address such as postgres://user:password@host:5432/finestreta, with commas between several hosts',
  );
  if (!address) return mistake;
  try {
    isDatabaseSafe(text); // reads the certificates that the address names
    return text;
  } catch (error) {
    const { code, path = '' } = error as NodeJS.ErrnoException;
    return code ? new Mistake(`names a file ${path} that can't be read (${code})`) : mistake;
  }
};

export const smtpAddress: Parse<string> = (text) => {
  const url = addressWith(
    ['smtp:', 'smtps:'],
    'must be an address such as smtps://user:password@mail.vilaclara.cat',
  )(text);
  if (url instanceof Mistake) return url;
  // The mailer would read options from there, including one that turns TLS off.
  return url.search || url.hash ? new Mistake('must be an address without ? and #') : text;
};

export const gatewayAddress: Parse<string> = (text) => {
  const words = 'must be the web address of an SMS gateway, such as https://sms.example/messages';
  const url = addressWith(['https:', 'http:'], words)(text);
  return url instanceof Mistake ? url : url.href;
};

export const issuerAddress: Parse<string> = (text) => {
  const url = addressWith(
    ['https:', 'http:'],
    'must be the issuer as the provider writes it, such as https://login.vilaclara.cat/realms/town',
  )(text);
  if (url instanceof Mistake) return url;
  if (url.protocol === 'http:' && !isLoopback(text))
    return new Mistake('must begin with https: whoever listens could sign in as anybody');
  return url.search || url.hash ? new Mistake('must be an address without ? and #') : text;
};

export const turnAddresses: Parse<string[]> = (text) => {
  const all = text.split(',').map((each) => each.trim());
  return all.every((each) => isTurn(each) || isStun(each))
    ? all
    : new Mistake(
        'must be addresses such as turn:turn.vilaclara.cat:3478,turns:turn.vilaclara.cat:5349',
      );
};

export const clamdPlace: Parse<ClamdAddress> = (text) =>
  clamdAddress(text) ??
  new Mistake('must be where clamd listens: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310');

export const imapAddress: Parse<string> = (text) => {
  const url = addressWith(
    ['imap:', 'imaps:'],
    'must be an address such as imaps://user:password@mail.vilaclara.cat/INBOX',
  )(text);
  return url instanceof Mistake ? url : text;
};

export const plainAddress: Parse<string> = (text) =>
  /^[^\s@<>+]+@[^\s@<>]+$/.test(text)
    ? text
    : new Mistake('must be a mail address, without a name and without a plus');

/** A mail address, page or telephone as a URI (RFC 9116, 2.5.3). */
export const contact: Parse<string> = (text) => {
  if (/^[^\s@<>:]+@[^\s@<>]+$/.test(text)) return `mailto:${text}`;
  return /^(mailto:[^\s@<>]+@|https:\/\/|tel:\+?\d)[^\s<>]+$/.test(text) && URL.canParse(text)
    ? text
    : new Mistake('must be a mail address, or begin with https: or tel:');
};

export const mailAddress: Parse<string> = (text) =>
  /^([^<>]*<)?[^\s@<>]+@[^\s@<>]+>?$/.test(text) ? text : new Mistake('must be a mail address');
