import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readCasesOf } from '../../../../features/service/cases/views.ts';
import { INSTALLATION, type Tx, within } from '../../../../lib/db/database.ts';
import { identified } from '../../../testing/identified.ts';
import { type TestTown, testTown, WEDNESDAY } from '../../testing.ts';
import { APPLY, formOf, publish } from '../testing.ts';

/* Where people find what they began, of their own and of an organisation: docs/adr/0107. */

const ROSA = '12345678Z';
/** Somebody with the certificate of an organisation. */
const COMPANY = '00000000T';
let town: TestTown;

const steps = [{ id: 'local', questions: [{ id: 'rotul', type: 'text', required: true }] }];
const FORM = { identity: 'substantial', sign: 'session', onBehalf: true, steps };

beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, formOf(FORM));
});

const personOf = async (at: string): Promise<string> =>
  (await town.deps.cases.bySecret(at.split('/').at(-1) ?? ''))?.person ?? '';

test('a draft of an organisation is found where it was begun, and in the folder, with its certificate', async () => {
  const company = await identified(town, COMPANY);
  const at = (await company.post(APPLY)).path;
  expect((await company.get(APPLY)).html).toContain(at);
  expect((await company.get('/ca/folder')).html).toContain(at);
  const person = await personOf(at);
  const [row] = await within(town.database.kysely, { person }, (tx) => readCasesOf(tx, person, 5));
  expect(row?.representation).toMatchObject({ id: null, organisation: expect.any(String) });
});

test('it is not found by the same person without the certificate', async () => {
  const rosa = await identified(town, ROSA);
  const at = (await rosa.post(APPLY)).path;
  expect((await rosa.get(APPLY)).html).toContain(at);
  const found = (await town.deps.cases.bySecret(at.split('/').at(-1) ?? ''))!;
  // As when she began it with the certificate of a company that she has left.
  await within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .insertInto('case_representation')
      .values({
        ...{ case_id: found.id, office_id: found.office, begun_by: found.person },
        ...{
          organisation: 'A58818501',
          representation_id: null,
          made_at: found.openedAt.toString(),
        },
      })
      .execute(),
  );
  expect((await rosa.get(APPLY)).html).not.toContain(at);
  expect((await rosa.get('/ca/folder')).html).not.toContain(at);
});

/** Returns how many rows of cases the transaction has read, in its order and by an index. */
async function rowsRead(tx: Tx): Promise<{ all: number; byIndex: number }> {
  const { rows } = await sql<{ all: string; index: string }>`
    select seq_tup_read as all, idx_tup_fetch as index from pg_stat_xact_user_tables where relname = 'case_file'`.execute(
    tx,
  );
  return { all: Number(rows[0]?.all ?? 0), byIndex: Number(rows[0]?.index ?? 0) };
}

test('a folder reads the cases of its person, and not those of the town', async () => {
  const rosa = await identified(town, ROSA);
  const at = (await rosa.post(APPLY)).path;
  const others = await identified(town, COMPANY);
  for (let n = 0; n < 12; n++) await others.post(APPLY);
  const person = await personOf(at);
  await within(town.database.kysely, { person }, async (tx) => {
    // The few rows of a test are read in their order otherwise.
    await sql`set local enable_seqscan = off`.execute(tx);
    const before = await rowsRead(tx);
    const found = await readCasesOf(tx, person, 50);
    const after = await rowsRead(tx);
    expect(found.length).toBeGreaterThan(0);
    expect(after.all - before.all).toBe(0);
    expect(after.byIndex - before.byIndex).toBe(found.length);
  });
});
