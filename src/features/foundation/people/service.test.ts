import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TownFile } from '../../../domain/office/schema.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { applyTown, decidedHere, peopleOf } from '../../booking/administration/service.ts';
import { createOffices, type Offices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createStaff, type Staff } from '../staff/service.ts';
import { createStaffMail, type StaffMailbox } from '../staff-mail/service.ts';
import { createPeople, type People } from './service.ts';

const clock = handClock('2026-11-30T07:00:00+01:00');
let database: TestDatabase;
let offices: Offices;
let staff: Staff;
let people: People;
let mailbox: StaffMailbox;
let town: TownFile;
let pilar: StaffViewer;
let operator: { staff: number; operator: boolean };

beforeAll(async () => {
  database = await testDatabase();
  const checked = checkTownFile(await readFile('towns/vilaclara.yaml', 'utf8'));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  town = checked.town;
  await applyTown(database.kysely, town, clock.now());
  offices = createOffices(database.kysely);
  staff = createStaff({
    connection: database.connection,
    baseUrl: 'https://cita.vilaprova.example',
    secret: 'a secret that is only for the tests of people',
    issuer: 'Finestreta',
  });
  await staff.seedDemo(peopleOf(town));
  const deps = { db: database.kysely, clock, offices };
  people = createPeople({ ...deps, staff, sendsMail: true });
  mailbox = createStaffMail({ ...deps, baseUrl: 'https://cita.vilaprova.example', ...staff });
  pilar = await administratorOf('oac');
  operator = { staff: 0, operator: true };
});
afterAll(async () => {
  await staff.close();
  await database.close();
});

async function administratorOf(code: string): Promise<StaffViewer> {
  const office = await offices.find(code);
  const all = (await people.everybody({ staff: 0, operator: true })) ?? [];
  const found = all.find((each) =>
    each.posts.some((post) => post.office === code && post.role === 'administrator'),
  );
  if (!office || !found) throw new Error(`${code} has no administrator`);
  const { staff: id, name } = found;
  return { kind: 'staff', staff: id, name, office: office.id, role: 'administrator', desk: null };
}

const draft = (email: string, more = {}) => ({
  ...{ email, name: 'Anna Puig', role: 'agent', desk: '' },
  ...more,
});

async function invited(email: string, viewer = pilar): Promise<number> {
  const result = await people.invite(viewer, draft(email));
  if (!result.ok) throw new Error(result.reason);
  return result.staff;
}

const mailsTo = async (email: string) => (await mailbox.all()).filter((each) => each.to === email);

async function trail(code: string): Promise<{ action: string; actor: string; staff: unknown }[]> {
  const office = await offices.find(code);
  const rows = await within(database.kysely, office?.id ?? 0, (tx) =>
    tx.selectFrom('audit').select(['action', 'actor', 'data']).orderBy('id').execute(),
  );
  return rows.map(({ action, actor, data }) => ({
    ...{ action, actor },
    staff: (data as { staff?: number }).staff,
  }));
}

const apply = () => applyTown(database.kysely, town, clock.now());

