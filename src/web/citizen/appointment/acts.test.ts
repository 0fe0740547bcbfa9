import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { rememberBrowser } from '../../../features/booking/proof/service.ts';
import { testUnit } from '../../../features/foundation/audit/testing.ts';
import { TEST_KEY } from '../../../features/service/consent/testing.ts';
import { testEncounter } from '../../../features/service/encounter/testing/encounter.ts';
import { grouped } from '../../../features/service/verification/rules.ts';
import { testRetention } from '../../../features/testing.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { faultsOf, MARIA, startsIn, type TestTown, TIMES, testTown } from '../testing.ts';

const say = translateTo('ca');
let town: TestTown;
let office: Office;
let official: StaffViewer;
let of: Appointment;
let manage: string;
let nth = 0;

beforeAll(async () => {
  town = await testTown();
  office = (await town.deps.offices.find('oac'))!;
  const { id } = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('staff')
      .select('id')
      .where('email', '=', 'nuria.roca@vilaclara.example')
      .executeTakeFirstOrThrow(),
  );
  official = {
    ...{
      kind: 'staff',
      staff: id,
      name: 'Núria',
      office: office.id,
      role: 'coordinator',
      desk: null,
    },
  } as StaffViewer;
});
afterAll(() => town.close());

beforeEach(async () => {
  const start = startsIn((await town.get(TIMES)).html)[0] ?? '';
  const details = await town.post(TIMES, { start });
  const phone = `612 345 6${String(++nth).padStart(2, '0')}`;
  const person = { ...MARIA, phone, email: `maria${nth}@example.cat` };
  const check = await town.post(details.path, person);
  manage = (await town.post(check.path, {})).path.replace('/confirmed', '');
  of = (await town.deps.appointments.bySecret(manage.split('/').at(-1) ?? ''))!;
  const encounter = testEncounter(town.database, town.clock);
  await encounter.start(official, office, of.id, { anyway: true });
  const draft = { items: [], identity: 'shown', identityNote: '', notes: '', wrapUp: null };
  await encounter.save(official, office, { appointment: of.id }, 1, {
    ...draft,
    points: [],
  } as never);
});

async function asked(): Promise<{ id: string; path: string }> {
  const made = await town.deps.consent.prepare(official, office, of.id, {
    ...{ template: 'volant', language: 'ca', details: '', documents: [], mayBeAttended: true },
  });
  if (!made.ok) throw new Error(made.reason);
  return { id: made.id, path: `${manage}/acts/${made.id}` };
}
const codeFor = async (id: string): Promise<string> => {
  const row = await within(town.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('one_time_code')
      .select('id')
      .where('purpose', '=', `act ${id}`)
      .executeTakeFirstOrThrow(),
  );
  return digitsOf(TEST_KEY, row.id);
};

/** Returns the cookie of a browser where a code was typed. */
async function provedCookie(): Promise<string> {
  const sent = { channel: 'sms', masked: '078', setBy: 'citizen' } as const;
  const unit = testUnit(town.database.kysely, town.clock);
  const secret = await unit({ kind: 'citizen', appointment: of.id }, office.id, (each) =>
    rememberBrowser(each, of, sent),
  );
  return `finestreta_papers_${of.reference.replace('-', '').toLowerCase()}=${secret}`;
}

async function consented() {
  const act = await asked();
  await town.deps.consent.sendCode({ kind: 'citizen', appointment: of.id }, office, of.id, act.id);
  await town.submit(act.path, { do: 'code', code: await codeFor(act.id) });
  return act;
}

const HOURS_OF = (days: number) => ({ hours: 24 * days + 1 });

/** Moves the clock this many days after the appointment, and runs the deletions. */
async function after(days: number): Promise<void> {
  const { offices, clock, consent, documents } = town.deps;
  town.clock.set(of.end.add(HOURS_OF(days)).toString());
  const evidence = [documents, consent];
  await testRetention({ db: town.database.kysely, offices, clock, evidence }).sweep();
}

