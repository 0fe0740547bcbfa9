import { type Answering, createAnswering } from './answering.ts';
import { createJobs, type Jobs } from './jobs.ts';
import type { ConsentDeps } from './keeping.ts';
import { createPreparing, type Preparing } from './preparing.ts';
import { createSeeing, type Seeing } from './seeing.ts';
import { createVerifying, type Verifying } from './verifying.ts';

/**
 * Acts that a habilitated official carries out for a citizen without electronic means, and the consent to each (Ley 39/2015, art.
 * 12.2–12.3; RD 203/2021, art. 30). An act that isn't the viewer's is answered as if it didn't exist. See docs/adr/0030.
 */
export interface Consent extends Preparing, Seeing, Answering, Jobs, Verifying {}

export const createConsent = (deps: ConsentDeps): Consent => ({
  ...createPreparing(deps),
  ...createSeeing(deps),
  ...createAnswering(deps),
  ...createJobs(deps),
  ...createVerifying(deps),
});

export type { ConsentResult, PaperResult, SendResult } from './answering.ts';
export { formatIdentity, formatProvider } from './identity/words.ts';
export { habilitationOf } from './keeping.ts';
export { paperOf } from './paper/pdf.ts';
export { isMadeFor, isScanBy, LONGEST_PLACE } from './paper/rules.ts';
export type { Options } from './preparing.ts';
