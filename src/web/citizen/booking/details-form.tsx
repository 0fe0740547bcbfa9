import { type Channel, carriesText, isAtSite, requires, TRAITS } from '../../../domain/channel.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { NEEDS, type Need } from '../../../domain/person.ts';
import { suggestEmail, tidyEmail } from '../../../features/booking/appointments/rules.ts';
import type { Answers } from '../../../features/booking/journeys/types.ts';
import { type InterpretedLanguage, WRITTEN } from '../../../lib/i18n/interpreted.ts';
import { type EncounterLanguage, isSigned } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import {
  Checkboxes,
  EmailInput,
  type Option,
  PhoneInput,
  Radios,
  SelectField,
  TextArea,
  TextInput,
} from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import {
  anythingOf,
  type FormField,
  formatMistake,
  listOf,
  type Mistakes,
  textOf,
  whomOf,
} from './answers.ts';

export interface FieldsProps {
  t: Translate;
  channel: Channel;
  answers: Answers;
  mistakes: Mistakes;
  /** The languages for which the office has an interpreter. */
  interpreters?: readonly InterpretedLanguage[];
  /** Language of the encounter; users of sign language aren't promised a voice call. */
  language?: EncounterLanguage;
  /** The purpose of the e-mail, where it isn't about an appointment. */
  emailHint?: string;
}

const isForSigner = ({ language }: FieldsProps): boolean =>
  language !== undefined && isSigned(language);

function errorIn({ t, answers, mistakes }: FieldsProps, field: FormField): string | undefined {
  const mistake = mistakes[field];
  if (!mistake || mistake === 'perhaps') return undefined;
  return formatMistake(t, field, mistake, answers);
}

/**
 * The person of the appointment and the person to call. It comes before the name and the telephone,
 * which belong to the person to call.
 */
export function WhomField(props: FieldsProps & { procedure: Procedure }) {
  const { t, answers, procedure } = props;
  if (!procedure.onBehalf) return null;
  const onBehalfOf = (
    <TextInput
      name="onBehalfOf"
      label={t('citizen.details.onBehalfOf')}
      value={textOf(answers, 'onBehalfOf')}
      error={errorIn(props, 'onBehalfOf')}
      autocomplete="off"
      spellcheck={false}
    />
  );
  return (
    <Radios
      name="whom"
      label={t('citizen.details.whom')}
      value={whomOf(procedure, answers)}
      options={[
        { value: 'self', label: t('citizen.details.self') },
        { value: 'other', label: t('citizen.details.other'), under: onBehalfOf },
        {
          value: 'theirs',
          label: t('details.whom.theirs'),
          under: <p>{t('details.whom.theirsHint')}</p>,
        },
      ]}
    />
  );
}

/** Name, telephone and e-mail of the citizen. */
export function ContactFields(props: FieldsProps) {
  const { t, channel, answers } = props;
  const isFaceToFace = isForSigner(props) || isAtSite(channel);
  return (
    <>
      <TextInput
        name="name"
        label={t('citizen.details.name')}
        hint={t(isFaceToFace ? 'details.nameHint.signed' : 'citizen.details.nameHint')}
        value={textOf(answers, 'name')}
        error={errorIn(props, 'name')}
        autocomplete="name"
        spellcheck={false}
      />
      <PhoneField {...props} />
      <EmailField {...props} />
    </>
  );
}

/** Whether one of the two contact details is enough. */
const isEither = (channel: Channel): boolean => TRAITS[channel].requires.length > 1;

export function PhoneField(props: FieldsProps) {
  const { t, channel, answers } = props;
  const hint = isForSigner(props)
    ? t('details.phoneHint.signed')
    : t(`citizen.details.phoneHint.${channel}`);
  return (
    <PhoneInput
      label={t(
        requires(channel, 'phone')
          ? 'citizen.details.phone'
          : isEither(channel)
            ? 'citizen.details.phoneEither'
            : 'citizen.details.phoneOptional',
      )}
      hint={hint}
      value={textOf(answers, 'phone')}
      error={errorIn(props, 'phone')}
    />
  );
}

export function EmailField(props: FieldsProps) {
  const { t, channel, answers, emailHint } = props;
  return (
    <>
      <EmailInput
        label={t(
          requires(channel, 'email')
            ? 'citizen.details.email'
            : isEither(channel)
              ? 'citizen.details.emailEither'
              : 'citizen.details.emailOptional',
        )}
        hint={emailHint ?? t(`citizen.details.emailHint.${channel}`)}
        value={textOf(answers, 'email')}
        error={errorIn(props, 'email')}
      />
      <EmailDoubt {...props} />
    </>
  );
}

