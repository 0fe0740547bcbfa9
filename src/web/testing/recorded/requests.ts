import type { Scope } from '../../../domain/scopes.ts';
import { requesterOf } from '../../../features/service/requests/testing.ts';
import type { TokenViewer } from '../../../lib/viewer.ts';
import type { Scenario, World } from './world.ts';

const PLACE = { point: { lat: 41.545, lon: 2.108 }, address: '', area: null };
const CONTACT = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', phone: '' };

/** A request that its person is writing. */
async function begun(world: World) {
  const { requests } = world.context;
  const office = await world.office();
  const { id } = (await requests.begin(office, { type: 'fanal', language: 'ca' }))!;
  return { requests, office, id, own: requesterOf(id) };
}

const ON_TO_OTHERS = 'the sweep goes on with the other requests; its log says which failed';

let people = 0;

/** The same, about to be sent. */
async function written(world: World) {
  const on = await begun(world);
  const { requests, office, id, own } = on;
  people++;
  await requests.writePlace(own, office, id, PLACE);
  const answers = { 'que-passa': ['apagat'] };
  await requests.writeText(own, office, id, { text: 'No va', answers });
  const email = `rosa.${people}@example.cat`;
  await requests.writeContact(own, office, id, { ...CONTACT, email });
  return { ...on, email };
}

/** A request that was sent, and whoever coordinates. */
async function sent(world: World) {
  const on = await written(world);
  await on.requests.send(on.own, on.office, on.id);
  const { row } = (await on.requests.own(on.own, on.office, on.id))!;
  return { ...on, viewer: world.staff('coordinator'), seen: row.version, row };
}

async function followed(world: World) {
  const { requests, office, row } = await sent(world);
  people++;
  const typed = { email: `pau.${people}@example.cat`, phone: '', language: 'ca' } as const;
  const follow = (tellBy: 'email' | 'page' = 'email') =>
    requests.follow(office, row.reference, { ...typed, tellBy });
  return { requests, office, follow };
}

/** Returns the id of whoever follows by their page alone. */
async function followerOf(
  requests: World['context']['requests'],
  made: Awaited<ReturnType<World['context']['requests']['follow']>>,
): Promise<string> {
  const at = made.ok && made.secret ? await requests.byFollowerSecret(made.secret) : null;
  if (!at) throw new Error('Nobody follows it');
  return at.follower;
}

const tokenOf = (office: number, scope: Scope): TokenViewer => ({
  kind: 'token',
  token: 1,
  office,
  scopes: new Set([scope]),
});

