import { type Form, formSchema } from '../../../domain/form/schema.ts';
import { DEFAULT_STATES } from '../../../domain/form/states.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import { asWritten, type Writing } from '../../town-file/writing/written.ts';

/** Returns a form as a person would write its file: without defaults, in the usual order. Published again, it is the same version. */
export function writtenForm(form: Form): Writing {
  const isDefault = canonicalJson(form.states) === canonicalJson(DEFAULT_STATES);
  return asWritten(formSchema, { ...form, states: isDefault ? 'default' : form.states }) as Writing;
}
