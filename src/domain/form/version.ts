import { createHash } from 'node:crypto';
import { canonicalJson } from '../../lib/envelope/canonical-json.ts';
import type { Form } from './schema.ts';
import { statesOf } from './states.ts';

/** A form as it was published. Its content never changes: a case stays on the version with which it began. */
export interface FormVersion {
  procedure: string;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
  /** The canonical JSON of the form, with its defaults: it says the same whatever defaults later versions of Finestreta have. */
  content: string;
}

/**
 * Returns the version that a form would be published as. The same form always gives the same content and hash. The default states are
 * written out, since they may be others one day.
 */
export function versionOf(form: Form): FormVersion {
  const content = canonicalJson({ ...form, states: statesOf(form) });
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { procedure: form.procedure, sha256, content };
}
