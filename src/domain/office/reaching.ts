import type { Office, Town } from './types.ts';

/** The kinds of ways to reach an office, in the order in which they are shown. */
export const REACH_KINDS = ['phone', 'email', 'form', 'relay', 'place'] as const;
export type ReachKind = (typeof REACH_KINDS)[number];

/** One way to reach an office. `value`: a telephone number, an e-mail address, a web address, or a street address. */
export interface ReachWay {
  kind: ReachKind;
  value: string;
}

type Contact = NonNullable<Town['contact']>;

/**
 * Returns the ways to reach an office, or the town where there is no office. What an office doesn't declare is taken from the town: a person
 * who can't telephone must find another way on each page.
 */
export function waysToReach(
  town: Pick<Town, 'contact'> | null,
  office: Pick<Office, 'settings'> | null,
): ReachWay[] {
  const contact: Contact = { ...town?.contact, ...office?.settings.contact };
  const place = office?.settings.walkIn[0]?.address;
  const { phone, email, form, relay } = contact;
  const values: Record<ReachKind, string | undefined> = {
    phone,
    email,
    form,
    // The relay service puts a call through, so it is no way without a telephone.
    relay: phone && relay,
    place,
  };
  return REACH_KINDS.flatMap((kind) => {
    const value = values[kind];
    return value ? [{ kind, value }] : [];
  });
}

/** Returns whether the only way is to telephone, which shuts out people who don't hear or speak. */
export const isTelephoneOnly = (ways: readonly Pick<ReachWay, 'kind'>[]): boolean =>
  ways.length > 0 && ways.every(({ kind }) => kind === 'phone');
