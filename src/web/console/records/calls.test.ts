import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import { createCallQuality } from '../../../features/insight/call-quality/service.ts';
import { saidHeard } from '../../../features/insight/call-quality/testing.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../testing.ts';

let world: ConsoleWorld;
let coordinator: string;

beforeAll(async () => {
  world = await consoleWorld();
  coordinator = await world.signIn(NURIA);
});
afterAll(() => world.close());

const ask = (path: string, cookie = coordinator, language = 'ca') =>
  world.app.request(`/console/oac${path}`, { headers: { cookie, 'Accept-Language': language } });
const read = async (path: string, language = 'ca') =>
  (await ask(path, coordinator, language)).text();
const text = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('before any call the page says so, and has nothing to download', async () => {
  const page = await read('/calls');
  expect(page).toContain('Encara no hi ha xifres');
  expect(page).not.toContain('calls.csv');
  expect(await faultsOf(page)).toEqual([]);
});

test('is not found for an agent', async () => {
  const marta = await world.signIn(MARTA);
  for (const path of ['/calls', '/calls.csv']) expect((await ask(path, marta)).status).toBe(404);
  expect(await read('/board')).toContain('href="/console/oac/calls"');
});

describe('after calls', () => {
  let rosa: Appointment;
  beforeAll(async () => {
    const { database, clock } = world;
    // From now on the other desks have all skills too: Marta's takes no video calls.
    await database.pool.query(
      "begin; select set_config('app.office', '*', true); update desk set skills = null; update office set revision = revision + 1; commit;",
    );
    rosa = await world.book('11:40', { channel: 'video' });
    const quality = createCallQuality({ db: database.kysely, clock });
    const report = {
      ...{ seconds: 610, firstFrameMs: 1240, path: 'relay', lossPercent: 2.5, rttMs: 81 },
      ...{ fps: 24.5, freezes: 2, frozenSeconds: 1, reconnections: 0, audioOnlySeconds: 61 },
      ...{ width: 640, height: 480 },
    };
    clock.set('2026-11-30T12:00:00+01:00');
    const office = await world.offices.byId(rosa.office);
    const serving = { kind: 'staff', staff: 1, name: 'Núria', role: 'coordinator' } as const;
    await world.encounter.start({ ...serving, office: office.id, desk: null }, office, rosa.id);
    const by = { office: rosa.office, appointment: rosa.id };
    for (const [side, from, more] of [
      ['citizen', 'agent', {}],
      ['agent', 'citizen', { fps: 7 }],
    ] as const) {
      const sent = JSON.stringify({ ...report, ...more, id: randomUUID(), from });
      expect(await quality.report({ ...by, side }, sent)).toEqual({ ok: true });
    }
    const heard = ['yes', 'yes', 'partly', 'no', 'yes'] as const;
    await saidHeard(database.kysely, rosa, { from: '2026-09-10T07:00Z', channel: 'video', heard });
  });

  test('the figures are in tables, with the citizens’ side apart from the staff’s', async () => {
    const page = await read('/calls');
    expect(await faultsOf(page)).toEqual([]);
    const said = text(page);
    expect(said).toMatch(/30\/11\/2026 1 100\s?% 0 bé, 0 regular, 1 malament 0\s?% 100\s?%/);
    expect(said).toMatch(
      /van veure i sentir els ciutadans.* 1,2 s 1,2 s 24,5 11,8 2,5\s?% 81 ms 10\s?%/,
    );
    expect(said).toMatch(/setembre del 2026 Videotrucada 3 1 1 De cada canal, només mesos/);
  });

  test('a bad call appears with its reference only, and leads to the appointment', async () => {
    const page = await read('/calls');
    expect(page).toContain(`href="/console/oac/appointment/${rosa.id}"`);
    expect(text(page)).toMatch(new RegExp(`${rosa.reference} Qui atenia Repetidor 10\\s?min 7`));
    expect(page).not.toContain('Rosa');
  });

  test.each(['es', 'en', 'eu'])('the page has no fault in %s, by month', async (language) => {
    expect(await faultsOf(await read('/calls?by=month', language))).toEqual([]);
  });

  test('the file has the same, a row for each week', async () => {
    const file = await ask('/calls.csv');
    expect(file.headers.get('Content-Disposition')).toContain('calls-oac-week.csv');
    const [heads = '', row = '', ...more] = (await file.text()).split('\r\n');
    expect(more).toEqual(['']);
    expect(row).toBe(
      '2026-11-30,1,1,1,0,0,0,1,1240,1240,24.5,11.8,2.5,81,10,1240,1240,7,11.8,2.5,81,10,,,,',
    );
    expect(heads.match(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/g)).toHaveLength(row.split(',').length - 1);
  });

  test('the citizens’ answers are only in the file of months', async () => {
    expect(await read('/calls.csv')).not.toContain('2026-09');
    const [, , row = ''] = (await read('/calls.csv?by=month')).split('\r\n');
    expect(row).toBe(`2026-09-01${','.repeat(22)}3,1,1,,,,,,,`);
  });
});
