import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { createNotifier } from '../../../lib/notifier.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { testAppointments } from '../../booking/appointments/testing.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { createCompanions } from '../companions/service.ts';
import { testEncounter } from '../encounter/testing/encounter.ts';
import { createRoom, type Room } from '../room/service.ts';
import type { Seat } from '../room/types.ts';
import { createCaptions } from './service.ts';

const SECRET = 'a secret of more than two hundred and fifty-six bits';
const NOW = '2026-11-30T06:55:00Z';
const clock = handClock('2026-11-30T07:00:00+01:00');
const key = installationKey(Buffer.alloc(32));
let database: TestDatabase;
let office: Office;
let staff: StaffViewer;
let room: Room;
let appointment: Appointment;
let book: () => Promise<Appointment>;
let begin: () => Promise<unknown>;
let invite: () => Promise<Viewer>;
let close: () => Promise<void>;

/** The same office with an engine for its Catalan calls. */
const withEngine = (): Office => ({
  ...office,
  settings: {
    ...office.settings,
    video: {
      ...office.settings.video,
      captions: { provider: 'Vilaclara', engines: { ca: 'wss://parla.example/ca' } },
    },
  },
});

const captions = (secret: string | null = SECRET) =>
  createCaptions({ db: database.kysely, clock, engineClock: handClock(NOW), secret, key });

beforeAll(async () => {
  database = await testDatabase();
  const { kysely: db } = database;
  const { offices, bookVideo } = testAppointments(database, clock);
  const id = await testOffice(db);
  office = await offices.byId(id);
  staff = { kind: 'staff', staff: 1, name: 'Núria', office: id, role: 'coordinator', desk: null };
  const notifier = createNotifier({ ...database, onDeaf: () => {} });
  const unit = testUnit(db, clock, notifier.notify);
  const attendants = { ofAll: async () => new Map<string, string>(), showsNames: async () => true };
  room = createRoom({ db, notifier, clock, unit, attendants });
  const companions = createCompanions({ db, key, unit });
  const encounter = testEncounter({ kysely: db }, clock, notifier.notify);
  book = () => bookVideo(office);
  begin = () => encounter.start(staff, office, appointment.id, { anyway: true });
  invite = async () => {
    const invited = await companions.invite(staff, office.id, appointment.id, {
      name: 'Samira',
      role: 'interpreter',
    });
    if (!invited.ok) throw new Error(invited.reason);
    const { id } = invited.companion;
    await companions.admit(staff, office.id, appointment.id, id);
    return { kind: 'companion', companion: id, appointment: appointment.id };
  };
  close = async () => {
    room.close();
    await notifier.close();
    await database.close();
  };
});
afterAll(() => close());

beforeEach(async () => {
  clock.set('2026-11-30T07:00:00+01:00');
  appointment = await book();
  clock.set(appointment.start.subtract({ minutes: 5 }).toString());
});

const enter = async (who: Viewer): Promise<Seat> => {
  const entered = await room.enter(who, office.id, appointment.id);
  if (!entered.ok) throw new Error(entered.reason);
  return entered.seat;
};
const citizen = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });

describe('the address of the engine', () => {
  test('is given to both sides of a call that has begun', async () => {
    const seat = await enter(citizen());
    await begin();
    for (const each of [seat, await enter(staff)])
      expect(await captions().address(withEngine(), each)).toMatchObject({ ok: true });
  });

  test('carries a pass that ends in a minute, names nobody, and is for this engine', async () => {
    const seat = await enter(citizen());
    await begin();
    const found = await captions().address(withEngine(), seat);
    const url = new URL(found.ok ? found.url : '');
    expect(url.origin + url.pathname).toBe('wss://parla.example/ca');
    const [header = '', claims = '', signature] = (url.searchParams.get('token') ?? '').split('.');
    // By RFC 7515, with nothing of the library that signed it.
    const signed = createHmac('sha256', SECRET).update(`${header}.${claims}`).digest('base64url');
    expect(signature).toBe(signed);
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(read(claims)).toEqual({
      sub: expect.stringMatching(/^[\w-]{12}$/),
      aud: 'wss://parla.example/ca',
      exp: Date.parse(NOW) / 1000 + 60,
    });
    expect(JSON.stringify(read(claims))).not.toContain(appointment.id);
  });

  test('is not given to who waits, nor after the call', async () => {
    const seat = await enter(citizen());
    const early = await captions().address(withEngine(), seat);
    await begin();
    await room.leave(seat);
    const late = await captions().address(withEngine(), seat);
    expect([early, late]).toEqual([
      { ok: false, reason: 'not_open' },
      { ok: false, reason: 'not_open' },
    ]);
  });

  test('is not given to a companion, whose language the engine does not understand', async () => {
    await enter(citizen());
    await begin();
    const seat = await enter(await invite());
    expect(await captions().address(withEngine(), seat)).toEqual({
      ok: false,
      reason: 'not_found',
    });
  });

  test('there is none without an engine in the town file, or without the secret', async () => {
    const seat = await enter(citizen());
    await begin();
    const none = { ok: false, reason: 'not_found' };
    expect(await captions().address(office, seat)).toEqual(none);
    expect(await captions(null).address(withEngine(), seat)).toEqual(none);
    expect(captions(null).origins(withEngine())).toEqual([]);
    expect(captions(null).engine(withEngine(), appointment)).toBeNull();
  });

  test('a page that asks in a loop is refused after ten', async () => {
    const seat = await enter(citizen());
    await begin();
    const asking = captions();
    for (let each = 0; each < 10; each++)
      expect((await asking.address(withEngine(), seat)).ok).toBe(true);
    expect(await asking.address(withEngine(), seat)).toEqual({ ok: false, reason: 'too_often' });
  });
});
