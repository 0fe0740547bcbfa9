import { type Selectable, sql } from 'kysely';
import type { Channel } from '../../../domain/channel.ts';
import { WEEKDAYS, type Weekday } from '../../../domain/office/fields.ts';
import type { Periods } from '../../../domain/office/retention.ts';
import type {
  TownAbsence,
  TownDesk,
  TownProcedure,
  TownShift,
} from '../../../domain/office/schema.ts';
import type { OfficeState, PersonState, TownState } from '../../../domain/office/state.ts';
import type { OfficeSettings, Town } from '../../../domain/office/types.ts';
import type { Area } from '../../../domain/requests/areas.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import { boundsOf } from '../../foundation/retention/rules.ts';
import { countForgettable, type Forgettable } from '../../foundation/retention/views.ts';
import { deskOf } from './kept-rotas.ts';
import type { ConsoleDecisions, DraftChange, FutureAppointment, Version } from './types.ts';

/** Returns the town file's content in the database, including retired entries. */
export async function readState(tx: Tx): Promise<TownState> {
  const town = await tx.selectFrom('town').select('settings').executeTakeFirst();
  const offices = await tx.selectFrom('office').selectAll().orderBy('position').execute();
  const procedures = await tx.selectFrom('procedure').selectAll().orderBy('position').execute();
  const desks = await tx.selectFrom('desk').selectAll().orderBy('id').execute();
  const shifts = await tx.selectFrom('shift').selectAll().orderBy('id').execute();
  const absences = await tx
    .selectFrom('absence')
    .selectAll()
    .where('change_id', 'is', null)
    .orderBy('id')
    .execute();
  const closures = await tx.selectFrom('closure').selectAll().orderBy('id').execute();
  const codes = new Map(desks.map((each) => [each.id, each.code]));
  const retired = new Set(desks.filter((each) => each.retired_at !== null).map(({ id }) => id));
  const isRetired = (each: { desk_id: number }) => retired.has(each.desk_id);
  const stands = (each: { desk_id: number }) => !isRetired(each);
  const codeOf = (id: number): string => codes.get(id) ?? '';
  const shiftOf = (each: (typeof shifts)[number]): TownShift => ({
    desk: codeOf(each.desk_id),
    weekdays: each.weekdays.map((number) => WEEKDAYS[number - 1] as Weekday),
    from: each.starts,
    to: each.ends,
    since: each.since,
    ...(each.until && { until: each.until }),
    ...(each.except_days.length > 0 && { except: each.except_days }),
  });
  const absenceOf = (each: (typeof absences)[number]): TownAbsence => ({
    desk: codeOf(each.desk_id),
    from: each.starts,
    to: each.ends,
    ...(each.why && { why: each.why }),
  });
  const stateOf = (id: number): Omit<OfficeState, 'position' | 'retired' | 'settings'> => ({
    procedures: new Map(
      of(procedures, id).map((each) => [
        each.code,
        {
          position: each.position,
          retired: each.retired_at !== null,
          settings: each.settings as TownProcedure,
        },
      ]),
    ),
    desks: new Map(of(desks, id).map((each) => [each.code, deskStateOf(each)])),
    shifts: of(shifts, id).filter(stands).map(shiftOf),
    absences: of(absences, id).filter(stands).map(absenceOf),
    retiredRotas: {
      shifts: of(shifts, id).filter(isRetired).map(shiftOf),
      absences: of(absences, id).filter(isRetired).map(absenceOf),
    },
    closures: of(closures, id).map((each) => {
      const why = each.why as Record<string, string>;
      return {
        from: each.first_day,
        to: each.last_day,
        ...(Object.keys(why).length > 0 && { why }),
      };
    }),
  });
  return {
    town: (town?.settings as Town | undefined) ?? null,
    offices: new Map(
      offices.map((row) => [
        row.code,
        {
          position: row.position,
          retired: row.retired_at !== null,
          settings: row.settings as OfficeSettings,
          ...stateOf(row.id),
        },
      ]),
    ),
    staff: await readStaff(tx, codeOf),
  };
}

/** Returns the areas that the town has, in the order of the file that declared them. */
export async function readKeptAreas(tx: Tx): Promise<Area[]> {
  const row = await tx.selectFrom('town').select('areas').executeTakeFirst();
  return (row?.areas as Area[] | null | undefined) ?? [];
}

const deskStateOf = (each: Selectable<Schema['desk']>) => ({
  name: each.name,
  skills: each.skills ?? ('all' as const),
  languages: each.languages as TownDesk['languages'],
  channels: each.channels as Channel[],
  ...(each.site && { site: each.site }),
  ...(each.chats !== null && { chats: each.chats }),
  retired: each.retired_at !== null,
});

const of = <T extends { office_id: number }>(rows: readonly T[], office: number): T[] =>
  rows.filter((each) => each.office_id === office);

