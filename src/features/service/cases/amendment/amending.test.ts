import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { notices } from '../../../foundation/notices/feature.ts';
import { boundsOf } from '../../../foundation/retention/rules.ts';
import { seenOf } from '../rules.ts';
import {
  handedInTo,
  holderOf,
  noticesAbout,
  openCases,
  sampleForm,
  staffOf,
  stepTo,
  type TestCases,
} from '../testing.ts';
import type { AmendmentPoint } from '../types.ts';

// A Monday. Friday 12 February is a feast day, so ten working days end on Tuesday 16.
const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
let database: TestDatabase;
let town: TestCases;

beforeAll(async () => {
  database = await testDatabase();
  town = await openCases(database, clock);
});
afterAll(() => database.close());
beforeEach(() => clock.set(MORNING));

const POINTS: AmendmentPoint[] = [
  { question: 'local.rotul', text: 'Escriviu-lo com surt a la llicència.' },
  { question: null, text: 'Falta el plànol.' },
];
const nuria = () => staffOf(town.office, 'coordinator');

/** A case that is looked at, and how it is seen. */
async function inReview(answers = {}) {
  const id = await handedInTo(town, town.office, answers);
  await stepTo(town, nuria(), town.office, id, 'in-review');
  return id;
}

async function seen(id: string) {
  const opened = await town.cases.open(nuria(), town.office, id);
  return seenOf(opened!.case);
}

const ask = async (id: string, points: readonly AmendmentPoint[] = POINTS) =>
  town.cases.askToAmend(nuria(), town.office, id, { points, seen: await seen(id) });

describe('a request to amend', () => {
  test('is read by whoever handed it in, with ten working days, and leaves them told', async () => {
    const id = await inReview();
    const asked = await ask(id);
    expect(asked).toMatchObject({ ok: true, isTold: true });
    const [amendment] = (await town.cases.amendments(holderOf(id), town.office, id))!;
    expect(amendment).toMatchObject({ points: POINTS, extended: null, closedAt: null });
    expect(String(amendment?.until)).toBe('2027-02-16');
    const [notice] = await noticesAbout(town, town.office, id);
    expect(notice).toMatchObject({ kind: 'case', channel: 'email', recipient: 'rosa@example.cat' });
    // Nothing personal: neither a name, nor what it is about, nor what is asked.
    expect(JSON.stringify(notice?.facts)).not.toMatch(/Rosa|llicència|volant-padro/);
  });

  test('leaves an address with its notice for as long as contact data are kept', async () => {
    const id = await inReview();
    await ask(id);
    const forget = (days: number) =>
      within(town.db, town.office.id, (tx) => {
        const now = clock.now().add({ hours: 24 * days });
        const ended = boundsOf(town.office.settings, now);
        return notices.forget!.due!({ tx, office: town.office.id, now, ended });
      });
    await forget(29);
    expect(await noticesAbout(town, town.office, id)).toMatchObject([
      { recipient: 'rosa@example.cat' },
    ]);
    await forget(31);
    expect(await noticesAbout(town, town.office, id)).toMatchObject([{ recipient: '' }]);
  });

  test('says when there is no address to tell anybody', async () => {
    const id = await inReview({ 'qui.correu': undefined });
    expect(await ask(id)).toMatchObject({ ok: true, isTold: false });
  });

  test('is of questions of the form, each with words and once', async () => {
    const id = await inReview();
    for (const points of [
      [],
      [{ question: 'local.rotul', text: '  ' }],
      [{ question: 'local.altre', text: 'No hi és.' }],
      [POINTS[0]!, POINTS[0]!],
      [{ question: null, text: 'x'.repeat(1001) }],
    ])
      expect(await ask(id, points)).toEqual({ ok: false, reason: 'invalid' });
    expect(
      await ask(id, [{ question: 'declarations.veritat', text: 'Cal declarar-ho.' }]),
    ).toMatchObject({
      ok: true,
    });
  });

  test('is refused to whoever saw another state of the case, and changes nothing', async () => {
    const id = await inReview();
    const before = await seen(id);
    await ask(id);
    const second = await town.cases.askToAmend(nuria(), town.office, id, {
      points: POINTS,
      seen: before,
    });
    expect(second).toEqual({ ok: false, reason: 'changed' });
    expect(await town.cases.amendments(nuria(), town.office, id)).toHaveLength(1);
  });

  test('belongs to the office’s own staff', async () => {
    const id = await inReview();
    const stamp = await seen(id);
    const of = { points: POINTS, seen: stamp };
    for (const viewer of [
      staffOf(town.elsewhere, 'coordinator'),
      { ...staffOf(town.office, 'agent', 7), office: town.elsewhere.id },
    ]) {
      const asked = await town.cases.askToAmend(viewer, town.office, id, of);
      expect(asked).toEqual({ ok: false, reason: 'not_found' });
      expect(await town.cases.amendments(viewer, town.office, id)).toBeNull();
    }
    expect(await town.cases.amendments(holderOf('another'), town.office, id)).toBeNull();
  });

  test('ends when the case goes on, and a second one can follow', async () => {
    const id = await inReview();
    await ask(id);
    clock.advance({ hours: 24 });
    expect(await stepTo(town, holderOf(id), town.office, id, 'in-review')).toEqual({ ok: true });
    const [first] = (await town.cases.amendments(nuria(), town.office, id))!;
    expect(first?.closedAt?.equals(clock.now())).toBe(true);
    clock.advance({ hours: 24 });
    expect(await ask(id)).toMatchObject({ ok: true });
    const all = (await town.cases.amendments(nuria(), town.office, id))!;
    expect(all.map(({ closedAt }) => closedAt === null)).toEqual([true, false]);
  });
});

