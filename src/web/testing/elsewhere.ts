import { randomInt } from 'node:crypto';
import type { Context } from '../../context.ts';
import { createKeyring } from '../../features/service/documents/service.ts';
import {
  type PortStandIn,
  standInPort,
} from '../../features/service/notifications/elsewhere/testing.ts';
import {
  createNotifications,
  type Notifications,
} from '../../features/service/notifications/service.ts';
import { IN_FOLDER } from '../../features/service/notifications/testing.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { documentKeys } from '../../lib/envelope/keys.ts';

/** Returns the notifications of a town that notifies at a stand-in for e-NOTUM. */
export function notifyingAt(context: Context, port: PortStandIn = standInPort()): Notifications {
  return createNotifications({
    ...context,
    db: context.database.kysely,
    keyring: createKeyring(documentKeys(context.keys.documents)),
    issuing: { issue: async () => Buffer.alloc(0) },
    port: async () => port,
    log: IN_FOLDER.log,
  });
}

/** Makes the notification of a case one that e-NOTUM has, with its evidence; afterwards it goes as before. */
export async function provedElsewhere(context: Context, of: string): Promise<void> {
  const at = context.clock.now().toString();
  const run = <T>(work: Parameters<typeof within<T>>[2]) =>
    within(context.database.kysely, INSTALLATION, work);
  const before = await run((tx) =>
    tx.selectFrom('notification').selectAll().where('case_id', '=', of).executeTakeFirstOrThrow(),
  );
  const { id, office_id } = before;
  await run((tx) =>
    tx
      .insertInto('notification_handover')
      .values({
        notification_id: id,
        office_id,
        owed_at: at,
        handed_at: at,
        asked_at: at,
        number: String(randomInt(1e9)),
      })
      .execute(),
  );
  const there = { way: 'electronic', via: 'enotum', expires_at: null, deposited_at: at };
  const update = (set: object) =>
    run((tx) => tx.updateTable('notification').set(set).where('id', '=', id).execute());
  await update(there);
  await notifyingAt(context).hearNews();
  const { way, via, expires_at, deposited_at } = before;
  await update({
    way,
    via,
    expires_at: expires_at?.toString() ?? null,
    deposited_at: deposited_at?.toString() ?? null,
  });
}
