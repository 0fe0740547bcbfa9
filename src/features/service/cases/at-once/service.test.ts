import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nifIn } from '../../../../domain/identity.ts';
import type { Resident } from '../../../../domain/residence/resident.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { pdfText } from '../../../../lib/testing/pdf.ts';
import type { ApplicantViewer, StaffViewer } from '../../../../lib/viewer.ts';
import { identifiedPerson } from '../../../foundation/identification/testing.ts';
import { createResidents, type Residents } from '../../../foundation/residents/service.ts';
import { testIssuing } from '../../consent/testing.ts';
import type { CaseDesk } from '../desk/service.ts';
import { openDesk } from '../desk/testing.ts';
import { noticesAbout, sampleForm, staffOf, type TestCases } from '../testing.ts';
import { type AtOnce, createAtOnce } from './service.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
const ROSA = '12345678Z';
let database: TestDatabase;
let town: TestCases;
let desk: CaseDesk;
let nuria: StaffViewer;
let residents: Residents;
let atOnce: AtOnce;
let isSealAway = false;
/** What happens while the document is drawn. */
let meanwhile: () => Promise<unknown> = async () => {};
const logged: string[] = [];

const AT_ONCE = {
  identity: 'substantial',
  atOnce: {
    issues: 'residence',
    when: { '!=': [{ var: 'local.rotul' }, 'signat'] },
    household: { '==': [{ var: 'local.rotul' }, 'tots'] },
  },
};

beforeAll(async () => {
  database = await testDatabase();
  ({ town, desk, nuria } = await openDesk(database, clock));
  residents = createResidents(town);
  const issuing = testIssuing(town.offices, clock);
  atOnce = createAtOnce({
    ...town,
    residents,
    log: { error: (_, message) => logged.push(message) },
    issuing: {
      issue: async (document) => {
        if (isSealAway) throw new Error('The seal is away');
        await meanwhile();
        return issuing.issue(document);
      },
    },
  });
  await town.publish(sampleForm(AT_ONCE));
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(MORNING);
  isSealAway = false;
  meanwhile = async () => {};
  await bring(resident('Rosa', { id: nifIn(ROSA) }), resident('Nil', { born: null }));
});

const resident = (given: string, change: Partial<Resident> = {}): Resident => ({
  id: null,
  given,
  family: 'Soler',
  born: Temporal.PlainDate.from('1948-03-02'),
  dwelling: 'a',
  address: 'Carrer Major, 12',
  place: '08999 Vilaclara',
  since: Temporal.PlainDate.from('1971-06-01'),
  isProtected: false,
  ...change,
});
const bring = (...all: Resident[]) =>
  residents.bring(
    async function* () {
      yield* all;
    },
    { asOf: Temporal.PlainDate.from('2027-01-31'), anyway: true },
  );

/** Hands a case in as Rosa, or whoever has this identifier. */
async function handedIn(rotul = 'jo', identifier = ROSA): Promise<string> {
  const { cases, office, db, key } = town;
  const person = await identifiedPerson(db, key, identifier, clock.now());
  const as = (id: string): ApplicantViewer => ({
    kind: 'applicant',
    case: id,
    identified: { ...person, level: 'substantial' },
  });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(as(''), office, what))!;
  const answers = {
    'qui.nom': 'Qui sigui',
    'qui.correu': 'rosa@example.cat',
    'local.rotul': rotul,
  };
  await cases.answer(as(id), office, id, answers);
  const done = await cases.handIn(as(id), office, id);
  if (!done.ok) throw new Error(done.reason);
  return id;
}

const work = async (id: string) =>
  (await desk.work(staffOf(town.office, 'coordinator'), town.office, id))!;
const standing = async (id: string) => {
  const { case: of, obstacle } = (await work(id)).opened;
  return { atOnce: of.atOnce, state: of.state, ...(obstacle && { obstacle }) };
};
const exitsOf = (id: string) =>
  within(town.db, town.office.id, (tx) =>
    tx
      .selectFrom('registry_entry')
      .select('content')
      .where('direction', '=', 'exit')
      .where('about', '=', `case ${id} decision`)
      .execute(),
  );
const documentOf = async (id: string) => {
  const viewer = staffOf(town.office, 'coordinator');
  return (await desk.decisionFile(viewer, town.office, id))!;
};

const textOf = async (bytes: Buffer) => (await pdfText(bytes)).text.replaceAll(/\s+/g, ' ');

