import type { WriteMistakes } from '../../../../features/service/requests/service.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { TextInput } from '../../../../ui/forms.tsx';
import { readForm } from '../../../form.ts';
import type { CitizenDeps } from '../../visit.tsx';
import { contactMistakes, TellBy, type TypedContact, tellByIn } from '../contact-fields.tsx';
import {
  actionOf,
  mistakeText,
  onward,
  problemsOf,
  stepPage,
  type Writing,
  withWriting,
} from './frame.tsx';

/** `…/request/{secret}/contact`: who it is, and how they want to be answered; or neither, where the type allows it. */
export function requestContactPage(deps: CitizenDeps) {
  return {
    get: withWriting(deps, (writing) => {
      const { tellBy, isAnonymous, name, email, phone } = writing.row;
      return show(deps, writing, {
        tellBy: isAnonymous ? 'anonymous' : (tellBy ?? ''),
        name,
        email: email ?? '',
        phone: phone ?? '',
      });
    }),

    post: withWriting(deps, async (writing) => {
      const { viewer, office, id, c } = writing.visit;
      const typed = tellByIn(await readForm(c));
      const isAnonymous = typed.tellBy === 'anonymous';
      const done = await deps.requests.writeContact(viewer, office, id, { ...typed, isAnonymous });
      return 'mistakes' in done
        ? show(deps, writing, typed, contactMistakes(typed, done.mistakes))
        : onward(writing, 'contact');
    }),
  };
}

function show(
  deps: CitizenDeps,
  writing: Writing,
  typed: TypedContact,
  mistakes: WriteMistakes = {},
): Response {
  const { visit, type } = writing;
  const { t } = visit;
  return stepPage(
    writing,
    'contact',
    { title: t('requests.contact.title'), problems: problemsOf(t, mistakes) },
    <form class="form" action={actionOf(visit, 'contact')} method="post" novalidate>
      <TellBy
        deps={deps}
        visit={visit}
        typed={typed}
        mistakes={mistakes}
        mayBeAnonymous={type.anonymous}
      />
      <TextInput
        name="name"
        label={t('requests.contact.name')}
        hint={type.anonymous ? t('requests.contact.name.hint') : undefined}
        value={typed.name}
        error={mistakes['name'] && mistakeText(t, mistakes['name'])}
        autocomplete="name"
        spellcheck={false}
      />
      <p class="soft">{t('requests.contact.privacy')}</p>
      <Button>{t('requests.next')}</Button>
    </form>,
  );
}
