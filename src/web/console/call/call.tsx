import { hasRoom, isAtSite, isCalled } from '../../../domain/channel.ts';
import { canTelephone } from '../../../domain/needs.ts';
import { callingCode, formatPhone } from '../../../features/booking/appointments/rules.ts';
import {
  dialable,
  dueAt,
  LATE_AFTER_MINUTES,
  LONGEST,
  minutesBetween,
} from '../../../features/service/encounter/rules.ts';
import { ATTEMPT_OUTCOMES, type Dossier } from '../../../features/service/encounter/types.ts';
import { TextInput } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import { spanIn } from '../words.ts';

export interface CallProps {
  visit: DeskVisit;
  dossier: Dossier;
  /** A typed note that could not be saved. */
  note?: string | undefined;
  /** Without the number, which the card has. */
  isBrief?: boolean | undefined;
  /** Lesser actions, before the main one. */
  children?: preact.ComponentChildren;
}

/**
 * The number to dial, in large type; nothing for a citizen who comes to a site. Whoever can't telephone and has not asked to be called
 * gets a quiet link, and the reason beside it.
 */
export function CallLink({ visit, dossier, isBrief }: CallProps) {
  const { t, office } = visit;
  const { appointment } = dossier;
  if (isAtSite(appointment.channel)) return null;
  const { phone } = appointment.citizen;
  const isUnmet = !isCalled(appointment.channel) && !canTelephone(appointment);
  if (!phone) return <p>{t('staff.call.noPhone')}</p>;
  const { country, phone: exchange } = office.settings;
  const prefix = exchange?.prefix ?? '';
  return (
    <p>
      <a
        class={isUnmet ? 'call' : 'button call'}
        data-action="call"
        data-appointment={appointment.id}
        data-name={appointment.citizen.name}
        href={dialable(phone, prefix, callingCode(country))}
      >
        <span class="figures">
          {isBrief ? (
            t('shortcuts.action.call')
          ) : (
            <>
              {`${t('staff.call.call')} `.replaceAll(' ', '\u00a0')}
              <wbr />
              {formatPhone(phone, country).replaceAll(' ', '\u00a0')}
            </>
          )}
        </span>{' '}
        {isBrief ? <Key action="call" /> : null}
      </a>
      {isUnmet && !isBrief ? <span class="small"> {t('staff.call.unmet')}</span> : null}
    </p>
  );
}

/** The step before the citizen is reached: the call, then its outcome. */
export function CallPanel(props: CallProps) {
  const { visit, dossier } = props;
  const { t, office, base } = visit;
  const { appointment, attempts } = dossier;
  const isVideo = hasRoom(appointment.channel);
  return (
    <>
      <h2>{t(isVideo ? 'staff.call.video' : 'staff.call.title')}</h2>
      {isVideo ? <p>{t('staff.call.videoText')}</p> : null}
      <p class="soft">
        {t('staff.call.attempt', {
          number: attempts.length + 1,
          max: office.settings.attempts.max,
        })}
      </p>
      <When {...props} />
      <CallLink {...props} />
      {appointment.citizen.phone ? <OutcomeForm {...props} /> : null}
      <form method="post" action={`${base}/appointment/${appointment.id}/start`} id="start">
        {isVideo || !appointment.citizen.phone ? null : (
          <button type="submit" class="link" data-action="calledBack">
            {t('staff.call.calledBack')} <Key action="calledBack" />
          </button>
        )}
      </form>
      {props.children}
      <p class="action">
        {isVideo || !appointment.citizen.phone ? (
          <button type="submit" form="start" class="button" id="action" data-action="begin">
            {t('staff.call.begin')} <Key action="begin" />
          </button>
        ) : (
          <button
            type="submit"
            form="attempt"
            name="outcome"
            value="answered"
            class="button"
            id="action"
            data-action="answered"
          >
            {t('staff.call.answered')} <Key action="answered" />
          </button>
        )}
      </p>
    </>
  );
}

/** Whether the hour has come, and the end of the promised window. */
function When({ visit, dossier }: CallProps) {
  const { t, dates, now, office } = visit;
  const { appointment, attempts } = dossier;
  const policy = office.settings.attempts;
  const due = dueAt(
    appointment.start,
    {
      failed: attempts.length,
      lastAt: attempts.at(-1)?.at ?? null,
      lastOutcome: attempts.at(-1)?.outcome ?? null,
    },
    policy,
  );
  const time = dates.time(due);
  const until = dates.time(appointment.start.add({ minutes: policy.windowMinutes }));
  const early = minutesBetween(now, due);
  const late = minutesBetween(due, now);
  if (early >= 1) {
    const key = attempts.length > 0 ? 'staff.call.again' : 'staff.call.early';
    return <Notice kind="time">{t(key, { time, span: spanIn(t, early), until })}</Notice>;
  }
  return late >= LATE_AFTER_MINUTES ? (
    <Notice kind="warn">{t('staff.call.late', { span: spanIn(t, late), until })}</Notice>
  ) : null;
}

/** One press logs the call: each outcome is a button. */
function OutcomeForm({ visit, dossier, note }: CallProps) {
  const { t, base, office } = visit;
  const number = dossier.attempts.length + 1;
  const isLast = number >= office.settings.attempts.max;
  const isVideo = hasRoom(dossier.appointment.channel);
  const outcomes = ATTEMPT_OUTCOMES.filter((each) => each !== 'answered' || isVideo);
  return (
    <form
      method="post"
      action={`${base}/appointment/${dossier.appointment.id}/attempt`}
      class="stack"
      id="attempt"
    >
      {/* Enter in the note presses the form's first button: this one does nothing. */}
      <button type="submit" disabled hidden>
        {t('staff.call.how')}
      </button>
      <h3 id="outcome">{t('staff.call.how')}</h3>
      <input type="hidden" name="number" value={number} />
      {/* The telephone of the console sets it: what it notes did happen. */}
      <input type="hidden" name="anyway" value="" />
      <TextInput
        name="note"
        label={t('staff.call.note')}
        hint={t('staff.call.noteHint')}
        value={note}
        maxLength={LONGEST.note}
        autocomplete="off"
      />
      <div class="outcomes">
        {outcomes.map((each) => (
          <button
            key={each}
            type="submit"
            name="outcome"
            value={each}
            class="button quiet"
            data-action={each}
          >
            {t(`staff.outcome.${each}`)} <Key action={each} />
          </button>
        ))}
      </div>
      {isLast ? <p class="soft small">{t('staff.call.last')}</p> : null}
    </form>
  );
}
