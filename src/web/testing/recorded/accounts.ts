import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { applyTown, exportTown } from '../../../features/booking/administration/service.ts';
import { createWebhookWorker } from '../../../features/booking/webhooks/service.ts';
import { softAuthenticator } from '../../../features/foundation/staff/account/testing.ts';
import type { StaffSession } from '../../../features/foundation/staff/types.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { formatCaseEvent } from '../../api/shapes/cases.ts';
import { formatWebhook } from '../../api/words.ts';
import { codeOf, jar } from '../../console/testing.ts';
import { MARTA, run, type Scenario, staffOf, type World } from './world.ts';

const administrator = (world: World) => world.staff('administrator');
const TOKEN = { name: 'CRM', scopes: ['slots:read'], lastDay: null, networks: '' };
let addresses = 0;
const caller = (cookie = '') => ({
  address: `192.0.2.${++addresses}`,
  userAgent: 'test',
  cookie,
});

/** Signs Marta in up to the code, which isn't typed yet. */
async function halfway(world: World) {
  const { staff } = world.context;
  const { password, totpSecret } = world.access.find((each) => each.email === MARTA)!;
  await staff.transaction((client) => client.query('delete from used_code'));
  const opened = await staff.signIn(MARTA, password, caller());
  if (!opened.ok) throw new Error(opened.reason);
  const cookie = jar(opened.cookies);
  return () => staff.enterCode(codeOf(totpSecret), caller(cookie));
}

/** Returns the sessions that count as signed in. */
const sessionsOf = ({ context }: World): Promise<unknown> =>
  context.staff.transaction(async (client) => {
    const { rows } = await client.query('select id from session where "secondFactor" order by id');
    return rows;
  });

async function signedIn(world: World): Promise<{ cookie: string; session: StaffSession }> {
  const entered = await (await halfway(world))();
  if (!entered.ok) throw new Error(entered.reason);
  const cookie = jar(entered.cookies);
  const session = await world.context.staff.session(new Headers({ cookie }));
  if (!session) throw new Error('Nobody is signed in');
  return { cookie, session };
}

/** Gives Marta a telephone with passkeys; returns the answer that creates one. */
async function withTelephone(world: World) {
  const { staff, config } = world.context;
  const { cookie, session } = await signedIn(world);
  const { hostname, origin } = new URL(config.baseUrl);
  const phone = softAuthenticator(origin, hostname, session.user);
  const { options, cookies } = (await staff.addOptions(session, caller(cookie)))!;
  const answer = phone.create({ challenge: options.challenge, counter: 5 });
  const browser = `${cookie}; ${jar(cookies)}`;
  const add = () => staff.addPasskey(session, { answer, name: 'Mòbil' }, caller(browser));
  return { session, phone, add };
}

/** Makes the calendar feed of a desk, for an administrator. */
async function feed(world: World, who = administrator(world)) {
  const office = await world.office();
  const desk = office.desks[0]!.code;
  return world.context.calendarFeeds.make(who, office, { desk, names: false });
}

/** Connects a calendar with a desk, on a server that nobody reaches, in place of the one that it has. */
async function connection(
  world: World,
  of: { staff: number | null; desk: number | null } = { staff: null, desk: null },
): Promise<string> {
  const office = await world.office();
  const id = randomUUID();
  const at = world.clock.now().toString();
  const desk = of.desk ?? office.desks[2]!.id;
  await within(world.house.database.kysely, INSTALLATION, async (tx) => {
    await tx.deleteFrom('calendar_connection').where('desk_id', '=', desk).execute();
    await tx
      .insertInto('calendar_connection')
      .values({
        id,
        office_id: office.id,
        desk_id: desk,
        staff_id: of.staff,
        kind: 'caldav',
        address: 'https://192.0.2.1/',
        calendar: 'https://192.0.2.1/a/',
        reads: true,
        writes: false,
        names: false,
        made_at: at,
        made_by: administrator(world).staff,
        next_try_at: at,
      })
      .execute();
  });
  return id;
}

type Server = Awaited<ReturnType<typeof calendarServer>>;

