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

/** Puts another Catalan name of a procedure into the draft. Returns the draft's mark. */
async function draft(world: World): Promise<string> {
  const { administration } = world.context;
  await administration.saveDraft(administrator(world), {
    part: () => null,
    was: null,
    change: (office) =>
      withPart(office, ['procedures', 'volant-padro', 'name'], (name) => ({
        ...name,
        ca: `Volant ${++changes}`,
      })),
  });
  return (await administration.read(administrator(world)))?.draft?.mark ?? '';
}

/** What administrators do with the draft and the versions of a declaration. */
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
  draft_saved: {
    'by an administrator': async (world) => () => draft(world),
  },
  draft_published: {
    'by an administrator': async (world) => {
      const was = await draft(world);
      return () => world.context.administration.publishDraft(administrator(world), { was });
    },
  },
  draft_dropped: {
    'by an administrator': async (world) => {
      const was = await draft(world);
      const what = { was, paths: 'all' } as const;
      return () => world.context.administration.dropDraft(administrator(world), what);
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
