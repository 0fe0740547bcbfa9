import { guessedMapping } from '../../../formats/appointments/mapping.ts';
import { readAppointments } from '../../../formats/appointments/read.ts';
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

/** A file of another tool with one appointment. */
async function importOf(world: World) {
  const office = await world.office();
  const bytes = new TextEncoder().encode(
    'id,nom,telèfon,data,tràmit,canal\n1,Rosa,612345678,2026-12-09 10:00,volant-padro,telèfon',
  );
  const mapping = guessedMapping('cites');
  const { timeZone } = office;
  const read = readAppointments(bytes, mapping, { timeZone, now: world.context.clock.now() });
  if (!read.ok) throw new Error(read.mistake.reason);
  const file = { rows: read.rows, mapping, digest: 'x' };
  const options = { isConfirmed: false, isWithdrawn: false, isWhole: false, isTold: false };
  const plan = () => world.context.imports.plan(administrator(world), office, file, options);
  return { office, file, options, plan };
}

/** What administrators do with the draft and the versions of a declaration, and with another tool's file. */
export const DECLARATIONS = {
  import_planned: {
    'by an administrator': async (world) => (await importOf(world)).plan,
  },
  imported: {
    'by an administrator': async (world) => {
      const { office, file, options, plan } = await importOf(world);
      const { code } = await plan();
      const { imports } = world.context;
      return () => imports.carryOut(administrator(world), office, file, { ...options, code });
    },
  },
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
