import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TownFile, TownOffice } from '../../../domain/office/schema.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { INSTALLATION, type Tx, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { readOffice, readTown } from '../../foundation/offices/views.ts';
import { applyTown, peopleOf, planTown } from './service.ts';

const VILACLARA = readFileSync('towns/vilaclara.yaml', 'utf8');
const NOW = Temporal.Instant.from('2026-11-24T16:00:00+01:00');
/** A Wednesday on which everybody of the morning works. */
const WEDNESDAY = '2026-12-02';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

function town(...edits: [string, string][]): TownFile {
  const text = edits.reduce((before, [stood, stands]) => {
    expect(before).toContain(stood);
    return before.replace(stood, stands);
  }, VILACLARA);
  const checked = checkTownFile(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  return checked.town;
}

const apply = (file: TownFile) => applyTown(database.kysely, file, NOW);
const words = async (file: TownFile) => (await apply(file)).changes.map((each) => each.words);
const all = <T>(work: (tx: Tx) => Promise<T>) => within(database.kysely, INSTALLATION, work);

const revisions = () =>
  all(async (tx) => {
    const rows = await tx.selectFrom('office').select(['code', 'revision']).execute();
    return Object.fromEntries(rows.map((each) => [each.code, each.revision]));
  });

/** An appointment straight into the tables. */
async function book(
  code: string,
  from: string,
  more: {
    office?: string;
    procedure?: string;
    status?: string;
    language?: string;
    minutes?: number;
  } = {},
): Promise<string> {
  const starts = Temporal.PlainDateTime.from(from).toZonedDateTime('Europe/Madrid').toInstant();
  const ends = starts.add({ minutes: more.minutes ?? 15 });
  const reference = randomBytes(4).toString('hex');
  await all(async (tx) => {
    const desk = await tx
      .selectFrom('desk')
      .innerJoin('office', 'office.id', 'desk.office_id')
      .select(['desk.id', 'office_id'])
      .where('office.code', '=', more.office ?? 'oac')
      .where('desk.code', '=', code)
      .executeTakeFirstOrThrow();
    const procedure = await tx
      .selectFrom('procedure')
      .select('id')
      .where('office_id', '=', desk.office_id)
      .where('code', '=', more.procedure ?? 'volant-padro')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('appointment')
      .values({
        id: randomUUID(),
        office_id: desk.office_id,
        reference,
        procedure_id: procedure.id,
        channel: 'phone',
        language: more.language ?? 'ca',
        notice_language: 'ca',
        desk_id: desk.id,
        time_id: null,
        starts: starts.toString(),
        ends: ends.toString(),
        status: more.status ?? 'booked',
        name: 'Anna',
        email: null,
        phone: null,
        on_behalf_of: null,
        needs: [],
        comment: '',
        external_id: null,
        idempotency_key: null,
        content_hash: null,
        created_at: NOW.toString(),
        updated_at: NOW.toString(),
      })
      .execute();
  });
  return reference;
}

/** Applies and expects that exactly these are in the way. */
async function refused(file: TownFile, expected: { reference: string; at: string; why: RegExp }[]) {
  const before = await revisions();
  const result = await apply(file);
  if (result.ok || result.reason === 'changed') throw new Error('It was applied');
  expect(result.stranded.map(({ reference, at, why }) => ({ reference, at, why }))).toEqual(
    expected.map((each) => ({ ...each, why: expect.stringMatching(each.why) })),
  );
  expect(await revisions()).toEqual(before);
}

/** The town with another morning shift for taula-1, or none. */
function withShift(times: { from: string; to: string } | null): TownFile {
  const file = town();
  const oac = file.offices.oac as TownOffice;
  oac.shifts = oac.shifts.flatMap((each) => {
    if (each.desk !== 'taula-1' || each.from !== '08:30') return [each];
    return times ? [{ ...each, ...times }] : [];
  });
  return file;
}

describe('applying a town file', () => {
  it('makes an empty database the town, and the second time changes nothing', async () => {
    expect(await words(town())).toEqual(
      expect.arrayContaining([
        'oac: new office with 15 procedures, 8 desks and 12 shifts',
        'hisenda: new office with 6 procedures, 5 desks and 8 shifts',
        'new person marta.soler@vilaclara.example',
      ]),
    );
    const before = await revisions();
    expect(await apply(town())).toMatchObject({ ok: true, changes: [] });
    expect(await revisions()).toEqual(before);
  });

  it('leaves what the rest of the service reads', async () => {
    await apply(town());
    expect((await readTown(database.kysely))?.town).toMatchObject({ name: 'Vilaclara' });
    const id = await all((tx) =>
      tx.selectFrom('office').select('id').where('code', '=', 'oac').executeTakeFirstOrThrow(),
    );
    const oac = await readOffice(database.kysely, id.id);
    expect(oac?.procedures.map((each) => each.code).slice(0, 4)).toEqual([
      'informacio-tramits',
      'instancia-generica',
      'notificacio-electronica',
      'cens-electoral',
    ]);
    expect(oac?.settings.themes.map((each) => each.code)).toEqual([
      'informacio',
      'padro',
      'persones',
      'activitats',
      'tributs',
    ]);
    expect(oac?.rota.desks.find((each) => each.code === 'taula-3')).toMatchObject({
      skills: 'all',
      languages: ['ca', 'es'],
      shifts: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '14:00', since: '2025-01-01' }],
      absences: [{ from: '2026-12-09T09:00', to: '2026-12-09T11:00' }],
    });
    const days = ['2026-12-02', '2026-12-08', '2026-12-24', '2027-02-12', '2027-05-03'];
    expect(days.map((day) => oac?.rota.isClosed(day))).toEqual([false, true, true, true, false]);
  });

  it('leaves the absences alone that a coordinator wrote down, and doesn’t count them as its own', async () => {
    await apply(town());
    await all(async (tx) => {
      await tx
        .insertInto('staff')
        .values({ email: 'x@example.cat', name: 'X', retired_at: NOW.toString() })
        .execute();
      await sql`with made as (insert into rota_change (office_id, made_at, made_by, kind, resolutions)
          select b.id, ${NOW.toString()}, (select max(id) from staff), 'absence', '[]' from office b where b.code = 'oac' returning id)
        insert into absence (office_id, desk_id, starts, ends, change_id)
        select a.office_id, a.id, '2026-12-10', '2026-12-11', (select id from made)
        from desk a join office b on b.id = a.office_id where b.code = 'oac' and a.code = 'taula-3'`.execute(
        tx,
      );
    });
    expect(await words(town())).toEqual([]);
    await apply(town(['why: reunió d’equip', 'why: reunió']));
    const { rows } = await all((tx) =>
      sql<{
        count: number;
      }>`select count(*)::int as count from absence where change_id is not null`.execute(tx),
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('plans without changing anything', async () => {
    const planned = await planTown(database.kysely, town(), NOW);
    expect(planned.changes.length).toBeGreaterThan(2);
    expect(await readTown(database.kysely)).toBeNull();
  });

  it('says what changes, and raises the revision of that office alone', async () => {
    await apply(town());
    const before = await revisions();
    const changes = await words(
      town(
        ['leadMinutes: 60, horizonDays: 30', 'leadMinutes: 30, horizonDays: 30'],
        ['channels: { phone: 10, video: 15 }', 'channels: { phone: 12, video: 15 }'],
        [
          '{ name: Taula 1, skills: all, languages: [ca, es]',
          '{ name: Taula U, skills: all, languages: [ca, es, en]',
        ],

        ['why: reunió d’equip', 'why: reunió'],
      ),
    );
    expect(changes).toEqual([
      'oac: slots.leadMinutes 60 → 30',
      'oac: procedure informacio-tramits: channels.phone 10 → 12',
      'oac: desk taula-1: name Taula 1 → Taula U, languages [ca, es] → [ca, es, en]',
      'oac: new absence taula-1 2026-12-01T12:00 – 2026-12-01T14:30 (reunió)',
      'oac: no more absence taula-1 2026-12-01T12:00 – 2026-12-01T14:30 (reunió d’equip)',
    ]);
    expect(await revisions()).toEqual({ ...before, oac: (before.oac ?? 0) + 1 });
  });

  it('says which shifts come and go', async () => {
    await apply(town());
    expect(await words(withShift({ from: '08:00', to: '14:30' }))).toEqual([
      'oac: new shift taula-1 mon tue wed thu fri 08:00–14:30 since 2025-01-01',
      'oac: no more shift taula-1 mon tue wed thu fri 08:30–14:30 since 2025-01-01',
    ]);
  });

  it('retires what the file no longer names and brings it back when it does', async () => {
    await apply(town());
    const file = town();
    const gone = structuredClone(file);
    const oac = gone.offices.oac;
    if (!oac) throw new Error('no oac');
    delete oac.procedures['gaudir-mes'];
    delete oac.desks['taula-7'];
    oac.shifts = oac.shifts.filter((each) => each.desk !== 'taula-7');
    gone.staff = gone.staff.filter((each) => !each.email.startsWith('oriol'));
    delete gone.offices.hisenda;
    for (const person of gone.staff) delete person.offices.hisenda;
    expect(await words(gone)).toEqual(
      expect.arrayContaining([
        'oac: procedure gaudir-mes is retired',
        'oac: desk taula-7 is retired',
        'hisenda: the office is retired',
        'person oriol.camps@vilaclara.example is retired',
      ]),
    );
    expect(await apply(gone)).toMatchObject({ ok: true, changes: [] });
    const rows = await all((tx) =>
      tx.selectFrom('procedure').select('id').where('code', '=', 'gaudir-mes').execute(),
    );
    expect(rows).toHaveLength(1);
    expect(await words(file)).toEqual(
      expect.arrayContaining([
        'oac: procedure gaudir-mes comes back',
        'oac: desk taula-7 comes back',
        'hisenda: the office is opened again',
        'person oriol.camps@vilaclara.example comes back',
      ]),
    );
    expect(await apply(file)).toMatchObject({ ok: true, changes: [] });
  });

  it('does what was shown or nothing, and says what it would be now', async () => {
    await apply(town());
    const file = town(['leadMinutes: 60, horizonDays: 30', 'leadMinutes: 30, horizonDays: 30']);
    const { changes, mark } = await planTown(database.kysely, file, NOW);
    const shown = changes.map((each) => each.words);
    expect(shown).toEqual(['oac: slots.leadMinutes 60 → 30']);
    // Meanwhile somebody changes what the file would change back.
    await apply(town(['name: Taula 1,', 'name: Taula U,']));
    const before = await revisions();
    const agree = (to: string) => applyTown(database.kysely, file, NOW, { agreed: to });
    const refused = await agree(mark);
    expect(refused).toMatchObject({ ok: false, reason: 'changed' });
    expect(await revisions()).toEqual(before);
    const now = refused.changes.map((each) => each.words);
    expect(now).toEqual([...shown, 'oac: desk taula-1: name Taula U → Taula 1']);
    expect(await agree(refused.mark)).toMatchObject({ ok: true });
  });

  it('does nothing either where the same words have come to mean something else', async () => {
    const register = (...emails: string[]) => {
      const entries = JSON.stringify(emails.map((email) => ({ email })));
      return all((tx) =>
        sql`update office set settings = jsonb_set(settings, '{habilitated}', ${entries}::jsonb)
          where code = 'oac'`.execute(tx),
      );
    };
    await apply(town());
    await register('anna@vila.cat', 'marta@vila.cat');
    const { changes, mark } = await planTown(database.kysely, town(), NOW);
    expect(changes.map((each) => each.words)).toEqual([
      'oac: habilitated a list of 2 → a list of 5',
    ]);
    await register('anna@vila.cat', 'joan@vila.cat');
    const refused = await applyTown(database.kysely, town(), NOW, { agreed: mark });
    expect(refused).toMatchObject({ ok: false, reason: 'changed', changes });
    expect(refused.mark).not.toBe(mark);
  });

  it('puts what it changes of an office on its trail, and whether it is open', async () => {
    const trail = async () =>
      (
        await all((tx) =>
          tx
            .selectFrom('audit')
            .innerJoin('office', 'office.id', 'audit.office_id')
            .select(['code', 'actor', 'action', 'data'])
            .where('action', 'in', ['declared', 'office_opened', 'office_retired'])
            .orderBy('audit.id')
            .execute(),
        )
      ).map(({ code, actor, action, data }) => [code, actor, action, data.changes]);
    await apply(town());
    expect(await trail()).toEqual([]);
    const file = town(['leadMinutes: 60, horizonDays: 30', 'leadMinutes: 30, horizonDays: 30']);
    const { hisenda: _, ...offices } = file.offices;
    await apply({ ...file, offices });
    await apply(file);
    const changes = [{ path: 'slots.leadMinutes', from: 60, to: 30 }];
    expect(await trail()).toEqual([
      ['oac', 'system', 'declared', changes],
      ['hisenda', 'system', 'office_retired', undefined],
      ['hisenda', 'system', 'office_opened', undefined],
    ]);

    // Entries that were retired before are no change of the next file.
    delete file.offices.oac!.procedures['gaudir-mes'];
    await apply(file);
    file.offices.oac!.slots!.leadMinutes = 45;
    await apply(file);
    expect((await trail()).at(-1)).toEqual([
      ...['oac', 'system', 'declared'],
      [{ path: 'slots.leadMinutes', from: 30, to: 45 }],
    ]);
  });

  it('leaves people alone when the file names none', async () => {
    await apply(town());
    expect(await apply({ ...town(), staff: [] })).toMatchObject({ ok: true, changes: [] });
  });

  it('gives the staff feature everybody, each with the desk of their role as agent', () => {
    const laia = peopleOf(town()).find((each) => each.email.startsWith('laia'));
    expect(laia?.roles).toEqual([
      { office: 'oac', role: 'agent', desk: 'taula-3' },
      { office: 'hisenda', role: 'coordinator' },
    ]);
  });
});

describe('appointments stand against a change that would leave them without a desk', () => {
  const at = `${WEDNESDAY} 10:00`;
  let reference: string;
  beforeEach(async () => {
    await apply(town());
    reference = await book('taula-1', `${WEDNESDAY}T10:00`);
  });

  it('the shift no longer covers it', () =>
    refused(withShift({ from: '10:05', to: '14:30' }), [
      { reference, at, why: /^taula-1 does not work then$/ },
    ]));

  it('a shift that ends with the appointment is enough', async () => {
    const shorter = withShift({ from: '10:00', to: '10:15' });
    expect((await apply(shorter)).ok).toBe(true);
  });

  it('an absence over it', () =>
    refused(
      town([
        '    absences:\n',
        `    absences:\n      - { desk: taula-1, from: ${WEDNESDAY}T10:14, to: ${WEDNESDAY}T11:00 }\n`,
      ]),
      [{ reference, at, why: /does not work then/ }],
    ));

  it('an absence of somebody else, or right after it, is fine', async () => {
    const file = town([
      '    absences:\n',
      `    absences:\n      - { desk: taula-2, from: ${WEDNESDAY}, to: ${WEDNESDAY} }\n      - { desk: taula-1, from: ${WEDNESDAY}T10:15, to: ${WEDNESDAY}T11:00 }\n`,
    ]);
    expect((await apply(file)).ok).toBe(true);
  });

  it('a closure or a feast day of the town on that day', async () => {
    const closed = `    closures:\n      - { date: ${WEDNESDAY}, why: { ca: x, es: x, en: x, eu: x } }\n`;
    await refused(town(['    closures:\n', closed]), [{ reference, at, why: /does not work/ }]);
    const feast = `  feastDays:\n    - { date: ${WEDNESDAY} }\n`;
    await refused(town(['  feastDays:\n', feast]), [{ reference, at, why: /does not work/ }]);
  });

  it('the desk loses the skill, the language or the channel', async () => {
    const desk = '{ name: Taula 1, skills: all, languages: [ca, es], channels: [phone, video] }';
    for (const changed of [
      desk.replace('skills: all', 'skills: [cens-electoral]'),
      desk.replace('[ca, es]', '[es]'),
      desk.replace('[phone, video]', '[video]'),
    ]) {
      await refused(town([desk, changed]), [
        { reference, at, why: /taula-1 does not attend volant-padro by phone in ca/ },
      ]);
    }
  });

  it('a procedure that is retired leaves the lists of skills, and that is nobody’s loss; nor is its coming back', async () => {
    const desk = 'skills: all, languages: [ca, es], channels: [phone, video] }';
    const only = (skills: string) => {
      const file = town([desk, desk.replace('all', `[${skills}]`)]);
      return file;
    };
    expect(await apply(only('volant-padro'))).toMatchObject({ ok: true });
    const without = only('cens-electoral');
    delete without.offices.oac?.procedures['volant-padro'];
    expect(await apply(without)).toMatchObject({ ok: true });
    expect(await apply(only('cens-electoral'))).toMatchObject({ ok: true });
  });

  it('the desk, or the whole office, goes', async () => {
    const file = town();
    const oac = file.offices.oac;
    if (!oac) throw new Error('no oac');
    delete oac.desks['taula-1'];
    oac.shifts = oac.shifts.filter((each) => each.desk !== 'taula-1');
    oac.absences = oac.absences.filter((each) => each.desk !== 'taula-1');
    await refused(file, [{ reference, at, why: /taula-1 is no longer there/ }]);
    const { hisenda } = file.offices;
    if (!hisenda) throw new Error('no hisenda');
    await refused({ ...file, offices: { hisenda } }, [
      { reference, at, why: /oac is no longer there/ },
    ]);
  });

  it('the plan says so too', async () => {
    const planned = await planTown(database.kysely, withShift(null), NOW);
    expect(planned).toMatchObject({
      ok: false,
      reason: 'appointments_without_desk',
      stranded: [{ reference }],
    });
  });

  it('what is past, over, of another office, or already without a desk is not in the way', async () => {
    await all((tx) =>
      tx
        .updateTable('appointment')
        .set({ status: 'cancelled' })
        .where('reference', '=', reference)
        .execute(),
    );
    await book('taula-1', `${WEDNESDAY}T11:00`, { status: 'fulfilled' });
    await book('taula-1', '2026-11-24T12:00');
    await book('taula-1', `${WEDNESDAY}T20:00`);
    await book('taula-1', `${WEDNESDAY}T10:00`, { office: 'hisenda', procedure: 'ibi' });
    const result = await apply(withShift(null));
    expect(result.ok).toBe(true);
  });

  it('something else stood against it already: it was to be seen at that desk, and the desk goes', async () => {
    const outside = await book('taula-1', `${WEDNESDAY}T20:00`);
    const file = town();
    const oac = file.offices.oac as TownOffice;
    delete oac.desks['taula-1'];
    oac.shifts = oac.shifts.filter((each) => each.desk !== 'taula-1');
    oac.absences = oac.absences.filter((each) => each.desk !== 'taula-1');
    await refused(file, [
      { reference, at, why: /taula-1 is no longer there/ },
      { reference: outside, at: `${WEDNESDAY} 20:00`, why: /taula-1 is no longer there/ },
    ]);
  });
});

describe('while somebody books', () => {
  it('applying waits for them, and then sees what they booked', async () => {
    await apply(town());
    const { promise: letGo, resolve: finish } = Promise.withResolvers<void>();
    const { promise: shared, resolve: sharing } = Promise.withResolvers<void>();
    const booking = all(async (tx) => {
      const { id } = await tx
        .selectFrom('office')
        .select('id')
        .where('code', '=', 'oac')
        .executeTakeFirstOrThrow();
      await sql`call lock_office_shared(${id})`.execute(tx);
      sharing();
      await letGo;
    });
    await shared;
    const applying = apply(withShift(null));
    await waiting();
    const reference = await book('taula-1', `${WEDNESDAY}T10:00`);
    finish();
    await booking;
    expect(await applying).toMatchObject({ ok: false, stranded: [{ reference }] });
  });

  it('two files at once are applied one after the other', async () => {
    const results = await Promise.all([apply(town()), apply(town()), apply(town())]);
    expect(results.map((each) => each.changes.length > 0).sort()).toEqual([false, false, true]);
  });
});

/** Until somebody waits for an advisory lock in this database. */
async function waiting(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    if (rows.length > 0) return;
  }
}
