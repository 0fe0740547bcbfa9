import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StaffViewer } from '../../src/lib/viewer.ts';
import { type Client, openClient, signedIn } from '../support/client.ts';
import { NURIA } from '../support/console.ts';
import { bookDocuments } from '../support/document-states.ts';
import { until } from '../support/processes.ts';
import type { Access } from '../support/server.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';

/**
 * Attackers who want to be the citizen of an appointment: the finder of a link, a colleague of another
 * desk, an official
 * alone, a companion in the call, the owner of the old address. Each tries by plain HTTP against a
 * running server, as a
 * short script would. Maria has booked by herself, and uploaded her identity card.
 */

const THIEFS = '699999999';

let town: Town;
let access: Access;
let papers: string;
let manage: string;
let maria: { id: string; desk: number; phone: string; email: string };
let nth = 0;

beforeAll(async () => {
  town = await openTown({ clock: MORNING });
  access = await town.server.access();
}, 200_000);
afterAll(() => town?.[Symbol.asyncDispose]());

beforeEach(async () => {
  nth++;
  const phone = `612 345 ${String(700 + nth)}`;
  papers = await bookDocuments(town.origin, phone, `maria${nth}@example.cat`);
  manage = papers.replace('/documents', '');
  const secret = manage.split('/').at(-1) ?? '';
  const found = await town.operate(({ appointments }) => appointments.bySecret(secret));
  maria = {
    id: found!.id,
    desk: found!.desk,
    phone: found!.citizen.phone ?? '',
    email: found!.citizen.email ?? '',
  };
});

/** Maria hands over her identity card, by her link. */
async function handOver(): Promise<void> {
  const form = new FormData();
  form.set('file', new File(['Maria Puig\n'], 'DNI.txt', { type: 'text/plain' }));
  await fetch(`${town.origin}${papers}?for=identitat`, { method: 'POST', body: form });
  await until('the document was checked', () =>
    town.look(async (tx) => {
      const query = tx
        .selectFrom('document')
        .select('state')
        .where('appointment_id', '=', maria.id);
      const found = await query.execute();
      return found.length > 0 && found.every(({ state }) => state === 'clean');
    }),
  );
}

const stranger = () => openClient(town.origin, 'ca');
/** Returns the messages to an address with this end, the newest last. */
const sentTo = async (end: string) =>
  (await town.server.outbox()).filter((each) => each.to.endsWith(end));
/** Asks for a code by the link, in a browser of their own. Answers where it went: the end of each address. */
async function codeGoesTo(link = papers): Promise<string[]> {
  const before = (await town.server.outbox()).length;
  const page = await stranger().post(`${link}/code`, { next: 'documents' });
  if (!page.html.includes('name="code"')) return [];
  const sent = await until('the code has come', async () => {
    const all = (await town.server.outbox()).slice(before);
    const codes = all.filter((each) => /^(El codi|Codi)/.test(each.subject || each.text));
    return codes.length > 0 && codes;
  });
  return sent.map((each) => each.to);
}
const theirs = () =>
  town.operate(({ appointments, offices }) =>
    offices.find('oac').then((office) => appointments.byId(office!, maria.id)),
  );
const trail = (action: string) =>
  town.look(async (tx) => {
    const rows = await tx
      .selectFrom('audit')
      .select(['actor', 'data'])
      .where('appointment_id', '=', maria.id)
      .where('action', '=', action)
      .execute();
    return rows.map(({ actor, data }) => ({ actor, data }));
  });

