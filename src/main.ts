import { ConfigError, readConfig } from './config.ts';
import { EmbeddedDatabaseError } from './lib/db/embedded.ts';
import { serve } from './serve.ts';

/** The server: `npm start`, a container's command. */
try {
  process.exitCode = await serve(readConfig(process.env));
} catch (error) {
  const isPlain = error instanceof ConfigError || error instanceof EmbeddedDatabaseError;
  process.stderr.write(`${isPlain ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
