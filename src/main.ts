import { PlainError } from './lib/plain-error.ts';
import { serve } from './serve.ts';
import { readTowns } from './towns.ts';

/** The server: `npm start`, a container's command. */
try {
  process.exitCode = await serve(readTowns(process.env));
} catch (error) {
  process.stderr.write(
    `${error instanceof PlainError ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
}