/**
 * Asks once whether an address that looks like a typo is right. Both buttons send their form. “It is right”
 * comes first: Enter in a field presses it, and going on without an answer means the same.
 */
function EmailDoubt({ t, answers, mistakes }: FieldsProps) {
  const asked = tidyEmail(textOf(answers, 'email'));
  if (mistakes.email !== 'perhaps') {
    const before = textOf(answers, 'emailAsked');
    return before ? <input type="hidden" name="emailAsked" value={before} /> : null;
  }
  const meant = suggestEmail(asked) ?? '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a question that takes the focus, not a set of fields
    <div role="group" aria-labelledby="email-doubt" tabIndex={-1} autofocus>
      <Notice kind="warn">
        <p id="email-doubt">
          <strong>{t('details.email.doubt', { typed: asked })}</strong>{' '}
          {t('details.email.meant', { meant })}
        </p>
        <input type="hidden" name="emailAsked" value={asked} />
        <div class="row">
          <Button kind="quiet" name="keepEmail" value="1">
            {t('details.email.keep')}
          </Button>
          <Button kind="quiet" name="useEmail" value={meant}>
            {t('details.email.use', { meant })}
          </Button>
        </div>
      </Notice>
    </div>
  );
}

/** Whether anything is needed; behind “yes”, what. Then a comment. “No” is chosen, so that most people only go on. */
export function NeedsFields(props: FieldsProps) {
  const { t, answers } = props;
  const asked = NEEDS.filter((each) => isOffered(props, each));
  const needs = (
    <Checkboxes
      name="needs"
      label={t('details.needs.which')}
      hint={t('citizen.details.needsHint')}
      values={listOf(answers, 'needs')}
      error={errorIn(props, 'needs')}
      options={asked.map((each) => needOption(props, each))}
    />
  );
  return (
    <>
      <Radios
        name="anything"
        label={t('citizen.details.needs')}
        value={anythingOf(answers) ?? 'no'}
        options={[
          { value: 'no', label: t('details.needs.no') },
          { value: 'yes', label: t('details.needs.yes'), under: needs },
        ]}
      />
      <TextArea
        name="comment"
        label={t('citizen.details.comment')}
        hint={t('citizen.details.commentHint')}
        value={textOf(answers, 'comment')}
        error={errorIn(props, 'comment')}
      />
    </>
  );
}

/** Whether a need can be asked for: signers have the language of the appointment, and a relay service serves those who telephone. */
function isOffered(props: FieldsProps, need: Need): boolean {
  if (need === 'sign_language') return !isForSigner(props);
  return need !== 'relay_service' || !isAtSite(props.channel);
}

function hintOf({ t, channel }: FieldsProps, need: Exclude<Need, 'other'>): string | undefined {
  if (need === 'real_time_text' && !carriesText(channel))
    return t('details.need.real_time_text.byPhone');
  if (isAtSite(channel) && need === 'companion') return t('details.need.companion.atSite');
  // A further person at a desk needs no video call.
  if (isAtSite(channel) && need === 'sign_language') return undefined;
  return t(`details.need.${need}.hint`);
}

function needOption(props: FieldsProps, need: Need): Option {
  const { t, answers } = props;
  const label = t(`citizen.need.${need}`);
  if (need === 'other') {
    const word = (
      <TextInput
        name="needOther"
        label={t('details.need.other.word')}
        value={textOf(answers, 'needOther')}
        error={errorIn(props, 'needOther')}
        autocomplete="off"
      />
    );
    return { value: need, label, under: word };
  }
  if (need === 'interpreter' && props.interpreters?.length)
    return { value: need, label, under: <InterpreterField {...props} /> };
  return { value: need, label, hint: hintOf(props, need) };
}

/** The language of the interpreter: those that the office offers, by their own names; another one goes into the comment. */
function InterpreterField(props: FieldsProps) {
  const { t, answers, interpreters = [] } = props;
  const chosen = textOf(answers, 'interpreter');
  return (
    <SelectField
      name="interpreter"
      label={t('interpreter.which')}
      error={errorIn(props, 'interpreter')}
    >
      <option value="">{t('interpreter.another')}</option>
      {interpreters.map((each) => (
        <option key={each} value={each} selected={each === chosen}>
          {`${WRITTEN[each].name} (${t(`interpreter.language.${each}`)})`}
        </option>
      ))}
    </SelectField>
  );
}
