import { render } from 'preact';
import type { Person } from '../../../features/service/room/types.ts';
import { IdentityQuestion, identitySayings } from '../identity/view.tsx';
import { isRunning, mainPair, type RoomCtrl, type RoomPage, standing } from '../page.ts';
import type { Words } from '../words.ts';
import { Act } from './act.tsx';
import { CaptionQuestion, Captions, captionWords } from './captions.tsx';
import { SoundCheck } from './check.tsx';
import { Controls, type Devices, Do, More, type Shown } from './controls.tsx';
import { FormNotice } from './form.tsx';
import { FramedPanels } from './framed.tsx';
import { changesOfPeople, People } from './people.tsx';
import { Said, type Saying } from './said.tsx';
import { Stage } from './stage.tsx';
import { Still } from './still.tsx';
import { WritingPanel } from './writing.tsx';

/** Draws the room into its place on the page. */
export function drawRoom(place: Element, ctrl: RoomCtrl, words: Words, devices: Devices): void {
  const hadFocus = place.contains(document.activeElement);
  render(<Room {...ctrl} words={words} devices={devices} />, place);
  const { panels } = ctrl.page;
  const wanted = panels.toFocus && place.querySelector<HTMLElement>(panels.toFocus);
  panels.toFocus = null;
  if (wanted) wanted.focus();
  // The pressed button was removed: the focus goes to the words about its result.
  else if (hadFocus && !place.contains(document.activeElement))
    place.querySelector<HTMLElement>('.room-said')?.focus();
}

function Room(shown: Shown & { devices: Devices }) {
  const { page, words } = shown;
  const { isIn, isAdmitted, panels, pairs } = page;
  const classes = [
    'room-frame',
    isRunning(page) ? 'running' : '',
    pairs.length > 0 ? 'talking' : '',
  ];
  return (
    <div
      class={classes.filter((each) => each !== '').join(' ')}
      data-open={panels.open ?? undefined}
    >
      <Said sayings={sayings(shown)} />
      <Notices {...shown} />
      {isIn ? <Stage {...shown} /> : null}
      {panels.open === 'write' ? null : <Captions {...shown} />}
      {mayCheck(page) ? <SoundCheck {...shown} /> : null}
      <Controls {...shown} />
      {isAdmitted && panels.open === 'write' ? <WritingPanel {...shown} /> : null}
      {isIn && panels.open === 'more' ? <More {...shown} /> : null}
      <FramedPanels {...shown} />
      {page.canCall ? null : <p>{words(page.side === 'agent' ? 'unable.desk' : 'unable.ways')}</p>}
    </div>
  );
}

/** Returns whether this person waits to be let in, and has time to check their sound. */
const mayCheck = ({ side, isIn, isAdmitted, said }: RoomPage): boolean =>
  side !== 'agent' && isIn && !isAdmitted && said === null;

/** Questions and short ways out, above the pictures. */
function Notices(shown: Shown) {
  const { page, act, words } = shown;
  const isStuck = standing(page) === 'said.hopeless';
  const mayPhone =
    page.phone !== '' && (page.side === 'agent' ? !page.canCall : isStuck && !page.byPhone);
  return (
    <div class="room-notices">
      <People {...shown} />
      {page.isMuted ? (
        <button type="button" class="button" data-do="hear" onClick={act.hear}>
          {words('hear')}
        </button>
      ) : null}
      {mayPhone ? (
        <Do icon="phone" does={act.phone}>
          {page.side === 'agent' ? words('desk.phone') : words('phone', { phone: page.phone })}
        </Do>
      ) : null}
      <Act {...shown} />
      <FormNotice {...shown} />
      {page.door.map((each) => (
        <p key={each.seat} role="alert" class="row room-door">
          {words('door', { name: each.name })}{' '}
          <button type="button" class="button" onClick={() => act.admit(each)}>
            {words('admit', { name: each.name })}
          </button>
        </p>
      ))}
      <CaptionQuestion {...shown} />
      <Still {...shown} />
      <IdentityQuestion {...shown} />
    </div>
  );
}

/** Returns the words about going on by telephone, for the person of this page; '' when nobody asked for it. */
export function byPhoneWords({ page, words }: Pick<Shown, 'page' | 'words'>): string {
  const { side, byPhone, phone } = page;
  if (!byPhone) return '';
  if (side === 'agent' || side === 'colleague') return words(`desk.asked.${byPhone}`);
  if (side === 'companion') return words('by_phone.companion');
  if (byPhone === 'citizen') return words('phone.asked', { phone });
  const name = mainPair(page)?.person.name || words('them.citizen');
  return words('by_phone.agent', { phone, name });
}

/** Returns all messages about the state, in one live region that changes only with news. */
function sayings(shown: Shown): Saying[] {
  const { page, words } = shown;
  const { side, isIn, isPartial, hold, sharing } = page;
  const now = standing(page);
  const all: Saying[] = [{ text: words(now), isBrief: now === 'said.connected' }];
  const add = (...texts: string[]) => all.push(...texts.map((text) => ({ text })));
  if (now === 'said.hopeless') add(words(otherWays(page)));
  if (isIn && isPartial) add(words('without'));
  add(...changesOfPeople(page, words));
  if (hold) add(words('held.mine'));
  if (page.isAway) add(words('away.mine'));
  all.push(...identitySayings(page, words));
  if (sharing) add(words('share.mine'));
  const main = mainPair(page);
  if (main?.phase === 'connected' && (side === 'agent' || main.word !== 'good')) {
    add(words(`quality.${main.word}`));
    if (main.word === 'poor') all.push({ text: words(otherWays(page)), isBrief: true });
  }
  add(...wordsOfOthers(shown));
  if (page.picture) add(words(`still.${page.picture}`));
  add(byPhoneWords({ page, words }));
  all.push({ text: page.panels.unread, isOnlyHeard: page.panels.open === 'write' });
  if (page.panels.hasNewPapers) add(words('papers.new'));
  all.push(...captionWords(shown));
  return all.filter(({ text }) => text !== '');
}

/** What to do where pictures and sound don't come through: by telephone too, where that can serve the citizen. */
const otherWays = ({ phone, byPhone }: RoomPage): string =>
  phone !== '' && !byPhone ? 'ways.phone' : 'ways.write';

/** Returns what the others let one know: a pause, or a slow network. */
function wordsOfOthers({ page, words }: Shown): string[] {
  const all: string[] = [];
  const named = (word: string, { name }: Person) => words(word, { name });
  for (const { person, media, isSaving } of page.pairs) {
    if (media?.away) all.push(named('away.theirs', person));
    if (media?.hold) all.push(named('held.theirs', person));
    if (media?.saving) all.push(named('saving.theirs', person));
    if (isSaving) all.push(words('saving.mine'));
  }
  return all;
}
