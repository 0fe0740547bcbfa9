import type { ComponentChildren } from 'preact';
import { isFile, MOST_LOGO_KILOBYTES } from '../../formats/town-file/look/logo.ts';
import { MOST_LOGO_SIDE } from '../../formats/town-file/look/pixels.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { type At, type Field, type FormView, nameOf, type Wrong } from './types.ts';

export interface Shown<F extends Field = Field> {
  view: FormView;
  field: F;
  value: unknown;
  at: At;
}

export const textOf = (value: unknown): string => (value === undefined ? '' : String(value));

export const wrongAt = (wrong: readonly Wrong[], at: At): Wrong | undefined =>
  wrong.find((each) => nameOf(each.at) === nameOf(at));

export function Mend({ id, wrong }: { id: string; wrong: Wrong | undefined }) {
  return wrong ? (
    <p class="mend" id={`${id}-error`} lang={wrong.lang}>
      {wrong.text}
    </p>
  ) : null;
}

/** Names a field's row for screen readers. */
export const OfRow = ({ view: { row } }: { view: FormView }) =>
  row ? <span class="hide">{row}: </span> : null;

interface LineProps {
  view: FormView;
  at: At;
  label: ComponentChildren;
  hint?: ComponentChildren;
  value: string;
  type: 'text' | 'number' | 'url' | 'email' | 'tel' | 'date' | 'color';
  lang?: Language;
  rows?: number | undefined;
}

/** A text field of one or several lines. */
export function Line({ view, at, label, hint, value, type, lang, rows }: LineProps) {
  const name = nameOf(at);
  const wrong = wrongAt(view.wrong, at);
  const described = [hint ? `${name}-hint` : '', wrong ? `${name}-error` : ''].filter(Boolean);
  const common = {
    id: name,
    name,
    lang,
    autofocus: view.focus === name,
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': wrong ? ('true' as const) : undefined,
  };
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <label for={name}>{label}</label>
      {hint ? (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      ) : null}
      <Mend id={name} wrong={wrong} />
      {rows ? (
        <textarea {...common} rows={rows}>
          {value}
        </textarea>
      ) : (
        <input
          {...common}
          // A number field takes any text, so that a bad one arrives and gets its mistake.
          type={(type === 'number' ? 'text' : type) as 'text'}
          inputmode={type === 'number' ? 'numeric' : undefined}
          class={type === 'number' || type === 'date' || type === 'color' ? 'short' : undefined}
          value={value}
          autocomplete="off"
        />
      )}
    </div>
  );
}

/** A picture: the present one, a file to replace it, or its address. */
export function Picture({ view, field, value, at }: Shown<Extract<Field, { kind: 'picture' }>>) {
  const { t } = view;
  const name = nameOf(at);
  const address = textOf(value);
  const wrong = wrongAt(view.wrong, at);
  const isKept = isFile(address);
  return (
    <>
      {isKept ? (
        <>
          <input type="hidden" name={`${name}-kept`} value={address} />
          <p class="admin-picture">
            <img src={address} alt={t('admin.picture.now')} />
          </p>
        </>
      ) : null}
      <div class={wrong ? 'field wrong' : 'field'}>
        <label for={name}>{t(isKept ? 'admin.picture.other' : field.label)}</label>
        <p class="hint" id={`${name}-hint`}>
          {t('admin.picture.hint', { kilobytes: MOST_LOGO_KILOBYTES, side: MOST_LOGO_SIDE })}
        </p>
        <Mend id={name} wrong={wrong} />
        <input
          id={name}
          name="file"
          type="file"
          accept=".svg,.png,.jpg,.jpeg,.webp,image/svg+xml,image/png,image/jpeg,image/webp"
          autofocus={view.focus === name}
          aria-describedby={`${name}-hint${wrong ? ` ${name}-error` : ''}`}
          aria-invalid={wrong ? 'true' : undefined}
        />
      </div>
      <div class="field">
        <label for={`${name}-address`}>{t('admin.picture.address')}</label>
        <input
          id={`${name}-address`}
          name={name}
          type="url"
          value={isKept ? '' : address}
          autocomplete="off"
        />
      </div>
      {address ? (
        <p>
          <button type="submit" class="link" name="act" value={`clear:${nameOf(at.slice(0, -1))}`}>
            {t('admin.picture.remove')}
          </button>
        </p>
      ) : null}
    </>
  );
}
