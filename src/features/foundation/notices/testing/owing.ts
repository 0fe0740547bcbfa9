import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../../../domain/appointment.ts';
import { type Db, INSTALLATION, within } from '../../../../lib/db/database.ts';
import { noticesOwed } from '../rules.ts';
import { oweNotices } from '../store.ts';
import type { NoticeDraft, NoticeKind } from '../types.ts';

interface Owing {
  office: number;
  now: Temporal.Instant;
  kind?: NoticeKind | undefined;
  citizen?: { name?: string; email?: string | null; phone?: string | null } | undefined;
  /** Facts that replace those of the kind. */
  drafts?: (appointment: Appointment) => NoticeDraft[];
}

/** A phone appointment on Wednesday, 9 December 2026, 9:20 in Madrid, with only the columns that the outbox needs. */
export async function oweOne(
  db: Db,
  { office, now, kind = 'confirmation', citizen = {}, drafts }: Owing,
): Promise<{ id: string; appointment: string }> {
  const start = Temporal.Instant.from('2026-12-09T08:20:00Z');
  const end = start.add({ minutes: 15 });
  const id = randomUUID();
  const { name = 'Marta Puig', email = 'marta@example.org', phone = null } = citizen;
  return within(db, INSTALLATION, async (tx) => {
    const procedure = await tx
      .selectFrom('procedure')
      .select(['id', 'code'])
      .where('office_id', '=', office)
      .executeTakeFirstOrThrow();
    const desk = await tx
      .selectFrom('desk')
      .select('id')
      .where('office_id', '=', office)
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('appointment')
      .values({
        id,
        office_id: office,
        reference: id,
        procedure_id: procedure.id,
        channel: 'phone',
        language: 'ca',
        notice_language: 'ca',
        desk_id: desk.id,
        starts: start.toString(),
        ends: end.toString(),
        status: 'booked',
        name,
        email,
        phone,
        needs: [],
        comment: '',
        created_at: now.toString(),
        updated_at: now.toString(),
      })
      .execute();
    const appointment: Appointment = {
      id,
      reference: 'K7M-2QX',
      office,
      procedure: procedure.code,
      channel: 'phone',
      language: 'ca',
      noticeLanguage: 'ca',
      desk: desk.id,
      start,
      end,
      status: 'booked',
      citizen: { name, email, phone },
      onBehalfOf: null,
      needs: [],
      comment: 'Un comentari que no ha de sortir',
      externalId: null,
      link: 0,
      sequence: 0,
      createdAt: now,
      updatedAt: now,
      displacedAt: null,
    };
    const notices = drafts ? drafts(appointment) : noticesOwed(kind, appointment, now);
    await oweNotices({ tx, now, tell: () => {} }, { office, appointment: id }, notices);
    return { id: notices[0]?.id ?? '', appointment: id };
  });
}

/** A notice's row. */
export const rowOf = (db: Db, id: string) =>
  within(db, INSTALLATION, (tx) =>
    tx.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  );
