import { looksPersonal } from '../../../features/service/encounter/rules.ts';
import {
  type CheckPoint,
  type Conflict,
  type Dossier,
  type DraftMistakes,
  type FrequentItem,
  IDENTITY_CHECKS,
  type IdentityCheck,
} from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextArea, TextInput } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { CallLink } from '../call/call.tsx';
import { Key } from '../key.tsx';
import { type Unsettled, UnsettledNotice } from '../undo/unsettled.tsx';
import type { DeskVisit } from '../visit.tsx';
import { bookedOf, Checks, formatPoint, idOf } from './checks.tsx';
import { ConflictPanel } from './conflict.tsx';
import { baseText, type TypedDraft } from './draft.ts';
import { Frequent, Items, Picker } from './items.tsx';
import { Segments } from './segments.tsx';
import { type Following, Timer } from './timer.tsx';

export interface EncounterFormProps {
  visit: DeskVisit;
  dossier: Dossier;
  draft: TypedDraft;
  mistakes: DraftMistakes;
  frequent: readonly FrequentItem[];
  /** The next citizen. */
  following: Following | null;
  /** Another person's text meanwhile. */
  conflict?: Pick<Conflict, 'current' | 'who' | 'collisions'> | undefined;
  /** Required steps without a tick when the agent tried to close. */
  unticked?: readonly CheckPoint[] | undefined;
  /** What was still open when the agent tried to close. */
  unsettled?: Unsettled | undefined;
  /** The encounter has ended, and its record is corrected. */
  isCorrection?: boolean | undefined;
}

/** The right region during an encounter: items, identity, notes, wrap-up. */
export function EncounterForm(props: EncounterFormProps) {
  const { visit, dossier, draft, mistakes, unticked = [], unsettled, isCorrection } = props;
  const { t, base, viewer } = visit;
  const { appointment } = dossier;
  const at = `${base}/appointment/${appointment.id}`;
  return (
    <form
      method="post"
      action={`${at}/${isCorrection ? 'correct' : 'save'}`}
      class="stack encounter"
      id="encounter"
      data-kept={`finestreta encounter ${appointment.id} ${viewer.staff}`}
      {...statesOf(visit)}
    >
      {/* Enter in a field saves; without this it would press the first visible button. */}
      <button
        type="submit"
        name="action"
        value="save"
        class="hide"
        tabIndex={-1}
        aria-hidden="true"
      >
        {t('staff.encounter.save')}
      </button>
      <input type="hidden" name="version" value={draft.version} />
      <input type="hidden" name="base" value={baseText(draft.base)} />
      <div class="encounter-head">
        <h2 id="encounter-title" tabIndex={-1} autofocus={hasJustBegun(props)}>
          {t(isCorrection ? 'correct.title' : 'staff.encounter.title')}
        </h2>
        {isCorrection ? null : (
          <Timer visit={visit} dossier={dossier} following={props.following} />
        )}
        <p id="kept" class="small soft" />
        <p id="kept-said" class="hide" role="status" />
        {appointment.citizen.phone && !isCorrection ? (
          <CallLink visit={visit} dossier={dossier} isBrief />
        ) : null}
      </div>
      {isCorrection ? <p class="soft">{t('correct.text')}</p> : null}
      {props.conflict ? <ConflictPanel visit={visit} conflict={props.conflict} /> : null}
      {unticked.length > 0 ? <Unticked visit={visit} points={unticked} /> : null}
      {unsettled ? <UnsettledNotice visit={visit} open={unsettled} /> : null}
      <Done visit={visit} draft={draft} mistakes={mistakes} frequent={props.frequent} />
      <Checks visit={visit} booked={bookedOf(appointment)} draft={draft} />
      <Rest {...props} />
      {isCorrection ? (
        <CorrectionEndings t={t} back={at} />
      ) : (
        <Endings t={t} isForced={unticked.length > 0 || unsettled !== undefined} />
      )}
    </form>
  );
}

/** Whether nothing was done in the encounter yet: then the focus is at its beginning. */
const hasJustBegun = ({ dossier, mistakes, isCorrection }: EncounterFormProps): boolean =>
  !isCorrection && dossier.encounter?.version === 1 && Object.keys(mistakes).length === 0;

/** The items. */
function Done({
  visit,
  draft,
  mistakes,
  frequent,
}: Pick<EncounterFormProps, 'visit' | 'draft' | 'mistakes' | 'frequent'>) {
  const { t } = visit;
  return (
    <>
      <h3 id="item">{t('staff.encounter.items')}</h3>
      {mistakes.item ? (
        <p class="mend">
          {t(`staff.wrong.item_${mistakes.item === 'missing' ? 'missing' : 'many'}`)}
        </p>
      ) : null}
      <Picker visit={visit} />
      <Frequent visit={visit} items={frequent} />
      <Items visit={visit} draft={draft} mistakes={mistakes} />
      <p class="without-picker">
        <button type="submit" name="action" value="add" class="link">
          {t('staff.encounter.add')}
        </button>
      </p>
    </>
  );
}

