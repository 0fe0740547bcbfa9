import { actorOf } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { MessageSide } from './types.ts';

/** Keeps a message about a locked case. */
export async function insertMessage(
  { tx, office, viewer, now }: Unit,
  message: { id: string; case: string; side: MessageSide; sealed: Buffer },
): Promise<void> {
  await tx
    .insertInto('case_message')
    .values({
      id: message.id,
      office_id: office,
      case_id: message.case,
      at: now.toString(),
      side: message.side,
      by: actorOf(viewer),
      text: message.sealed,
    })
    .execute();
}

/** Notes that whoever handles a case has its person's messages on their screen. `last`: the number of the newest one that they have. */
export async function setMessagesSeen({ tx, now }: Unit, of: string, last: number): Promise<void> {
  await tx
    .updateTable('case_message')
    .set({ seen_at: now.toString() })
    .where('case_id', '=', of)
    .where('side', '=', 'person')
    .where('number', '<=', last)
    .where('seen_at', 'is', null)
    .execute();
}
