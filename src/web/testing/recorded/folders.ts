import { randomUUID } from 'node:crypto';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { Scenario, World } from './world.ts';

/** A new person who was identified now, with the right to do what needs that. */
async function identified({ house, clock }: World): Promise<PersonViewer> {
  const person = randomUUID();
  const identification = randomUUID();
  const at = clock.now().toString();
  const sealed = Buffer.from('sealed');
  await within(house.database.kysely, INSTALLATION, async (tx) => {
    await tx
      .insertInto('person')
      .values({
        id: person,
        lookup: person,
        wrapped: sealed,
        key_version: 1,
        identity: sealed,
        wishes: sealed,
        first_seen_at: at,
        last_seen_at: at,
      })
      .execute();
    await tx
      .insertInto('identification')
      .values({
        id: identification,
        person_id: person,
        provider: 'demo',
        kind: 'demo',
        method: 'demo',
        level: 'substantial',
        identified_at: at,
        evidence: sealed,
        purpose: 'session',
        represents: null,
        transaction_hash: null,
      })
      .execute();
  });
  return { kind: 'person', person, identification, level: 'substantial' };
}

/** A person with an appointment in their folder. */
async function withFolder(world: World) {
  const viewer = await identified(world);
  const { id } = await world.book();
  const office = await world.office();
  await world.context.folder.take(viewer, office, id, 'link');
  return { viewer, office, id };
}

/** What people do with their folders. */
export const FOLDERS = {
  folder_added: {
    'by its link': async (world) => {
      const viewer = await identified(world);
      const { id } = await world.book();
      const office = await world.office();
      return () => world.context.folder.take(viewer, office, id, 'link');
    },
  },
  folder_removed: {
    'by the person': async (world) => {
      const { viewer, office, id } = await withFolder(world);
      return () => world.context.folder.remove(viewer, office, id);
    },
  },
  folder_exported: {
    'by the person': async (world) => {
      const { viewer } = await withFolder(world);
      return () => world.context.folder.exported(viewer);
    },
  },
  folder_erased: {
    'by the person': async (world) => {
      const { viewer } = await withFolder(world);
      return () => world.context.folder.erase(viewer, world.clock.now());
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