describe('inviting', () => {
  it('gives whom nobody knew a post and a link that works, and is on record', async () => {
    const id = await invited('Anna.Puig@vilaprova.example ');
    expect(await people.find(pilar, id)).toMatchObject({
      email: 'anna.puig@vilaprova.example',
      state: 'invited',
      post: { role: 'agent', desk: null },
      mail: 'pending',
    });
    const [mail, ...others] = await mailsTo('anna.puig@vilaprova.example');
    expect(others).toEqual([]);
    const token = /\/staff\/setup\/(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(await staff.findSetup(token, clock.now())).toMatchObject({ step: 'password' });
    expect(await trail('oac')).toEqual(
      expect.arrayContaining([
        { action: 'role_given', actor: `staff:${pilar.staff}`, staff: id },
        { action: 'invited', actor: `staff:${pilar.staff}`, staff: id },
      ]),
    );
  });

  it('again sends another link, and the one before dies', async () => {
    const id = await invited('again@vilaprova.example');
    const tokenOf = (text = '') => /\/staff\/setup\/(\S+)/.exec(text)?.[1] ?? '';
    const [first] = await mailsTo('again@vilaprova.example');
    clock.advance({ seconds: 1 }); // mails of one moment have no order
    expect(await people.inviteAgain(pilar, id)).toBe(true);
    const second = (await mailsTo('again@vilaprova.example')).at(-1);
    expect(await staff.findSetup(tokenOf(first?.text), clock.now())).toBeNull();
    expect(await staff.findSetup(tokenOf(second?.text), clock.now())).not.toBeNull();
    expect(await mailbox.toSend(first?.id ?? '')).toBeNull();
  });

  it('tells who can sign in already of the new post, and the administrator nothing of the others', async () => {
    const laia = (await people.everybody(operator))?.find(
      (each) => each.state === 'ready' && each.posts.every((post) => post.office !== 'oac'),
    );
    const email = laia?.email ?? '';
    const id = await invited(email);
    expect(id).toBe(laia?.staff);
    const mails = await mailsTo(email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).not.toContain('/staff/setup/');
    expect(await people.find(pilar, id)).toEqual({
      ...{ staff: id, email, name: laia?.name, state: 'ready', invitedUntil: null },
      ...{ signedInAt: null, mail: 'pending', post: { role: 'agent', desk: null } },
    });
  });

  it('is refused for who works here, and for mistakes', async () => {
    const id = await invited('twice@vilaprova.example');
    const again = await people.invite(pilar, draft('TWICE@vilaprova.example'));
    expect(again).toEqual({ ok: false, reason: 'already', staff: id });
    expect(await people.invite(pilar, draft('x'))).toMatchObject({ reason: 'invalid' });
    const foreign = (await offices.list()).find((each) => each.id !== pilar.office)?.desks[0]?.id;
    const desk = await people.invite(pilar, draft('x@vilaprova.example', { desk: `${foreign}` }));
    expect(desk).toMatchObject({ mistakes: { desk: 'not_known' } });
  });

  it('brings who was retired back with nothing of before', async () => {
    const id = await invited('back@vilaprova.example');
    expect(await people.retire(operator, id)).toBe(true);
    expect(await people.find(pilar, id)).toBeNull();
    const other = await administratorOf('hisenda');
    expect(await invited('back@vilaprova.example', other)).toBe(id);
    const back = (await people.everybody(operator))?.find((each) => each.staff === id);
    expect(back?.posts).toEqual([{ office: 'hisenda', role: 'agent', desk: null }]);
  });
});

describe('a post', () => {
  it('becomes another, in this office alone', async () => {
    const id = await invited('post@vilaprova.example');
    await invited('post@vilaprova.example', await administratorOf('hisenda'));
    const next = { role: 'coordinator', desk: null } as const;
    expect(await people.assign(pilar, id, next, 'agent:')).toEqual({ ok: true });
    const found = (await people.everybody(operator))?.find((each) => each.staff === id);
    expect(found?.posts).toEqual([
      { office: 'oac', ...next },
      { office: 'hisenda', role: 'agent', desk: null },
    ]);
    expect(await people.assign(pilar, id, next, 'agent:')).toEqual({ ok: true }); // sent twice
    const stale = await people.assign(pilar, id, { role: 'administrator', desk: null }, 'agent:');
    expect(stale).toEqual({ ok: false, reason: 'changed' });
    expect(await people.end(pilar, id)).toEqual({ ok: true });
    expect(await people.end(pilar, id)).toEqual({ ok: false, reason: 'not_found' });
  });

  it('of the last administrator who can sign in stays, theirs too', async () => {
    const last = { ok: false, reason: 'last_administrator' };
    expect(await people.end(pilar, pilar.staff)).toEqual(last);
    const id = await invited('second@vilaprova.example');
    await people.assign(pilar, id, { role: 'administrator', desk: null }, 'agent:');
    expect(await people.end(pilar, pilar.staff)).toEqual(last); // the second can't sign in yet
  });

  it('is nobody else’s to see or change', async () => {
    const id = await invited('walls@vilaprova.example');
    const elsewhere = await administratorOf('hisenda');
    expect(await people.find(elsewhere, id)).toBeNull();
    expect(await people.inviteAgain(elsewhere, id)).toBe(false);
    expect(await people.end(elsewhere, id)).toEqual({ ok: false, reason: 'not_found' });
    const coordinator: StaffViewer = { ...pilar, role: 'coordinator' };
    expect(await people.find(coordinator, id)).not.toBeNull();
    expect(await people.end(coordinator, id)).toEqual({ ok: false, reason: 'not_found' });
    expect(await people.inviteAgain(coordinator, id)).toBe(false);
    expect(await people.invite(coordinator, draft('y@vilaprova.example'))).toMatchObject({
      reason: 'not_found',
    });
    expect(await people.list({ ...pilar, role: 'agent' })).toBeNull();
    expect(await people.everybody({ staff: pilar.staff, operator: false })).toBeNull();
    expect(await people.retire({ staff: pilar.staff, operator: false }, id)).toBe(false);
    expect(await people.retire({ staff: id, operator: true }, id)).toBe(false);
  });

  it('of one person is per office: a session acts in each as what it is there', async () => {
    const id = await invited('two@vilaprova.example');
    const other = await administratorOf('hisenda');
    await invited('two@vilaprova.example', other);
    await people.assign(other, id, { role: 'administrator', desk: null }, 'agent:');
    expect((await people.find(pilar, id))?.post.role).toBe('agent');
    expect((await people.find(other, id))?.post.role).toBe('administrator');
  });
});

describe('another e-mail address', () => {
  const [OLD, NEW] = ['old@vilaprova.example', 'new@vilaprova.example'];
  const marta = async () => {
    const [first] = town.staff.filter((each) => each.offices.oac?.roles.includes('agent'));
    const all = (await people.everybody(operator)) ?? [];
    const found = all.find((each) => each.name === first?.name);
    if (!found) throw new Error('nobody');
    return found;
  };

  it('is given by the administrator to who waits for a link: the one before dies, another goes there', async () => {
    const id = await invited(OLD);
    const before = await people.changeEmail(pilar, id, 'nobody');
    expect(before).toEqual({ ok: false, reason: 'invalid', mistake: 'not_email' });
    const [first] = await mailsTo(OLD);
    clock.advance({ seconds: 1 });
    expect(await people.changeEmail(pilar, id, ` ${NEW.toUpperCase()}`)).toEqual({ ok: true });
    expect(await people.find(pilar, id)).toMatchObject({ email: NEW, state: 'invited' });
    expect(await mailbox.toSend(first?.id ?? '')).toBeNull();
    const sent = (await mailsTo(NEW)).at(-1);
    expect(sent?.text).toContain('/staff/setup/');
    expect(await mailbox.toSend(sent?.id ?? '')).not.toBeNull();
    expect((await trail('oac')).slice(-2)).toEqual([
      { action: 'address_changed', actor: `staff:${pilar.staff}`, staff: id },
      { action: 'invited', actor: `staff:${pilar.staff}`, staff: id },
    ]);
    await people.end(pilar, id);
  });

  it('isn’t the administrator’s to give to who has an account, works or is an official elsewhere, or runs the installation', async () => {
    const notYours = { ok: false, reason: 'invalid', mistake: 'not_yours' };
    expect(await people.changeEmail(pilar, (await marta()).staff, NEW)).toEqual(notYours);
    const elsewhere = await invited('elsewhere@vilaprova.example');
    await invited('elsewhere@vilaprova.example', await administratorOf('hisenda'));
    expect(await people.changeEmail(pilar, elsewhere, 'mine@vilaprova.example')).toEqual(notYours);
    const official = await invited('official@vilaprova.example');
    const hisenda = await administratorOf('hisenda');
    const entry = { email: 'official@vilaprova.example', from: '2026-01-01' };
    await within(database.kysely, INSTALLATION, (tx) =>
      sql`update office set settings = jsonb_set(settings, '{habilitated}', settings -> 'habilitated' || ${JSON.stringify(entry)}::jsonb)
        where id = ${hisenda.office}`.execute(tx),
    );
    expect(await people.changeEmail(pilar, official, 'mine@vilaprova.example')).toEqual(notYours);
    const runs = await invited('runs@vilaprova.example');
    await within(database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('staff').set({ operator: true }).where('id', '=', runs).execute(),
    );
    expect(await people.changeEmail(pilar, runs, 'mine@vilaprova.example')).toEqual(notYours);
    const signs = await invited('signs@vilaprova.example');
    await within(database.kysely, INSTALLATION, (tx) =>
      sql`update office set settings = settings || '{"habilitated": [{"email": "signs@vilaprova.example"}]}'
        where code = 'hisenda'`.execute(tx),
    );
    expect(await people.changeEmail(pilar, signs, 'mine@vilaprova.example')).toEqual(notYours);
    const agent = { ...pilar, role: 'agent' as const };
    expect(await people.changeEmail(agent, elsewhere, NEW)).toMatchObject({ reason: 'not_found' });
    const nobody = { staff: 0, operator: false };
    expect(await people.changeEmailAnywhere(nobody, elsewhere, NEW)).toMatchObject({
      reason: 'not_found',
    });
  });

  it('is given by an operator: signing in, mails at both, registers and the town file follow', async () => {
    const { staff: id, email: before } = await marta();
    const { email: held } = (await people.find(pilar, pilar.staff)) ?? { email: '' };
    const other = await people.changeEmailAnywhere(operator, id, held);
    expect(other).toEqual({ ok: false, reason: 'invalid', mistake: 'taken' });
    await apply();
    const secretOf = async (email: string) =>
      (await staff.demoAccess()).find((each) => each.email === email)?.totpSecret;
    const secret = await secretOf(before);
    const now = 'marta.nova@vilaprova.example';
    // A declaration that is being changed is waited for, or it would write the old address back.
    let changing: Promise<unknown> = Promise.resolve();
    await within(database.kysely, INSTALLATION, async (tx) => {
      const oac = (await offices.find('oac'))?.id;
      await sql`call lock_office(${oac})`.execute(tx);
      changing = people.changeEmailAnywhere(operator, id, now);
      const waiting = sql<{ n: number }>`select count(*)::int as n from pg_locks l
        join pg_database d on d.oid = l.database and d.datname = current_database()
        where l.locktype = 'advisory' and not l.granted`;
      const count = async () => (await waiting.execute(tx)).rows[0]?.n;
      await expect.poll(count, { timeout: 30_000 }).toBe(1);
    });
    expect(await changing).toEqual({ ok: true });

    const access = await staff.seedDemo(peopleOf(town));
    expect(access.some((each) => each.email === before)).toBe(false);
    const shown = access.find((each) => each.email === now);
    expect(shown?.totpSecret).toBe(secret);
    const password = shown?.password ?? '';
    const caller = { address: '192.0.2.9', userAgent: 'test', cookie: '' };
    expect((await staff.signIn(now, password, caller)).ok).toBe(true);
    expect((await staff.signIn(before, password, caller)).ok).toBe(false);
    for (const to of [before, now])
      expect((await mailsTo(to)).at(-1)?.text).toContain(`amb l’adreça ${now}`);
    const register = (await offices.find('oac'))?.settings.habilitated.map((each) => each.email);
    expect(register).toContain(now);
    expect(register).not.toContain(before);
    expect((await trail('oac')).at(-1)).toMatchObject({ action: 'address_changed', staff: id });

    expect(await apply()).toMatchObject({ ok: true, changes: [] });
    expect(await decidedHere(database.kysely, town, clock.now())).toContain(
      `${before} is ${now} since it was changed in the console`,
    );
    await people.changeEmailAnywhere(operator, id, before);
    expect(await decidedHere(database.kysely, town, clock.now())).not.toContainEqual(
      expect.stringContaining('changed in the console'),
    );
    expect(await apply()).toMatchObject({ ok: true, changes: [] });
  });
});

describe('a town file', () => {
  it('leaves alone what the console decided, and says so', async () => {
    const outsider = await invited('outsider@vilaprova.example');
    const [marta] = town.staff.filter((each) => each.offices.oac?.roles.includes('agent'));
    const found = (await people.list(pilar))?.find((each) => each.email === marta?.email);
    if (!found) throw new Error('nobody');
    expect(await people.end(pilar, found.staff)).toEqual({ ok: true });
    await apply();
    expect(await people.find(pilar, outsider)).not.toBeNull();
    expect(await people.find(pilar, found.staff)).toBeNull();
    expect(await decidedHere(database.kysely, town, clock.now())).toContain(
      `${marta?.email} in oac stays as decided in the console: no role`,
    );
    expect(await apply()).toMatchObject({ ok: true, changes: [] });
  });

  it('brings nobody back whom an operator retired; the operator’s command does', async () => {
    const [, person] = town.staff.filter((each) => each.offices.hisenda);
    if (!person) throw new Error('nobody');
    const everybody = () => people.everybody(operator);
    const id = (await everybody())?.find((each) => each.email === person.email)?.staff ?? 0;
    const stateNow = async () => (await everybody())?.find((each) => each.staff === id)?.state;
    expect(await people.retire(operator, id)).toBe(true);
    await apply();
    expect(await stateNow()).toBe('retired');
    expect(await decidedHere(database.kysely, town, clock.now())).toContain(
      `${person.email} was retired in the console and stays so`,
    );
    const roles = [{ office: 'hisenda', role: 'agent' as const }];
    await staff.invite({ email: person.email, name: person.name, roles }, clock.now());
    await apply();
    expect(await decidedHere(database.kysely, town, clock.now())).not.toContain(
      `${person.email} was retired in the console and stays so`,
    );
  });
});

it('who signs in is noted, once both factors are there', async () => {
  const session = (second: boolean) => sql`
    insert into auth.session (id, "expiresAt", token, "createdAt", "updatedAt", "userId", "secondFactor")
    select gen_random_uuid()::text, '2030-01-01', gen_random_uuid()::text, '2026-11-30T09:00:00Z', '2026-11-30', user_id, ${second}
    from staff where id = ${pilar.staff}`;
  const seen = async () => (await people.find(pilar, pilar.staff))?.signedInAt?.toString();
  await within(database.kysely, INSTALLATION, (tx) => session(false).execute(tx));
  expect(await seen()).toBeUndefined();
  await within(database.kysely, INSTALLATION, (tx) => session(true).execute(tx));
  expect(await seen()).toBe('2026-11-30T09:00:00Z');
});

it('of who works in a closed office alone is told in the open ones, whose record is read', async () => {
  const antic = await testOffice(database.kysely, { code: 'antic' });
  const id = await invited('antic@vilaprova.example', { ...pilar, office: antic });
  await within(database.kysely, INSTALLATION, (tx) =>
    sql`update office set retired_at = now() where id = ${antic}`.execute(tx),
  );
  const changed = await people.changeEmailAnywhere(operator, id, 'nou@vilaprova.example');
  expect(changed).toEqual({ ok: true });
  const told = (await trail('oac')).filter((each) => each.staff === id);
  expect(told.map((each) => each.action)).toEqual(['address_changed', 'invited']);
  expect(await people.retire(operator, id)).toBe(true);
  const all = (await trail('oac')).filter((each) => each.staff === id);
  expect(all.map((each) => each.action)).toEqual(['address_changed', 'invited', 'retired']);
});
