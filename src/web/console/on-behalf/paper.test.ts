import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { AskedAct } from '../../../features/service/cases/service.ts';
import type { Unbooked } from '../../../features/service/cases/unbooked/service.ts';
import { paperCode } from '../../../features/service/consent/paper/rules.ts';
import { paperOf } from '../../../features/service/consent/service.ts';
import type { EncounterDraft } from '../../../features/service/encounter/types.ts';
import { pdfText } from '../../../lib/testing/pdf.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
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
  const done = await serving.serveNow(world.staff(), office, who, how);
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
  expect(await sign(on, { scan, place: '' })).toEqual({ ok: true, secret: null });
  const { record, method } = await read(of, act);
  expect(method).toBe('on_paper');
  expect(record?.consent?.paper).toMatchObject({ printed: hash, place: '', scan: { id: scan } });
  const done = await world.context.casesByAct.handInFor(world.staff(), office, id, act);
  expect(done).toMatchObject({ ok: true });
  await world.context.consent.pass();
  const verdict = await world.context.consent.verify(office.id);
  expect(verdict).toMatchObject({ ok: true });
});

test('a paper that is kept at the office is the consent where its place is said', async () => {
  const on = await asked();
  expect(await sign(on, { place: '' })).toEqual({ ok: false, reason: 'no_paper' });
  expect(await sign(on, { place: 'x'.repeat(201) })).toEqual({ ok: false, reason: 'no_paper' });
  expect(await sign(on, { code: paperCode(on.hash).toLowerCase().replace('-', ' ') })).toEqual({
    ok: true,
    secret: null,
  });
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
  expect(await sign({ of, act: done.act, hash: hash! })).toMatchObject({ ok: true });
  expect(
    await world.context.casesByAct.handInFor(world.staff(), office, id, done.act),
  ).toMatchObject({ ok: true });
});

test.each([
  ['no country', { country: '' }, { country: 'missing' }],
  ['a DNI as another document', { nif: '12345678Z', country: 'ES' }, { nif: 'no_number' }],
  ['the NIF of an organisation', { nif: 'A58818501', country: 'ES' }, { nif: 'company' }],
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
