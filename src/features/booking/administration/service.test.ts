import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OfficeState } from '../../../domain/office/state.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { randomOffice } from '../../../formats/town-file/testing.ts';
import type { Writing } from '../../../formats/town-file/writing/written.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { countDueEvidence } from '../../../wiring/due.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { testAppointments } from '../appointments/testing.ts';
import { applyTown, createAdministration, exportTown } from './service.ts';
import type { Administration } from './types.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let administration: Administration;
let viewer: StaffViewer;

beforeAll(async () => {
  database = await testDatabase();
  administration = createAdministration({
    db: database.kysely,
    clock,
    unit: testUnit(database.kysely, clock),
    countDue: countDueEvidence,
  });
  const checked = checkTownFile(readFileSync('towns/vilaclara.yaml', 'utf8'));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  await applyTown(database.kysely, checked.town, clock.now());
  const oac = await createOffices(database.kysely).find('oac');
  const office = oac?.id ?? 0;
  viewer = { kind: 'staff', staff: 1, name: 'Albert', office, role: 'administrator', desk: null };
});
afterAll(() => database.close());

const read = async () => {
  const found = await administration.read(viewer);
  if (!found) throw new Error('Not there');
  return found;
};
const exported = async () => parse((await exportTown(database.kysely)) ?? '').offices;
const slots = (office: Writing) => office.slots as Writing | undefined;
const edit = (
  change: (office: Writing, state: OfficeState) => Writing,
  who = viewer,
  agreed = '',
) => administration.edit(who, { part: slots, was: null, change, agreed });

/** Returns the database's content except one office, and all data that belongs to no office. */
const elsewhere = () =>
  within(database.kysely, INSTALLATION, async (tx) => {
    const tables = [
      'town',
      'staff',
      'office',
      'procedure',
      'desk',
      'shift',
      'absence',
      'closure',
      'audit',
    ];
    const sums = tables.map(async (name) => {
      const own = name === 'office' ? 'id' : 'office_id';
      const there = ['town', 'staff'].includes(name)
        ? sql`true`
        : sql`${sql.ref(own)} <> ${viewer.office}`;
      const { rows } = await sql<{ sum: string }>`
        select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum
        from ${sql.table(name)} t where ${there}`.execute(tx);
      return `${name} ${rows[0]?.sum}`;
    });
    return Promise.all(sums);
  });

const trail = (action = 'declared') =>
  within(database.kysely, viewer.office, (tx) =>
    tx
      .selectFrom('audit')
      .select(['action', 'actor', 'data'])
      .where('action', '=', action)
      .orderBy('id')
      .execute(),
  );

