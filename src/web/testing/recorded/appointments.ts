import { SCOPES } from '../../../domain/scopes.ts';
import { createAuditedReads } from '../../../features/appointments/service.ts';
import type { TokenViewer } from '../../../lib/viewer.ts';
import { DRAFT, run, type Scenario, type World } from './world.ts';

const tokenOf = async ({ body }: World): Promise<TokenViewer> => ({
  ...{ kind: 'token', token: 1, body: (await body()).id, scopes: new Set(SCOPES) },
});

const coordinator = (world: World) => world.staff('coordinator');
/** A desk that isn't Marta's. */
const otherDesk = async ({ body }: World): Promise<number> =>
  (await body()).agents.find((each) => each.code === 'taula-2')!.id;

/** A desk that is away on a day when it has one appointment. */
async function awayPlan(world: World) {
  const { context, staff } = world;
  const body = await world.body();
  const { start, agent: desk } = await world.book();
  const day = start.toZonedDateTimeISO(body.timeZone).toPlainDate();
  const away = { desk, from: `${day}T08:00`, to: `${day}T20:00`, why: '' };
  const plan = await context.coordination.planAway(staff('coordinator'), body, away);
  return { body, away, digest: plan?.digest ?? '' };
}

async function absenceOf(world: World) {
  const { body, away, digest } = await awayPlan(world);
  const sent = await world.context.coordination.sendAway(coordinator(world), body, away, digest);
  if (!sent.ok) throw new Error(sent.reason);
  return { body, absence: sent.absence };
}

async function rotaEdit(world: World) {
  const body = await world.body();
  const desk = await otherDesk(world);
  const day = world.clock.now().toZonedDateTimeISO(body.timeZone).toPlainDate().add({ days: 40 });
  const edit = {
    kind: 'absence',
    desk,
    from: `${day}T08:00`,
    to: `${day}T09:00`,
    why: '',
  } as const;
  const planned = await world.context.rota.plan(coordinator(world), body, edit);
  if (!planned.ok) throw new Error(JSON.stringify(planned));
  const save = () =>
    world.context.rota.save(coordinator(world), body, edit, {
      ...{ digest: planned.plan.digest, fates: new Map() },
    });
  return { body, edit, save };
}

/** Somebody's hour was taken, no other is kept for them any more, and it is over. */
async function displaced(world: World) {
  const { context, body } = world;
  const { id, agent, start } = await world.book();
  const chosen = [{ id, agent, start }];
  await context.coordination.doSeveral(coordinator(world), await body(), chosen, {
    kind: 'displace',
  });
  await run(
    world,
    `update offer set ended_at = expires_at, outcome = 'expired' where ended_at is null`,
  );
  world.until(start.add({ hours: 3 }));
}