test('a consent outlives the personal data: its code opens it until the end', async () => {
  const { consent, documents } = town.deps;
  const act = await consented();
  await consent.pass();
  await documents.pass();
  const papers = await documents.list(official, office, of.id);
  const code = papers?.find((each) => each.kind === 'outbox')?.code ?? '';
  const verify = () => town.post('/ca/verify', { code });
  const { contactDays, evidenceDays } = office.settings.retention;

  await after(contactDays);
  for (const language of LANGUAGES) {
    const tell = translateTo(language);
    const { html } = await town.get(manage.replace('/ca/', `/${language}/`));
    expect(html).toContain(`<h1>${tell('manage.forgotten.beside')}</h1>`);
    expect(html).toContain(tell('manage.forgotten.act', { count: 1 }));
    expect(html).toContain(`href="/${language}/verify"`);
    for (const secret of ['Maria', 'Volant', 'volant', code, grouped(code)])
      expect(html).not.toContain(secret);
    expect(await faultsOf(html)).toEqual([]);
  }
  const day = datesIn('ca', office.timeZone).longDay(of.end.add({ hours: 24 * evidenceDays }));
  expect((await town.get(manage)).html).toContain(say('manage.forgotten.until', { day }));
  expect((await town.get(act.path)).html).toContain(say('acts.over.code', { day }));
  const found = await verify();
  expect(found.html).toContain(say('verification.found.title'));
  expect(found.html).not.toContain('Maria');

  await after(evidenceDays);
  const nothing = (await town.get(manage)).html;
  expect(nothing).not.toContain(say('manage.forgotten.stands'));
  expect(nothing).toContain(`<h1>${say('manage.forgotten.title')}</h1>`);
  const destroyed = { day: datesIn('ca', office.timeZone).longDay(town.clock.now()) };
  expect((await town.get(act.path)).html).toContain(say('acts.over.destroyed', destroyed));
  const gone = await verify();
  expect([gone.status, gone.html]).toEqual([
    ...[410, expect.stringContaining(say('verification.expired.title'))],
  ]);
});

test('without a copy no code is shown, and a legal hold on one keeps nothing else', async () => {
  const { documents } = town.deps;
  await consented();
  const still = { kind: 'evidence', requested: null, name: 'dni.jpg', type: 'image/jpeg' } as const;
  const keep = async () => {
    const kept = await documents.keep(official, office, of.id, still, Buffer.from('still'));
    if (!kept.ok) throw new Error(kept.reason);
    return kept.id;
  };
  const [held, other] = [await keep(), await keep()];
  const hold = (id: string) => documents.hold(official, office, of.id, id, 'Recurs');
  await hold(held);
  const { contactDays, evidenceDays } = office.settings.retention;
  await after(contactDays);
  const day = datesIn('ca', office.timeZone).longDay(of.end.add({ hours: 24 * evidenceDays }));
  const line = (what: 'sealed' | 'evidence', until: string) =>
    `<li>${say(`manage.forgotten.${what}`, { count: 1 })} ${until}</li>`;
  const { html } = await town.get(manage);
  expect(html).toContain(line('sealed', say('manage.forgotten.until', { day })));
  expect(html).toContain(line('evidence', say('manage.forgotten.some', { day })));
  expect(html).not.toContain(say('manage.forgotten.fetch'));
  await hold(other);
  expect((await town.get(manage)).html).toContain(line('evidence', say('manage.forgotten.law')));
});

