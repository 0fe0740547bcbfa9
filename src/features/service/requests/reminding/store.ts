import type { InstallationUnit } from '../../../foundation/audit/service.ts';
import type { WaitingRequest } from './rules.ts';

/** Marks what is late in an office, or was asked in vain, as told to its officials. Returns what was not told before. */
export async function markOfficialsTold(
  { tx, now }: Pick<InstallationUnit, 'tx' | 'now'>,
  office: number,
  today: Temporal.PlainDate,
): Promise<WaitingRequest[]> {
  const rows = await tx
    .updateTable('request')
    .set({ officials_told_at: now.toString() })
    .where('office_id', '=', office)
    .where('sent_at', 'is not', null)
    .where('closed_at', 'is', null)
    .where('officials_told_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('due', '<', today.toString()),
        eb.and([eb('state', '=', 'asked'), eb('last_call_at', 'is not', null)]),
      ]),
    )
    .returning(['team', 'assignee', 'state'])
    .execute();
  return rows.map(({ state, ...of }) => ({ ...of, why: state === 'asked' ? 'asked' : 'late' }));
}
