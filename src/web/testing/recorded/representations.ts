import { randomBytes } from 'node:crypto';
import { identifiedPerson } from '../../../features/foundation/identification/testing.ts';
import type { Side, Typed } from '../../../features/service/representation/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { Scenario, World } from './world.ts';

const NIFS = { representative: '12345678Z', represented: '99999999R' };
const NAMES = { representative: 'Rosa Soler', represented: 'Pere Vidal' };

const personOf = async ({ house, context, clock }: World, side: Side): Promise<PersonViewer> => {
  const [given = '', family = ''] = NAMES[side].split(' ');
  const name = { full: NAMES[side], given, family };
  const db = house.database.kysely;
  const of = await identifiedPerson(db, context.keys.people, NIFS[side], clock.now(), { name });
  return { kind: 'person', ...of, level: 'substantial' };
};

/** What the person of one side types of the other. */
const typedOf = ({ clock }: World, side: Side, appointment: string): Typed => {
  const other = side === 'representative' ? 'represented' : 'representative';
  const day = clock.now().toZonedDateTimeISO('Europe/Madrid').toPlainDate();
  return {
    name: NAMES[other],
    identifier: NIFS[other],
    until: day.add({ days: 300 }).toString(),
    scope: 'all',
    procedures: [],
    opens: false,
    appointment,
  };
};

/** Somebody who may ask to act for another person with the documents of an appointment. */
async function asking(world: World) {
  const viewer = await personOf(world, 'representative');
  const of = await world.book();
  const office = await world.office();
  await world.context.folder.take(viewer, office, of.id, 'link');
  const typed = typedOf(world, 'representative', of.id);
  const wanted = { side: 'representative', typed } as const;
  // Whoever is named is known from then on, whether or not anything comes of it.
  await personOf(world, 'represented');
  return { of, office, ask: () => world.context.representations.ask(viewer, office, wanted) };
}

/** An authorisation that waits, with the signed document. */
async function asked(world: World) {
  const { of, office, ask } = await asking(world);
  const done = await ask();
  if (!done.ok) throw new Error(done.reason);
  const { documents } = world.context;
  const paper = { kind: 'inbox', name: 'a.pdf', type: 'application/pdf', requested: null } as const;
  const citizen = world.citizen(of);
  const kept = await documents.keep(citizen, office, of.id, paper, randomBytes(100));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  // No antivirus runs here.
  await within(world.house.database.kysely, office.id, (tx) =>
    tx.updateTable('document').set({ state: 'clean' }).where('id', '=', kept.id).execute(),
  );
  return { on: { office, appointment: of.id, id: done.id }, document: kept.id };
}

/** Somebody who authorises another person. */
async function giving(world: World, until?: string) {
  const viewer = await personOf(world, 'represented');
  const office = await world.office();
  const typed = { ...typedOf(world, 'represented', ''), ...(until && { until }) };
  const wanted = { side: 'represented', typed } as const;
  await personOf(world, 'representative');
  return { office, viewer, give: () => world.context.representations.ask(viewer, office, wanted) };
}

async function given(world: World, until?: string) {
  const { office, viewer, give } = await giving(world, until);
  const done = await give();
  if (!done.ok) throw new Error(done.reason);
  return { office, viewer, id: done.id };
}

const coordinator = (world: World) => world.staff('coordinator', { staff: 1, desk: null });

/** Authorisations to act for somebody else. */
export const REPRESENTATIONS = {
  representation_asked: {
    'by whoever wants to act': async (world) => (await asking(world)).ask,
  },
  representation_given: {
    'by the represented person': async (world) => (await giving(world)).give,
  },
  representation_accepted: {
    'by an official': async (world) => {
      const { on, document } = await asked(world);
      return () =>
        world.context.representations.decide(coordinator(world), on, { do: 'accept', document });
    },
  },
  representation_refused: {
    'by an official': async (world) => {
      const { on } = await asked(world);
      return () =>
        world.context.representations.decide(coordinator(world), on, {
          do: 'refuse',
          reason: 'No',
        });
    },
  },
  representation_ended: {
    'by the represented person': async (world) => {
      const { viewer, id } = await given(world);
      return () => world.context.representations.end(viewer, id);
    },
    'by the representative': async (world) => {
      const { id } = await given(world);
      const rosa = await personOf(world, 'representative');
      return () => world.context.representations.end(rosa, id);
    },
    'by an official': async (world) => {
      const { on } = await asked(world);
      return () =>
        world.context.representations.decide(coordinator(world), on, { do: 'end', reason: 'No' });
    },
    'after its last day': async (world) => {
      await given(world, world.clock.now().toString().slice(0, 10));
      world.until(world.clock.now().add({ hours: 48 }));
      return () => world.context.representations.endOver();
    },
    'when a folder is erased': async (world) => {
      const { viewer } = await given(world);
      return () => world.context.representations.erase(viewer);
    },
  },
  represented: {
    'by the representative': async (world) => {
      const { office, id } = await given(world);
      const rosa = await personOf(world, 'representative');
      const of = await world.book();
      return () => world.context.representations.booked(rosa, office, of.id, id);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
