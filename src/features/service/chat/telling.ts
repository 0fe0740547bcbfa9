import { randomUUID } from 'node:crypto';
import type { Unit } from '../../foundation/audit/service.ts';
import { factsWithout } from '../../foundation/notices/rules.ts';
import { oweNotices } from '../../foundation/notices/service.ts';
import { type ChatKeys, openContact } from './sealing.ts';
import type { ChatRow } from './types.ts';

/** Owes whoever left a message with an e-mail address the news that it was answered. It doesn't say what it is about. */
export async function tellAnswered(keys: ChatKeys, unit: Unit, row: ChatRow): Promise<void> {
  const { email = null } = (await openContact(keys, unit.tx, row)) ?? {};
  if (email === null) return;
  const { language } = row;
  const notice = {
    id: randomUUID(),
    kind: 'chat',
    channel: 'email',
    recipient: email,
    language,
    facts: factsWithout({ id: row.id, reference: '', language, link: 0 }),
    not_before: unit.now.toString(),
    expires_at: null,
  } as const;
  const about = { office: unit.office, appointment: null, chat: row.id };
  await oweNotices(unit, about, [notice]);
}
