import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formSchema } from '../../../../domain/form/schema.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { testUnit } from '../../../foundation/audit/testing.ts';
import { createForms } from '../../../foundation/forms/service.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { readFirstHandedIn, readHandedIn } from './views.ts';

let database: TestDatabase;
let of: { id: number; timeZone: string };

beforeAll(async () => {
  database = await testDatabase();
  const db = database.kysely;
  const offices = createOffices(db);
  const office = await offices.byId(await testOffice(db));
  const elsewhere = await offices.byId(await testOffice(db, { code: 'hisenda' }));
  of = office;
  const unit = testUnit(db, handClock('2026-12-01T09:00:00+01:00'));
  const steps = [{ id: 'a', questions: [{ id: 'b', type: 'text', label: { ca: 'Nom' } }] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  for (const each of [office, elsewhere])
    await createForms({ db, unit }).publish({ kind: 'system', why: 'operator' }, each, form);
  const handIn = (at: string, door = 'online', office_ = office) =>
    within(db, office_.id, async (tx) => {
      await sql`insert into case_file (id, office_id, reference, procedure_id, form_id, door, language, state, state_at,
          opened_at, opened_by, changed_at, handed_in_at, record_hash)
        select gen_random_uuid(), ${office_.id}, gen_random_uuid()::text, procedure_id, id, ${door}, 'ca', 'registered', ${at}, ${at},
          'citizen', ${at}, ${at}, '\\x00' from form_version where office_id = ${office_.id}`.execute(
        tx,
      );
    });
  // Still 31 January in UTC.
  await handIn('2026-02-01T00:30:00+01:00');
  await handIn('2026-02-20T10:00:00+01:00');
  await handIn('2026-02-20T10:00:00+01:00', 'phone');
  await handIn('2026-04-01T00:30:00+02:00');
  await handIn('2026-02-20T10:00:00+01:00', 'online', elsewhere);
  await within(db, office.id, async (tx) => {
    await sql`insert into case_destruction (case_id, office_id, reference, procedure_id, door, handed_in_at, closed_at, codes, issued, destroyed_at)
      select gen_random_uuid(), ${office.id}, 'C4S-EG0', procedure_id, 'online', '2025-06-01T10:00:00+02:00', now(), '{}', '{}', now()
      from form_version where office_id = ${office.id}`.execute(tx);
  });
});
afterAll(() => database.close());

const day = (text: string) => Temporal.PlainDate.from(text);

test('what was handed in counts by procedure, door and local month, in its office alone', async () => {
  const span = { from: day('2026-01-01'), before: day('2026-04-01') };
  const found = await within(database.kysely, of.id, (tx) => readHandedIn(tx, of, span));
  expect(found.map(({ procedure: _, ...each }) => each)).toEqual([
    { door: 'online', month: 2, cases: 2 },
    { door: 'phone', month: 2, cases: 1 },
  ]);
});

test('what is destroyed by now counts still', async () => {
  const span = { from: day('2025-01-01'), before: day('2026-01-01') };
  const found = await within(database.kysely, of.id, (tx) => readHandedIn(tx, of, span));
  expect(found).toMatchObject([{ door: 'online', month: 6, cases: 1 }]);
  const first = await within(database.kysely, of.id, (tx) => readFirstHandedIn(tx, of));
  expect(first?.toString()).toBe('2025-06-01');
});
