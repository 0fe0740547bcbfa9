import { withPart } from '../../admin/sections.ts';
import type { Scenario, World } from './world.ts';

const administrator = (world: World) => world.staff('administrator');
let changes = 0;

/** Changes the Catalan name of a procedure, and of nothing else. */
const rename = (world: World) =>
  world.context.administration.edit(administrator(world), {
    part: () => null,
    was: null,
    change: (office) =>
      withPart(office, ['procedures', 'volant-padro', 'name'], (name) => ({
        ...name,
        ca: `Volant ${++changes}`,
      })),
  });

/** What administrators do with the versions of a declaration. */
export const DECLARATIONS = {
  declaration_reverted: {
    'by an administrator': async (world) => {
      const { administration } = world.context;
      const viewer = administrator(world);
      await rename(world);
      return async () => {
        const versions = (await administration.history(viewer))?.versions ?? [];
        const { number: version = 0 } = versions.at(-1) ?? {};
        const paths = ['procedures.volant-padro.name.ca'];
        return administration.revert(viewer, { version, paths, was: version });
      };
    },
  },
  translation_confirmed: {
    'by an administrator': async (world) => {
      await rename(world);
      return () =>
        world.context.administration.edit(administrator(world), {
          part: () => null,
          was: null,
          change: (office) => office,
          stillRight: ['procedures.volant-padro.name.es'],
        });
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
