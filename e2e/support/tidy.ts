import { afterAll } from 'vitest';
import { forgetCodes } from './pages.ts';
import { tidyUp } from './processes.ts';

/** Both run after each file's own afterAll. */
afterAll(forgetCodes);
afterAll(tidyUp);