async function readStaff(
  tx: Tx,
  codeOf: (desk: number) => string,
): Promise<Map<string, PersonState>> {
  const people = await tx.selectFrom('staff').selectAll().orderBy('id').execute();
  const roles = await tx
    .selectFrom('staff_role')
    .innerJoin('office', 'office.id', 'staff_role.office_id')
    .select(['staff_id', 'role', 'desk_id', 'office.code'])
    .execute();
  return new Map(
    people.map((person) => [
      person.email,
      {
        name: person.name,
        operator: person.operator,
        retired: person.retired_at !== null,
        roles: roles
          .filter((each) => each.staff_id === person.id)
          .map(({ code, role, desk_id }) => ({
            office: code,
            role,
            desk: desk_id === null ? null : codeOf(desk_id),
          })),
      },
    ]),
  );
}

/** Returns the codes of the desks that are assigned to staff of the office. */
export async function readHeldDesks(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('staff_role')
    .innerJoin('desk', 'desk.id', 'staff_role.desk_id')
    .select('desk.code')
    .execute();
  return rows.map((each) => each.code);
}

/** Returns the console's decisions about people and rotas. */
export async function readDecisions(tx: Tx): Promise<ConsoleDecisions> {
  const retired = await tx
    .selectFrom('staff')
    .select('email')
    .where('retired_here', '=', true)
    .execute();
  const posts = await tx
    .selectFrom('staff_managed')
    .innerJoin('staff', 'staff.id', 'staff_managed.staff_id')
    .innerJoin('office', 'office.id', 'staff_managed.office_id')
    .select(['staff.email', 'office.code'])
    .execute();
  const desks = await tx
    .selectFrom('desk')
    .innerJoin('office', 'office.id', 'desk.office_id')
    .select(['desk.code as desk', 'office.code as office'])
    .where('rota_here', '=', true)
    .execute();
  return {
    rotas: new Set(desks.map(({ desk, office }) => deskOf(desk, office))),
    retired: new Set(retired.map((each) => each.email)),
    posts: new Set(posts.map(({ email, code }) => `${email} in ${code}`)),
  };
}

/** Returns former addresses that no person has now, with the present ones. */
export async function readFormerEmails(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await sql<{ former: string; email: string }>`
    select former, s.email from staff s, unnest(s.former_emails) as former
    where not exists (select from staff o where o.email = former) order by s.id`.execute(tx);
  return new Map(rows.map((each) => [each.former, each.email]));
}

/** Returns the future appointments, by desk and time. */
export async function readFutureAppointments(
  tx: Tx,
  now: Temporal.Instant,
): Promise<FutureAppointment[]> {
  return tx
    .selectFrom('appointment')
    .innerJoin('office', 'office.id', 'appointment.office_id')
    .innerJoin('desk', 'desk.id', 'appointment.desk_id')
    .innerJoin('procedure', 'procedure.id', 'appointment.procedure_id')
    .select([
      'appointment.id',
      'office.code as office',
      'reference',
      'desk.code as desk',
      'procedure.code as procedure',
      'further',
      'channel',
      'language',
      'appointment.site',
      'starts',
      'ends',
    ])
    .where('status', 'in', ['booked', 'arrived'])
    .where('displaced_at', 'is', null) // they have no desk to lose
    .where('ends', '>', sql<Temporal.Instant>`${now.toString()}::timestamptz`)
    .orderBy('appointment.desk_id')
    .orderBy('starts')
    .execute();
}

/** Amounts of data whose period would end, by kind. */
export interface DeletionPreview extends Forgettable {
  documents: number;
  acts: number;
  payments: number;
}

/** Counts the documents, acts and payments that ended before these instants, and would be destroyed. */
export type CountDue = (
  tx: Tx,
  office: number,
  before: { working: Temporal.Instant; evidence: Temporal.Instant; payments: Temporal.Instant },
) => Promise<Pick<DeletionPreview, 'documents' | 'acts' | 'payments'>>;

/** Returns the amounts of data that these periods would destroy in an office. */
export async function readDeletionPreview(
  tx: Tx,
  office: number,
  settings: Periods,
  now: Temporal.Instant,
  countDue: CountDue,
): Promise<DeletionPreview> {
  const hoursAgo = (hours: number) => now.subtract({ hours });
  const evidence = hoursAgo(24 * settings.retention.evidenceDays);
  const working = hoursAgo(settings.retention.documentsHours);
  const payments = hoursAgo(24 * settings.retention.paymentDays);
  return {
    ...(await countForgettable(tx, office, boundsOf(settings, now))),
    ...(await countDue(tx, office, { working, evidence, payments })),
  };
}

/** Returns the versions of an office's declaration, from the oldest to the newest. */
export async function readVersions(tx: Tx, office: number): Promise<Version[]> {
  const rows = await tx
    .selectFrom('office_version')
    .selectAll()
    .where('office_id', '=', office)
    .orderBy('number')
    .execute();
  return rows.map(({ number, at, actor, kind, back_to, difference, still_right }) => ({
    number,
    at,
    actor,
    kind: kind as Version['kind'],
    backTo: back_to,
    difference,
    stillRight: still_right,
  }));
}

/** Returns the changes of an office's draft. */
export async function readDraftChanges(tx: Tx, office: number): Promise<DraftChange[]> {
  const row = await tx
    .selectFrom('office_draft')
    .select('changes')
    .where('office_id', '=', office)
    .executeTakeFirst();
  return (row?.changes ?? []).map((each) => ({ ...each, at: Temporal.Instant.from(each.at) }));
}
