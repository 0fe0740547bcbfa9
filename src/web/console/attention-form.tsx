import { LONGEST, looksPersonal } from '../../features/attention/rules.ts';
import {
  type AttentionItem,
  type Dossier,
  type DraftMistakes,
  IDENTITY_CHECKS,
  type IdentityCheck,
  ITEM_KINDS,
} from '../../features/attention/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { Radios, TextArea, TextInput } from '../../ui/forms.tsx';
import { Notice } from '../../ui/parts.tsx';
import { CallLink } from './call.tsx';
import type { TypedDraft } from './draft.ts';
import type { DeskVisit } from './visit.tsx';

interface FormProps {
  visit: DeskVisit;
  dossier: Dossier;
  draft: TypedDraft;
  mistakes: DraftMistakes;
}

/** The right region while somebody is attended: what is done and asked, identity, notes, wrap-up. */
export function AttentionForm(props: FormProps) {
  const { visit, dossier, draft, mistakes } = props;
  const { t, base, body } = visit;
  const wrong = (field: keyof DraftMistakes) => {
    const mistake = mistakes[field];
    return mistake && t(`staff.wrong.${mistake}`);
  };
  return (
    <form
      method="post"
      action={`${base}/appointment/${dossier.appointment.id}/save`}
      class="stack attention"
    >
      {/* Enter in a field saves; without this it would press the first button that there is. */}
      <button type="submit" name="action" value="save" class="hide" tabIndex={-1}>
        {t('staff.attention.save')}
      </button>
      <input type="hidden" name="version" value={draft.version} />
      <input type="hidden" name="rows" value={draft.items.length} />
      <h2>{t('staff.attention.title')}</h2>
      {dossier.appointment.citizen.phone ? <CallLink visit={visit} dossier={dossier} /> : null}
      <h3 id="item">{t('staff.attention.items')}</h3>
      {mistakes.item ? (
        <p class="mend">
          {t(`staff.wrong.item_${mistakes.item === 'missing' ? 'missing' : 'many'}`)}
        </p>
      ) : null}
      {draft.items.map((item, index) => (
        <ItemRow key={index} {...props} item={item} index={index} />
      ))}
      <p>
        <button type="submit" name="action" value="add" class="link">
          {t('staff.attention.add')}
        </button>
      </p>
      <Radios
        name="identity"
        label={t('staff.attention.identity')}
        error={wrong('identity')}
        value={draft.identity ?? undefined}
        options={IDENTITY_CHECKS.map((value: IdentityCheck) => ({
          value,
          label: t(`staff.identity.${value}`),
        }))}
      />
      <TextInput
        name="identityNote"
        label={t('staff.attention.identityNote')}
        hint={t('staff.attention.identityHint')}
        error={wrong('identityNote')}
        value={draft.identityNote}
        autocomplete="off"
      />
      <TextArea
        name="notes"
        label={t('staff.attention.notes')}
        hint={t('staff.attention.notesHint')}
        error={wrong('notes')}
        value={draft.notes}
      />
      {looksPersonal(draft.notes) || looksPersonal(draft.identityNote) ? (
        <Notice kind="warn">{t('staff.attention.personal')}</Notice>
      ) : null}
      <Radios
        name="wrapUp"
        label={t('staff.attention.wrapUp')}
        error={wrong('wrapUp')}
        value={draft.wrapUp ?? undefined}
        options={body.settings.wrapUpCodes.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
        }))}
      />
      <div class="action row">
        <button type="submit" name="action" value="save" class="button quiet">
          {t('staff.attention.save')}
        </button>
        <button type="submit" name="action" value="close" class="button" id="action">
          {t('staff.attention.close')}
        </button>
      </div>
    </form>
  );
}

function ItemRow({
  visit,
  mistakes,
  item,
  index,
}: FormProps & { item: AttentionItem; index: number }) {
  const { t, body } = visit;
  const id = `item-${index}`;
  const label = mistakes[`item-${index}-label`];
  const outcome = mistakes[`item-${index}-outcome`];
  const chosen = item.procedure ? `p:${item.procedure}` : item.query ? `q:${item.query}` : '';
  const { queries, outcomes } = body.settings;
  const option = (value: string, text: string) => (
    <option key={value} value={value} selected={value === chosen}>
      {text}
    </option>
  );
  return (
    <fieldset class="item">
      <legend>{t('staff.attention.row', { number: index + 1 })}</legend>
      <Select id={`${id}-kind`} label={t('staff.attention.kind')}>
        {ITEM_KINDS.map((each) => (
          <option key={each} value={each} selected={each === item.kind}>
            {t(`staff.kind.${each}`)}
          </option>
        ))}
      </Select>
      <Select id={`${id}-what`} label={t('staff.attention.what')}>
        {option('', t('staff.attention.other'))}
        <optgroup label={t('staff.attention.procedures')}>
          {body.procedures.map((each) => option(`p:${each.code}`, textIn(each.name, t.language)))}
        </optgroup>
        {queries.length > 0 ? (
          <optgroup label={t('staff.attention.queries')}>
            {queries.map((each) => option(`q:${each.code}`, textIn(each.name, t.language)))}
          </optgroup>
        ) : null}
      </Select>
      <div class={label ? 'field wrong' : 'field'}>
        <label for={`${id}-label`}>{t('staff.attention.label')}</label>
        {label ? (
          <p class="mend" id={`${id}-label-error`}>
            {t(`staff.wrong.${label === 'missing' ? 'label' : label}`)}
          </p>
        ) : null}
        <input
          type="text"
          id={`${id}-label`}
          name={`${id}-label`}
          value={item.label}
          maxLength={LONGEST.label}
          autocomplete="off"
          aria-invalid={label ? 'true' : undefined}
          aria-describedby={label ? `${id}-label-error` : undefined}
        />
      </div>
      <Select
        id={`${id}-outcome`}
        label={t('staff.attention.outcome')}
        error={outcome && t(`staff.wrong.${outcome === 'missing' ? 'outcome' : outcome}`)}
      >
        <option value="">{t('staff.attention.choose')}</option>
        {outcomes.map((each) => (
          <option key={each.code} value={each.code} selected={each.code === item.outcome}>
            {textIn(each.name, t.language)}
          </option>
        ))}
      </Select>
      <button type="submit" name="action" value={`remove-${index}`} class="link small">
        {t('staff.attention.remove')}
        <span class="hide"> {t('staff.attention.row', { number: index + 1 })}</span>
      </button>
    </fieldset>
  );
}

function Select(props: {
  id: string;
  label: string;
  error?: string | undefined;
  children: preact.ComponentChildren;
}) {
  const { id, label, error, children } = props;
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      {error ? (
        <p class="mend" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
      <select
        id={id}
        name={id}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
      >
        {children}
      </select>
    </div>
  );
}
