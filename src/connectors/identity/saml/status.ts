import { attributeOf, childNamed, onlyChild } from '../../../lib/xml/xml.ts';
import { NotIdentified } from '../adapter.ts';
import { PROTOCOL } from './names.ts';

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:';

/**
 * The words with which providers say that the person stopped. Cl@ve and the eIDAS nodes have no status of their own for it: they answer
 * `AuthnFailed` with a message (`cancelado`, `cancelled`), or that there was no consent.
 */
const CANCELLED = /cancel|anul|abort|abandon|consent/i;
const EXPIRED = /expir|caduc|time.?out|agotad|esgotat/i;

/** The failures of each second status (saml-core-2.0-os, 3.2.2.2). */
const FAILURES: Readonly<Record<string, () => NotIdentified>> = {
  AuthnFailed: () => new NotIdentified('denied', 'authn_failed'),
  RequestDenied: () => new NotIdentified('denied', 'request_denied'),
  UnknownPrincipal: () => new NotIdentified('denied', 'unknown_principal'),
  NoAuthnContext: () => new NotIdentified('too_low', 'no_authn_context'),
};

/**
 * Returns the failure that a response states; null: it states success. Most providers don't sign failures, so one is believed without a
 * signature: it gives no identity, and the response's `InResponseTo` has been compared.
 */
export function failureIn(response: Element): NotIdentified | null {
  const status = onlyChild(response, PROTOCOL, 'Status', 'status');
  const first = onlyChild(status, PROTOCOL, 'StatusCode', 'status');
  const code = statusOf(first);
  if (code === 'Success') return null;
  const second = childNamed(first, PROTOCOL, 'StatusCode', 'status');
  const message = childNamed(status, PROTOCOL, 'StatusMessage', 'status')?.textContent ?? '';
  if (CANCELLED.test(message)) return new NotIdentified('cancelled', 'cancelled');
  if (EXPIRED.test(message)) return new NotIdentified('expired', 'session_expired');
  const known = FAILURES[(second && statusOf(second)) ?? ''];
  if (known) return known();
  if (code === 'Responder') return new NotIdentified('away', 'responder');
  if (code === 'Requester') return new NotIdentified('away', 'requester');
  if (code === 'VersionMismatch') return new NotIdentified('away', 'version_mismatch');
  return new NotIdentified('refused', 'status_unknown');
}

/** The last word of a status; null: it isn't one of SAML's. */
function statusOf(code: Element): string | null {
  const value = attributeOf(code, 'Value') ?? '';
  return value.startsWith(STATUS) ? value.slice(STATUS.length) : null;
}
