import { type Context, openContext } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import type { Call } from '../commands.ts';
import { CommandError } from '../error.ts';

/** Opens the installation and finds the office in --office. @throws CommandError with the offices that there are */
export async function onOffice(
  { config, options }: Call,
  work: (context: Context, office: Office) => Promise<number>,
): Promise<number> {
  const context = await openContext(config, { join: true });
  try {
    const office =
      typeof options.office === 'string' ? await context.offices.find(options.office) : null;
    if (office) return await work(context, office);
    const codes =
      (await context.offices.list()).map((each) => each.code).join(', ') ||
      'none yet: apply a town file';
    throw new CommandError(
      `${options.office ? `There is no office ${options.office}.` : 'Which office? --office CODE.'} There are: ${codes}`,
    );
  } finally {
    await context.close();
  }
}
