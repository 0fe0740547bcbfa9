import access from './access.json' with { type: 'json' };
import account from './account.json' with { type: 'json' };
import acts from './acts.json' with { type: 'json' };
import admin from './admin.json' with { type: 'json' };
import adminFields from './admin-fields.json' with { type: 'json' };
import alerts from './alerts.json' with { type: 'json' };
import anotherDevice from './another-device.json' with { type: 'json' };
import archive from './archive.json' with { type: 'json' };
import attending from './attending.json' with { type: 'json' };
import audit from './audit.json' with { type: 'json' };
import board from './board.json' with { type: 'json' };
import calendars from './calendars.json' with { type: 'json' };
import captions from './captions.json' with { type: 'json' };
import cases from './case.json' with { type: 'json' };
import caseAmend from './case-amend.json' with { type: 'json' };
import caseDesk from './case-desk.json' with { type: 'json' };
import chat from './chat.json' with { type: 'json' };
import chatDesk from './chat-desk.json' with { type: 'json' };
import checkIn from './check-in.json' with { type: 'json' };
import citizen from './citizen.json' with { type: 'json' };
import colleagues from './colleagues.json' with { type: 'json' };
import combining from './combining.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import companions from './companions.json' with { type: 'json' };
import cosign from './cosign.json' with { type: 'json' };
import demo from './demo.json' with { type: 'json' };
import desk from './desk.json' with { type: 'json' };
import details from './details.json' with { type: 'json' };
import device from './device.json' with { type: 'json' };
import documents from './documents.json' with { type: 'json' };
import drafting from './drafting.json' with { type: 'json' };
import ending from './ending.json' with { type: 'json' };
import figures from './figures.json' with { type: 'json' };
import finding from './finding.json' with { type: 'json' };
import folder from './folder.json' with { type: 'json' };
import form from './form.json' with { type: 'json' };
import fourHands from './four-hands.json' with { type: 'json' };
import freeNow from './free-now.json' with { type: 'json' };
import history from './history.json' with { type: 'json' };
import hub from './hub.json' with { type: 'json' };
import identify from './identify.json' with { type: 'json' };
import identifying from './identifying.json' with { type: 'json' };
import imports from './imports.json' with { type: 'json' };
import issued from './issued.json' with { type: 'json' };
import limits from './limits.json' with { type: 'json' };
import live from './live.json' with { type: 'json' };
import liveBoard from './live-board.json' with { type: 'json' };
import manage from './manage.json' with { type: 'json' };
import message from './message.json' with { type: 'json' };
import nif from './nif.json' with { type: 'json' };
import notices from './notices.json' with { type: 'json' };
import noticesBy from './notices-by.json' with { type: 'json' };
import notification from './notification.json' with { type: 'json' };
import onBehalf from './on-behalf.json' with { type: 'json' };
import open311 from './open311.json' with { type: 'json' };
import operating from './operating.json' with { type: 'json' };
import packages from './packages.json' with { type: 'json' };
import payment from './payment.json' with { type: 'json' };
import people from './people.json' with { type: 'json' };
import persistentCall from './persistent-call.json' with { type: 'json' };
import photos from './photos.json' with { type: 'json' };
import planning from './planning.json' with { type: 'json' };
import proof from './proof.json' with { type: 'json' };
import publicRequests from './public-requests.json' with { type: 'json' };
import quality from './quality.json' with { type: 'json' };
import receipt from './receipt.json' with { type: 'json' };
import report from './report.json' with { type: 'json' };
import representation from './representation.json' with { type: 'json' };
import requestDesk from './request-desk.json' with { type: 'json' };
import requests from './requests.json' with { type: 'json' };
import residence from './residence.json' with { type: 'json' };
import room from './room.json' with { type: 'json' };
import rota from './rota.json' with { type: 'json' };
import shortcuts from './shortcuts.json' with { type: 'json' };
import signature from './signature.json' with { type: 'json' };
import softphone from './softphone.json' with { type: 'json' };
import staff from './staff.json' with { type: 'json' };
import talking from './talking.json' with { type: 'json' };
import team from './team.json' with { type: 'json' };
import times from './times.json' with { type: 'json' };
import translating from './translating.json' with { type: 'json' };
import trust from './trust.json' with { type: 'json' };
import unbooked from './unbooked.json' with { type: 'json' };
import undo from './undo.json' with { type: 'json' };
import verification from './verification.json' with { type: 'json' };
import viewer from './viewer.json' with { type: 'json' };
import waiting from './waiting.json' with { type: 'json' };
import webhooks from './webhooks.json' with { type: 'json' };
import wording from './wording.json' with { type: 'json' };

export default {
  ...common,
  ...access,
  ...chatDesk,
  ...chat,
  ...checkIn,
  ...citizen,
  ...finding,
  ...talking,
  ...team,
  ...times,
  ...details,
  ...shortcuts,
  ...limits,
  ...manage,
  ...message,
  ...waiting,
  ...trust,
  ...nif,
  ...notices,
  ...noticesBy,
  ...staff,
  ...folder,
  ...form,
  ...fourHands,
  ...freeNow,
  ...softphone,
  ...onBehalf,
  ...open311,
  ...operating,
  ...packages,
  ...payment,
  ...signature,
  ...people,
  ...desk,
  ...anotherDevice,
  ...archive,
  ...attending,
  ...audit,
  ...account,
  ...live,
  ...alerts,
  ...board,
  ...liveBoard,
  ...rota,
  ...webhooks,
  ...device,
  ...receipt,
  ...cosign,
  ...report,
  ...representation,
  ...residence,
  ...room,
  ...calendars,
  ...combining,
  ...captions,
  ...cases,
  ...requestDesk,
  ...requests,
  ...caseAmend,
  ...caseDesk,
  ...notification,
  ...demo,
  ...documents,
  ...ending,
  ...proof,
  ...acts,
  ...persistentCall,
  ...colleagues,
  ...companions,
  ...photos,
  ...viewer,
  ...publicRequests,
  ...quality,
  ...unbooked,
  ...undo,
  ...verification,
  ...planning,
  ...figures,
  ...admin,
  ...adminFields,
  ...translating,
  ...drafting,
  ...history,
  ...hub,
  ...identify,
  ...identifying,
  ...imports,
  ...issued,
  ...wording,
};
