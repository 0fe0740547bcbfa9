import type { Office } from '../../../domain/office/types.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { createAuditedReads } from '../../../features/booking/appointments/service.ts';
import { linkAppointment } from '../../../features/foundation/identification/service.ts';
import { identifiedPerson } from '../../../features/foundation/identification/testing.ts';
import { within } from '../../../lib/db/database.ts';
import type { TokenViewer } from '../../../lib/viewer.ts';
import { DRAFT, run, type Scenario, type World } from './world.ts';

const tokenOf = async ({ office }: World): Promise<TokenViewer> => ({
  kind: 'token',
  token: 1,
  office: (await office()).id,
  scopes: new Set(SCOPES),
});

const coordinator = (world: World) => world.staff('coordinator');
/** Returns a desk other than Marta's. */
const otherDesk = async ({ office }: World): Promise<number> =>
  (await office()).desks.find((each) => each.code === 'taula-2')!.id;

/** Plans an absence of a desk from eight to eight. */
async function absenceOn(world: World, desk: number, day: Temporal.PlainDate) {
  const office = await world.office();
  const edit = {
    kind: 'absence',
    desk,
    from: `${day}T08:00`,
    to: `${day}T20:00`,
    why: '',
  } as const;
  const planned = await world.context.rota.plan(coordinator(world), office, edit);
  if (!planned.ok) throw new Error(JSON.stringify(planned));
  const save = () =>
    world.context.rota.save(coordinator(world), office, edit, {
      digest: planned.plan.digest,
      resolutions: new Map(),
    });
  return { office, edit, save };
}

/** Plans an absence on a day without appointments. */
async function rotaEdit(world: World) {
  const { timeZone } = await world.office();
  const day = world.clock.now().toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 40 });
  return absenceOn(world, await otherDesk(world), day);
}

/** Plans an absence on a day when the desk has one appointment. */
async function absenceOfBooked(world: World) {
  const { timeZone } = await world.office();
  const { start, desk } = await world.book();
  return absenceOn(world, desk, start.toZonedDateTimeISO(timeZone).toPlainDate());
}