describe('a residence certificate', () => {
  test('is issued at once: the document, its code, its entry, the state and the notice', async () => {
    const id = await handedIn();
    expect(await standing(id)).toEqual({ atOnce: 'due', state: 'registered' });
    await atOnce.answer(town.office, id);
    expect(await standing(id)).toEqual({ atOnce: 'issued', state: 'granted' });
    const { bytes, code } = await documentOf(id);
    const text = await textOf(bytes);
    expect(text).toContain('Rosa Soler');
    expect(text).toContain(ROSA);
    expect(text).toContain('Carrer Major, 12, 08999 Vilaclara');
    expect(text).toContain('31 de gener del 2027');
    expect(text).toContain('Data de naixement: 2/3/1948');
    expect(text).not.toContain('Nil');
    expect(await desk.verify(code)).toMatchObject({ office: town.office.id });
    expect(await exitsOf(id)).toEqual([{ content: createHash('sha256').update(bytes).digest() }]);
    expect((await noticesAbout(town, town.office, id)).map(({ facts }) => facts)).toMatchObject([
      { news: 'decided' },
    ]);
  });

  test('of the household has everybody in the dwelling', async () => {
    const id = await handedIn('tots');
    await atOnce.answer(town.office, id);
    expect(await textOf((await documentOf(id)).bytes)).toContain('Nil Soler');
  });

  test('that the rule leaves to an official is not looked up', async () => {
    const id = await handedIn('signat');
    await atOnce.answer(town.office, id);
    expect(await standing(id)).toEqual({ atOnce: null, state: 'registered' });
    expect(await looksFor(id)).toBe(0);
  });

  test('that is not certain goes to an official with the reason, and stays there', async () => {
    const id = await handedIn('jo', 'X0000000T');
    await atOnce.answer(town.office, id);
    await bring(resident('Rosa', { id: nifIn('X0000000T') }));
    await atOnce.answerDue();
    const left = { atOnce: 'left', state: 'registered', obstacle: 'unknown' };
    expect(await standing(id)).toEqual(left);
    const { events, decision } = await work(id);
    // Why it was left is sealed: it tells how somebody lives.
    expect(events.at(-1)).toMatchObject({ kind: 'not_at_once', data: {} });
    expect(decision).toBeNull();
    expect(await exitsOf(id)).toEqual([]);
  });

  test('is made from the identification, whatever was typed', async () => {
    await bring(resident('Maria', { id: nifIn(ROSA) }));
    const id = await handedIn();
    await atOnce.answer(town.office, id);
    expect(await standing(id)).toMatchObject({ atOnce: 'left', obstacle: 'name_differs' });
  });

  test('that could not be sealed stays due, and the job issues it', async () => {
    const id = await handedIn();
    isSealAway = true;
    await atOnce.answer(town.office, id);
    expect(logged.at(-1)).toMatch(/not answered at once/);
    expect((await standing(id)).atOnce).toBe('due');
    await expect(atOnce.answerDue()).rejects.toThrow(/not answered/);
    isSealAway = false;
    await atOnce.answerDue();
    expect((await standing(id)).atOnce).toBe('issued');
    expect(await exitsOf(id)).toHaveLength(1);
  });

  test('that could not be made for an hour is left to an official', async () => {
    const id = await handedIn();
    isSealAway = true;
    clock.advance({ minutes: 3 });
    await atOnce.answerDue(); // not tried in this minute
    clock.advance({ minutes: 57 });
    await expect(atOnce.answerDue()).rejects.toThrow(/not answered/);
    expect(await standing(id)).toMatchObject({ atOnce: 'left', obstacle: 'failed' });
    isSealAway = false;
    await atOnce.answerDue();
    expect((await standing(id)).state).toBe('registered');
    expect(await looksFor(id)).toBe(1);
  });

  test('is issued once, though the page and the job do it at the same time', async () => {
    const id = await handedIn();
    meanwhile = () => {
      meanwhile = async () => {};
      return atOnce.answerDue();
    };
    await atOnce.answer(town.office, id);
    expect((await standing(id)).atOnce).toBe('issued');
    expect(await exitsOf(id)).toHaveLength(1);
  });

  test('is left to the official who took the case meanwhile', async () => {
    const id = await handedIn();
    const viewer = staffOf(town.office, 'coordinator');
    meanwhile = async () => {
      const { seen } = await work(id);
      await desk.give(viewer, town.office, id, { assignee: nuria.staff, seen });
    };
    await atOnce.answer(town.office, id);
    await atOnce.answerDue();
    expect(await standing(id)).toEqual({ atOnce: null, state: 'registered' });
    expect(await exitsOf(id)).toEqual([]);
  });

  test('is left to the official who took the case to another state meanwhile', async () => {
    const id = await handedIn();
    const viewer = staffOf(town.office, 'coordinator');
    meanwhile = async () => {
      const { seen } = await work(id);
      await desk.step(viewer, town.office, id, { to: 'in-review', seen });
    };
    await atOnce.answer(town.office, id);
    await atOnce.answerDue();
    expect(await standing(id)).toEqual({ atOnce: null, state: 'in-review' });
    expect(await exitsOf(id)).toEqual([]);
  });

  test('is looked up on the trail before anything is read', async () => {
    const id = await handedIn();
    await atOnce.answer(town.office, id);
    expect(await looksFor(id)).toBe(1);
  });
});

const looksFor = async (id: string): Promise<number> => {
  const rows = await within(town.db, town.office.id, (tx) =>
    tx.selectFrom('audit').select('data').where('action', '=', 'residents_read').execute(),
  );
  return rows.filter(({ data }) => (data as { case?: string }).case === id).length;
};
