import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { type IdentifiedBrowser, identified, identifyIn } from '../../testing/identified.ts';
import { type Instance, openInstance } from '../../testing/instance.ts';
import { type World, worldOf } from '../../testing/worlds.ts';

/*
 * Two people with an appointment each, in two offices that know much about both. Whatever a query asks for in a person's scope, the
 * database answers with their own rows.
 */

const INTERNAL = 'Nota interna que cap ciutadà no llegeix';

/** Every table that shows a person something, with the column that says whose it is. */
const SHOWN: Record<string, 'appointment' | 'person'> = {
  appointment: 'appointment',
  document: 'appointment',
  act: 'appointment',
  notice: 'appointment',
  audit: 'appointment',
  person_appointment: 'person',
  person: 'person',
  identification: 'person',
  citizen_session: 'person',
  representation: 'person',
  notification: 'person',
  notification_choice: 'person',
  represented_appointment: 'appointment',
  case_file: 'person',
};
const COLUMNS: Record<string, string> = {
  appointment: 'id',
  person: 'id',
  representation: 'represented_id',
};

interface Own {
  person: string;
  appointment: string;
  browser: IdentifiedBrowser;
}

let house: Instance;
let here: World;
let there: World;
let rosa: Own;
let amina: Own;

beforeAll(async () => {
  house = await openInstance(await readFile(DEMO_TOWN, 'utf8'), '2026-11-30T08:00:00+01:00');
  here = await worldOf(house, 'oac', 'volant-padro');
  there = await worldOf(house, 'hisenda', 'tributs-i-multes');
  rosa = await ownOf('12345678Z', here);
  amina = await ownOf('X0000000T', there);
  await authorise(rosa, here);
  await authorise(amina, there);
  await write();
}, 120_000);
afterAll(() => house?.close());

async function ownOf(
  identifier: string,
  { secret, appointment, office, procedure }: World,
): Promise<Own> {
  const browser = await identified(house.app, identifier);
  const begun = await browser.post(`/ca/${office}/${procedure}/apply`);
  if (begun.status !== 303) throw new Error(`No case was begun: ${begun.status}`);
  await browser.post(`/ca/appointment/${secret}/folder`, { do: 'take' });
  const { person_id } = await within(house.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('person_appointment')
      .select('person_id')
      .where('appointment_id', '=', appointment)
      .executeTakeFirstOrThrow(),
  );
  return { person: person_id, appointment, browser };
}

/** Lets somebody nobody knows act for a person, and book their appointment. */
async function authorise({ person, appointment }: Own, { office }: World): Promise<void> {
  const { context } = house;
  const viewer = { kind: 'person', person, level: 'substantial', identification: '' } as const;
  const typed = {
    ...{ name: 'Ningú Conegut', identifier: '99999999R', until: '2027-11-30', scope: 'all' },
    ...{ procedures: [], opens: false, appointment: '' },
  };
  const at = (await context.offices.find(office))!;
  const done = await context.representations.ask(viewer, at, { side: 'represented', typed });
  if (!done.ok) throw new Error(done.reason);
  await within(house.database.kysely, at.id, (tx) =>
    sql`insert into represented_appointment (appointment_id, representation_id, office_id, made_at)
      values (${appointment}, ${done.id}, ${at.id}, now())`.execute(tx),
  );
}

/** Writes what agents write about both appointments. */
const write = () =>
  within(house.database.kysely, INSTALLATION, async (tx) => {
    await sql`insert into encounter (id, office_id, appointment_id, channel, language, started_at, notes, actor)
      select gen_random_uuid(), office_id, id, 'phone', 'ca', starts, ${INTERNAL}, 'staff:1' from appointment`.execute(
      tx,
    );
    await sql`insert into attempt (office_id, appointment_id, number, outcome, at, actor, note)
      select office_id, id, 1, 'busy', starts, 'staff:1', ${INTERNAL} from appointment`.execute(tx);
    await sql`insert into audit (office_id, appointment_id, actor, action, at, data)
      select office_id, id, 'staff:1', 'opened', starts, json_build_object('reason', ${INTERNAL}::text)::jsonb from appointment`.execute(
      tx,
    );
    await sql`insert into notification (id, office_id, case_id, way, reason, person_id, level, made_at, hash)
      select gen_random_uuid(), office_id, id, 'paper', 'not_chosen', person_id, level, opened_at, '\\x01' from case_file where person_id is not null on conflict (case_id) do nothing`.execute(
      tx,
    );
    await sql`insert into notification_choice (person_id, electronic, at) select id, false, first_seen_at from person where id in (select person_id from case_file)`.execute(
      tx,
    );
    await sql`update notice set sent_at = created_at, last_error = ${INTERNAL}`.execute(tx);
  });

const tables = async () => {
  const { rows } = await house.database.pool.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relrowsecurity order by 1",
  );
  return rows.map((each) => each.name);
};

describe.each([
  ['one person', () => rosa],
  ['another one', () => amina],
])('in the scope of %s', (_, ownOfScope) => {
  test('every table shows their own rows, and no other', async () => {
    const own = ownOfScope();
    const seen: Record<string, unknown[]> = {};
    for (const name of await tables()) {
      const column = SHOWN[name] && (COLUMNS[name] ?? `${SHOWN[name]}_id`);
      seen[name] = await within(house.database.kysely, { person: own.person }, async (tx) => {
        const of = column ? sql.ref(column) : sql.lit('other');
        const { rows } = await sql<{
          of: string;
        }>`select distinct ${of} as of from ${sql.table(name)}`.execute(tx);
        return rows.map((each) => each.of);
      });
    }
    const expected = Object.keys(seen).map((name) => {
      const what = SHOWN[name];
      // The town is everybody's.
      return [name, what ? [own[what]] : name === 'town' ? ['other'] : []];
    });
    expect(seen).toEqual(Object.fromEntries(expected));
  });

  test('nothing of an office can be written', async () => {
    const { person } = ownOfScope();
    for (const name of ['appointment', 'document', 'act', 'notice', 'case_file', 'notification']) {
      const changed = within(house.database.kysely, { person }, (tx) =>
        sql`update ${sql.table(name)} set office_id = office_id`.execute(tx),
      );
      expect((await changed).numAffectedRows, name).toBe(0n);
    }
    const added = within(house.database.kysely, { person }, (tx) =>
      sql`insert into audit (office_id, actor, action, at) values (1, 'x', 'opened', now())`.execute(
        tx,
      ),
    );
    await expect(added).rejects.toThrow(/row-level security/);
  });
});

test('no page of a folder has what agents wrote, or anything of somebody else', async () => {
  const { context } = house;
  const foreign = await context.appointments.bySecret(there.secret);
  const own = await context.appointments.bySecret(here.secret);
  const lists = [
    'notifications',
    'appointments',
    'documents',
    'consents',
    'notices',
    'looks',
    'identifications',
  ];
  for (const page of ['', ...lists.map((each) => `/${each}`), '/data/erase', '/data/file']) {
    if (page === '/data/file') await identifyIn(rosa.browser, '12345678Z', { to: 'export' });
    const ask = page === '/data/file' ? rosa.browser.post : rosa.browser.get;
    const { status, html } = await ask(`/ca/folder${page}`);
    expect(status, page).toBe(200);
    for (const secret of [INTERNAL, foreign!.reference, there.secret, amina.person, 'Hisenda'])
      expect(html, page).not.toContain(secret);
    if (page === '/looks') expect(html).toContain(own!.reference);
  }
});
