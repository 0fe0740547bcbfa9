import { handInToCosign } from '../cosigned.ts';
import type { Scenario, World } from './world.ts';

/** Somebody who must sign what another person handed in. */
async function toCosign(world: World) {
  const office = await world.office();
  const to = await handInToCosign(world.context, office, 'volant-padro');
  return { ...to, office, cosigning: world.context.cosigning };
}

/** What somebody else than its applicant does with a case that they must sign. */
export const COSIGNING = {
  case_cosign_read: {
    'by whoever must sign': async (world) => {
      const { cosigning, viewer, office, id } = await toCosign(world);
      return () => cosigning.open(viewer, office, id);
    },
  },
  case_cosigned: {
    'by whoever must sign': async (world) => {
      const { cosigning, viewer, office, id, hash } = await toCosign(world);
      return () => cosigning.sign(viewer, office, id, hash);
    },
  },
  case_cosign_declined: {
    'by whoever must sign': async (world) => {
      const { cosigning, viewer, office, id } = await toCosign(world);
      return () => cosigning.decline(viewer, office, id);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
