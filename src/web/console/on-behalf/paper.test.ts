import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { NoticeFacts } from '../../../features/foundation/notices/types.ts';
import type { AskedAct } from '../../../features/service/cases/service.ts';
import type { Unbooked } from '../../../features/service/cases/unbooked/service.ts';
import { paperCode } from '../../../features/service/consent/paper/rules.ts';
import { paperOf } from '../../../features/service/consent/service.ts';
import type { EncounterDraft } from '../../../features/service/encounter/types.ts';
import { within } from '../../../lib/db/database.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import type { ApplicantViewer, StaffViewer } from '../../../lib/viewer.ts';
import { identified } from '../../testing/identification.ts';
import { openWorld, staffOf, type World } from '../../testing/recorded/world.ts';

/* A consent that is signed on paper at the counter, and a person who shows a passport: docs/adr/0106. */

let world: World;
let office: Office;
let colleague: StaffViewer;
let keys = 0;

beforeAll(async () => {
  world = await openWorld();
  office = await world.office();
  colleague = world.staff('coordinator', {
    staff: await staffOf(world.house, 'nuria.roca@vilaclara.example'),
    name: 'Núria',
  });
  const form = formSchema.parse({
    procedure: 'volant-padro',
    identity: 'low',
    steps: [
      {
        id: 'qui',
        questions: [
          { id: 'nom', type: 'text', label: { ca: 'Nom' }, required: true },
          {
            ...{ id: 'correu', type: 'email', label: { ca: 'Correu' }, required: false },
            from: 'contact.email',
          },
          {
            ...{ id: 'nif', type: 'nif', label: { ca: 'DNI' }, required: false },
            ...{ from: 'identity.nif', accept: ['dni', 'nie'] },
          },
        ],
      },
    ],
    declarations: [{ id: 'veritat', text: { ca: 'És cert.' } }],
  });
  await world.context.forms.publish({ kind: 'system', why: 'operator' }, office, form);
}, 120_000);
afterAll(() => world.close());

const ASKED: AskedAct = {
  ...{ seen: 1, template: 'formulari', language: 'ca', name: 'Rosa Soler Puig' },
  ...{ nif: '12345678Z', document: 'nif', country: '' },
  ...{ declared: ['veritat'], mayBeAttended: true },
};

/** A form that Marta has filled in with somebody who came without an appointment, and whose document she saw. */
async function filledIn(channel: Channel = 'in_person', answers: object = {}) {
  const { serving, cases, encounter } = world.context;
  keys++;
  const who: Unbooked = {
    ...{ procedure: 'volant-padro', channel, site: null, language: 'ca', noticeLanguage: 'ca' },
    ...{ onBehalfOf: null, needs: [], interpreter: null, comment: '' },
    citizen: { name: 'Rosa Soler', phone: null, email: null },
  };
  const how = { key: `paper-${keys}`, withForm: true };
  const done = await serving.serveUnbooked(world.staff(), office, who, how);
  if (!done.ok || !done.case) throw new Error('not served');
  await cases.answer(world.staff(), office, done.case, {
    'qui.nom': 'Rosa Soler Puig',
    ...answers,
  });
  const of = (await world.context.appointments.byId(office, done.appointment))!;
  const draft: EncounterDraft = {
    ...{ items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null, points: [] },
  };
  const saved = await encounter.save(world.staff(), office, { appointment: of.id }, 1, draft);
  if (!saved.ok) throw new Error(saved.reason);
  return { id: done.case, of };
}

const ask = (id: string, more: Partial<AskedAct> = {}) =>
  world.context.casesByAct.prepareAct(world.staff(), office, id, { ...ASKED, ...more });

async function asked(channel?: 'phone') {
  const made = await filledIn(channel);
  const done = await ask(made.id);
  if (!done.ok) throw new Error(JSON.stringify(done));
  const seen = await read(made.of, done.act);
  return { ...made, act: done.act, hash: seen.hash!, record: seen.record! };
}

const read = async (of: Appointment, act: string) =>
  (await world.context.consent.read(world.staff(), office, of.id, act))!;

const sign = (
  on: { of: Appointment; act: string; hash: string },
  given: object = {},
  viewer: StaffViewer = world.staff(),
) =>
  world.context.consent.consentOnPaper(viewer, office, on.of.id, on.act, {
    ...{ code: paperCode(on.hash), scan: '', place: 'Arxivador 3, núm. 12' },
    ...given,
  });

const seen = ({ of, act, hash }: { of: Appointment; act: string; hash: string }) =>
  world.context.consent.witnessPaper(colleague, office, of.id, act, paperCode(hash));

async function scanned(of: Appointment, viewer = world.staff()): Promise<string> {
  const { documents } = world.context;
  const scan = {
    kind: 'evidence',
    requested: null,
    name: 'signat.txt',
    type: 'text/plain',
  } as const;
  const kept = await documents.keep(viewer, office, of.id, scan, Buffer.from('signed\n'));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  return kept.id;
}