/**
 * The buttons that end the encounter. `isForced`: required steps weren't ticked, and the agent pressed
 * once before.
 */
function Endings({ t, isForced }: { t: DeskVisit['t']; isForced: boolean }) {
  return (
    <div class="action row">
      <button
        type="submit"
        name="action"
        value={isForced ? 'follow-anyway' : 'follow'}
        class="link small"
        data-action="followUp"
      >
        {t('attending.follow.close')} <Key action="followUp" />
      </button>
      <button type="submit" name="action" value="save" class="button quiet" data-action="save">
        {t('staff.encounter.save')} <Key action="save" />
      </button>
      <button
        type="submit"
        name="action"
        value={isForced ? 'close-anyway' : 'close'}
        class="button"
        id="action"
        data-action="close"
      >
        {t(isForced ? 'attending.unticked.anyway' : 'staff.encounter.close')} <Key action="close" />
      </button>
    </div>
  );
}

function CorrectionEndings({ t, back }: { t: DeskVisit['t']; back: string }) {
  return (
    <div class="action row">
      <ButtonLink kind="quiet" href={back}>
        {t('correct.back')}
      </ButtonLink>
      <button type="submit" name="action" value="correct" class="button" id="action">
        {t('correct.save')}
      </button>
    </div>
  );
}

/** Returns the words for the states of saving, for the island. */
const statesOf = ({ t }: DeskVisit) => ({
  'data-saved': t('attending.kept.saved', { time: '#' }),
  'data-saving': t('attending.kept.saving'),
  'data-lost': t('attending.kept.lost'),
  'data-back': t('attending.kept.back'),
  'data-restored': t('attending.kept.restored'),
  'data-ended': t('attending.kept.ended'),
  'data-over': t('attending.kept.over'),
  'data-wait': t('attending.kept.wait'),
});

/** The identity check, notes and wrap-up. */
function Rest(props: EncounterFormProps) {
  const { visit, draft, mistakes } = props;
  const { t, office } = visit;
  const wrong = (field: keyof DraftMistakes) => {
    const mistake = mistakes[field];
    return mistake && t(`staff.wrong.${mistake}`);
  };
  const texts = [draft.notes, draft.identityNote, ...draft.items.map((each) => each.label)];
  return (
    <>
      <Identity {...props} />
      <TextArea
        name="notes"
        label={t('staff.encounter.notes')}
        hint={
          <>
            {t('staff.encounter.notesHint')} <Key action="notes" />
          </>
        }
        error={wrong('notes')}
        value={draft.notes}
        rows={2}
        action="notes"
      />
      <div id="personal" role="status">
        <div hidden={!texts.some(looksPersonal)}>
          <Notice kind="warn">{t('staff.encounter.personal')}</Notice>
        </div>
      </div>
      <Segments
        name="wrapUp"
        label={t('staff.encounter.wrapUp')}
        action="wrapUp"
        error={wrong('wrapUp')}
        value={draft.wrapUp}
        options={office.settings.wrapUpCodes.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
        }))}
      />
    </>
  );
}

/** How identity was checked, and the details of it. */
function Identity({ visit, draft, mistakes }: EncounterFormProps) {
  const { t } = visit;
  const wrong = (field: 'identity' | 'identityNote') => {
    const mistake = mistakes[field];
    return mistake && t(`staff.wrong.${mistake}`);
  };
  return (
    <div class="identity">
      <Segments
        name="identity"
        label={t('staff.encounter.identity')}
        action="identity"
        error={wrong('identity')}
        value={draft.identity}
        options={IDENTITY_CHECKS.map((value: IdentityCheck) => ({
          value,
          label: t(`staff.identity.${value}`),
        }))}
      />
      <details class="aside" open={draft.identityNote !== '' || Boolean(mistakes.identityNote)}>
        <summary>{t('staff.encounter.identityNote')}</summary>
        <TextInput
          name="identityNote"
          label={t('staff.encounter.identityNote')}
          isLabelHidden
          hint={t('staff.encounter.identityHint')}
          error={wrong('identityNote')}
          value={draft.identityNote}
          autocomplete="off"
        />
      </details>
    </div>
  );
}

function Unticked({ visit, points }: { visit: DeskVisit; points: readonly CheckPoint[] }) {
  const { t } = visit;
  return (
    <div id="unticked">
      <Notice kind="warn">
        <h3>{t('attending.unticked.title')}</h3>
        <ul>
          {points.map((each) => (
            <li key={each.point}>
              <a href={`#${idOf(each.point)}`}>{formatPoint(visit, each.point)}</a>
            </li>
          ))}
        </ul>
        <p>{t('attending.unticked.text')}</p>
      </Notice>
    </div>
  );
}
