import { buffer } from 'node:stream/consumers';
import { openContext } from '../context.ts';
import { noteBounce } from '../features/foundation/notices/service.ts';
import { markStaffBounce } from '../features/foundation/staff-mail/service.ts';
import type { Call } from './commands.ts';

/** Records the bounce in the mail on the standard input. */
export async function bounce({ config }: Call): Promise<number> {
  const raw = await buffer(process.stdin);
  const context = await openContext(config, { join: true });
  try {
    const isOurs = await noteBounce(
      context.database.kysely,
      raw,
      context.clock.now(),
      markStaffBounce,
    );
    process.stdout.write(isOurs ? 'Noted.\n' : 'No report of a mail of ours.\n');
    return 0;
  } finally {
    await context.close();
  }
}