/** Hands a form in as a person who identifies, with this address. */
async function handedInAlone(identifier: string, email: string): Promise<void> {
  const { context } = world;
  const identification = await identified(context, identifier);
  const person = await context.identification.named({ scheme: 'dni', country: 'ES', identifier });
  const as = (id: string): ApplicantViewer => ({
    kind: 'applicant',
    case: id,
    identified: { person, identification, level: 'substantial' },
  });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await context.cases.begin(as(''), office, what))!;
  const answers = { 'qui.nom': 'Rosa', 'qui.correu': email, 'declarations.veritat': true };
  await context.cases.answer(as(id), office, id, answers);
  const done = await context.cases.handIn(as(id), office, id);
  if (!done.ok) throw new Error(JSON.stringify(done));
}

/** Returns the addresses that were told that an official handed in something for them. */
const told = () =>
  within(world.house.database.kysely, office.id, async (tx) => {
    const rows = await tx.selectFrom('notice').select(['recipient', 'facts']).execute();
    return rows.flatMap(({ facts, recipient }) =>
      (facts as NoticeFacts).news === 'by_act' ? [recipient] : [],
    );
  });

test('what is printed has every answer, what is declared, the code and the fingerprint of the record', async () => {
  const { record, hash } = await asked();
  const { text } = await pdfText(await paperOf({ record, hash }, office.timeZone));
  const plain = text.replaceAll(/\s+/g, ' ');
  for (const each of ['Rosa Soler Puig', 'És cert.', paperCode(hash), record.official.name])
    expect(plain).toContain(each);
  expect(text.replaceAll(/\s+/g, '')).toContain(hash);
});

test('a signed paper that is scanned and checked is the consent, and the form is handed in by it', async () => {
  const { id, of, act, hash } = await asked();
  const scan = await scanned(of);
  const on = { of, act, hash };
  expect(await sign(on, { scan, place: '' })).toEqual({ ok: false, reason: 'no_paper' });
  await world.context.documents.pass();
  expect(await sign(on, { scan, place: '' })).toEqual({ ok: true, waits: false });
  const { record, method } = await read(of, act);
  expect(method).toBe('on_paper');
  expect(record?.consent?.paper).toMatchObject({ printed: hash, place: '', scan: { id: scan } });
  const done = await world.context.casesByAct.handInFor(world.staff(), office, id, act);
  expect(done).toMatchObject({ ok: true });
  await world.context.consent.pass();
  const verdict = await world.context.consent.verify(office.id);
  expect(verdict).toMatchObject({ ok: true });
});

test('a paper that is kept at the office is a consent once a second member of staff has seen it', async () => {
  const on = await asked();
  const { id, of, act, hash } = on;
  const see = (viewer: StaffViewer, code = paperCode(hash)) =>
    world.context.consent.witnessPaper(viewer, office, of.id, act, code);
  expect(await sign(on, { place: '' })).toEqual({ ok: false, reason: 'no_paper' });
  expect(await sign(on, { place: 'x'.repeat(201) })).toEqual({ ok: false, reason: 'no_paper' });
  expect(await see(colleague)).toEqual({ ok: false, reason: 'not_noted' });
  const typed = paperCode(hash).toLowerCase().replace('-', ' ');
  expect(await sign(on, { code: typed })).toEqual({ ok: true, waits: true });
  const noted = await read(of, act);
  expect(noted.state).toBe('prepared');
  expect(noted.noted?.place).toBe('Arxivador 3, núm. 12');
  const { casesByAct } = world.context;
  expect(await casesByAct.handInFor(world.staff(), office, id, act)).toMatchObject({ ok: false });
  expect(await see(world.staff())).toEqual({ ok: false, reason: 'not_independent' });
  expect(await see(colleague, 'AAAA-AAAA')).toEqual({ ok: false, reason: 'other_paper' });
  expect(await see(colleague)).toEqual({ ok: true, waits: false });
  const { record, witnessedAt } = await read(of, act);
  expect(record?.consent).toMatchObject({
    ...{ method: 'on_paper', witness: { staff: colleague.staff, name: 'Núria' } },
    paper: { printed: hash, scan: null, place: 'Arxivador 3, núm. 12' },
  });
  expect(witnessedAt).not.toBeNull();
  expect(await casesByAct.handInFor(world.staff(), office, id, act)).toMatchObject({ ok: true });
  await world.context.consent.pass();
  expect(await world.context.consent.verify(office.id)).toMatchObject({ ok: true });
});

test('the scan that is the consent can’t be undone, and serves no other act', async () => {
  const { id, of, act, hash } = await asked();
  const { documents } = world.context;
  const before = await scanned(of);
  const scan = await scanned(of);
  await documents.pass();
  expect(await documents.undo(world.staff(), office, of.id, before)).toEqual({ ok: true });
  expect(await sign({ of, act, hash }, { scan, place: '' })).toEqual({ ok: true, waits: false });
  const undone = await documents.undo(world.staff(), office, of.id, scan);
  expect(undone).toEqual({ ok: false, reason: 'not_found' });
  const again = await ask(id, { name: 'Altra Persona', nif: '87654321X' });
  if (!again.ok) throw new Error(JSON.stringify(again));
  const other = { of, act: again.act, hash: (await read(of, again.act)).hash! };
  const refused = await sign(other, { scan, place: '' });
  expect(refused).toEqual({ ok: false, reason: 'other_scan' });
});

