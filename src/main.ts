import { nameSourcesWhenEnding, withSourcePlaces } from './lib/log/source-places.ts';
import { PlainError } from './lib/plain-error.ts';
import { serve } from './serve.ts';
import { askedForLan, isLanIn, readTowns } from './towns.ts';

export { main as command } from './cli/main.ts';

/** The server: `npm start`, a container's command. `--lan` serves a demo to the own network too. */
export async function server(): Promise<void> {
  nameSourcesWhenEnding();
  try {
    const isAsked = isLanIn(process.argv.slice(2));
    process.exitCode = await serve(readTowns(askedForLan(process.env, isAsked)));
  } catch (error) {
    process.stderr.write(
      `${error instanceof PlainError ? error.message : withSourcePlaces((error as Error).stack ?? String(error))}\n`,
    );
    process.exitCode = 1;
  }
}