describe('more time to amend', () => {
  const extend = async (id: string, workingDays: number, reason = 'Han demanat el plànol.') =>
    town.cases.extend(nuria(), town.office, id, { workingDays, reason, seen: await seen(id) });

  test('is half of the term at most, once, for a reason', async () => {
    const id = await inReview();
    await ask(id);
    expect(await extend(id, 6)).toEqual({ ok: false, reason: 'invalid' });
    expect(await extend(id, 0)).toEqual({ ok: false, reason: 'invalid' });
    expect(await extend(id, 5, '  ')).toEqual({ ok: false, reason: 'invalid' });
    const done = await extend(id, 5);
    expect(done).toMatchObject({ ok: true });
    const [amendment] = (await town.cases.amendments(holderOf(id), town.office, id))!;
    expect(String(amendment?.until)).toBe('2027-02-23');
    expect(amendment?.extended?.reason).toBe('Han demanat el plànol.');
    expect(await extend(id, 1)).toEqual({ ok: false, reason: 'not_allowed' });
    expect(await noticesAbout(town, town.office, id)).toHaveLength(2);
  });

  test('comes before the term has ended, and puts the lapse off', async () => {
    const id = await inReview();
    await ask(id);
    await extend(id, 5);
    clock.set('2027-02-17T09:00:00+01:00');
    await town.cases.passDeadlines();
    expect((await town.cases.open(nuria(), town.office, id))?.case.state).toBe('to-amend');
    clock.set('2027-02-24T09:00:00+01:00');
    expect(await extend(id, 1)).toEqual({ ok: false, reason: 'not_allowed' });
    await town.cases.passDeadlines();
    expect((await town.cases.open(nuria(), town.office, id))?.case.state).toBe('lapsed');
  });

  test('is not there without a request', async () => {
    const id = await inReview();
    expect(await extend(id, 5)).toEqual({ ok: false, reason: 'not_allowed' });
  });
});

test('a form whose table has no term to amend is asked nothing', async () => {
  const transitions = [
    { from: 'registered', to: 'granted', who: 'office' },
    { from: 'registered', to: 'refused', who: 'office' },
  ];
  await town.publish(sampleForm({ states: { transitions } }));
  const id = await handedInTo(town, town.office);
  expect(await ask(id)).toEqual({ ok: false, reason: 'not_allowed' });
});
