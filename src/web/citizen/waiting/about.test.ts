import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOffering } from '../../../features/booking/wait-list/service.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { APPLY, formOf, linkTo, PROCEDURE, publish } from '../cases/testing.ts';
import { faultsOf, type TestTown, testTown, WEDNESDAY } from '../testing.ts';

/* Whoever waits for an appointment about a case gets one that is about it: docs/adr/0108. */

const NINE = '2026-11-25T09:00:00+01:00';
const WISH = { part: 'any', 'day-day': '9', 'day-month': '12', 'day-year': '2026' };
let town: TestTown;
let people = 0;

beforeAll(async () => {
  town = await testTown();
  const questions = [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }];
  await publish(town, formOf({ steps: [{ id: 'qui', questions }] }));
});
afterAll(() => town.close());
beforeEach(() => town.clock.set(WEDNESDAY));

const person = () => {
  people++;
  const phone = `61000000${people}`;
  return {
    name: 'Anna Vila',
    phone,
    email: `anna-${people}@example.cat`,
    whom: 'self',
    anything: 'no',
  };
};

/** Makes offers, and returns the one on a page. */
async function offered(path: string): Promise<string> {
  town.clock.set(NINE);
  await createOffering({
    ...town.deps,
    database: town.database,
    key: installationKey(Buffer.alloc(32, 7)),
    unit: testUnit(town.database.kysely, town.clock),
  }).pass();
  const [, offer = ''] = /name="offer" value="([^"]+)"/.exec((await town.get(path)).html) ?? [];
  return offer;
}

const waitAt = (about: string) =>
  `/ca/oac/${PROCEDURE}/waiting?channel=phone&language=ca&about=${about}`;

test('an offer that somebody takes who waited about a case is an appointment about it', async () => {
  const { path } = await town.post(APPLY, {});
  const link = linkTo((await town.get(path)).html, /Demana una cita per parlar-ne/)!;
  const about = new URLSearchParams(link.split('#')[0]!.split('?')[1]).get('about') ?? '';
  const times = await town.get(
    `/ca/oac/${PROCEDURE}/times?channel=phone&language=ca&about=${about}`,
  );
  expect(times.html).toMatch(/href="[^"]*\/waiting\?[^"]*about=/);
  const page = await town.get(waitAt(about));
  expect(page.html).toContain('Demanes una cita sobre el teu expedient');
  expect(page.html).toMatch(/action="[^"]*about=/);
  expect(await faultsOf(page.html)).toEqual([]);
  const waiting = await town.submit(waitAt(about), { ...person(), ...WISH });
  const { html } = await town.get(waiting.path);
  const [, reference = ''] = /sobre el teu expedient ([A-Z0-9-]+)/.exec(html) ?? [];
  expect(reference).not.toBe('');
  expect(await faultsOf(html)).toEqual([]);
  const answer = { answer: 'accept', offer: await offered(waiting.path) };
  const confirmed = await town.submit(waiting.path, answer);
  const ending = (await town.get(confirmed.path)).html;
  expect(ending).toContain('Aquesta cita és sobre');
  expect(ending).toContain(reference);
  // A second press changes nothing, and the case knows the appointment.
  await town.submit(waiting.path, answer);
  expect((await town.get(path)).html).toContain('Demana una altra cita');
});

test('what is no case is waited for by nobody', async () => {
  const about = `${crypto.randomUUID()}.${'x'.repeat(32)}`;
  const { html } = await town.get(waitAt(about));
  expect(html).toContain('no es pot lligar al teu expedient');
  // Whoever identifies comes back to what they had chosen.
  const identify = linkTo(html, /Identifica’t/) ?? '';
  const back = new URL(identify, 'http://town').searchParams.get('next');
  expect(back).toBe(waitAt(about));
  const waiting = await town.submit(waitAt(about), { ...person(), ...WISH });
  const joined = await town.get(waiting.path);
  expect(joined.html).not.toContain('Quan tinguis hora');
  expect(joined.html).toContain('la cita no serà sobre el teu expedient');
  expect(await faultsOf(joined.html)).toEqual([]);
  const offer = await offered(waiting.path);
  const confirmed = await town.submit(waiting.path, { answer: 'accept', offer });
  expect((await town.get(confirmed.path)).html).not.toContain('Aquesta cita és sobre');
});
