/**
 * Keeps the console's day current: changes by others appear without a new page, and are read out, a few at a time. It fetches the page that
 * shows the day and takes the list from it. Fields in use are never touched. It also runs the shortcuts on every page.
 */
import { isOfActs, refreshActs } from './acts.ts';
import { openAlertChoice } from './alert-choice.ts';
import { openAlerts } from './alerts.ts';
import { hearAsked, isOfAsked, listenToAnswers, refreshAsked } from './asked.ts';
import { openChats } from './chats.ts';
import { isOfColleagues, refreshColleagues } from './colleagues.ts';
import { hearFromRoom, isOfCompany, refreshCompany } from './company.ts';
import { Day, showPlace } from './day.ts';
import { isOfForms, refreshForms } from './forms.ts';
import { closeMenus, openHelp } from './help.ts';
import { isOfIdentity, listenToIdentity, refreshIdentity } from './identity.ts';
import { listenToKeys, markKeys } from './keys.ts';
import { openPalette } from './palette.ts';
import { listenToPointer } from './pointer.ts';
import { Speaker } from './speaker.ts';
import { type ChatsSaid, SharedNews } from './stream.ts';

let stop = () => {};

listenToKeys();
listenToPointer();
openHelp();
openPalette();
closeMenus();
hearFromRoom();
listenToAnswers();
listenToIdentity();
openAlerts();
openAlertChoice();
openChats();
document.addEventListener('console:colleagues', () => void refreshColleagues());
start();
// The page below a call was replaced; its foot stays.
document.addEventListener('console:page', () => {
  start();
  void refreshAsked();
});

function start(): void {
  stop();
  markKeys();
  showPlace();
  const live = document.querySelector<HTMLElement>('#live');
  stop = live ? keepUp(live) : hearAsked();
}

function keepUp(live: HTMLElement): () => void {
  const speaker = new Speaker(live);
  const day = new Day({
    lost: () => speaker.lost(),
    ended: () => {
      news.stop();
      speaker.ended();
    },
    shown: markKeys,
    alarmed: (text) => speaker.say(text),
  });
  const hello = () => {
    speaker.found();
    day.refresh();
    void refreshAsked();
  };
  const news = new SharedNews(live, {
    hello,
    joined: () => {
      hello();
      void refreshActs();
      void refreshIdentity(true);
      void refreshForms();
      void refreshCompany(live.dataset.here ?? '');
    },
    news: ({ appointment, kind, text, days }) => {
      day.refresh();
      if (isOfAsked(kind)) void refreshAsked();
      // After a hand-over the whole page is another.
      if (kind === 'handed_over' && appointment === live.dataset.current) speaker.changed();
      const isOpen = appointment === live.dataset.current;
      const isHere =
        isOpen &&
        (isOfCompany(kind) ||
          isOfActs(kind) ||
          isOfColleagues(kind) ||
          isOfForms(kind) ||
          isOfIdentity(kind));
      if (isHere && isOfActs(kind)) void refreshActs();
      else if (isHere && isOfIdentity(kind)) void refreshIdentity();
      else if (isHere && isOfForms(kind)) void refreshForms();
      else if (isHere && isOfColleagues(kind)) void refreshColleagues();
      else if (isHere) void refreshCompany(live.dataset.here ?? '');
      else if (isOpen) speaker.changed();
      if (isOpen || days.some((each) => each === day.shown() || each === live.dataset.today))
        speaker.say(text || (isOpen && !isHere ? (live.dataset.changed ?? '') : ''));
    },
    presence: () => day.hear(),
    lost: () => speaker.lost(),
    // The stream was refused: fetching the day shows whether the connection or the session is the reason.
    refused: () => day.refresh(),
  });
  const deaf = hearChats(day);
  news.open();
  return () => {
    deaf();
    for (const each of [day, news, speaker]) each.stop();
  };
}

/** Has a live board shown again when the line of conversations changes. Returns how to stop. */
function hearChats(day: Day): () => void {
  const hear = (event: Event) => {
    const isOfLine = !(event as CustomEvent<ChatsSaid>).detail.chat;
    if (isOfLine && document.querySelector('.now-board')) day.hear();
  };
  document.addEventListener('console:chats', hear);
  return () => document.removeEventListener('console:chats', hear);
}
