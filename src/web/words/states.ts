import type { Form } from '../../domain/form/schema.ts';
import { KNOWN_STATES, type KnownState, statesOf } from '../../domain/form/states.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';

const isKnown = (state: string): state is KnownState =>
  (KNOWN_STATES as readonly string[]).includes(state);

/** Returns the name of a state: that of the form, or the one that every form has. */
export function stateName(state: string, form: Pick<Form, 'states'>, t: Translate): string {
  const own = textIn(statesOf(form).names[state], t.language);
  if (own) return own;
  return isKnown(state) ? t(`form.state.${state}`) : state;
}
