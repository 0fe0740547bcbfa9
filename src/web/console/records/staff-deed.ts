import type { AccountAction, TrailEntry } from '../../../features/foundation/audit/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** Returns an action on a person's sign-in or roles, in words. */
export function deedIn(t: Translate, entry: TrailEntry, action: AccountAction): string {
  const { data } = entry;
  return t(`account.trail.${action}`, {
    about: entry.about ?? entry.who ?? '–',
    how: textOf(data.how),
    what: textOf(data.what),
    role: textOf(data.role),
    count: typeof data.count === 'number' ? data.count : 1,
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
