/**
 * What can fill in an answer, by the name that a form gives in `from`, and the types of questions that each fits. `identity` is what the
 * provider of identities confirmed of whoever applies, `represented` the person for whom a representative applies, `contact` what the
 * person gave when they booked an appointment, `padro` the municipal register of inhabitants.
 */
export const PREFILL_TYPES = {
  'identity.name': ['text'],
  'identity.nif': ['nif'],
  'represented.name': ['text'],
  'represented.nif': ['nif'],
  'contact.name': ['text'],
  'contact.email': ['email'],
  'contact.phone': ['phone'],
  'padro.address': ['address'],
  'padro.birth': ['date'],
  'padro.since': ['date'],
} as const;

export type PrefillName = keyof typeof PREFILL_TYPES;

export const PREFILLS = Object.keys(PREFILL_TYPES) as [PrefillName, ...PrefillName[]];
