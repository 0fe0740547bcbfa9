import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { createEncounter } from '../../../features/service/encounter/service.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  bookThrough,
  faultsOf,
  MARIA,
  type TestTown,
  TIMES,
  testTown,
  WEDNESDAY,
} from '../testing.ts';

let town: TestTown;
let office: Office;
let encounter: ReturnType<typeof createEncounter>;
let nth = 0;

beforeAll(async () => {
  town = await testTown();
  const { kysely: db } = town.database;
  const unit = testUnit(db, town.clock);
  const staff = { namesOf: async () => new Map<number, string>() };
  encounter = createEncounter({ db, clock: town.clock, staff, unit });
});
afterAll(() => town.close());

const VIDEO = TIMES.replace('phone', 'video');
const IN_PERSON = '/ca/oac/cens-electoral/times?channel=in_person.centre&language=ca';

async function booked(times = TIMES): Promise<{ page: string; appointment: Appointment }> {
  town.clock.set(WEDNESDAY);
  const person = { ...MARIA, name: 'Mercè Puig', email: `merce-${++nth}@example.cat` };
  const { manage } = await bookThrough(town, person, { times });
  const secret = manage.split('/').at(-1) ?? '';
  const found = await town.deps.appointments.bySecret(secret);
  if (!found) throw new Error('not booked');
  office = await town.deps.offices.byId(found.office);
  town.clock.set(found.start.toString());
  return { page: manage, appointment: found };
}

const agentOf = ({ office: of, desk }: Appointment): StaffViewer => ({
  ...{ kind: 'staff', staff: 1, name: 'Núria Vidal', office: of, role: 'agent', desk },
});

/** Attends an appointment: what was done is a certificate and a query that the agent words freely. */
async function attend(appointment: Appointment, while_: () => Promise<void> = async () => {}) {
  const agent = agentOf(appointment);
  const { id } = appointment;
  expect(await encounter.start(agent, office, id, { anyway: true })).toEqual({ ok: true });
  await while_();
  const item = { query: null, label: '', outcome: office.settings.outcomes[0]?.code ?? '' };
  const draft = {
    items: [
      { ...item, kind: 'procedure' as const, procedure: appointment.procedure },
      { ...item, kind: 'query' as const, procedure: null, label: 'Sospita de frau' },
    ],
    identity: 'questions' as const,
    identityNote: '',
    notes: 'Nota interna',
    wrapUp: office.settings.wrapUpCodes[0]?.code ?? null,
    points: [],
  };
  const how = { anyway: true };
  const closed = await encounter.close(agent, office, { appointment: id }, 1, draft, how);
  expect(closed).toMatchObject({ ok: true });
}

/** Whatever belongs to a call that could still begin. */
const LIVE = ['/room"', '/device"', '/companions"', '/change"', '/cancel"', 'Sala d’espera'];

describe('after the encounter', () => {
  test('the page thanks by name, and says what was done without the agent’s own words', async () => {
    const { page, appointment } = await booked(VIDEO);
    await attend(appointment);
    const { html } = await town.get(page);
    expect(html).toContain('Ja està. Gràcies, Mercè</h1>');
    expect(html).toContain('Volant de padró');
    expect(html).toContain('Una consulta');
    expect(html).not.toContain('Sospita de frau');
    expect(html).not.toContain('Nota interna');
    for (const each of LIVE) expect(html).not.toContain(each);
    expect(html).toContain(`${page}/survey`);
    for (const language of LANGUAGES)
      expect(await faultsOf((await town.get(page.replace('/ca/', `/${language}/`))).html)).toEqual(
        [],
      );
  });

  test('the room leads to it', async () => {
    const { page, appointment } = await booked(VIDEO);
    expect((await town.get(`${page}/room`)).html).toContain(`data-ending="${page}"`);
    await attend(appointment);
    expect(await town.get(`${page}/room`)).toMatchObject({ status: 303, path: page });
  });

  test('what there is to fetch comes first, until it was fetched; nothing is missing any more', async () => {
    const { page, appointment } = await booked();
    const { documents } = town.deps;
    const paper = { kind: 'outbox', requested: null, name: 'volant.pdf' } as const;
    const keep = () =>
      documents.keep(
        agentOf(appointment),
        office,
        appointment.id,
        { ...paper, type: 'application/pdf' },
        randomBytes(9),
      );
    await attend(appointment, async () => {
      await keep();
      await keep();
    });
    expect((await town.get(page)).html).toContain('T’hem preparat 2 documents');
    await documents.pass();
    const lit = (await town.get(page)).html;
    expect(lit).toContain('Tens 2 documents per recollir');
    expect(lit.indexOf('id="fetch"')).toBeLessThan(lit.indexOf('id="done-items"'));
    const [first] = (await documents.list(agentOf(appointment), office, appointment.id)) ?? [];
    await documents.open(provedCitizen(appointment.id), office, appointment.id, first?.id ?? '');
    expect((await town.get(page)).html).toContain('Tens un document per recollir');
    expect((await town.get(`${page}/documents`)).html).not.toContain('Falta');
  });

  test('a file that the check refused is told there too', async () => {
    const { page, appointment } = await booked();
    const paper = { kind: 'inbox', requested: null, type: 'application/pdf' } as const;
    const viewer = { kind: 'citizen', appointment: appointment.id } as const;
    const keep = (name: string) =>
      town.deps.documents.keep(viewer, office, appointment.id, { ...paper, name }, randomBytes(9));
    await keep('odd.pdf');
    await attend(appointment);
    await town.deps.documents.pass();
    expect((await town.get(page)).html).toContain('Un fitxer que has enviat no ens serveix');
    town.clock.advance({ minutes: 1 });
    await keep('good.pdf');
    expect((await town.get(page)).html).not.toContain('Un fitxer que has enviat no ens serveix');
  });
});

describe('each channel has its own words', () => {
  test.each([
    [TIMES, 'T’hem trucat i no t’hem trobat'],
    [VIDEO, 'T’hem esperat a la videotrucada'],
    [IN_PERSON, 'T’hem esperat i no has vingut'],
  ])('where nobody came: %s', async (times, words) => {
    const { page, appointment } = await booked(times);
    await missed(appointment);
    const { html } = await town.get(page);
    expect(html).toContain(words);
    for (const each of LIVE) expect(html).not.toContain(each);
    expect(await faultsOf(html)).toEqual([]);
  });

  test.each([
    [TIMES, 'No et trucarem'],
    [VIDEO, 'Ja no cal que et connectis'],
    [IN_PERSON, 'Ja no t’esperem'],
  ])('where it was cancelled: %s', async (times, words) => {
    const { page } = await booked(times);
    town.clock.set(WEDNESDAY);
    await town.post(`${page}/cancel`, {});
    const { html } = await town.get(page);
    expect(html).toContain(words);
    expect(html).toContain('Ens dius per què?');
    for (const each of LIVE) expect(html).not.toContain(each);
    expect(await faultsOf(html)).toEqual([]);
  });
});

/** Ends an appointment as one to which nobody came. */
async function missed({ id }: Appointment) {
  await town.database.pool.query(
    `begin; select set_config('app.office', '*', true); update appointment set status = 'noshow' where id = '${id}'; commit;`,
  );
}