describe('a citizen with an open consent', () => {
  test('reads about it on the appointment’s page; reading is no answer', async () => {
    const act = await asked();
    const page = await town.get(manage);
    expect(page.html).toContain(say('acts.notice'));
    expect(page.html).toContain(act.path);
    for (let time = 0; time < 3; time++) {
      const read = await town.get(act.path);
      expect(read.status).toBe(200);
      expect(read.html).toContain('Jo, Maria Puig');
      expect(await faultsOf(read.html)).toEqual([]);
    }
    const [entry] = (await town.deps.consent.list(official, office, of.id)) ?? [];
    expect(entry?.state).toBe('prepared');
  });

  test('consents with the received code, and then has the documents open', async () => {
    const act = await asked();
    const sent = await town.submit(act.path, { do: 'send' });
    expect(sent.html).toContain(say('acts.code.label'));
    const code = await codeFor(act.id);
    const wrong = await town.post(act.path, { do: 'code', code: code === '1' ? '2' : '1' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain(say('acts.code.wrong', { left: 4 }));
    expect(await faultsOf(wrong.html)).toEqual([]);
    const done = await town.post(act.path, { do: 'code', code });
    expect(done.status).toBe(303);
    expect(done.headers.get('Set-Cookie')).toMatch(/^finestreta_papers_\w+=.*HttpOnly/);
    const after = await town.get(act.path);
    expect(after.html).toContain(say('acts.over.copying'));
    expect(after.html).not.toContain('Jo, Maria Puig');
    await town.deps.consent.pass();
    expect((await town.get(act.path)).html).toContain('amb el codi la podràs tornar a baixar');
    expect((await town.get(manage)).html).toContain(say('acts.list'));
  });

  test('declines with one press, without a reason', async () => {
    const act = await asked();
    const declined = await town.submit(act.path, { do: 'decline' });
    expect(declined.html).toContain(say('acts.over.declined'));
    expect(declined.html).not.toContain('Jo, Maria Puig');
    expect((await town.get(manage)).html).not.toContain(say('acts.notice'));
    expect((await town.submit(act.path, { do: 'spoken' })).html).toContain(
      say('acts.over.declined'),
    );
  });

  test('checks each time whether the agent noted it, and keeps the sent code', async () => {
    const act = await asked();
    const { html } = await town.get(`${act.path}?looks=1&sent=1`);
    expect(html).toContain('name="looks" value="2"');
    expect(html).toContain('name="sent" value="1"');
    expect((await town.get(act.path)).html).not.toContain('name="sent"');
  });

  test('confirms the spoken consent after it was noted', async () => {
    const act = await asked();
    const early = await town.post(act.path, { do: 'spoken' });
    expect(early.html).toContain(say('acts.not_heard'));
    await town.deps.consent.hear(official, office, of.id, act.id);
    expect((await town.get(act.path)).html).not.toContain(say('acts.spoken.confirm'));
    const alone = await town.post(act.path, { do: 'spoken' });
    expect(alone.html).toContain(say('acts.needs_proof'));
    const headers = { cookie: await provedCookie() };
    expect((await town.get(act.path, headers)).html).toContain(say('acts.spoken.confirm'));
    const form = new URLSearchParams({ do: 'spoken' });
    await town.send(act.path, { method: 'POST', headers, body: form });
    expect((await town.get(act.path)).html).toContain(say('acts.over.copying'));
  });

  test('is not represented by a browser with a console session', async () => {
    const act = await asked();
    const { staff } = town.deps;
    const { session } = staff;
    staff.session = async () => ({}) as never;
    try {
      for (const what of ['send', 'code', 'spoken', 'decline'])
        expect((await town.post(act.path, { do: what })).status).toBe(403);
      for (const page of ['contact', 'change', 'cancel', 'documents', 'documents/code'])
        expect((await town.post(`${manage}/${page}`, { reason: 'x' })).status).toBe(403);
      expect((await town.get(`${manage}/documents/seen`)).status).toBe(403);
      for (const what of ['still', 'phone'])
        expect((await town.post(`${manage}/room/${what}`, { answer: 'yes' })).status).toBe(403);
      expect((await town.get(manage)).status).toBe(200);
      // A code typed there earlier shows no more than the link does.
      const headers = { cookie: await provedCookie() };
      await town.deps.consent.hear(official, office, of.id, act.id);
      expect((await town.get(act.path, headers)).html).not.toContain(say('acts.spoken.confirm'));
    } finally {
      staff.session = session;
    }
  });

  test('doesn’t find another person’s act', async () => {
    const act = await asked();
    const other = manage.replace(/[^/]+$/, (secret) => secret.split('').reverse().join(''));
    expect((await town.get(act.path.replace(manage, other))).status).toBe(404);
    for (const id of ['x', '00000000-0000-4000-8000-000000000000']) {
      expect((await town.get(`${manage}/acts/${id}`)).status).toBe(404);
      for (const what of ['send', 'code', 'spoken', 'decline', ''])
        expect((await town.post(`${manage}/acts/${id}`, { do: what })).status).toBe(404);
    }
  });
});