describe('an administrator', () => {
  it('changes what the town file says, and the trail says who did, before and after', async () => {
    const before = await read();
    const edited = await administration.edit(viewer, {
      part: slots,
      was: fingerprint(slots(before.office)),
      change: (office) => ({ ...office, slots: { leadMinutes: 90 } }),
    });
    expect(edited).toEqual({
      ok: true,
      differences: [{ path: 'slots.leadMinutes', from: 60, to: 90 }],
    });
    expect((await exported()).oac.slots).toEqual({ leadMinutes: 90 });
    expect((await createOffices(database.kysely).find('oac'))?.settings.slots).toMatchObject({
      leadMinutes: 90,
      buffer: 5,
    });
    expect(await trail()).toEqual([
      {
        ...{ action: 'declared', actor: 'staff:1' },
        data: { changes: [{ path: 'slots.leadMinutes', from: 60, to: 90 }], version: 2 },
      },
    ]);
  });

  it('changes nothing with what is so already, and leaves no trace', async () => {
    const count = (await trail()).length;
    expect(await edit((office) => office)).toEqual({ ok: true, differences: [] });
    expect(await trail()).toHaveLength(count);
  });

  it('saves when and why a desk is away, and the trail, which keeps all, says neither', async () => {
    const away = { desk: 'taula-1', from: '2027-03-01', to: '2027-03-05' };
    const declare = (why: string) =>
      edit((office) => ({ ...office, absences: [{ ...away, why }] }));
    for (const why of ['baixa mèdica', 'baixa per maternitat']) {
      expect(await declare(why)).toMatchObject({ ok: true, differences: [{ path: 'absences' }] });
      expect((await exported()).oac.absences).toMatchObject([{ why }]);
    }
    const entries = await trail();
    expect(JSON.stringify(entries)).not.toMatch(/baixa|2027-03-01/);
    expect(entries.slice(-2).map((each) => each.data.changes)).toEqual([
      [expect.objectContaining({ path: 'absences', to: ['taula-1'] })],
      [],
    ]);
  });

  it('leaves the rows of every desk as they are, but for what is changed', async () => {
    const rows = () =>
      within(database.kysely, viewer.office, async (tx) => {
        const [shifts, absences, closures] = [
          await tx.selectFrom('shift').select('id').orderBy('id').execute(),
          await tx.selectFrom('absence').select('id').orderBy('id').execute(),
          await tx.selectFrom('closure').select('id').orderBy('id').execute(),
        ];
        return { shifts, absences, closures };
      });
    const before = await rows();
    await edit((office) => ({ ...office, slots: { leadMinutes: 75 } }));
    expect(await rows()).toEqual(before);
    const [first, ...others] = (await read()).office.shifts as { from: string }[];
    await edit((office) => ({ ...office, shifts: [{ ...first, from: '08:45' }, ...others] }));
    const after = await rows();
    expect(after.shifts.slice(0, -1)).toEqual(before.shifts.slice(1));
    expect(after).toMatchObject({ absences: before.absences, closures: before.closures });
  });

  it('calls desks and officials otherwise, and the trail says that they did, and no name', async () => {
    const official = {
      ...{ email: 'rosa.pi@vilaclara.example', name: 'Rosa Pi', post: 'Auxiliar' },
      ...{ order: 'Decret 7/2026', since: '2026-01-01' },
    };
    const count = (await trail()).length;
    const edited = await edit((office) => {
      const { 'taula-1': desk, ...others } = office.desks as Record<string, Writing>;
      return {
        ...office,
        desks: {
          ...others,
          'taula-1': { ...desk, name: 'Rosa Pi' },
          'taula-9': { ...desk, name: 'Pere Coll' },
        },
        habilitated: [...((office.habilitated ?? []) as unknown[]), official],
      };
    });
    expect(edited).toMatchObject({ ok: true });
    const [entry] = (await trail()).slice(count);
    expect(JSON.stringify(entry)).not.toMatch(/Rosa|rosa|Pere/);
    expect(entry?.data.changes).toEqual([
      { path: 'desks.taula-9', to: expect.objectContaining({ skills: 'all' }) },
      { path: 'desks.taula-1.name', from: '…', to: '…' },
      { path: 'habilitated', from: [], to: [fingerprint(official.email)] },
    ]);
  });

  it('is asked before more is destroyed, and asked anew when it is more than what was agreed to', async () => {
    const keep = (contactDays: number, agreed = '') =>
      edit((office) => ({ ...office, retention: { contactDays } }), viewer, agreed);
    const asked = await keep(20);
    const shorter = [{ period: 'contactDays', from: 30, to: 20 }];
    expect(asked).toEqual({ ok: false, reason: 'shorter', shorter });
    expect(await keep(10, fingerprint(shorter))).toMatchObject({ reason: 'shorter' });
    expect((await exported()).oac).not.toHaveProperty('retention');
    expect(await keep(20, fingerprint(shorter))).toMatchObject({ ok: true });
    // A longer period destroys nothing.
    expect(await keep(40)).toMatchObject({ ok: true });
  });

  it('is told where somebody else was quicker, and nothing is lost of either', async () => {
    const was = fingerprint(slots((await read()).office));
    await edit((office) => ({ ...office, slots: { leadMinutes: 30 } }));
    const late = {
      part: slots,
      was,
      change: (office: Writing) => ({ ...office, slots: { leadMinutes: 5 } }),
    };
    expect(await administration.edit(viewer, late)).toMatchObject({
      ok: false,
      reason: 'changed',
    });
    expect((await exported()).oac.slots).toEqual({ leadMinutes: 30 });
    // Other parts may have changed.
    const other = { ...late, was: fingerprint(slots((await read()).office)) };
    await edit((office) => ({ ...office, mailFrom: 'OAC' }));
    expect(await administration.edit(viewer, other)).toMatchObject({ ok: true });
  });

  it('is told each mistake with its place in the office, as the town file’s check would', async () => {
    const before = await exported();
    const wrong = await edit((office) => ({
      ...office,
      slots: { leadMinutes: 'soon', buffer: 999 },
      name: {},
      attempts: { max: 3, spacingMinutes: 60, windowMinutes: 30 },
      look: { accent: { light: '#ffff00', dark: '#6cc5cf' } },
    }));
    if (wrong.ok || wrong.reason !== 'mistakes') throw new Error('It was taken');
    expect(wrong.findings.map(({ field, slip }) => [field.join('.'), slip?.kind])).toEqual([
      ['slots.leadMinutes', 'whole'],
      ['slots.buffer', 'whole'],
      ['name', 'no_text'],
      ['look.accent.light', 'contrast'],
      ['attempts', 'window'],
    ]);
    expect(await exported()).toEqual(before);
  });

  it('is refused what would leave an appointment without its desk, and told which', async () => {
    const { offices, appointments } = testAppointments(database, clock);
    const oac = (await offices.find('oac'))!;
    const booked = await appointments.book({ kind: 'citizen' }, oac, {
      ...{ procedure: 'volant-padro', channel: 'phone', language: 'ca', noticeLanguage: 'ca' },
      ...{
        start: Temporal.Instant.from('2026-11-30T10:30:00+01:00'),
        onBehalfOf: null,
        needs: [],
        comment: '',
      },
      citizen: { name: 'Rosa', email: 'rosa@example.org', phone: null },
    } as Parameters<typeof appointments.book>[2]);
    if (!booked.ok) throw new Error(booked.reason);
    const before = await exported();
    const closed = await edit((office) => ({ ...office, closures: [{ date: '2026-11-30' }] }));
    expect(closed).toMatchObject({
      reason: 'appointments_without_desk',
      stranded: [{ reference: booked.appointment.reference, at: '2026-11-30 10:30' }],
    });
    expect(await exported()).toEqual(before);
    expect(await trail('declaring_refused')).toEqual([
      {
        ...{ action: 'declaring_refused', actor: 'staff:1' },
        data: { appointments: [booked.appointment.id] },
      },
    ]);
    await within(database.kysely, viewer.office, (tx) =>
      tx.updateTable('appointment').set({ status: 'cancelled' }).execute(),
    );
  });

  it('can’t take somebody’s desk away', async () => {
    expect((await read()).held).toContain('taula-8');
    const gone = await edit((office) => {
      const { 'taula-8': _, ...desks } = office.desks as Writing;
      const shifts = (office.shifts as { desk: string }[]).filter(
        (each) => each.desk !== 'taula-8',
      );
      const absences = ((office.absences ?? []) as { desk: string }[]).filter(
        (each) => each.desk !== 'taula-8',
      );
      return { ...office, desks, shifts, absences };
    });
    expect(gone).toMatchObject({ reason: 'mistakes', findings: [{ slip: { kind: 'held' } }] });
  });
});

