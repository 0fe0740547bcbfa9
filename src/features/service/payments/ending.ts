import type { Office } from '../../../domain/office/types.ts';
import { endedPayments } from './rules.ts';
import type { PaymentsDeps } from './service.ts';
import { destroyPayments, letPeopleGo } from './store.ts';
import { readEnding } from './views.ts';

/** The most payments that one transaction destroys. */
const AT_ONCE = 100;

const RETENTION = { kind: 'system', why: 'retention' } as const;

/**
 * Destroys the payments of an office that no law keeps any more, each with a line on the trail, and lets go what attempts keep of people of which
 * the bank is not asked any more. Returns how many were destroyed.
 */
export async function destroyEnded(
  { unit }: Pick<PaymentsDeps, 'unit'>,
  office: Office,
): Promise<number> {
  let destroyed = 0;
  for (let some = AT_ONCE; some === AT_ONCE; destroyed += some)
    some = await unit(RETENTION, office.id, async ({ tx, now, record }) => {
      await letPeopleGo(tx, office.id);
      const due = await readEnding(tx, office.id, endedPayments(office.settings, now), AT_ONCE);
      if (due.length === 0) return 0;
      await destroyPayments(
        tx,
        due.map(({ id }) => id),
      );
      for (const { case: about, order, cents, state } of due)
        await record('payment_destroyed', { data: { case: about, order, cents, state } });
      return due.length;
    });
  return destroyed;
}