/** Actions on requests. */
export const REQUESTS: Record<string, Record<string, Scenario>> = {
  request_begun: {
    'by a citizen': async (world) => {
      const { requests } = world.context;
      const office = await world.office();
      return () => requests.begin(office, { type: 'fanal', language: 'ca' });
    },
  },
  request_sent: {
    'by a citizen': async (world) => {
      const { requests, office, id, own } = await written(world);
      return () => requests.send(own, office, id);
    },
    'by a token for somebody': async (world) => {
      const { requests } = world.context;
      const office = await world.office();
      const viewer = tokenOf(office.id, 'requests:write');
      const sent = {
        type: 'fanal',
        language: 'ca',
        text: 'No va',
        answers: { 'que-passa': ['apagat'] },
        point: PLACE.point,
        address: '',
        name: '',
        email: '',
        phone: '',
      } as const;
      const also = { idempotencyKey: null, photos: [] };
      return () => requests.sendByToken(viewer, office, sent, also);
    },
    'by staff for somebody': async (world) => {
      const { requests } = world.context;
      const office = await world.office();
      const what = {
        type: 'fanal',
        door: 'phone',
        language: 'ca',
        encounter: null,
        text: 'No va',
        answers: { 'que-passa': ['apagat'] },
        ...PLACE,
        ...CONTACT,
        email: 'nora@example.cat',
      } as const;
      return () => requests.open(world.staff(), office, what);
    },
  },
  request_read: {
    'by staff': async (world) => {
      const { requests, office, id, viewer } = await sent(world);
      return () => requests.work(viewer, office, id);
    },
  },
  request_inbox_opened: {
    'by staff': async (world) => {
      const { requests, office, viewer } = await sent(world);
      return () => requests.inbox(viewer, office, { group: 'open' }, null);
    },
  },
  requests_listed: {
    'by a token': async (world) => {
      const { requests, office } = await sent(world);
      const viewer = tokenOf(office.id, 'requests:read');
      return () => requests.listByToken(viewer, office, {}, { page: 1, most: 10 });
    },
  },
  requests_near_seen: {
    'by staff': async (world) => {
      await sent(world);
      const { requests, office, id, viewer } = await sent(world);
      return () => requests.near(viewer, office, id);
    },
  },
  requests_exported: {
    'by staff': async (world) => {
      const { requests, office, viewer } = await sent(world);
      return () => requests.inboxFile(viewer, office, { group: 'open' });
    },
  },
  request_shown: {
    'by staff': async (world) => {
      const { requests, office, id, viewer, seen } = await sent(world);
      return () => requests.show(viewer, office, id, { text: true, photos: [], seen });
    },
  },
  request_moved: {
    'by staff': async (world) => {
      const { requests, office, id, viewer, seen } = await sent(world);
      return () => requests.step(viewer, office, id, { step: 'plan', seen });
    },
    'by a citizen, who withdraws': async (world) => {
      const { requests, office, id, own } = await sent(world);
      return () => requests.withdraw(own, office, id);
    },
    'by a citizen, who reopens': async (world) => {
      const { requests, office, id, own, viewer, seen } = await sent(world);
      await requests.step(viewer, office, id, { step: 'answer', seen, words: 'Fet' });
      return () => requests.reopen(own, office, id, 'No');
    },
  },
  request_assigned: {
    'by staff, to somebody': async (world) => {
      const { requests, office, id, viewer, seen } = await sent(world);
      return () => requests.give(viewer, office, id, { assignee: viewer.staff, seen });
    },
    'by staff, to a team': async (world) => {
      const { requests, office, id, viewer, seen } = await sent(world);
      return () => requests.route(viewer, office, id, { team: 'neteja', seen });
    },
  },
  request_message_written: {
    'by staff': async (world) => {
      const { requests, office, id, viewer } = await sent(world);
      return () => requests.write(viewer, office, id, 'Bon dia');
    },
    'by a citizen': async (world) => {
      const { requests, office, id, own } = await sent(world);
      return () => requests.say(own, office, id, 'Bon dia');
    },
  },
  request_noted: {
    'by staff': async (world) => {
      const { requests, office, id, viewer } = await sent(world);
      return () => requests.note(viewer, office, id, 'És el de la plaça');
    },
  },
  request_followed: {
    'by a citizen': async (world) => (await followed(world)).follow,
  },
  request_unfollowed: {
    'by a citizen': async (world) => {
      const { requests, office, follow } = await followed(world);
      const at = await followerOf(requests, await follow('page'));
      return () => requests.leave(office, at);
    },
  },
  request_follower_confirmed: {
    'by a citizen': async (world) => {
      const { requests, office, follow } = await followed(world);
      const at = await followerOf(requests, await follow('page'));
      return () => requests.followed(office, at);
    },
  },
  request_left: {
    'by a citizen': async (world) => {
      const { requests, office, own, id, row } = await sent(world);
      const by = { tellBy: 'page', email: '', phone: '', language: 'ca' } as const;
      await requests.follow(office, row.reference, by);
      return () => requests.withdraw(own, office, id);
    },
  },
  request_link_sent: {
    'to the address on file': async (world) => {
      const { requests, office, email } = await sent(world);
      const act = async () => {
        requests.askLinks(office, { email });
        await requests.linksSent();
      };
      return { act, silent: 'It happens after the answer.' };
    },
  },
  request_link_given: {
    'by staff': async (world) => {
      const { requests, office, id, viewer, seen } = await sent(world);
      return () => requests.giveLink(viewer, office, id, { seen });
    },
  },
  request_called: {
    'by staff': async (world) => {
      const { requests, office, id, own } = await written(world);
      const contact = { ...CONTACT, tellBy: 'call', email: '', phone: '930 000 000' };
      await requests.writeContact(own, office, id, contact);
      await requests.send(own, office, id);
      const viewer = world.staff('coordinator');
      await requests.write(viewer, office, id, 'Ja hi anem');
      const { row } = (await requests.own(own, office, id))!;
      return () => requests.called(viewer, office, id, { seen: row.version });
    },
  },
  request_last_call: {
    'by the system': async (world) => {
      const { requests, office, id, own, viewer, seen } = await sent(world);
      await requests.step(viewer, office, id, { step: 'ask', words: 'On és?', seen });
      const local = world.clock.now().toZonedDateTimeISO(office.timeZone);
      world.until(local.add({ weeks: 5 }).with({ hour: 10 }).toInstant());
      return {
        act: () => requests.remind(),
        silent: ON_TO_OTHERS,
        besides: {
          tables: ['public.request', 'public.staff_mail'],
          why: 'officials are told of what is late',
        },
        as: async () => (await requests.own(own, office, id))?.row.lastCallAt ?? null,
      };
    },
  },
  request_discarded: {
    'by the system': async (world) => {
      const { requests } = await begun(world);
      world.until(world.clock.now().add({ hours: 30 }));
      return { act: () => requests.discardUnsent(), silent: ON_TO_OTHERS };
    },
  },
  request_anonymised: {
    'by the system': async (world) => {
      const { requests, office, id, viewer, seen } = await sent(world);
      await requests.step(viewer, office, id, { step: 'answer', seen, words: 'Fet' });
      world.until(world.clock.now().add({ hours: 24 * 100 }));
      return { act: () => requests.anonymiseDue(office), silent: ON_TO_OTHERS };
    },
  },
};
