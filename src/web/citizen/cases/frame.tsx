import type { ComponentChildren } from 'preact';
import { applyForm } from '../../../domain/form/applied.ts';
import type { FormPage } from '../../../domain/form/pages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button, EnterButton, LinkButton } from '../../../ui/buttons.tsx';
import { BackLink, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { formPage, Problems } from '../shared.tsx';
import { AskedHere } from './amending/asked.tsx';
import {
  addressOf,
  type Filling,
  idBefore,
  isFromCheck,
  islandsOf,
  isTogether,
  type Showing,
  withFrom,
} from './filling.ts';
import { KEY_FIELD } from './item.ts';
import { stepTitle, titleOf } from './words.tsx';

export interface Framed extends Showing {
  title: string;
  problems: readonly ProblemLink[];
  /** The title, where the question itself is not it. */
  lead?: ComponentChildren;
  /** What to know before the questions. */
  text?: ComponentChildren;
  children: ComponentChildren;
  /** Whether it asks for files: beside other questions, alone, or not at all. */
  files?: 'none' | 'alone' | 'beside' | undefined;
  /** What the page says after its form. */
  after?: ComponentChildren;
}

/** What all pages of a form have: the way back, where one is, the mistakes, and how to go on now or another day. */
function show(filling: Filling, page: FormPage, framed: Framed): Response {
  const { visit } = filling;
  const { t } = visit;
  const {
    title,
    problems,
    lead,
    text,
    children,
    after,
    isKept,
    isLost,
    isOpened,
    files = 'none',
  } = framed;
  const action = withFrom(addressOf(filling, page.id), visit);
  return visit.show(
    {
      ...formPage(title, problems),
      ...(isOpened && { status: 200 as const }),
      ...islandsOf(filling),
    },
    <>
      <BackLink href={backFrom(filling, page)}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <KeptNotice t={t} isKept={isKept} isLost={isLost} hasFiles={files !== 'none'} />
      <p class="place">{placeIn(filling, page)}</p>
      {lead}
      {text ? <p class="lead">{text}</p> : null}
      <AskedHere filling={filling} page={page} />
      <form
        class="form"
        action={action}
        method="post"
        enctype={files === 'none' ? undefined : 'multipart/form-data'}
        novalidate
        data-hands={isTogether(filling) ? addressOf(filling, 'stream') : undefined}
        data-item={KEY_FIELD}
        data-gone={isTogether(filling) ? t('fourHands.gone') : undefined}
      >
        {files === 'beside' ? <EnterButton>{t('citizen.continue')}</EnterButton> : null}
        {children}
        <div class="row">
          <Button>{t(isFromCheck(visit) ? 'case.save' : 'citizen.continue')}</Button>
          <LinkButton name="later" value="yes">
            {t('case.later')}
          </LinkButton>
        </div>
      </form>
      {isTogether(filling) ? <p class="hide" id="hands-said" role="status" /> : null}
      {after}
    </>,
  );
}

/** Tells what became of what was sent when the session had ended. */
export function KeptNotice(props: {
  t: Translate;
  isKept: boolean | undefined;
  isLost: boolean | undefined;
  hasFiles?: boolean;
}) {
  const { t, isKept, isLost, hasFiles = false } = props;
  return (
    <>
      {isKept ? (
        <Notice>
          <p>{t(hasFiles ? 'case.kept.files' : 'case.kept')}</p>
        </Notice>
      ) : null}
      {isLost ? (
        <Notice kind="warn">
          <p>{t('case.kept.lost')}</p>
        </Notice>
      ) : null}
    </>
  );
}

export const Frame = { show };

/** Returns the address of the page before: the check, where somebody came from it; the list of a group for one of its things. */
function backFrom(filling: Filling, page: FormPage): string {
  const { visit } = filling;
  if (page.kind === 'item')
    return withFrom(addressOf(filling, page.id.split('/').slice(0, 2).join('/')), visit);
  if (isFromCheck(visit)) return addressOf(filling, 'check');
  return addressOf(filling, idBefore(filling, page.id));
}

/** Returns where a page is in the form: the step, of how many. */
function placeIn(filling: Filling, page: FormPage): string {
  const { form, answers, context, visit } = filling;
  const { t } = visit;
  const { steps } = applyForm(form, answers, context);
  const shown = steps.filter(({ step }) => filling.pages.some((each) => each.step === step.id));
  const at = shown.findIndex(({ step }) => step.id === page.step);
  const step = shown[at]?.step;
  if (!step) return titleOf(filling);
  if (shown.length === 1) return titleOf(filling);
  const place = { number: at + 1, count: shown.length, title: stepTitle(step, form, t) };
  return t('case.place', place);
}
