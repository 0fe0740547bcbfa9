import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment, Status } from '../../../domain/appointment.ts';
import { handClock } from '../../../lib/clock.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { changeStatus, lockAppointment } from '../../booking/appointments/service.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { takeDue } from '../../foundation/notices/store.ts';
import { stoppedIn } from './rules.ts';
import type { Documents } from './service.ts';
import { testSpace } from './testing.ts';
import { readDocuments } from './views.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const { database, office, renew } = await testSpace(clock);
const SYSTEM = { kind: 'system', why: 'a test' } as const;
const unit = testUnit(database.kysely, clock);
let documents: Documents;
let appointment: Appointment;
let agent: StaffViewer;

afterAll(() => database.close());
beforeEach(async () => {
  ({ documents, appointment } = await renew());
  const { desk } = appointment;
  agent = { kind: 'staff', name: 'Núria', office: office.id, staff: 1, role: 'agent', desk };
});

const link = (): Viewer => ({ kind: 'citizen', appointment: appointment.id });

const hand = async (viewer: Viewer, name: string) => {
  const kind = viewer.kind === 'staff' ? 'outbox' : 'inbox';
  const paper = { kind, requested: null, name, type: 'application/pdf' } as const;
  await documents.keep(viewer, office, appointment.id, paper, randomBytes(100));
};

const become = (...statuses: Status[]) =>
  unit(SYSTEM, office.id, async (each) => {
    for (const status of statuses) {
      const old = await lockAppointment(each.tx, appointment.id);
      if (old) await changeStatus(each, old, status);
    }
  });

/** Returns the kinds of this appointment's notices that the worker sends when all of them are due. */
const sent = async () => {
  clock.set(appointment.end.add({ hours: 1 }).toString());
  const due = await takeDue(database.kysely, ['email', 'sms'], 100, clock.now());
  return due.filter((each) => each.appointment === appointment.id).map((each) => each.kind);
};

test('a result that is left a second before the end is told, and no reminder follows', async () => {
  await become('in_progress');
  await hand(agent, 'volant.pdf');
  await documents.pass();
  clock.advance({ seconds: 1 });
  await become('fulfilled');
  expect(await sent()).toEqual(['result']);
});

test('a result that is checked only after the end is told', async () => {
  await become('in_progress');
  await hand(agent, 'volant.pdf');
  await become('fulfilled');
  await documents.pass();
  expect(await sent()).toEqual(['result']);
});

test.each(['odd.pdf', 'virus.pdf'])(
  'a file that the check refuses is told, even after the end: %s',
  async (name) => {
    await become('in_progress');
    await hand(link(), name);
    await become('fulfilled');
    await documents.pass();
    expect(await sent()).toEqual(['refused']);
  },
);

test('several refused files are told once; a file that is accepted, or that a person must look at, is not told', async () => {
  await become('in_progress');
  for (const name of ['odd.pdf', 'virus.pdf', 'locked.pdf', 'good.pdf']) await hand(link(), name);
  await documents.pass();
  expect(await sent()).toEqual(['refused']);
});

describe('a result that the check stopped', () => {
  const isTold = async () => {
    const rows = await unit(SYSTEM, office.id, ({ tx }) => readDocuments(tx, appointment.id));
    const { rows: found } = await unit(SYSTEM, office.id, ({ tx }) =>
      sql<{ is: boolean }>`select has_stopped_result(${appointment.id}) as is`.execute(tx),
    );
    expect(found[0]?.is).toBe(stoppedIn(rows).length > 0);
    return found[0]?.is;
  };
  const leave = async (...names: string[]) => {
    for (const name of names) await hand(agent, name);
    await documents.pass();
    clock.advance({ seconds: 10 });
  };
  beforeEach(() => become('in_progress'));

  test.each(['odd.pdf', 'virus.pdf', 'locked.pdf'])('is told to the office: %s', async (name) => {
    expect(await isTold()).toBe(false);
    await leave(name, 'good.pdf');
    expect(await isTold()).toBe(true);
  });

  test('is told until another is handed over, or until it is taken back', async () => {
    await leave('odd.pdf');
    await leave('virus.pdf');
    expect(await isTold()).toBe(true);
    await leave('good.pdf');
    expect(await isTold()).toBe(false);
    await leave('odd.pdf');
    const [, , , last] = (await documents.list(agent, office, appointment.id)) ?? [];
    expect(await documents.withdraw(agent, office, appointment.id, last?.id ?? '')).toEqual({
      ok: true,
    });
    expect(await isTold()).toBe(false);
  });

  test('is not a file of the citizen’s, nor a result that is still checked', async () => {
    await hand(link(), 'odd.pdf');
    await leave('away.pdf');
    expect(await isTold()).toBe(false);
  });
});

test('a refused file of the office is not the citizen’s to send again', async () => {
  await become('in_progress');
  await hand(agent, 'odd.pdf');
  await documents.pass();
  expect(await sent()).toEqual([]);
});
