import { randomBytes, randomUUID } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { type Db, within } from '../../../lib/db/database.ts';

/** The data of past weeks. */
export interface Past {
  /** The Monday of the first. */
  first: string;
  weeks: number;
  /** Appointments at each desk on a working day, from 9 on; every fourth by video, to every fifth nobody comes. */
  perDesk: number;
  /** Calls without an appointment on a working day, from 9 on. */
  calls?: number;
}

/** Appointments of 15 minutes by telephone and 20 by video, which take 12; asked for two days before. Every week is like the next. */
export async function seedPast(db: Db, office: Office, past: Past): Promise<void> {
  const { timeZone } = office;
  const [procedure] = office.procedures;
  const first = Temporal.PlainDate.from(past.first);
  const at = (day: Temporal.PlainDate, minutes: number) =>
    day
      .toPlainDateTime()
      .add({ minutes: 9 * 60 + minutes })
      .toZonedDateTime(timeZone)
      .toInstant();
  const days = Array.from({ length: past.weeks * 7 }, (_, i) => first.add({ days: i })).filter(
    (day) => day.dayOfWeek <= 5,
  );
  const appointments = days.flatMap((day) =>
    office.desks.flatMap((desk) =>
      Array.from({ length: past.perDesk }, (_, i) => {
        const video = i % 4 === 3;
        const start = at(day, i * 25);
        return {
          id: randomUUID(),
          office_id: office.id,
          reference: randomBytes(8).toString('hex'),
          procedure_id: procedure?.id ?? 0,
          channel: video ? 'video' : 'phone',
          ...{ language: 'ca', notice_language: 'ca' },
          desk_id: desk.id,
          starts: start.toString(),
          ends: start.add({ minutes: video ? 20 : 15 }).toString(),
          status: i % 5 === 4 ? 'noshow' : 'fulfilled',
          ...{ name: '', comment: '', needs: [] as string[] },
          created_at: at(day.subtract({ days: 2 }), 30).toString(),
          updated_at: start.toString(),
        };
      }),
    ),
  );
  const calls = days.flatMap((day) =>
    Array.from({ length: past.calls ?? 0 }, (_, i) => ({
      id: randomUUID(),
      office_id: office.id,
      direction: 'in',
      ended_at: at(day, i * 5 + 4).toString(),
      ...{ rang_seconds: 10, talked_seconds: 180, ended_by: 'other' },
    })),
  );
  await within(db, office.id, async (tx) => {
    for (let i = 0; i < appointments.length; i += 500) {
      const some = appointments.slice(i, i + 500);
      await tx.insertInto('appointment').values(some).execute();
      const attended = some.filter((each) => each.status === 'fulfilled');
      await tx.insertInto('encounter').values(attended.map(encounterOf)).execute();
    }
    if (calls.length > 0) await tx.insertInto('call').values(calls).execute();
  });
}

interface Attended {
  id: string;
  office_id: number;
  desk_id: number;
  channel: string;
  language: string;
  starts: string;
}

const encounterOf = ({ id, starts, office_id, desk_id, channel, language }: Attended) => ({
  id: randomUUID(),
  appointment_id: id,
  office_id,
  desk_id,
  channel,
  language,
  actor: 'system',
  started_at: starts,
  ended_at: Temporal.Instant.from(starts).add({ minutes: 12 }).toString(),
});
