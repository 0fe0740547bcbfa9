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

/** Returns where the person of a message is told of news of it; null: nowhere. */
export async function wayOf(deps: TellingDeps, { tx }: Pick<Unit, 'tx'>, row: ChatRow) {
  const contact = await openContact(deps.keyring, tx, row);
  return contact && wayTo(deps, contact);
}

/** Owes whoever left a message its news, where they are reached. It doesn't say what it is about. `by`: who caused it; what people cause has limits. */
export async function tellChat(
  deps: TellingDeps,
  unit: Unit,
  row: ChatRow,
  news: Pick<ExtraFacts, 'wrote' | 'until' | 'by'>,
): Promise<void> {
  const way = await wayOf(deps, unit, row);
  if (!way) return;
  const { language } = row;
  const notice = {
    ...({ id: randomUUID(), kind: 'chat', ...way, language } as const),
    facts: {
      ...factsWithout({ id: row.id, reference: '', language, link: 0 }),
      ...news,
    },
    not_before: unit.now.toString(),
    expires_at: null,
  } as const;
  const about = { office: unit.office, appointment: null, chat: row.id };
  await oweNotices(unit, about, [notice]);
}
