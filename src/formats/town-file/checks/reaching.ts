import { isTelephoneOnly, type ReachKind } from '../../../domain/office/reaching.ts';
import type { Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { nameOf } from '../reading/words.ts';

const CONTACTS = ['phone', 'email', 'form'] as const;

/** Warns of an office that can only be telephoned: people who don't hear or speak can't reach it when something goes wrong. */
export function checkReaching(office: Spot, town: Spot, { warning }: Tellers): void {
  const own = office.get('contact');
  const shared = town.get('contact');
  const kinds: ReachKind[] = CONTACTS.filter(
    (each) => own.get(each).exists() || shared.get(each).exists(),
  );
  if (own.get('relay').exists() || shared.get('relay').exists()) kinds.push('relay');
  if (office.get('walkIn').items().length > 0) kinds.push('place');
  if (!isTelephoneOnly(kinds.map((kind) => ({ kind })))) return;
  warning(
    office.path,
    `${nameOf(office.path)} can only be reached by telephone: declare an e-mail address, a form or a relay service (contact: email, form, relay), or a place to walk in.`,
    'key',
    { kind: 'phone_only' },
  );
}
