import type { AppointmentEvent } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { can } from '../../../domain/roles.ts';
import type { StaffNames } from '../../../domain/staff.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { readLastIn } from '../../booking/events/views.ts';
import { standingOf } from '../../booking/proof/rules.ts';
import { readSteps } from '../../booking/proof/views.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import { readDocumentDeeds } from '../../foundation/audit/views.ts';
import type { Consent } from '../consent/service.ts';
import { attends } from '../documents/rules.ts';
import type { Documents } from '../documents/service.ts';
import { type EncounterService, withNames } from '../encounter/service.ts';
import type { Dossier } from '../encounter/types.ts';
import { askingOf } from '../identifying/rules.ts';
import type { Identifying } from '../identifying/service.ts';
import type { Asking } from '../identifying/types.ts';
import { type LinkFound, readLinks } from '../identifying/views.ts';
import type { AroundFound, Representations } from '../representation/service.ts';
import { readMessages } from '../room/views.ts';
import type { Card, CardSpace } from './types.ts';
import { type Parts, readParts } from './views.ts';

/** The card of an appointment: the day, the person, the work. */
export interface Cards {
  /** Returns an appointment's card; null: there is no such appointment, or it isn't the viewer's. The look is on the audit trail. */
  open(viewer: StaffViewer, office: Office, id: string): Promise<Card | null>;
}

export interface CardsDeps {
  unit: RunUnit;
  staff: StaffNames;
  encounter: Pick<EncounterService, 'openIn' | 'dayIn'>;
  documents: Pick<Documents, 'listIn'>;
  consent: Pick<Consent, 'listIn'>;
  identifying: Pick<Identifying, 'people'>;
  representations: Pick<Representations, 'aroundIn' | 'named'>;
}

/** Reads every part of a card in one unit of work, so that what several parts need is read once. */
export function createCards(deps: CardsDeps): Cards {
  return {
    async open(viewer, office, id) {
      const card = await deps.unit(viewer, viewer.office, (unit) =>
        readCard(deps, unit, office, id),
      );
      if (!card) return null;
      const { links, asking, around, ...rest } = card;
      const people = await deps.identifying.people(rest.dossier.appointment, links);
      const dossier = await withNames(rest.dossier, deps.staff);
      const authorisations = await deps.representations.named(around);
      return { ...rest, dossier, authorisations, identity: { asking, people } };
    },
  };
}

/** A card whose people have no names yet. */
type CardRead = Omit<Card, 'identity' | 'authorisations'> & {
  links: LinkFound[];
  asking: Asking | null;
  around: AroundFound;
};

async function readCard(
  deps: CardsDeps,
  unit: Unit<StaffViewer>,
  office: Office,
  id: string,
): Promise<CardRead | null> {
  const { tx, viewer, now } = unit;
  const after = await readLastIn(tx, office.id);
  const dossier = await deps.encounter.openIn(unit, office, id);
  if (!dossier) return null;
  const { appointment, events } = dossier;
  const parts = await readParts(tx, id);
  const steps = parts.steps ? await readSteps(tx, id) : [];
  const day = appointment.start.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const desk = can(viewer, 'see_every_desk') ? appointment.desk : viewer.desk;
  return {
    after,
    dossier,
    day,
    desk,
    entries: await deps.encounter.dayIn(unit, office, day, desk),
    space: await readSpace(deps, unit, office, { dossier, parts }),
    standing: standingOf(appointment, bookedBy(events), steps, now),
    links: parts.people ? await readLinks(tx, id) : [],
    asking: askingOf(events, now),
    around: parts.authorisations
      ? await deps.representations.aroundIn(tx, id)
      : { asked: [], by: null },
    written: parts.messages ? await readMessages(tx, [{ appointment: id, after: 0 }]) : [],
  };
}

async function readSpace(
  { documents, consent }: CardsDeps,
  unit: Unit<StaffViewer>,
  office: Office,
  { dossier, parts }: { dossier: Dossier; parts: Parts },
): Promise<CardSpace | null> {
  const { appointment, events } = dossier;
  if (!attends(unit.viewer, appointment, events)) return null;
  const refused = parts.refusals
    ? await readDocumentDeeds(unit.tx, appointment.id, 'document_refused')
    : [];
  return {
    papers: parts.documents ? await documents.listIn(unit, office, appointment) : [],
    refusals: refused.length,
    acts: parts.acts ? await consent.listIn(unit, appointment) : [],
  };
}

const bookedBy = (events: readonly Pick<AppointmentEvent, 'kind' | 'actor'>[]): string =>
  events.find((each) => each.kind === 'booked')?.actor ?? 'citizen';