describe('the finder of a link', () => {
  test('can’t enter a telephone of their own on any page, once there are documents', async () => {
    await handOver();
    const thief = stranger();
    const person = { name: 'Maria Puig', phone: THIEFS, email: maria.email };
    const contact = await thief.post(`${manage}/contact`, person);
    expect(contact.path).toContain('/documents/code');
    const change = await thief.post(`${manage}/change?channel=video`, { ...person, start: 'x' });
    expect(change.html).not.toContain(THIEFS);
    expect((await theirs())?.citizen.phone).toBe(maria.phone);
    expect(await sentTo(THIEFS)).toEqual([]);
  });

  test('gets no code at a telephone entered before, and Maria gets a notice and stops it', async () => {
    const person = { name: 'Maria Puig', phone: THIEFS, email: maria.email };
    await stranger().post(`${manage}/contact`, person);
    await handOver();
    expect(await codeGoesTo()).toEqual([maria.email]);

    const warned = await until('Maria was told', async () =>
      (await sentTo(maria.phone)).find((each) => each.text.includes('/n/')),
    );
    expect(warned.text).not.toContain('/appointment/');
    const short = new URL(/https?:\S+\/n\/[\w.-]+/.exec(warned.text)?.[0] ?? '').pathname;
    const { path } = await stranger().get(short);
    const answered = await stranger().post(path, {});
    expect(answered.html).toContain('ho hem aturat');
    const again = await stranger().get(manage);
    expect(again.html).toContain('encara no hi enviem codis');
  });
});

describe('a colleague of another desk', () => {
  test('changes the telephone, prints the link, and reads nothing', async () => {
    await handOver();
    const colleague = await signedInElsewhere();
    const page = `/console/oac/appointment/${maria.id}`;
    // The address only takes a form: it leads back to the card, without the documents.
    expect((await colleague.client.get(`${page}/documents`)).path).toBe(page);

    const person = { name: 'Maria Puig', phone: THIEFS, email: maria.email };
    const changed = await colleague.client.post(`${page}/contact`, person);
    expect(changed.path).toContain('done=contact');
    const printed = await colleague.client.get(`${page}/print`);
    expect(printed.html).toContain(manage);

    // In the browser of the console the link does nothing; in another the code goes elsewhere.
    const here = await colleague.client.post(`${papers}/code`, { next: 'documents' });
    expect(here.status).toBe(403);
    expect(await codeGoesTo()).toEqual([maria.email]);
    expect(
      (await colleague.client.post(`${page}/contact/vouch`, { address: 'phone' })).status,
    ).toBe(404);

    // Maria gets a notice at her previous number, and everything is recorded.
    const told = (await sentTo(maria.phone)).filter((each) => each.text.includes('/n/'));
    expect(told).toHaveLength(1);
    expect(await trail('contact_changed')).toMatchObject([{ actor: `staff:${colleague.id}` }]);
    expect(await trail('printed')).toMatchObject([{ actor: `staff:${colleague.id}` }]);
  });
});

describe('an official alone', () => {
  test('makes no evidence of a consent, neither by a code nor aloud', async () => {
    const nuria = await signedIn(town, access, NURIA);
    const page = `/console/oac/appointment/${maria.id}`;
    const act = `${page}/acts/${await prepareAct()}`;

    // They try the link that they print: the consent is noted, and the page confirms nothing without a code.
    await nuria.get(`${page}/print`);
    await nuria.post(act, { do: 'hear' });
    const thief = stranger();
    const asked = `${manage}/acts/${act.split('/').at(-1)}`;
    await thief.post(asked, { do: 'spoken' });
    expect((await nuria.post(asked, { do: 'spoken' })).status).toBe(403);

    // They try a code: none is sent any more for their own act.
    const sent = await nuria.post(act, { do: 'send' });
    expect(sent.html).toContain('un codi no provaria');
    await thief.post(asked, { do: 'send' });
    expect(await actStates()).toEqual(['prepared']);

    // They try a second person who heard it too. The sealed record names that person.
    const second = await signedIn(town, access, SECOND);
    const sealed = await second.post(act, { do: 'witness' });
    expect(sealed.status).toBe(200);
    expect(await actStates()).toEqual(['consented']);
    const [deed] = await trail('act_consented');
    expect(deed?.data).toMatchObject({
      method: 'witnessed',
      insiders: [await idOf(NURIA)].map((id) => `staff:${id}`),
    });
  });
});

