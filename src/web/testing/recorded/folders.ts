import { identifySomebody } from '../../../features/foundation/identification/testing.ts';
import type { PersonViewer } from '../../../lib/viewer.ts';
import type { Scenario, World } from './world.ts';

/** A new person who was identified now, with the right to do what needs that. */
const identified = ({ house, context, clock }: World): Promise<PersonViewer> =>
  identifySomebody(house.database.kysely, context.keys.people, clock.now());

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
