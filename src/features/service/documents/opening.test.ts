import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import type { StaffViewer, Viewer } from '../../../lib/viewer.ts';
import { provedCitizen } from '../../booking/proof/testing.ts';
import { testSpace } from './testing.ts';
import { countToFetch } from './views.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
const { database, office, renew } = await testSpace(clock, { desks: { 'taula-1': {} } });
afterAll(() => database.close());

test('repeated openings by one viewer are recorded once; later ones, and those of another viewer, again', async () => {
  const { documents, appointment } = await renew();
  const staff = (id: number): StaffViewer => ({
    ...{ kind: 'staff', staff: id, name: '', office: office.id, role: 'agent' },
    desk: appointment.desk,
  });
  const give = async (name: string) => {
    const result = { kind: 'outbox', requested: null, name, type: 'application/pdf' } as const;
    const at = [staff(1), office, appointment.id] as const;
    const kept = await documents.keep(...at, result, randomBytes(100));
    if (!kept.ok || !('id' in kept)) throw new Error('not kept');
    return kept.id;
  };
  const [one, other] = [await give('u.pdf'), await give('altre.pdf')];
  await documents.pass();
  const openedBy = async (viewer: Viewer, id = one) => {
    expect(await documents.open(viewer, office, appointment.id, id)).not.toBeNull();
    return (await documents.seen(staff(1), office, appointment.id))?.length;
  };

  expect(await openedBy(staff(1))).toBe(1);
  clock.advance({ minutes: 9, seconds: 59 });
  expect(await openedBy(staff(1))).toBe(1);
  expect(await openedBy(staff(1), other)).toBe(2);
  expect(await openedBy(provedCitizen(appointment.id))).toBe(3);
  expect(await openedBy(staff(2))).toBe(4);
  clock.advance({ seconds: 1 });
  expect(await openedBy(staff(1))).toBe(5);

  const trail = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'data'])
      .where('action', '=', 'document_opened')
      .orderBy('id')
      .execute(),
  );
  expect(trail.map(({ actor, data }) => [actor, data.document])).toEqual([
    ...[
      ['staff:1', one],
      ['staff:1', other],
    ],
    ...[
      ['citizen', one],
      ['staff:2', one],
      ['staff:1', one],
    ],
  ]);
});

test('the room counts the results that the citizen has not opened, and not what others opened', async () => {
  const { documents, appointment } = await renew();
  const staff: StaffViewer = {
    ...{ kind: 'staff', staff: 1, name: '', office: office.id, role: 'agent' },
    desk: appointment.desk,
  };
  const keep = async (name: string, viewer: Viewer = staff) => {
    const kind = viewer.kind === 'staff' ? 'outbox' : 'inbox';
    const paper = { kind, requested: null, name, type: 'application/pdf' } as const;
    const kept = await documents.keep(viewer, office, appointment.id, paper, randomBytes(100));
    if (!kept.ok || !('id' in kept)) throw new Error('not kept');
    return kept.id;
  };
  const count = () =>
    within(
      database.kysely,
      office.id,
      async (tx) => (await countToFetch(tx, [appointment.id])).get(appointment.id) ?? 0,
    );
  const one = await keep('un.pdf');
  await keep('dos.pdf');
  await keep('virus.pdf');
  await keep('meu.pdf', { kind: 'citizen', appointment: appointment.id });
  expect(await count()).toBe(0); // the check hasn't looked at them
  await documents.pass();
  expect(await count()).toBe(2);
  await documents.open(staff, office, appointment.id, one);
  expect(await count()).toBe(2);
  await documents.open(provedCitizen(appointment.id), office, appointment.id, one);
  expect(await count()).toBe(1);
});