/** Starts a server whose every address is a calendar, as far as PROPFIND tells (RFC 4918). */
async function calendarServer() {
  const server = createServer((_, response) => {
    response.writeHead(207, { 'Content-Type': 'application/xml' });
    response.end(
      `<multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><response><href>/</href><propstat><prop>
        <resourcetype><collection/><c:calendar/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { address: `http://127.0.0.1:${port}/`, close: () => void server.close() };
}

/** Connects another desk. */
async function reconnect(world: World, { address, close }: Server, draft: object) {
  const office = await world.office();
  const account = { username: 'oac', password: 'x', names: false, reads: true, writes: false };
  return world.context.calendarConnections
    .connect(administrator(world), office, {
      ...account,
      ...draft,
      address,
      desk: office.desks[1]!.code,
    })
    .finally(close);
}

/** Adds an invited person without an account. */
async function newcomer(world: World): Promise<number> {
  const draft = { email: `${randomUUID()}@vilaclara.example`, name: 'Nova', role: 'agent' };
  const made = await world.context.people.invite(administrator(world), { ...draft, desk: '' });
  if (!made.ok) throw new Error(made.reason);
  return made.staff;
}

/** The remaining rows of the sign-in open nothing. */
const SIGN_IN = {
  tables: [
    'auth.session',
    'auth.used_code',
    'auth.verification',
    'auth.sign_in_failure',
    'auth.twoFactor',
    'auth.rateLimit',
  ],
  why: 'the code is used up, and the session that was opened does not count as signed in',
};

async function webhook(world: World, personal = false): Promise<string> {
  const draft = { url: 'https://example.org/hook', kinds: ['booked'], personal } as const;
  const added = await world.context.webhooks.add(administrator(world), draft);
  if (!added.ok) throw new Error(added.reason);
  return added.id;
}

const webhookAct =
  (kind: 'test' | 'pause' | 'resume' | 'rotate' | 'end'): Scenario =>
  async (world) => {
    const id = await webhook(world);
    if (kind === 'resume')
      await world.context.webhooks.act(administrator(world), id, { kind: 'pause' });
    return () => world.context.webhooks.act(administrator(world), id, { kind });
  };

/** Sends the pending webhook messages; no receiver is reachable. */
async function tellWebhooks(world: World): Promise<void> {
  const { context, house } = world;
  const worker = createWebhookWorker({
    db: house.database.kysely,
    offices: context.offices,
    key: context.keys.webhooks,
    clock: world.clock,
    unit: context.unit,
    log: context.log,
    say: { appointment: formatWebhook, case: formatCaseEvent },
    reach: { privately: false, loopback: false },
    resolve: async () => [],
  });
  // An unfinished delivery is due again.
  world.clock.advance({ hours: 1 });
  await worker.drain();
}

/** The present town, with and without the second office. */
export async function towns(world: World) {
  const { kysely: db } = world.house.database;
  const text = (await exportTown(db)) ?? '';
  const checked = checkTownFile(text);
  if (!checked.ok) throw new Error('The town that stands there has mistakes');
  const { hisenda: _, ...offices } = checked.town.offices;
  const staff = checked.town.staff.filter((each) => !('hisenda' in each.offices));
  const without = { ...checked.town, offices, staff };
  const apply = (town: typeof checked.town) => applyTown(db, town, world.clock.now());
  return { apply, whole: checked.town, without };
}

/** Six citizens commented in August. */
async function commented(world: World): Promise<void> {
  const { id } = await world.book();
  await run(
    world,
    `with past as (
       insert into appointment select (jsonb_populate_record(a, jsonb_build_object(
           'id', gen_random_uuid(), 'reference', 'PAST-' || gen_random_uuid(), 'status', 'fulfilled', 'time_id', null,
           'idempotency_key', null,
           'starts', '2026-08-03T08:00:00Z', 'ends', '2026-08-03T08:10:00Z'))).*
         from appointment a, generate_series(1, 6) where a.id = '${id}' returning id, office_id)
     insert into survey_answer (appointment_id, office_id, score, comment, at)
       select id, office_id, 9, 'Bé', '2026-08-04T08:00:00Z' from past`,
  );
}

const judged =
  (passed: boolean): Scenario =>
  async (world) => {
    await commented(world);
    const office = await world.office();
    const { statistics } = world.context;
    const [first] = (await statistics.comments(world.staff('coordinator'), office)) ?? [];
    if (!first) throw new Error('There is no comment');
    const on = { of: first.of, comment: first.comment, passed };
    return () => statistics.judge(world.staff('coordinator'), office, on);
  };

export const ACCOUNTS = {
  comments_read: {
    'by a coordinator': async (world) => {
      await commented(world);
      const office = await world.office();
      return () => world.context.statistics.comments(world.staff('coordinator'), office);
    },
  },
  comment_passed: { 'by a coordinator': judged(true) },
  comment_kept_back: { 'by a coordinator': judged(false) },
  figures_imported: {
    'by a coordinator': async (world) => {
      const office = await world.office();
      const text = '2026-03;walk_in;12';
      return () =>
        world.context.statistics.importOther(world.staff('coordinator'), office, text, true);
    },
  },
  token_created: {
    'by an administrator': async (world) => {
      const office = await world.office();
      return () => world.context.tokens.create(office, TOKEN, administrator(world));
    },
  },
  token_revoked: {
    'by an administrator': async (world) => {
      const office = await world.office();
      const made = await world.context.tokens.create(office, TOKEN, administrator(world));
      if (!made.ok) throw new Error(JSON.stringify(made));
      return () => world.context.tokens.revoke(office, made.id, administrator(world));
    },
  },
  calendar_feed_made: { 'by an administrator': async (world) => () => feed(world) },
  calendar_feed_ended: {
    'by an administrator': async (world) => {
      await feed(world);
      const [made] = await world.context.calendarFeeds.list(administrator(world));
      return () => world.context.calendarFeeds.end(administrator(world), made!.id);
    },
    'by the system, for somebody who left': async (world) => {
      await feed(world, { ...administrator(world), staff: await newcomer(world) });
      return () => world.context.calendarFeeds.sweep();
    },
  },
  calendar_connected: {
    'by an administrator': async (world) => {
      const office = await world.office();
      const { address, close } = await calendarServer();
      const draft = { address, username: 'oac', password: 'x', reads: true, writes: false };
      const connect = () =>
        world.context.calendarConnections
          .connect(administrator(world), office, {
            ...draft,
            names: false,
            desk: office.desks[1]!.code,
          })
          .finally(close);
      return { act: connect, again: async () => reconnect(world, await calendarServer(), draft) };
    },
  },
  calendar_changed: {
    'by an administrator': async (world) => {
      const id = await connection(world);
      const choice = { reads: true, writes: true, names: false };
      return () => world.context.calendarConnections.change(administrator(world), id, choice);
    },
  },
  calendar_ended: {
    'by an administrator': async (world) => {
      const id = await connection(world);
      return () => world.context.calendarConnections.end(administrator(world), id);
    },
    'by the system, with its desk': async (world) => {
      const gone = { staff: await newcomer(world), desk: (await world.office()).desks[3]!.id };
      await connection(world, gone);
      return () => world.context.calendarConnections.sync();
    },
  },
  webhook_created: { 'by an administrator': async (world) => () => webhook(world) },
  webhook_changed: {
    'by an administrator': async (world) => {
      const id = await webhook(world);
      const draft = {
        url: 'https://example.org/other',
        kinds: ['moved'],
        personal: false,
      } as const;
      return () => world.context.webhooks.change(administrator(world), id, draft);
    },
  },
  webhook_tested: { 'by an administrator': webhookAct('test') },
  webhook_paused: { 'by an administrator': webhookAct('pause') },
  webhook_resumed: { 'by an administrator': webhookAct('resume') },
  webhook_rotated: { 'by an administrator': webhookAct('rotate') },
  webhook_ended: { 'by an administrator': webhookAct('end') },
  webhook_secret_shown: {
    'by an administrator': async (world) => {
      const id = await webhook(world);
      return () => world.context.webhooks.secret(administrator(world), id);
    },
  },
  webhook_resent: {
    'by an administrator': async (world) => {
      const id = await webhook(world);
      await world.context.webhooks.act(administrator(world), id, { kind: 'test' });
      await tellWebhooks(world);
      const { deliveries } = (await world.context.webhooks.open(administrator(world), id))!;
      const again = { kind: 'again', delivery: deliveries[0]!.id } as const;
      return () => world.context.webhooks.act(administrator(world), id, again);
    },
  },
  webhook_sent: {
    'by the service': async (world) => {
      await run(world, 'delete from webhook_delivery');
      await run(world, 'delete from webhook');
      await webhook(world, true);
      await world.book();
      return {
        act: () => tellWebhooks(world),
        besides: {
          tables: ['public.webhook_delivery'],
          why: 'the delivery was begun, sends nothing, and is due again later',
        },
        silent: 'the service sends by itself; its log says that the delivery could not be handled',
      };
    },
  },
  declared: {
    'by an administrator': async (world) => {
      const { administration } = world.context;
      let lead = 60;
      return () =>
        administration.edit(administrator(world), {
          part: (office) => office.slots,
          was: null,
          change: (office) => ({
            ...office,
            slots: { ...(office.slots as object), leadMinutes: ++lead },
          }),
        });
    },
  },
  declaring_refused: {
    'by an administrator': async (world) => {
      await world.book();
      return () =>
        world.context.administration.edit(administrator(world), {
          part: (office) => office.shifts,
          was: null,
          change: (office) => ({ ...office, shifts: [] }),
        });
    },
  },
  office_retired: {
    'by the town file': async (world) => {
      const { apply, without, whole } = await towns(world);
      await apply(whole);
      return () => apply(without);
    },
  },
  office_opened: {
    'by the town file': async (world) => {
      const { apply, without } = await towns(world);
      await apply(without);
      const { hisenda } = world.town.offices;
      if (!hisenda) throw new Error('The demo town has one office');
      return () => apply({ ...without, offices: { ...without.offices, hisenda } });
    },
  },
  invited: {
    'to work here': async (world) => () => newcomer(world),
    'to a video call': async (world) => {
      const of = await world.attend();
      const invitation = { name: 'Nur', role: 'interpreter' } as const;
      return () => world.context.companions.invite(world.citizen(of), of.office, of.id, invitation);
    },
  },
  set_up: {
    'by themselves': async (world) => {
      const { staff } = world.context;
      const email = `${randomUUID()}@vilaclara.example`;
      const roles = [{ office: 'oac', role: 'agent' as const }];
      const now = world.clock.now();
      const opened = await staff.invite({ email, name: 'Nova', roles }, now);
      if (!opened.ok) throw new Error(opened.reason);
      const token = opened.url.split('/').at(-1)!;
      const chosen = await staff.choosePassword(token, 'un cavall verd sense pressa', now);
      if (!chosen.ok) throw new Error(chosen.reason);
      const state = await staff.findSetup(token, now);
      if (state?.step !== 'code') throw new Error('No code is asked for');
      return {
        act: () => staff.confirmCode(token, codeOf(state.secret), now),
        besides: { tables: ['auth.sign_in_failure'], why: 'the try is counted' },
      };
    },
  },
  address_changed: {
    'by an administrator': async (world) => {
      const staff = await newcomer(world);
      const email = `${randomUUID()}@vilaclara.example`;
      return () => world.context.people.changeEmail(administrator(world), staff, email);
    },
  },
  role_given: {
    'by an administrator': async (world) => {
      const staff = await newcomer(world);
      const post = { role: 'coordinator', desk: null } as const;
      return () => world.context.people.assign(administrator(world), staff, post, 'agent:');
    },
  },
  role_taken: {
    'by an administrator': async (world) => {
      const staff = await newcomer(world);
      return () => world.context.people.end(administrator(world), staff);
    },
  },
  retired: {
    'by an operator': async (world) => {
      const staff = await newcomer(world);
      const operator = { staff: await staffOf(world.house, MARTA), operator: true };
      return () => world.context.people.retire(operator, staff);
    },
  },
  signed_in: {
    'with a password and a code': async (world) => {
      const again = async () => (await halfway(world))();
      return { act: await halfway(world), again, besides: SIGN_IN, as: () => sessionsOf(world) };
    },
  },
  signed_out: {
    'by themselves': async (world) => {
      const { cookie } = await signedIn(world);
      return () => world.context.staff.signOut(caller(cookie));
    },
  },
  sign_in_locked: {
    'after many wrong passwords': async (world) => {
      const { staff } = world.context;
      const from = caller();
      for (let nth = 0; nth < 9; nth++) await staff.signIn(MARTA, 'wrong wrong wrong', from);
      return {
        act: () => staff.signIn(MARTA, 'wrong wrong wrong', from),
        besides: {
          tables: ['auth.sign_in_failure', 'auth.rateLimit'],
          why: 'the lock is a refusal and stands; the next try records it',
        },
      };
    },
  },
  sessions_ended: {
    'by themselves': async (world) => {
      await signedIn(world);
      const { session } = await signedIn(world);
      return () => world.context.staff.endSessions(session, 'others');
    },
  },
  signed_out_by_office: {
    'by an administrator': async (world) => {
      const { session } = await signedIn(world);
      const jordi = await staffOf(world.house, 'jordi.puig@vilaclara.example');
      return () => world.context.people.signOut(administrator(world), jordi, session);
    },
  },
  passkey_added: {
    'by themselves': async (world) => (await withTelephone(world)).add,
  },
  passkey_removed: {
    'by themselves': async (world) => {
      const { add, session } = await withTelephone(world);
      await add();
      const [passkey] = (await world.context.staff.account(session)).passkeys;
      return () => world.context.staff.removePasskey(session, passkey!.id);
    },
  },
  passkey_copied: {
    'by a stranger': async (world) => {
      const { add, phone } = await withTelephone(world);
      await add();
      const { staff } = world.context;
      return {
        act: async () => {
          const { options, cookies } = (await staff.passkeyOptions(caller()))!;
          const answer = phone.get({ challenge: options.challenge, counter: 3 });
          return staff.signInWithPasskey(answer, caller(jar(cookies)));
        },
        besides: { tables: ['auth.spent_challenge'], why: 'the challenge is used up' },
      };
    },
  },
  authenticator_replaced: {
    'by themselves': async (world) => {
      const { session } = await signedIn(world);
      const { secret, sealed } = await world.context.staff.newAuthenticator(session);
      const given = { sealed, code: codeOf(secret) };
      return async () => {
        const replaced = await world.context.staff.replaceAuthenticator(session, given);
        if (replaced.ok) world.access.find((each) => each.email === MARTA)!.totpSecret = secret;
      };
    },
  },
  recovery_codes_made: {
    'by themselves': async (world) => {
      const { session } = await signedIn(world);
      return () => world.context.staff.makeRecoveryCodes(session);
    },
  },
  nif_entered: {
    'by themselves': async (world) => {
      const { session } = await signedIn(world);
      return () => world.context.staffIdentifiers.enterOwn(session, '12345678Z');
    },
    'by an operator': async (world) => {
      const { session } = await signedIn(world);
      const operator = { ...session, operator: true };
      return () =>
        world.context.staffIdentifiers.enterAnywhere(operator, session.staff, '12345678Z');
    },
  },
  nif_used: {
    'for a registry': async (world) => {
      const { session } = await signedIn(world);
      const { staffIdentifiers, unit } = world.context;
      await staffIdentifiers.enterOwn(session, '12345678Z');
      const viewer = world.staff();
      return () =>
        unit(viewer, viewer.office, (each) => staffIdentifiers.nifOf(each, session.staff));
    },
  },
  password_changed: {
    'by themselves': async (world) => {
      const { session } = await signedIn(world);
      const { password: current } = world.access.find((each) => each.email === MARTA)!;
      const change = { current, next: 'un cavall verd sense pressa' };
      return {
        act: () => world.context.staff.changePassword(session, change, caller()),
        besides: { tables: ['auth.sign_in_failure'], why: 'the try is counted' },
      };
    },
  },
  key_rotated: {
    'by an operator': async (world) => () =>
      world.context.rotating.rotate('webhooks', { isCompromised: false }),
  },
  key_retired: {
    'by an operator': async (world) => {
      const { rotating } = world.context;
      await rotating.rotate('links', { isCompromised: false });
      await run(world, 'update purpose_key set active_at = now()');
      return () => rotating.retire('links');
    },
  },
  trail_read: {
    'by a coordinator': async (world) => {
      const to = world.clock.now();
      const filter = { from: to.subtract({ hours: 24 }), to };
      const page = { before: null, most: 10 };
      return () => world.context.auditTrail.read(world.staff('coordinator'), filter, page);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
