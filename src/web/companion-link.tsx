import { LONGEST_NAME } from '../features/service/companions/rules.ts';
import type { Companion, InvitationMistakes } from '../features/service/companions/types.ts';
import type { Translate } from '../lib/i18n/translate.ts';

/** The typed details of a future companion, and their mistakes. */
export interface TypedInvitation {
  name: string;
  role: string;
  mistakes: InvitationMistakes;
}

export const NO_INVITATION: TypedInvitation = { name: '', role: '', mistakes: {} };

/** Returns the mistake in each field, and its correction. */
export function formatMistakes(
  t: Translate,
  { name, role }: InvitationMistakes,
): { name?: string; role?: string } {
  return {
    ...(name === 'missing' && { name: t('companions.wrong.name.missing') }),
    ...(name === 'too_long' && {
      name: t('companions.wrong.name.too_long', { most: LONGEST_NAME }),
    }),
    ...(name === 'has_link' && { name: t('details.error.has_link') }),
    ...(role && { role: t('companions.wrong.role') }),
  };
}

/** Returns a mail draft without an addressee (RFC 6068: lines end with CRLF). */
export const mailOf = ({ subject, text }: { subject: string; text: string }): string =>
  `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text.replaceAll('\n', '\r\n'))}`;

/** A companion's link, to copy or to send. */
export function CompanionLink(props: {
  t: Translate;
  of: Pick<Companion, 'id' | 'name'>;
  link: string;
  /** See `mailOf`. */
  mail: string;
}) {
  const { t, of, link, mail } = props;
  const { name } = of;
  return (
    <>
      <div class="field">
        <label for={`link-${of.id}`}>{t('companions.link', { name })}</label>
        <input id={`link-${of.id}`} type="url" value={link} readonly />
      </div>
      <p>
        <a href={mail}>
          {t('companions.mail')}
          <span class="hide"> ({name})</span>
        </a>
      </p>
    </>
  );
}

interface TakeBackProps {
  t: Translate;
  of: Pick<Companion, 'id' | 'name'>;
  action: string;
}

/** A form that revokes a link. */
export function TakeBackForm({ t, of, action }: TakeBackProps) {
  return (
    <form method="post" action={action} class="stack">
      <p>{t('companions.revoke.text', { name: of.name })}</p>
      <button type="submit" class="button wide-s grave">
        {t('companions.revoke')}
      </button>
    </form>
  );
}

/** The same behind a confirmation. */
export function TakeBack(props: TakeBackProps) {
  return (
    <details class="change">
      <summary>{props.t('companions.revoke.whose', { name: props.of.name })}</summary>
      <TakeBackForm {...props} />
    </details>
  );
}
