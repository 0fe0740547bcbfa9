import { INTERPRETED, WRITTEN } from '../../../lib/i18n/interpreted.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import type { Field } from '../types.ts';

/** How people reach an office. */
export const CONTACT: readonly Field[] = [
  { kind: 'text', key: 'email', type: 'email', label: 'admin.field.email' },
  { kind: 'text', key: 'phone', type: 'tel', label: 'admin.field.phone' },
  { kind: 'text', key: 'url', type: 'url', label: 'admin.field.url' },
  {
    kind: 'text',
    key: 'form',
    type: 'url',
    label: 'admin.field.contactForm',
    hint: 'admin.hint.contactForm',
  },
  {
    kind: 'text',
    key: 'relay',
    type: 'url',
    label: 'admin.field.relayService',
    hint: 'admin.hint.relayService',
  },
];

/** The languages for which an office has an interpreter. */
export const interpretersField = (t: Translate): Field => ({
  kind: 'several',
  key: 'interpreters',
  label: 'admin.field.interpreters',
  hint: 'admin.hint.interpreters',
  choices: INTERPRETED.map((each) => ({
    value: each,
    label: `${WRITTEN[each].name} (${t(`interpreter.language.${each}`)})`,
  })),
});