describe('a companion in a call', () => {
  test('opens their own page with their link, and none of the appointment', async () => {
    const invited = await town.operate(async ({ appointments, companions, offices, slots }) => {
      const office = (await offices.find('oac'))!;
      const now = Temporal.Instant.from(MORNING);
      const days = { from: '2026-11-25', to: '2026-12-10' };
      const choice = { procedure: 'volant-padro', channel: 'video', language: 'ca' } as const;
      const found = await slots.search(office, choice, days);
      const start = found.ok
        ? found.slots.find((each) => Temporal.Instant.compare(each.start, now) > 0)?.start
        : null;
      const viewer = { kind: 'citizen', appointment: maria.id } as const;
      await appointments.move(viewer, office, maria.id, { start: start!, channel: 'video' });
      const made = await companions.invite(viewer, office.id, maria.id, {
        name: 'Nur',
        role: 'interpreter',
      });
      if (!made.ok) throw new Error(made.reason);
      return companions.secretOf(made.companion.id);
    });
    const nur = stranger();
    expect((await nur.get(`/ca/companion/${invited}`)).status).toBe(200);
    for (const page of ['', '/documents', '/documents/code', '/contact', '/change', '/cancel'])
      expect((await nur.get(`/ca/appointment/${invited}${page}`)).status).toBe(404);
    for (const page of ['/documents/code', '/contact', '/cancel'])
      expect((await nur.post(`/ca/companion/${invited}${page}`, {})).status).toBeGreaterThanOrEqual(
        404,
      );
  });
});

describe('the owner of the old address', () => {
  test('has a link that opens nothing, once Maria has another one', async () => {
    const person = { name: 'Maria Puig', phone: maria.phone, email: `maria${nth}@nova.example` };
    const mended = await stranger().post(`${manage}/contact`, person);
    expect(mended.status).toBe(200);
    expect((await stranger().get(manage)).status).toBe(404);
    const confirmation = await until('the new address was told', async () =>
      (await sentTo(`maria${nth}@nova.example`)).find((each) =>
        each.text.includes('/appointment/'),
      ),
    );
    const next = new URL(/https?:\S+\/appointment\/\w{22}/.exec(confirmation.text)?.[0] ?? '')
      .pathname;
    expect((await stranger().get(next)).status).toBe(200);
    // The message of before, as the mailbox has it, leads to the dead link.
    const old = (await sentTo(maria.email)).find((each) => each.text.includes(manage));
    expect(old).toBeDefined();
  });
});

/** Somebody who coordinates the office beside Núria. */
const SECOND = 'albert.serra@vilaclara.example';

const idOf = (email: string) =>
  town.look(async (tx) => {
    const query = tx.selectFrom('staff').select('id').where('email', '=', email);
    return (await query.executeTakeFirstOrThrow()).id;
  });

/** An agent of the office at a desk that is not Maria's. */
async function signedInElsewhere(): Promise<{ client: Client; id: number }> {
  const { email, id } = await town.look((tx) =>
    tx
      .selectFrom('staff_role as r')
      .innerJoin('staff as s', 's.id', 'r.staff_id')
      .innerJoin('office as b', 'b.id', 'r.office_id')
      .select(['s.email', 's.id'])
      .where('b.code', '=', 'oac')
      .where('r.role', '=', 'agent')
      .where('r.desk_id', '<>', maria.desk)
      .executeTakeFirstOrThrow(),
  );
  return { client: await signedIn(town, access, email), id };
}

/** Núria attends Maria, has checked who she is, and prepares an act. Answers its id. */
async function prepareAct(): Promise<string> {
  const staff = await idOf(NURIA);
  return town.operate(async ({ encounter, offices, consent }) => {
    const office = (await offices.find('oac'))!;
    const viewer: StaffViewer = {
      ...({ kind: 'staff', staff, name: 'Núria', office: office.id } as const),
      ...({ role: 'coordinator', desk: null } as const),
    };
    await encounter.start(viewer, office, maria.id, { anyway: true });
    const draft = { items: [], identityNote: 'DNI', notes: '', wrapUp: null, points: [] };
    await encounter.save(viewer, office, { appointment: maria.id }, 1, {
      ...draft,
      identity: 'shown',
    });
    const wanted = { template: 'volant', language: 'ca', details: '', documents: [] } as const;
    const made = await consent.prepare(viewer, office, maria.id, {
      ...wanted,
      mayBeAttended: true,
    });
    if (!made.ok) throw new Error(made.reason);
    return made.id;
  });
}

const actStates = () =>
  town.look(async (tx) => {
    const rows = await tx
      .selectFrom('act')
      .select('state')
      .where('appointment_id', '=', maria.id)
      .execute();
    return rows.map(({ state }) => state);
  });
