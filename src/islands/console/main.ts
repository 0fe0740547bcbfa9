/**
 * Keeps the console's day as it is: what others do shows without a new page and is read out, a few things at a time. It
 * asks for the very page that shows the day and takes its list; what is being typed is never touched.
 */
import { createDay } from './day.ts';
import { listenToKeys } from './keys.ts';
import { createSpeaker } from './speaker.ts';
import { shareNews } from './stream.ts';

const live = document.querySelector<HTMLElement>('#live');
if (live) start(live);

function start(live: HTMLElement): void {
  const speaker = createSpeaker(live);
  const day = createDay({ lost: speaker.lost, ended: () => speaker.ended(news.stop) });
  const news = shareNews(live, {
    hello: () => {
      speaker.found();
      day.refresh();
    },
    news: ({ appointment, text, days }) => {
      day.refresh();
      const isOpen = appointment === live.dataset.current;
      if (isOpen) speaker.changed();
      if (isOpen || days.some((each) => each === day.shown() || each === live.dataset.today))
        speaker.say(text || (isOpen ? (live.dataset.changed ?? '') : ''));
    },
    lost: speaker.lost,
    // Nobody answers: the day says whether it is the connection or the session.
    refused: day.refresh,
  });
  listenToKeys(live);
}
