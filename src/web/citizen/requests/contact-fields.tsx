import type { WriteMistakes } from '../../../features/service/requests/service.ts';
import { type Option, Radios, TextInput } from '../../../ui/forms.tsx';
import type { Form } from '../../form.ts';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';
import { mistakeText } from './steps/frame.tsx';

/** How somebody wants to hear of a request, as typed. */
export interface TypedContact {
  tellBy: string;
  name: string;
  email: string;
  phone: string;
}

export const tellByIn = (form: Form): TypedContact => ({
  tellBy: form.text('tellBy'),
  name: form.line('name'),
  email: form.line('email'),
  // The number to call has a field of its own, since it may be no mobile.
  phone: form.line(form.text('tellBy') === 'call' ? 'call' : 'phone'),
});

/** Returns mistakes by the fields of this form. */
export const contactMistakes = (typed: TypedContact, mistakes: WriteMistakes): WriteMistakes => {
  const { phone, ...others } = mistakes;
  return typed.tellBy === 'call' && phone ? { ...others, call: phone } : mistakes;
};

interface Props {
  deps: Pick<CitizenDeps, 'linkRecovery'>;
  visit: Pick<OfficeVisit, 't'>;
  typed: TypedContact;
  mistakes: WriteMistakes;
  isFollowing?: boolean;
  /** Whether it may be sent without any contact. */
  mayBeAnonymous?: boolean;
}

/** The question how somebody wants to hear of it. The address that a way needs stands under it. */
export function TellBy(props: Props) {
  const { deps, visit, typed, mistakes, isFollowing = false, mayBeAnonymous = false } = props;
  const { t } = visit;
  const page = {
    value: 'page',
    label: t('requests.contact.page'),
    hint: t(isFollowing ? 'requests.contact.page.follow' : 'requests.contact.page.hint'),
  };
  const anonymous = {
    value: 'anonymous',
    label: t('requests.contact.anonymous'),
    hint: t('requests.contact.anonymous.hint'),
  };
  return (
    <Radios
      name="tellBy"
      label={t('requests.contact.by')}
      value={typed.tellBy}
      error={mistakes['tellBy'] && mistakeText(t, mistakes['tellBy'])}
      options={[
        byMail(props),
        ...(deps.linkRecovery.bySms ? [bySms(props)] : []),
        ...(isFollowing ? [] : [byCall(props)]),
        page,
        ...(mayBeAnonymous ? [anonymous] : []),
      ]}
    />
  );
}

const byMail = ({ visit: { t }, typed, mistakes }: Props): Option => ({
  value: 'email',
  label: t('requests.contact.email'),
  under: (
    <TextInput
      name="email"
      type="email"
      label={t('requests.contact.address')}
      value={typed.email}
      error={mistakes['email'] && mistakeText(t, mistakes['email'])}
      autocomplete="email"
      spellcheck={false}
    />
  ),
});

const byCall = ({ visit: { t }, typed, mistakes }: Props): Option => ({
  value: 'call',
  label: t('requests.contact.call'),
  hint: t('requests.contact.call.hint'),
  under: (
    <TextInput
      name="call"
      type="tel"
      short
      label={t('requests.contact.call.number')}
      value={typed.phone}
      error={mistakes['call'] && mistakeText(t, mistakes['call'])}
      autocomplete="tel"
    />
  ),
});

const bySms = ({ visit: { t }, typed, mistakes }: Props): Option => ({
  value: 'sms',
  label: t('requests.contact.sms'),
  under: (
    <TextInput
      name="phone"
      type="tel"
      short
      label={t('requests.contact.phone')}
      value={typed.phone}
      error={mistakes['phone'] && mistakeText(t, mistakes['phone'])}
      autocomplete="tel"
    />
  ),
});