describe('row-level security', () => {
  it('let nobody else in', async () => {
    for (const role of ['agent', 'coordinator'] as const) {
      const other = { ...viewer, role };
      expect(await administration.read(other)).toBeNull();
      expect(await edit((office) => ({ ...office, mailFrom: 'Me' }), other)).toEqual({
        ok: false,
        reason: 'not_found',
      });
    }
    expect((await read()).office.mailFrom).toBe('OAC');
  });

  it('keep whatever one office’s administrator declares within that office', async () => {
    const before = await elsewhere();
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(randomOffice, async (office) => {
        const codes = Object.keys((await read()).office.desks as Writing);
        const plain = { name: 'Taula', skills: 'all', languages: ['ca'], channels: ['phone'] };
        const desks = Object.fromEntries(codes.map((each) => [each, plain]));
        const change = () => ({ ...office, desks: { ...desks, ...(office.desks as Writing) } });
        let edited = await edit(change);
        if (!edited.ok && edited.reason === 'shorter')
          edited = await edit(change, viewer, fingerprint(edited.shorter));
        if (edited.ok) taken += 1;
        expect(await elsewhere()).toEqual(before);
      }),
      { numRuns: 25 },
    );
    expect(await elsewhere()).toEqual(before);
    expect(taken).toBeGreaterThan(20);
  }, 60_000);
});