test('of two acts that are asked at once, the second does not take the scan of the first', async () => {
  const made = await filledIn();
  const both = [
    await ask(made.id),
    await ask(made.id, { name: 'Altra Persona', nif: '87654321X' }),
  ];
  const scan = await scanned(made.of);
  await world.context.documents.pass();
  const given = await Promise.all(
    both.map(async (each) => {
      if (!each.ok) throw new Error(JSON.stringify(each));
      const { hash } = await read(made.of, each.act);
      return sign({ of: made.of, act: each.act, hash: hash! }, { scan, place: '' });
    }),
  );
  expect(given.filter(({ ok }) => ok)).toHaveLength(1);
  expect(given).toContainEqual({ ok: false, reason: 'other_scan' });
});

test('a scan that is older than the act is not its paper', async () => {
  const made = await filledIn();
  const scan = await scanned(made.of);
  await world.context.documents.pass();
  world.until(world.clock.now().add({ minutes: 1 }));
  const done = await ask(made.id);
  if (!done.ok) throw new Error(JSON.stringify(done));
  const on = { of: made.of, act: done.act, hash: (await read(made.of, done.act)).hash! };
  expect(await sign(on, { scan, place: '' })).toEqual({ ok: false, reason: 'other_scan' });
});

test('whoever handed something in themselves is told that an official did so for them', async () => {
  await handedInAlone('87654321X', 'altra@correu.example');
  await handedInAlone('12345678Z', 'rosa@correu.example');
  const { id, of, act, hash } = await asked();
  const scan = await scanned(of);
  await world.context.documents.pass();
  await sign({ of, act, hash }, { scan, place: '' });
  expect(await told()).toEqual([]);
  await world.context.casesByAct.handInFor(world.staff(), office, id, act);
  expect(await told()).toEqual(['rosa@correu.example']);
});

test('the paper of another act, another official, another’s scan and a telephone are no consent', async () => {
  const on = await asked();
  const other = await asked();
  expect(await sign(on, { code: paperCode(other.hash) })).toEqual({
    ok: false,
    reason: 'other_paper',
  });
  expect(await sign(on, {}, colleague)).toEqual({ ok: false, reason: 'ended' });
  const scan = await scanned(on.of, colleague);
  await world.context.documents.pass();
  expect(await sign(on, { scan })).toEqual({ ok: false, reason: 'no_paper' });
  const called = await asked('phone');
  expect(await sign(called)).toEqual({ ok: false, reason: 'not_here' });
  expect((await read(on.of, on.act)).state).toBe('prepared');
});

test('somebody with a passport is who it says, and the case is theirs', async () => {
  const { id, of } = await filledIn();
  const passport = { document: 'passport', country: 'MA', nif: 'ab 123456' } as const;
  const done = await ask(id, passport);
  if (!done.ok) throw new Error(JSON.stringify(done));
  const { record, hash } = await read(of, done.act);
  const person = { scheme: 'passport', country: 'MA', identifier: 'AB123456' };
  expect(record?.case?.person).toMatchObject(person);
  await sign({ of, act: done.act, hash: hash! });
  expect(await seen({ of, act: done.act, hash: hash! })).toMatchObject({ ok: true });
  expect(
    await world.context.casesByAct.handInFor(world.staff(), office, id, done.act),
  ).toMatchObject({ ok: true });
});

test.each<[string, Partial<AskedAct>, object]>([
  ['no country', { country: '' }, { country: 'missing' }],
  ['a DNI as another document', { nif: '12345678Z', country: 'MA' }, { nif: 'no_number' }],
  ['the NIF of an organisation', { nif: 'A58818501', country: 'MA' }, { nif: 'company' }],
  ['a Spanish passport', { nif: 'AAA123456', country: 'ES' }, { country: 'spanish' }],
  ['another Spanish document', { document: 'other', country: 'ES' }, { country: 'spanish' }],
  ['no number', { nif: '' }, { nif: 'missing' }],
])('refuses %s', async (_what, more, mistakes) => {
  const { id } = await filledIn();
  const passport = { document: 'passport', country: 'MA', nif: 'AB123456', ...more } as const;
  expect(await ask(id, passport)).toEqual({ ok: false, reason: 'invalid', mistakes });
});

test('a passport is not of whoever has written their DNI in the form', async () => {
  const { id } = await filledIn('in_person', { 'qui.nif': '12345678Z' });
  const passport = { document: 'passport', country: 'MA', nif: 'AB123456' } as const;
  expect(await ask(id, passport)).toMatchObject({ mistakes: { nif: 'differs' } });
});