export const APPOINTMENTS = {
  booked: {
    'by a citizen': async (world) => () => world.book(),
    'by staff, who goes on from another': async (world) => {
      const { citizen, id } = await world.book();
      const body = await world.body();
      const request = {
        ...({ procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const),
        ...({ noticeLanguage: 'ca' } as const),
        ...{ citizen, onBehalfOf: null, needs: [], comment: '' },
        start: await world.free(),
      };
      return () => world.context.desk.book(world.staff(), body, request, 'key', id);
    },
  },
  moved: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const to = { start: await world.free(), channel: 'phone' } as const;
      const body = await world.body();
      return () => world.context.desk.move(world.staff(), body, id, to);
    },
  },
  contact_changed: {
    'by the citizen': async (world) => {
      const of = await world.book();
      const { appointments } = world.context;
      const contact = { ...of.citizen, name: 'Rosa Maria' };
      const body = await world.body();
      return () => appointments.changeContact(world.citizen(of), body, of.id, contact);
    },
  },
  cancelled: {
    'by the citizen': async (world) => {
      const of = await world.book();
      const body = await world.body();
      return () => world.context.appointments.cancel(world.citizen(of), body, of.id, '');
    },
    'by staff': async (world) => {
      const { id } = await world.book();
      const body = await world.body();
      return () => world.context.attention.cancel(world.staff(), body, id, 'Avaria');
    },
    'several at once': async (world) => {
      const { id, agent, start } = await world.book();
      const body = await world.body();
      const chosen = [{ id, agent, start }];
      const action = { kind: 'cancel', reason: 'Avaria' } as const;
      return {
        act: () => world.context.coordination.doSeveral(coordinator(world), body, chosen, action),
        besides: { tables: ['public.audit'], why: 'that several were chosen is recorded before' },
      };
    },
    'by the service, since no other hour was chosen': async (world) => {
      await displaced(world);
      return () => world.context.coordination.lookAfter();
    },
  },
  reassigned: {
    'by a coordinator': async (world) => {
      const { id, agent, start } = await world.book();
      const body = await world.body();
      const to = { desk: await otherDesk(world), seen: { agent, start }, evenSo: true };
      return () => world.context.coordination.reassign(coordinator(world), body, id, to);
    },
  },
  displaced: {
    'by a coordinator': async (world) => {
      const { id, agent, start } = await world.book();
      const body = await world.body();
      const chosen = [{ id, agent, start }];
      const action = { kind: 'displace' } as const;
      return {
        act: () => world.context.coordination.doSeveral(coordinator(world), body, chosen, action),
        besides: {
          tables: ['public.agent', 'public.audit'],
          why: 'another hour was held and let go, which counts as assigned; that several were chosen is recorded before',
        },
      };
    },
  },
  link_sent: {
    'to whoever lost it': async (world) => {
      const { citizen } = await world.book();
      const { lostLink } = world.context;
      return {
        act: async () => {
          lostLink.ask({ email: citizen.email ?? '' });
          await lostLink.settled();
        },
        silent: 'whoever asks for a lost link is answered before anything is looked up',
      };
    },
  },
  read: {
    'by a token': async (world) => {
      const { id, body } = await world.book();
      const reads = createAuditedReads({ db: world.house.database.kysely, clock: world.clock });
      const viewer = await tokenOf(world);
      return () => reads.byId(viewer, body, id);
    },
  },
  listed: {
    'by a token': async (world) => {
      const { body } = await world.book();
      const reads = createAuditedReads({ db: world.house.database.kysely, clock: world.clock });
      const viewer = await tokenOf(world);
      return () => reads.search(viewer, { body, limit: 10 });
    },
  },
  searched: {
    'by staff': async (world) => {
      const body = await world.body();
      return () => world.context.desk.search(world.staff(), body, 'Rosa');
    },
  },
  copied: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const body = await world.body();
      return () => world.context.desk.like(world.staff(), body, id);
    },
  },
  link_given: {
    'by a token': async (world) => {
      const { id } = await world.book();
      const body = await world.body();
      const viewer = await tokenOf(world);
      return () => world.context.appointments.giveLink(viewer, body, id);
    },
  },
  printed: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const body = await world.body();
      return () => world.context.desk.print(world.staff(), body, id);
    },
  },
  opened: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const body = await world.body();
      return () => world.context.attention.open(world.staff(), body, id);
    },
  },
  history: {
    'by staff': async (world) => {
      const { id } = await world.book('phone', await world.book());
      const body = await world.body();
      return () => world.context.attention.open(world.staff(), body, id);
    },
  },
  day: {
    'by staff': async (world) => {
      const body = await world.body();
      const day = Temporal.PlainDate.from('2026-12-24');
      return () => world.context.attention.day(world.staff(), body, day, null);
    },
  },
  now: {
    'by a coordinator': async (world) => {
      const body = await world.body();
      return () => world.context.now.board(coordinator(world), body, {} as never);
    },
  },
  board: {
    'by a coordinator': async (world) => {
      const body = await world.body();
      const day = Temporal.PlainDate.from('2026-12-24');
      return () => world.context.coordination.board(coordinator(world), body, day);
    },
  },
  watched: {
    'by staff': async (world) => async () => {
      const { stop } = await world.context.newsroom.follow(world.staff(), null, () => {});
      stop();
    },
  },
  attempt: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const attempt = { number: 1, outcome: 'answered', note: '' } as const;
      const body = await world.body();
      return () => world.context.attention.logAttempt(world.staff(), body, id, attempt);
    },
  },
  started: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const body = await world.body();
      return () => world.context.attention.start(world.staff(), body, id);
    },
  },
  saved: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const body = await world.body();
      await world.context.attention.start(world.staff(), body, id);
      return () => world.context.attention.save(world.staff(), body, id, 1, DRAFT);
    },
  },
  closed: {
    'by staff': async (world) => {
      const { id } = await world.attend('phone');
      const body = await world.body();
      const { outcomes, wrapUpCodes } = body.settings;
      const item = {
        kind: 'procedure',
        procedure: 'volant-padro',
        query: null,
        label: '',
      } as const;
      const draft = {
        ...DRAFT,
        items: [{ ...item, outcome: outcomes[0]!.code }],
        wrapUp: wrapUpCodes[0]!.code,
      };
      const how = { anyway: true };
      return () => world.context.attention.close(world.staff(), body, id, 2, draft, how);
    },
  },
  given_up: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const body = await world.body();
      const attempt = { number: 1, outcome: 'wrong_number', note: '' } as const;
      await world.context.attention.logAttempt(world.staff(), body, id, attempt);
      return () => world.context.attention.giveUp(world.staff(), body, id);
    },
  },
  taken_over: {
    'by a coordinator': async (world) => {
      const { id } = await world.attend('phone');
      const body = await world.body();
      const viewer = world.staff('coordinator', { staff: 99_999 });
      const from = `staff:${world.staff().staff}`;
      return () => world.context.coordination.takeOver(viewer, body, id, from);
    },
  },
  away_planned: {
    'by a coordinator': async (world) => {
      const { body, away } = await awayPlan(world);
      return () => world.context.coordination.planAway(coordinator(world), body, away);
    },
  },
  desk_away: {
    'by a coordinator': async (world) => {
      const { body, away, digest } = await awayPlan(world);
      return () => world.context.coordination.sendAway(coordinator(world), body, away, digest);
    },
  },
  desk_back: {
    'by a coordinator': async (world) => {
      const { body, absence } = await absenceOf(world);
      return () => world.context.coordination.comeBack(coordinator(world), body, absence);
    },
  },
  away_read: {
    'by a coordinator': async (world) => {
      const { body, absence } = await absenceOf(world);
      return () => world.context.coordination.absence(coordinator(world), body, absence);
    },
  },
  several_changed: {
    'by a coordinator': async (world) => {
      const { id, agent, start } = await world.book();
      const body = await world.body();
      const action = { kind: 'cancel', reason: '' } as const;
      const chosen = [{ id, agent, start }];
      return () => world.context.coordination.doSeveral(coordinator(world), body, chosen, action);
    },
  },
  late_said: {
    'by a coordinator': async (world) => {
      const { start, agent } = await world.book();
      world.until(start.subtract({ minutes: 5 }));
      const body = await world.body();
      const about = { desk: agent, hours: null, minutes: 30 };
      return () => world.context.lateness.announce(coordinator(world), body, about);
    },
  },
  rota_planned: {
    'by a coordinator': async (world) => {
      const { body, edit } = await rotaEdit(world);
      return () => world.context.rota.plan(coordinator(world), body, edit);
    },
  },
  rota_changed: {
    'by a coordinator': async (world) => (await rotaEdit(world)).save,
  },
  rota_read: {
    'by a coordinator': async (world) => {
      const { body, save } = await rotaEdit(world);
      const saved = await save();
      if (!saved.ok) throw new Error(saved.reason);
      return () => world.context.rota.change(coordinator(world), body, saved.change);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
