import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import type { Writing } from '../../../formats/town-file/writing/written.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { countDueEvidence } from '../../../wiring/due.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testAppointments } from '../appointments/testing.ts';
import { applyTown, createAdministration, exportTown } from './service.ts';
import type { Administration, History } from './types.ts';
import { declarationAt } from './versions.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let administration: Administration;
let viewer: StaffViewer;

const apply = async (text: string) => {
  const checked = checkTownFile(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  const applied = await applyTown(database.kysely, checked.town, clock.now());
  expect(applied).toMatchObject({ ok: true });
};

beforeAll(async () => {
  database = await testDatabase();
  administration = createAdministration({
    db: database.kysely,
    clock,
    unit: testUnit(database.kysely, clock),
    countDue: countDueEvidence,
  });
  await apply(readFileSync('towns/vilaclara.yaml', 'utf8'));
  const office = (await createOffices(database.kysely).find('oac'))?.id ?? 0;
  viewer = { kind: 'staff', staff: 1, name: 'Albert', office, role: 'administrator', desk: null };
});
afterAll(() => database.close());

const exported = async () => parse((await exportTown(database.kysely)) ?? '').offices.oac;
async function history(): Promise<History & { newest: number }> {
  const found = await administration.history(viewer);
  if (!found) throw new Error('Not there');
  return { ...found, newest: found.versions.at(-1)?.number ?? 0 };
}
const edit = (change: (office: Writing) => Writing, agreed?: string) =>
  administration.edit(viewer, {
    ...{ part: () => null, was: null, change },
    ...(agreed !== undefined && { agreed }),
  });
const withSlots = (slots: object) => edit((office) => ({ ...office, slots }));
const takeBack = async (version: number, paths: readonly string[] | 'all_since') =>
  administration.revert(viewer, { version, paths, was: (await history()).newest });
const trail = (action: string) =>
  within(database.kysely, viewer.office, (tx) =>
    tx.selectFrom('audit').select(['actor', 'data']).where('action', '=', action).execute(),
  );

describe('the versions of a declaration', () => {
  it('begin when the office is opened, and grow by forms and files', async () => {
    expect((await history()).versions).toMatchObject([
      { number: 1, kind: 'first', actor: 'system', difference: [] },
    ]);
    await withSlots({ leadMinutes: 90 });
    const town = parse((await exportTown(database.kysely)) ?? '');
    town.offices.oac.name.ca = 'OAC';
    await apply(stringify(town));
    await apply(stringify(town));
    expect((await history()).versions.slice(1)).toMatchObject([
      {
        ...{ number: 2, kind: 'edited', actor: 'staff:1' },
        difference: [{ path: 'slots.leadMinutes', from: 60, to: 90 }],
      },
      { number: 3, kind: 'file', actor: 'system', difference: [{ path: 'name.ca', to: 'OAC' }] },
    ]);
    const all = await history();
    expect(declarationAt(all, 3)).toEqual(all.leaves);
    expect(declarationAt(all, 1).get('slots.leadMinutes')).toBe(60);
  });

  it('stay as they are: the service can neither change nor delete them', async () => {
    const attempts = [
      sql`update office_version set actor = 'staff:2'`,
      sql`delete from office_version`,
    ];
    for (const attempt of attempts)
      await expect(
        within(database.kysely, viewer.office, (tx) => attempt.execute(tx)),
      ).rejects.toThrow(/denied|permission/);
  });

  it('bring back one value, as a new version that is on the trail', async () => {
    expect(await takeBack(2, ['slots.leadMinutes'])).toMatchObject({ ok: true });
    expect((await exported()).slots).toBeUndefined();
    expect((await exported()).name.ca).toBe('OAC');
    const { versions, newest } = await history();
    expect(versions.at(-1)).toMatchObject({ number: 4, kind: 'reverted', backTo: null });
    expect(await trail('declaration_reverted')).toEqual([
      { actor: 'staff:1', data: { backTo: null, version: newest } },
    ]);
    // The last version taken back gives the one before.
    await takeBack(newest, ['slots.leadMinutes']);
    expect((await exported()).slots).toEqual({ leadMinutes: 90 });
  });

  it('bring back the whole of an earlier one, with what was retired and its order', async () => {
    const before = await exported();
    const at = (await history()).newest;
    await edit((office) => {
      const { 'cens-electoral': _, ...procedures } = office.procedures as Writing;
      const desks = Object.entries(office.desks as Record<string, { skills: string[] | 'all' }>);
      const without = desks.map(([code, desk]) => {
        const { skills } = desk;
        const left = skills === 'all' ? skills : skills.filter((each) => each !== 'cens-electoral');
        return [code, { ...desk, skills: left }];
      });
      return { ...office, procedures, desks: Object.fromEntries(without), intro: { ca: 'Hola' } };
    });
    await withSlots({ leadMinutes: 30 });
    expect(await takeBack(at, 'all_since')).toMatchObject({ ok: true });
    expect(await exported()).toEqual(before);
    expect(Object.keys((await exported()).procedures)).toEqual(Object.keys(before.procedures));
    expect((await history()).versions.at(-1)).toMatchObject({ kind: 'reverted', backTo: at });
    expect(await takeBack(at, 'all_since')).toEqual({ ok: true, differences: [] });
  });

  it('take an added thing back whole, with what it has gained since, and keep the later order', async () => {
    const withThemes = (change: (themes: Writing) => Writing) =>
      edit((office) => ({ ...office, themes: change(office.themes as Writing) }));
    const before = (await exported()).themes;
    await withThemes((themes) => ({ ...themes, nou: { name: { ca: 'Nou' } } }));
    const { newest, versions } = await history();
    await withThemes((themes) => ({ ...themes, nou: { name: { ca: 'Nou', es: 'Nuevo' } } }));
    await withThemes((themes) => Object.fromEntries(Object.entries(themes).reverse()));
    const added = versions.at(-1)?.difference.map(({ path }) => path) ?? [];
    expect(await takeBack(newest, added)).toMatchObject({ ok: true });
    const { themes } = await exported();
    expect(themes).toEqual(before);
    expect(Object.keys(themes)).toEqual(Object.keys(before).reverse());
  });

  it('keep that a translation is still right at the place where its row is then', async () => {
    const day = (date: string, ca: string, es: string) => ({ date, why: { ca, es } });
    const withClosures = (closures: object[], stillRight: string[] = []) =>
      administration.edit(viewer, {
        ...{ part: () => null, was: null, stillRight },
        change: (office) => ({ ...office, closures }),
      });
    await withClosures([day('2027-03-01', 'A', 'a'), day('2027-03-02', 'B', 'b')]);
    const [one, two] = [day('2027-03-01', 'A!', 'a'), day('2027-03-02', 'B!', 'b')];
    await withClosures([one, two]);
    const older = async () => {
      const paths = (await administration.read(viewer))?.older.map(({ path }) => path) ?? [];
      return paths.filter((path) => path.startsWith('closures.'));
    };
    expect(await older()).toEqual(['closures.0.why.es', 'closures.1.why.es']);
    const moved = await withClosures(
      [day('2027-02-01', 'C', 'c'), one, two],
      ['closures.1.why.es'],
    );
    expect(moved).toMatchObject({ ok: true, confirmed: 1 });
    expect((await history()).versions.at(-1)?.stillRight).toEqual(['closures.2.why.es']);
    expect(await older()).toEqual(['closures.1.why.es']);
  });

  it('leave the rota, names and officials alone, and say nothing of them', async () => {
    const at = (await history()).newest;
    await edit((office) => ({
      ...office,
      desks: {
        ...(office.desks as Writing),
        'taula-1': { ...(office.desks as Record<string, Writing>)['taula-1'], name: 'Núria' },
      },
      absences: [{ desk: 'taula-1', from: '2027-01-04', to: '2027-01-05', why: 'grip' }],
    }));
    expect((await history()).newest).toBe(at);
    await withSlots({ leadMinutes: 45 });
    await takeBack(at, 'all_since');
    const { desks, absences } = await exported();
    expect(desks['taula-1'].name).toBe('Núria');
    expect(absences.at(-1)).toMatchObject({ why: 'grip' });
  });
});

describe('bringing something back is checked as any change', () => {
  it('and refused where an appointment would lose its desk', async () => {
    const { offices, slots, appointments } = testAppointments(database, clock);
    const at = (await history()).newest;
    const minutes = (phone: number | undefined) =>
      edit((office) => {
        const procedures = office.procedures as Record<string, Writing>;
        const volant = procedures['volant-padro'] ?? {};
        const { phone: _, ...others } = volant.channels as Writing;
        const channels = phone === undefined ? { video: 20 } : { ...others, phone };
        return {
          ...office,
          procedures: { ...procedures, 'volant-padro': { ...volant, channels } },
        };
      });
    await minutes(20);
    const desks = async (channels: string[]) =>
      edit((office) => {
        const all = Object.entries(office.desks as Record<string, Writing>);
        return {
          ...office,
          desks: Object.fromEntries(all.map(([code, desk]) => [code, { ...desk, channels }])),
        };
      });
    expect(await desks(['video', 'phone'])).toMatchObject({ ok: true });
    const with_ = (await history()).newest;
    expect(await desks(['video'])).toMatchObject({ ok: true });
    const without = (await history()).newest;
    expect(await takeBack(with_, 'all_since')).toMatchObject({ ok: true });
    const office = (await offices.find('oac'))!;
    const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
    const found = await slots.search(office, choice, { from: '2026-12-01', to: '2026-12-20' });
    if (!found.ok || !found.slots[0]) throw new Error('no free time');
    const booked = await appointments.book({ kind: 'citizen' }, office, {
      ...{ ...choice, start: found.slots[0].start, noticeLanguage: 'ca' },
      ...{ onBehalfOf: null, needs: [], comment: '' },
      citizen: { name: 'Rosa', email: 'rosa@example.org', phone: '+34600123456' },
    });
    if (!booked.ok) throw new Error(booked.reason);
    const before = await exported();
    expect(await takeBack(without, 'all_since')).toMatchObject({
      ok: false,
      reason: 'appointments_without_desk',
      stranded: [{ reference: booked.appointment.reference }],
    });
    expect(await exported()).toEqual(before);
    expect(at).toBeLessThan(without);
  });

  it('and asks before data would be destroyed sooner', async () => {
    const at = (await history()).newest;
    const notesDays = (days: number) =>
      edit((office) => ({ ...office, retention: { notesDays: days } }));
    expect(await notesDays(700)).toMatchObject({ ok: true });
    expect(await takeBack(at, 'all_since')).toMatchObject({ ok: false, reason: 'shorter' });
  });

  it('and not done when somebody has changed something since it was shown', async () => {
    const { newest } = await history();
    await withSlots({ leadMinutes: 15 });
    const was = newest;
    const stale = { version: newest, paths: 'all_since', was } as const;
    expect(await administration.revert(viewer, stale)).toEqual({ ok: false, reason: 'changed' });
  });

  it('and only an administrator does it, in their own office', async () => {
    const { newest } = await history();
    const what = { version: newest, paths: 'all_since', was: newest } as const;
    for (const role of ['agent', 'coordinator'] as const) {
      expect(await administration.history({ ...viewer, role })).toBeNull();
      const refused = await administration.revert({ ...viewer, role }, what);
      expect(refused).toEqual({ ok: false, reason: 'not_found' });
    }
    const other = (await createOffices(database.kysely).find('hisenda'))?.id ?? 0;
    const there = await administration.history({ ...viewer, office: other });
    expect(there?.versions).toMatchObject([{ number: 1, kind: 'first' }]);
    const refused = await administration.revert({ ...viewer, office: other }, what);
    expect(refused).toEqual({ ok: false, reason: 'not_found' });
  });
});
