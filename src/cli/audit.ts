import { openContext } from '../context.ts';
import type { Call } from './commands.ts';

const WHAT = {
  removed: 'something of what it covers is missing',
  added: 'something was added to what it covers',
  changed: 'something of what it covers was changed',
};

/** Checks each body's audit trail against its seals, and what was consented to against the trail; 1 where something doesn't fit. */
export async function checkAudit({ config }: Call): Promise<number> {
  const context = await openContext(config, { join: true });
  try {
    let isSound = true;
    for (const body of await context.bodies.list()) {
      const verdict = await context.auditSeals.verify(body.id);
      isSound &&= verdict.ok;
      process.stdout.write(
        verdict.ok
          ? `${body.code}: ${verdict.rows} entries under ${verdict.seals} seals, as they were written.\n`
          : `${body.code}: seal ${verdict.seal} is broken: ${WHAT[verdict.what]}.\n`,
      );
      const acts = await context.consent.verify(body.id);
      isSound &&= acts.ok;
      process.stdout.write(
        acts.ok
          ? `${body.code}: ${acts.acts} acts that were consented to, as they were sealed.\n`
          : `${body.code}: act ${acts.act} is not as it was sealed: it was ${acts.what}.\n`,
      );
    }
    return isSound ? 0 : 1;
  } finally {
    await context.close();
  }
}
