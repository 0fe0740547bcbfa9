import { afterAll, expect, test } from 'vitest';
import { createAdministration } from '../../features/booking/administration/service.ts';
import { testUnit } from '../../features/foundation/audit/testing.ts';
import type { Writing } from '../../formats/town-file/writing/written.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { countDueEvidence } from '../../wiring/due.ts';
import { faultsOf } from '../citizen/testing.ts';
import { adminWorld, agreedIn, BASE } from './testing.ts';

const say = translateTo('ca');
const { world, oac, ask, page, formOf, send } = await adminWorld();
afterAll(() => world.close());

const press = (path: string, more: Record<string, string> = {}) =>
  send(path, new URLSearchParams(), more);

const declare = async (change: (office: Writing) => Writing) => {
  const office = (await world.offices.find('oac'))!.id;
  const viewer = { kind: 'staff', staff: 1, name: '', office, role: 'administrator' } as const;
  const edited = await createAdministration({
    db: world.database.kysely,
    clock: world.clock,
    unit: testUnit(world.database.kysely, world.clock),
    countDue: countDueEvidence,
  }).edit({ ...viewer, desk: null }, { part: () => null, was: null, change });
  expect(edited).toMatchObject({ ok: true });
};

const shiftsOf = (desk: string) =>
  within(world.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('shift')
      .innerJoin('desk', 'desk.id', 'shift.desk_id')
      .select(['shift.id', 'starts'])
      .where('desk.code', '=', desk)
      .execute(),
  );

test('a desk and a procedure are retired after a confirmation, and come back without references to missing things', async () => {
  const shift = {
    desk: 'taula-9',
    weekdays: ['mon'],
    from: '09:00',
    to: '10:00',
    since: '2026-01-01',
  };
  await declare((office) => ({
    ...office,
    themes: { ...(office.themes as Writing), prova: { name: { ca: 'Prova' } } },
    procedures: {
      ...(office.procedures as Writing),
      prova: {
        ...{ name: { ca: 'Una prova' }, theme: 'prova', channels: { phone: 10 } },
        keywords: { ca: ['assaig'], en: ['trial'] },
      },
    },
    desks: {
      ...(office.desks as Writing),
      'taula-9': { name: 'Taula 9', skills: ['prova'], languages: ['en'], channels: ['phone'] },
    },
    shifts: [...(office.shifts as unknown[]), shift],
  }));
  const before = await shiftsOf('taula-9');
  expect(before).toHaveLength(1);

  const procedure = await page('/procedures/prova/retire');
  expect(procedure).toContain(say('admin.procedures.retire.text', { desks: 1 }));
  const desk = await page('/desks/taula-9/retire');
  expect(desk).toContain(say('admin.desks.retire.text', { shifts: 1 }));
  for (const html of [procedure, desk]) expect(await faultsOf(html)).toEqual([]);
  expect((await oac()).desks).toHaveProperty('taula-9');
  expect((await press('/desks/taula-9/retire')).to).toBe(`${BASE}/desks?done=deskRetired`);
  expect((await press('/procedures/prova/retire')).status).toBe(303);
  expect(await shiftsOf('taula-9')).toEqual(before);
  expect((await oac()).shifts).not.toContainEqual(shift);
  expect((await ask('/desks/taula-9/retire')).status).toBe(303);

  await declare(({ themes, ...office }) => {
    const { prova: _, ...others } = themes as Writing;
    return { ...office, themes: others };
  });
  const languages = await formOf('/languages');
  languages.delete('languages');
  for (const each of ['ca', 'es', 'eu']) languages.append('languages', each);
  expect((await send('/languages', languages)).status).toBe(303);

  const back = await press('/desks', { desk: 'taula-9' });
  expect(back.to).toBe(`${BASE}/desks/taula-9?done=deskBack`);
  expect(await page('/desks/taula-9?done=deskBack')).toContain(say('admin.done.deskBack'));
  const { desks, shifts } = await oac();
  expect(desks['taula-9']).toMatchObject({ skills: [], languages: ['ca'] });
  expect(shifts).toContainEqual(shift);
  expect(await shiftsOf('taula-9')).toEqual(before);

  const offered = await press('/procedures', { procedure: 'prova', act: 'back' });
  expect(offered.to).toBe(`${BASE}/procedures/prova?done=back`);
  const { prova } = (await oac()).procedures;
  expect(prova).toMatchObject({ name: { ca: 'Una prova' }, keywords: { ca: ['assaig'] } });
  expect(prova).not.toHaveProperty('theme');
  expect(prova.keywords).not.toHaveProperty('en');
});

test('a period becomes shorter after a preview of the deletions and a second factor', async () => {
  await world.book('10:30');
  world.clock.set('2026-12-15T09:00:00+01:00');
  const form = await formOf('/retention');
  const asked = await send('/retention', form, { 'retention-contactDays': '10' });
  expect(asked.status).toBe(200);
  expect(asked.html).toContain(say('admin.shorter.contacts', { count: 1 }));
  expect(asked.html).toContain(say('admin.shorter.reasons', { count: 3 }));
  expect(asked.html).not.toContain(say('admin.shorter.documents', { count: 0 }));
  expect(await faultsOf(asked.html)).toEqual([]);
  expect(await oac()).not.toHaveProperty('retention');
  // The confirmation covers this period, and no shorter one.
  const more = await send('/retention', agreedIn(asked.html), { 'retention-contactDays': '5' });
  expect(more.html).toContain(say('admin.shorter.title'));
  const saved = await send('/retention', agreedIn(asked.html), { 'retention-contactDays': '10' });
  expect(saved.to).toBe(`${BASE}/retention?done=saved`);
  expect((await oac()).retention).toEqual({ contactDays: 10 });

  const again = await send('/retention', await formOf('/retention'), {
    'retention-contactDays': '1',
  });
  expect(again.html).toContain(say('admin.shorter.title'));
  await world.staff.transaction((client) =>
    client.query(`update session set "confirmedAt" = now() - interval '1 hour'`),
  );
  const stale = await send('/retention', agreedIn(again.html));
  expect(stale.html).toContain(say('account.confirm.title'));
  expect(agreedIn(stale.html).get('retention-contactDays')).toBe('1');
  // The typed values go along, and come back after a wrong code.
  const wrong = await send('/retention', agreedIn(stale.html), { code: '000000' });
  expect(wrong.status).toBe(422);
  expect(agreedIn(wrong.html).get('retention-contactDays')).toBe('1');
  expect((await oac()).retention).toEqual({ contactDays: 10 });
  const longer = await send('/retention', await formOf('/retention'), {
    'retention-contactDays': '20',
  });
  expect(longer.to).toBe(`${BASE}/retention?done=saved`);
});
