import { randomUUID } from 'node:crypto';
import type { Unit } from '../../foundation/audit/service.ts';
import { addressOf, factsWithout } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import type { ExtraFacts } from '../../foundation/notices/types.ts';
import { type ChatKeys, openContact } from './sealing.ts';
import type { ChatContact, ChatRow, ToldBy } from './types.ts';

export interface TellingDeps {
  keyring: ChatKeys;
  /** Whether SMS go to this number. */
  isReached(phone: string): boolean;
}

/** Returns where a person is told of news of their message: by e-mail, else by SMS; null: nowhere. */
const wayTo = ({ isReached }: Pick<TellingDeps, 'isReached'>, { email, phone }: ChatContact) =>
  addressOf({ email, phone: phone !== null && isReached(phone) ? phone : null });

/** Returns how the person of a message is told of news of it. */
export const toldBy = (deps: Pick<TellingDeps, 'isReached'>, contact: ChatContact | null): ToldBy =>
  (contact && wayTo(deps, contact)?.channel) ?? 'page';

/** Owes whoever left a message its news, where they are reached. It doesn't say what it is about. */
export async function tellChat(
  deps: TellingDeps,
  unit: Unit,
  row: ChatRow,
  news: Pick<ExtraFacts, 'wrote' | 'until'>,
): Promise<void> {
  const contact = await openContact(deps.keyring, unit.tx, row);
  const way = contact && wayTo(deps, contact);
  if (!way) return;
  const { language } = row;
  const notice = {
    ...({ id: randomUUID(), kind: 'chat', ...way, language } as const),
    facts: {
      ...factsWithout({ id: row.id, reference: '', language, link: 0 }),
      ...news,
      by: 'office',
    },
    not_before: unit.now.toString(),
    expires_at: null,
  } as const;
  const about = { office: unit.office, appointment: null, chat: row.id };
  await oweNotices(unit, about, [notice]);
}
