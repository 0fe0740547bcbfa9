import { canReceiveSms } from '../../../../domain/phone.ts';
import {
  type CountryCode,
  checkText,
  type FieldMistake,
} from '../../../booking/appointments/rules.ts';
import type { Checked, RequestMistake } from '../rules.ts';
import { type RequestPerson, TELL_BY, type TellBy } from '../types.ts';
import type { RawContact } from './types.ts';

interface ContactPolicy {
  country: CountryCode;
  /** Whether a name is asked too; absent: it is. */
  isNamed?: boolean;
  /** Whether an official may call; absent: yes. */
  mayBeCalled?: boolean;
  /** Whether the type can be sent without any contact. */
  mayBeAnonymous: boolean;
  /** Whether SMS go to a number (E.164). */
  isReached(phone: string): boolean;
}

const isTellBy = (text: string): text is TellBy => (TELL_BY as readonly string[]).includes(text);

/**
 * Checks how somebody wants to hear of a request. Nothing is kept that isn't needed for it: no address of another way, and nothing at all of whoever
 * stays unnamed.
 */
export function checkContact(
  raw: RawContact,
  { country, mayBeAnonymous, mayBeCalled = true, isReached, isNamed = true }: ContactPolicy,
): Checked<RequestPerson, Record<string, RequestMistake | FieldMistake>> {
  const nobody = { isAnonymous: true, name: '', email: null, phone: null };
  if (raw.isAnonymous)
    return mayBeAnonymous
      ? { ok: true, value: { tellBy: 'page', ...nobody } }
      : { ok: false, mistakes: { tellBy: 'not_known' } };
  const mistakes: Record<string, RequestMistake | FieldMistake> = {};
  const isOffered = mayBeCalled || raw.tellBy !== 'call';
  const tellBy = isTellBy(raw.tellBy) && isOffered ? raw.tellBy : null;
  if (!tellBy) mistakes['tellBy'] = 'missing';
  const read = (field: 'name' | 'email' | 'phone', isAsked: boolean): string => {
    const { kept, mistake } = checkText(field, isAsked ? raw[field] : '', country);
    if (mistake) mistakes[field] = mistake;
    else if (isAsked && kept === '') mistakes[field] = 'missing';
    return kept;
  };
  const name = read('name', isNamed);
  const email = read('email', tellBy === 'email');
  const phone = read('phone', tellBy === 'sms' || tellBy === 'call');
  const isMobile = canReceiveSms(phone) && isReached(phone);
  if (tellBy === 'sms' && !mistakes['phone'] && !isMobile) mistakes['phone'] = 'not_a_mobile';
  if (!tellBy || Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  return {
    ok: true,
    value: { tellBy, isAnonymous: false, name, email: email || null, phone: phone || null },
  };
}