/** An appointment was displaced, its reserved hour expired, and its time has passed. */
async function displaced(world: World) {
  const { context, office } = world;
  const { id, desk, start } = await world.book();
  const chosen = [{ id, desk, start }];
  await context.coordination.doSeveral(coordinator(world), await office(), chosen, {
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
      const office = await world.office();
      const request = {
        ...({ procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const),
        ...({ noticeLanguage: 'ca' } as const),
        citizen,
        onBehalfOf: null,
        needs: [],
        comment: '',
        start: await world.free(),
      };
      return () => world.context.assistance.book(world.staff(), office, request, 'key', id);
    },
  },
  moved: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const to = { start: await world.free(), channel: 'phone' } as const;
      const office = await world.office();
      return () => world.context.assistance.move(world.staff(), office, id, to);
    },
  },
  contact_changed: {
    'by the citizen': async (world) => {
      const of = await world.book();
      const { appointments } = world.context;
      const contact = { ...of.citizen, name: 'Rosa Maria' };
      const office = await world.office();
      return () => appointments.changeContact(world.citizen(of), office, of.id, contact);
    },
  },
  notices_chosen: {
    'by the citizen': async (world) => {
      const of = await world.book();
      const office = await world.office();
      return () => world.context.appointments.chooseNotices(world.citizen(of), office, 'sms');
    },
  },
  cancelled: {
    'by the citizen': async (world) => {
      const of = await world.book();
      const office = await world.office();
      return () => world.context.appointments.cancel(world.citizen(of), office, of.id, '');
    },
    'by staff': async (world) => {
      const { id } = await world.book();
      const office = await world.office();
      return () => world.context.encounter.cancel(world.staff(), office, id, 'Avaria');
    },
    'several at once': async (world) => {
      const { id, desk, start } = await world.book();
      const office = await world.office();
      const chosen = [{ id, desk, start }];
      const action = { kind: 'cancel', reason: 'Avaria' } as const;
      return {
        act: () => world.context.coordination.doSeveral(coordinator(world), office, chosen, action),
        besides: { tables: ['public.audit'], why: 'that several were chosen is recorded before' },
      };
    },
    'by the service, since no other hour was chosen': async (world) => {
      await displaced(world);
      return () => world.context.coordination.endGivenUp();
    },
  },
  reassigned: {
    'by a coordinator': async (world) => {
      const { id, desk, start } = await world.book();
      const office = await world.office();
      const to = { desk: await otherDesk(world), seen: { desk, start }, override: true };
      return () => world.context.coordination.reassign(coordinator(world), office, id, to);
    },
  },
  displaced: {
    'by a coordinator': async (world) => {
      const { id, desk, start } = await world.book();
      const office = await world.office();
      const chosen = [{ id, desk, start }];
      const action = { kind: 'displace' } as const;
      return {
        act: () => world.context.coordination.doSeveral(coordinator(world), office, chosen, action),
        besides: {
          tables: ['public.desk', 'public.audit'],
          why: 'another hour was held and let go, which counts as assigned; that several were chosen is recorded before',
        },
      };
    },
  },
  link_sent: {
    'to whoever lost it': async (world) => {
      const { citizen } = await world.book();
      const { linkRecovery } = world.context;
      return {
        act: async () => {
          linkRecovery.ask({ email: citizen.email ?? '' });
          await linkRecovery.settled();
        },
        silent: 'whoever asks for a lost link is answered before anything is looked up',
      };
    },
  },
  read: {
    'by a token': async (world) => {
      const { id, office } = await world.book();
      const reads = createAuditedReads(world.context.unit);
      const viewer = await tokenOf(world);
      return () => reads.byId(viewer, office, id);
    },
  },
  listed: {
    'by a token': async (world) => {
      const { office } = await world.book();
      const reads = createAuditedReads(world.context.unit);
      const viewer = await tokenOf(world);
      return () => reads.search(viewer, { office, limit: 10 });
    },
  },
  searched: {
    'by staff': async (world) => {
      const office = await world.office();
      return () => world.context.assistance.search(world.staff(), office, 'Rosa');
    },
  },
  copied: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const office = await world.office();
      return () => world.context.assistance.like(world.staff(), office, id);
    },
  },
  hub_read: {
    'by the hub': async (world) => {
      const { id, office } = await world.book();
      const { keys, database, hubFolder } = world.context;
      const now = world.clock.now();
      const known = await identifiedPerson(database.kysely, keys.people, '12345678Z', now);
      const link = { ...known, appointment: id, how: 'booked' } as const;
      await within(database.kysely, office, (tx) => linkAppointment({ tx, office, now }, link));
      const whose = { scheme: 'dni', country: 'ES', identifier: '12345678Z' } as const;
      return () => hubFolder.held({ id: whose, from: null, to: null });
    },
  },
  link_given: {
    'by a token': async (world) => {
      const { id } = await world.book();
      const office = await world.office();
      const viewer = await tokenOf(world);
      return () => world.context.appointments.giveLink(viewer, office, id);
    },
  },
  printed: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const office = await world.office();
      return () => world.context.assistance.print(world.staff(), office, id);
    },
  },
  opened: {
    'by staff': async (world) => {
      const { id } = await world.book();
      const office = await world.office();
      return () => world.context.encounter.open(world.staff(), office, id);
    },
  },
  history: {
    'by staff': async (world) => {
      const { id } = await world.book('phone', await world.book());
      const office = await world.office();
      return () => world.context.encounter.open(world.staff(), office, id);
    },
  },
  day: {
    'by staff': async (world) => {
      const office = await world.office();
      const day = Temporal.PlainDate.from('2026-12-24');
      return () => world.context.encounter.day(world.staff(), office, day, null);
    },
  },
  now: {
    'by a coordinator': async (world) => {
      const office = await world.office();
      return () => world.context.liveBoards.board(coordinator(world), office, {} as never);
    },
  },
  board: {
    'by a coordinator': async (world) => {
      const office = await world.office();
      const day = Temporal.PlainDate.from('2026-12-24');
      return () => world.context.coordination.board(coordinator(world), office, day);
    },
  },
  watched: {
    'by staff': async (world) => async () => {
      const { stop } = await world.context.eventFeed.follow(world.staff(), null, () => {});
      stop();
    },
  },
  attempt: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const attempt = { number: 1, outcome: 'answered', note: '', anyway: true } as const;
      const office = await world.office();
      return () => world.context.encounter.logAttempt(world.staff(), office, id, attempt);
    },
  },
  started: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const office = await world.office();
      return () => world.context.encounter.start(world.staff(), office, id, { anyway: true });
    },
  },
  saved: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const office = await world.office();
      await world.context.encounter.start(world.staff(), office, id, { anyway: true });
      return () =>
        world.context.encounter.save(world.staff(), office, { appointment: id }, 1, DRAFT);
    },
  },
  closed: {
    'by staff': async (world) => {
      const { id } = await world.attend('phone');
      const office = await world.office();
      const draft = doneIn(office);
      const how = { anyway: true };
      return () =>
        world.context.encounter.close(world.staff(), office, { appointment: id }, 2, draft, how);
    },
  },
  undone: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const office = await world.office();
      await world.context.encounter.start(world.staff(), office, id, { anyway: true });
      return () => world.context.encounter.undo(world.staff(), office, id, 'begin');
    },
  },
  corrected: {
    'by staff': async (world) => {
      const { id } = await world.attend('phone');
      const office = await world.office();
      const of = { appointment: id };
      const draft = doneIn(office);
      const { encounter } = world.context;
      await encounter.close(world.staff(), office, of, 2, draft, { anyway: true });
      const corrected = { ...draft, notes: 'Corregit' };
      return () => encounter.correct(world.staff('coordinator'), office, of, 3, corrected);
    },
  },
  given_up: {
    'by staff': async (world) => {
      const { id, start } = await world.book();
      world.until(start);
      const office = await world.office();
      const attempt = { number: 1, outcome: 'wrong_number', note: '' } as const;
      await world.context.encounter.logAttempt(world.staff(), office, id, attempt);
      return () => world.context.encounter.giveUp(world.staff(), office, id);
    },
  },
  taken_over: {
    'by a coordinator': async (world) => {
      const { id } = await world.attend('phone');
      const office = await world.office();
      const viewer = world.staff('coordinator', { staff: 99_999 });
      const from = `staff:${world.staff().staff}`;
      return () => world.context.coordination.takeOver(viewer, office, id, from);
    },
  },
  several_changed: {
    'by a coordinator': async (world) => {
      const { id, desk, start } = await world.book();
      const office = await world.office();
      const action = { kind: 'cancel', reason: '' } as const;
      const chosen = [{ id, desk, start }];
      return () => world.context.coordination.doSeveral(coordinator(world), office, chosen, action);
    },
  },
  late_said: {
    'by a coordinator': async (world) => {
      const { start, desk } = await world.book();
      world.until(start.subtract({ minutes: 5 }));
      const office = await world.office();
      const about = { desk, hours: null, minutes: 30 };
      return () => world.context.delays.announce(coordinator(world), office, about);
    },
  },
  rota_planned: {
    'by a coordinator': async (world) => {
      const { office, edit } = await rotaEdit(world);
      return () => world.context.rota.plan(coordinator(world), office, edit);
    },
  },
  rota_changed: {
    'by a coordinator': async (world) => (await rotaEdit(world)).save,
    'with an appointment that loses its desk': async (world) => (await absenceOfBooked(world)).save,
  },
  rota_read: {
    'by a coordinator': async (world) => {
      const { office, save } = await rotaEdit(world);
      const saved = await save();
      if (!saved.ok) throw new Error(saved.reason);
      return () => world.context.rota.change(coordinator(world), office, saved.change);
    },
    'of an absence': async (world) => {
      const { office, save } = await absenceOfBooked(world);
      const saved = await save();
      if (!saved.ok || saved.absence === null) throw new Error(JSON.stringify(saved));
      const { absence } = saved;
      return () => world.context.rota.absence(coordinator(world), office, absence);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;

/** What was done in an encounter, as far as an office asks for it at the end. */
function doneIn({ settings: { outcomes, wrapUpCodes } }: Office) {
  const item = { kind: 'procedure', procedure: 'volant-padro', query: null, label: '' } as const;
  return {
    ...DRAFT,
    items: [{ ...item, outcome: outcomes[0]!.code }],
    wrapUp: wrapUpCodes[0]!.code,
  };
}
