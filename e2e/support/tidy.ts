import { afterAll } from 'vitest';
import { tidyUp } from './processes.ts';

/** Runs after each file's own afterAll. */
afterAll(tidyUp);
