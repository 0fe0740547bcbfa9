import { administration } from './booking/administration/feature.ts';
import { appointments } from './booking/appointments/feature.ts';
import { events } from './booking/events/feature.ts';
import { imports } from './booking/imports/feature.ts';
import { journeys } from './booking/journeys/feature.ts';
import { linkRecovery } from './booking/link-recovery/feature.ts';
import { objecting } from './booking/objecting/feature.ts';
import { proof } from './booking/proof/feature.ts';
import { slots } from './booking/slots/feature.ts';
import { waitList } from './booking/wait-list/feature.ts';
import { webhooks } from './booking/webhooks/feature.ts';
import { audit } from './foundation/audit/feature.ts';
import { backups } from './foundation/backups/feature.ts';
import { catalogue } from './foundation/catalogue/feature.ts';
import { drafts } from './foundation/drafts/feature.ts';
import { forms } from './foundation/forms/feature.ts';
import { identification } from './foundation/identification/feature.ts';
import { notices } from './foundation/notices/feature.ts';
import { offices } from './foundation/offices/feature.ts';
import { openings } from './foundation/openings/feature.ts';
import { outbox } from './foundation/outbox/feature.ts';
import { people } from './foundation/people/feature.ts';
import { preferences } from './foundation/preferences/feature.ts';
import { proofOfWork } from './foundation/proof-of-work/feature.ts';
import { purposeKeys } from './foundation/purpose-keys/feature.ts';
import { registry } from './foundation/registry/feature.ts';
import { relay } from './foundation/relay/feature.ts';
import { residents } from './foundation/residents/feature.ts';
import { retention } from './foundation/retention/feature.ts';
import { sso } from './foundation/sso/feature.ts';
import { staff } from './foundation/staff/feature.ts';
import { staffIdentifiers } from './foundation/staff-identifiers/feature.ts';
import { staffMail } from './foundation/staff-mail/feature.ts';
import { tokens } from './foundation/tokens/feature.ts';
import { callQuality } from './insight/call-quality/feature.ts';
import { liveBoard } from './insight/live-board/feature.ts';
import { operating } from './insight/operating/feature.ts';
import { planning } from './insight/planning/feature.ts';
import { statistics } from './insight/statistics/feature.ts';
import { alerts } from './service/alerts/feature.ts';
import { assistance } from './service/assistance/feature.ts';
import { attendants } from './service/attendants/feature.ts';
import { calendars } from './service/calendars/feature.ts';
import { captions } from './service/captions/feature.ts';
import { card } from './service/card/feature.ts';
import { cases } from './service/cases/feature.ts';
import { chat } from './service/chat/feature.ts';
import { checkIn } from './service/check-in/feature.ts';
import { colleagues } from './service/colleagues/feature.ts';
import { companions } from './service/companions/feature.ts';
import { consent } from './service/consent/feature.ts';
import { coordination } from './service/coordination/feature.ts';
import { delays } from './service/delays/feature.ts';
import { device } from './service/device/feature.ts';
import { documents } from './service/documents/feature.ts';
import { encounter } from './service/encounter/feature.ts';
import { folder } from './service/folder/feature.ts';
import { hubFolder } from './service/hub-folder/feature.ts';
import { identifying } from './service/identifying/feature.ts';
import { notifications } from './service/notifications/feature.ts';
import { oneTimeCodes } from './service/one-time-codes/feature.ts';
import { packages } from './service/packages/feature.ts';
import { payments } from './service/payments/feature.ts';
import { photos } from './service/photos/feature.ts';
import { presence } from './service/presence/feature.ts';
import { receipts } from './service/receipts/feature.ts';
import { representation } from './service/representation/feature.ts';
import { requests } from './service/requests/feature.ts';
import { room } from './service/room/feature.ts';
import { rota } from './service/rota/feature.ts';
import { signatures } from './service/signatures/feature.ts';
import { softphone } from './service/softphone/feature.ts';
import { survey } from './service/survey/feature.ts';
import { timeLine } from './service/time-line/feature.ts';
import { traces } from './service/traces/feature.ts';
import { verification } from './service/verification/feature.ts';

/** Every feature, layer by layer. A feature uses only features that are listed before its layer. */
export const FEATURES = [
  audit,
  backups,
  catalogue,
  drafts,
  forms,
  identification,
  notices,
  offices,
  openings,
  outbox,
  people,
  preferences,
  proofOfWork,
  purposeKeys,
  registry,
  relay,
  residents,
  retention,
  sso,
  staff,
  staffIdentifiers,
  staffMail,
  tokens,
  administration,
  appointments,
  events,
  imports,
  journeys,
  linkRecovery,
  objecting,
  proof,
  slots,
  waitList,
  webhooks,
  alerts,
  assistance,
  attendants,
  calendars,
  cases,
  chat,
  checkIn,
  colleagues,
  companions,
  consent,
  coordination,
  delays,
  device,
  documents,
  encounter,
  hubFolder,
  folder,
  identifying,
  notifications,
  oneTimeCodes,
  payments,
  signatures,
  photos,
  presence,
  receipts,
  packages,
  representation,
  room,
  rota,
  softphone,
  captions,
  card,
  survey,
  requests,
  timeLine,
  traces,
  verification,
  callQuality,
  liveBoard,
  operating,
  planning,
  statistics,
] as const;
