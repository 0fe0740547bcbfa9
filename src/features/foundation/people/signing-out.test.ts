import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { noSecurityLog } from '../../../lib/security-events.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createStaff, type Staff } from '../staff/service.ts';
import { createStaffMail } from '../staff-mail/service.ts';
import { createPeople, type People } from './service.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const BASE = 'https://cita.vilaprova.example';
const MARTA = 'marta@vilaprova.example';
let database: TestDatabase;
let staff: Staff;
let people: People;
let admin: StaffViewer;
let marta: number;
const noted: unknown[] = [];
const asker = { id: 'fresh', name: 'Albert Serra', operator: true };
const mails = async () => {
  const offices = createOffices(database.kysely);
  const box = createStaffMail({ db: database.kysely, clock, offices, baseUrl: BASE, ...staff });
  return (await box.all()).filter((each) => each.to === MARTA);
};

/** A session as the accounts' library keeps it, confirmed so many minutes ago. */
const session = (id: string, email: string, minutes = 0) =>
  staff.transaction((client) =>
    client.query(
      `insert into session (id, "expiresAt", token, "createdAt", "updatedAt", "userId", "secondFactor", "confirmedAt")
       select $1, now() + interval '1 hour', $1, now(), now(), u.id, true, now() - make_interval(mins => $3)
       from "user" u where u.email = $2`,
      [id, email, minutes],
    ),
  );
const openSessions = async (email: string): Promise<number> => {
  const { rows } = await staff.transaction((client) =>
    client.query<{ n: number }>(
      'select count(*)::int as n from session s join "user" u on u.id = s."userId" where u.email = $1',
      [email],
    ),
  );
  return rows[0]?.n ?? 0;
};
const trail = (office: number) =>
  within(database.kysely, office, (tx) =>
    tx.selectFrom('audit').select(['action', 'actor', 'data']).orderBy('id').execute(),
  );

beforeAll(async () => {
  database = await testDatabase();
  const office = await testOffice(database.kysely, { code: 'oac' });
  staff = createStaff({
    ...{ connection: database.connection, baseUrl: BASE, issuer: 'Finestreta' },
    secret: 'a secret that is only for the tests of signing out',
  });
  await staff.seedDemo([
    { email: MARTA, name: 'Marta Roca', roles: [{ office: 'oac', role: 'agent' }] },
    {
      email: 'albert@vilaprova.example',
      name: 'Albert Serra',
      roles: [{ office: 'oac', role: 'administrator' }],
    },
  ]);
  const offices = createOffices(database.kysely);
  const security = { ...noSecurityLog, note: (...event: unknown[]) => void noted.push(event) };
  people = createPeople({ db: database.kysely, clock, offices, staff, security, sendsMail: true });
  const rows = await within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select(['id', 'email']).execute(),
  );
  const idOf = (start: string) => rows.find(({ email }) => email.startsWith(start))?.id ?? 0;
  marta = idOf('marta');
  const { name } = asker;
  admin = {
    kind: 'staff',
    staff: idOf('albert'),
    name,
    office,
    role: 'administrator',
    desk: null,
  };
});
afterAll(async () => {
  await staff.close();
  await database.close();
});

describe('ending the sessions of a colleague', () => {
  it('wants a second factor of the last ten minutes, whatever the page says', async () => {
    await session('stale', 'albert@vilaprova.example', 11);
    await session('hers', MARTA);
    const by = { ...asker, staff: admin.staff };
    for (const id of ['stale', 'nobody’s'])
      expect(await people.signOut(admin, marta, { ...by, id })).toEqual({
        ok: false,
        reason: 'stale',
      });
    expect(await openSessions(MARTA)).toBe(1);
    expect(await mails()).toEqual([]);
  });

  it('is not for a coordinator, nor for who is no operator', async () => {
    await session('fresh', 'albert@vilaprova.example');
    const by = { ...asker, staff: admin.staff };
    const refused = { ok: false, reason: 'not_found' };
    for (const role of ['agent', 'coordinator'] as const)
      expect(await people.signOut({ ...admin, role }, marta, by)).toEqual(refused);
    expect(await people.signOut(admin, admin.staff, by)).toEqual(refused);
    expect(await people.signOutAnywhere({ ...by, operator: false }, marta)).toEqual(refused);
    expect(await people.signOutAnywhere(by, admin.staff)).toEqual(refused);
    expect(await openSessions(MARTA)).toBe(1);
  });

  it('ends them all, is on record, and the colleague is told by whom', async () => {
    await session('hers too', MARTA, 300);
    const ended = await people.signOut(admin, marta, { ...asker, staff: admin.staff });
    expect(ended).toEqual({ ok: true, count: 2 });
    expect(noted).toEqual([['staff.sessions_ended', { staff: marta, by: admin.staff }]]);
    expect(await openSessions(MARTA)).toBe(0);
    expect(await openSessions('albert@vilaprova.example')).toBe(2);
    expect((await trail(admin.office)).at(-1)).toEqual({
      action: 'signed_out_by_office',
      actor: `staff:${admin.staff}`,
      data: { staff: marta, count: 2 },
    });
    const [mail] = await mails();
    expect(mail?.text).toContain('Albert Serra');
    expect(mail?.text).toContain('tancar totes les sessions');
  });

  it('ends nothing where the record can’t be written', async () => {
    await session('hers again', MARTA);
    await database.asOwner('alter table audit rename to audit_away');
    const ending = people.signOut(admin, marta, { ...asker, staff: admin.staff });
    await expect(ending).rejects.toThrow();
    await database.asOwner('alter table audit_away rename to audit');
    expect(await openSessions(MARTA)).toBe(1);
    expect(await mails()).toHaveLength(1);
  });
});
