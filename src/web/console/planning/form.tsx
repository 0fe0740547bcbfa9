import { byChannel, CHANNELS } from '../../../domain/channel.ts';
import {
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  type Mistakes,
} from '../../../features/insight/planning/rules.ts';
import { type Known, SPANS } from '../../../features/insight/planning/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import type { ProblemLink } from '../../../ui/parts.tsx';
import { Select } from '../fields.tsx';
import type { DeskVisit } from '../visit.tsx';
import { wordsOfPlan } from './words.ts';

/** Returns a typed value by the field's name. */
export type Typed = (name: FieldName | 'weeks') => string;

const GROUPS = {
  demand: [...CHANNELS, 'calls', 'callMinutes', 'give'],
  promise: ['days', 'often', 'seconds', 'answered'],
  supposed: ['patience', 'show', 'overbooking', 'shrinkage'],
} as const satisfies Record<string, readonly FieldName[]>;

/** Returns the mistakes, each linked to its field. */
export const planProblems = (visit: DeskVisit, mistakes: Mistakes): ProblemLink[] =>
  FIELD_NAMES.flatMap((name) => {
    const error = errorIn(visit, mistakes, name);
    return error
      ? [{ href: `#${name}`, text: `${visit.t(`planning.field.${name}`)}: ${error}` }]
      : [];
  });

function errorIn({ t }: DeskVisit, mistakes: Mistakes, name: FieldName): string | undefined {
  const mistake = mistakes[name];
  const { least, most } = FIELDS[name];
  return mistake && t(`planning.wrong.${mistake}`, { least, most });
}

/** The assumptions of the plan: a GET form, so that its address keeps the typed values. */
export function PlanForm(props: {
  visit: DeskVisit;
  typed: Typed;
  mistakes: Mistakes;
  known: Known | null;
}) {
  const { visit, typed, mistakes, known } = props;
  const { t, base } = visit;
  const hints = known ? hintsOf(visit, known) : {};
  return (
    <form action={`${base}/planning`} class="supposed stack">
      <p class="soft">{t('planning.form.lead')}</p>
      {Object.entries(GROUPS).map(([group, names]) => (
        <fieldset key={group}>
          <legend class="legend">{t(`planning.form.${group as keyof typeof GROUPS}`)}</legend>
          <div class="fields">
            {group === 'demand' ? <Weeks visit={visit} typed={typed} /> : null}
            {names.map((name) => (
              <TextInput
                key={name}
                name={name}
                label={t(`planning.field.${name}`)}
                hint={hints[name]}
                error={errorIn(visit, mistakes, name)}
                value={typed(name) || String(FIELDS[name].usual ?? '')}
                autocomplete="off"
                maxLength={12}
                short
              />
            ))}
          </div>
        </fieldset>
      ))}
      <p class="row">
        <Button>{t('planning.submit')}</Button>
        <Button kind="quiet" name="replay" value="1">
          {t('planning.replay.submit')}
        </Button>
      </p>
    </form>
  );
}

function Weeks({ visit: { t }, typed }: { visit: DeskVisit; typed: Typed }) {
  const asked = SPANS.find((each) => String(each) === typed('weeks')) ?? SPANS[1];
  return (
    <Select
      name="weeks"
      label={t('planning.field.weeks')}
      value={String(asked)}
      options={SPANS.map((weeks) => ({
        value: String(weeks),
        label: t('planning.weeks', { weeks }),
      }))}
    />
  );
}

/** Returns the measured values, as hints for fields whose empty value means the measured one. */
function hintsOf(visit: DeskVisit, known: Known): Partial<Record<FieldName, string>> {
  const { t } = visit;
  const { number, small } = wordsOfPlan(visit);
  const was = (value: number | null, said = number) =>
    value === null ? t('planning.known.none') : t('planning.known.was', { value: said(value) });
  return {
    ...byChannel((channel) => was(known.perWeek[channel])),
    calls: was(known.callsPerHalfHour, small),
    callMinutes: was(known.callMinutes),
    show: was(known.show),
  };
}
