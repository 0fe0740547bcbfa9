import type { Choice, OwnKind } from '../own.ts';
import { mainPair, type PanelName, type RoomActions, type RoomPage } from '../page.ts';
import type { Words } from '../words.ts';
import { Icon, type IconName } from './icons.tsx';
import { Panel } from './panel.tsx';

export interface Shown {
  page: RoomPage;
  act: RoomActions;
  words: Words;
}

/** The devices that the browser has named. */
export interface Devices {
  camera: Choice[];
  microphone: Choice[];
  speaker: Choice[];
}

/** The one bar of buttons, each with an icon and words; less frequent ones are in the panel “more”. */
export function Controls(shown: Shown) {
  const { page, act, words } = shown;
  const { own, side, isIn, keys } = page;
  if (!isIn) return <Enter {...shown} />;
  const toggle = (kind: OwnKind, key = '') => {
    const to = own.isOn(kind) ? 'off' : 'on';
    return (
      <Do
        icon={kind}
        isOff={to === 'on'}
        does={() => act.toggle(kind)}
        name={words(`${kind}.${to}`)}
        action={kind === 'microphone' ? 'mute' : undefined}
        press={key}
      >
        {words(`short.${kind}.${to}`)}
      </Do>
    );
  };
  const isDesk = side === 'agent';
  return (
    <fieldset class="room-controls">
      <legend class="hide">{words('controls')}</legend>
      {toggle('microphone', keys.mute)}
      {toggle('camera')}
      {page.isAdmitted ? <Open {...shown} panel="write" icon="write" word="write.open" /> : null}
      {side === 'citizen' ? (
        <Open {...shown} panel="papers" icon="papers" word="papers" count={page.papers} />
      ) : null}
      <Open {...shown} panel="more" icon="more" word="more" />
      <Do
        icon="leave"
        does={act.leave}
        action={isDesk ? 'hangUp' : undefined}
        press={keys.hangUp}
        isGrave
      >
        {words(isDesk ? 'desk.leave' : 'leave')}
      </Do>
    </fieldset>
  );
}

/** Before and after the visit: one button. None where the call is over, or where this browser can't make calls. */
function Enter({ page, act, words }: Shown) {
  if (!page.canCall || page.said === 'over' || page.said === 'handed') return null;
  const word = page.isTaken ? 'here' : page.side === 'agent' ? 'desk.enter' : 'enter';
  return (
    <p>
      <button type="button" class="button" onClick={act.enter}>
        {words(word)}
      </button>
    </p>
  );
}

function Open(props: Shown & { panel: PanelName; icon: IconName; word: string; count?: number }) {
  const { page, act, words, panel, icon, word, count } = props;
  const isOpen = page.panels.open === panel;
  return (
    <Do
      icon={icon}
      does={() => (isOpen ? act.closePanel() : act.open(panel))}
      opens={panel}
      isOpen={isOpen}
      mark={count ? { count, text: words('papers.waiting', { count: String(count) }) } : null}
    >
      {words(word)}
    </Do>
  );
}

/** The agent's additional buttons: share a screen, keep a picture, continue by telephone. */
function AgentControls({ page, act, words }: Shown) {
  const { sharing } = page;
  const mayShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {});
  return (
    <>
      {mayShare ? (
        <Do icon="share" isOn={sharing} does={act.share}>
          {words(sharing ? 'share.off' : 'share.on')}
        </Do>
      ) : null}
      {page.maySnap && page.pairs.length > 0 ? (
        <Do icon="still" does={act.askStill}>
          {words('still.ask')}
        </Do>
      ) : null}
      {page.phone ? (
        <Do icon="phone" does={act.phone}>
          {words('desk.phone')}
        </Do>
      ) : null}
    </>
  );
}

/** The citizen's additional buttons: invite somebody, continue by telephone. */
function CitizenControls({ page, act, words }: Shown) {
  return (
    <>
      <Do icon="invite" does={() => act.open('companions')}>
        {words('companions.open')}
      </Do>
      {page.isAdmitted && page.phone && !page.byPhone ? (
        <Do icon="phone" does={act.phone}>
          {words('phone', { phone: page.phone })}
        </Do>
      ) : null}
    </>
  );
}

/** The panel of what is less frequent. */
export function More({ devices, ...shown }: Shown & { devices: Devices }) {
  const { page, act, words } = shown;
  const { hold, own, side, signing } = page;
  const blur = own.blur();
  const them = mainPair(page)?.peer?.video;
  const choose = (kind: keyof Devices) => (
    <Choose
      kind={kind}
      choices={devices[kind]}
      current={kind === 'speaker' ? '' : (own.track(kind)?.getSettings().deviceId ?? '')}
      act={act}
      words={words}
    />
  );
  return (
    <Panel {...shown} name="more" title={words('more')}>
      <div class="room-extras">
        <Do icon="signing" isOn={signing} does={() => act.setSigning(!signing)}>
          {words('signing.on')}
        </Do>
        {own.isOn('camera') && devices.camera.length > 1 ? (
          <Do icon="other" does={act.nextCamera}>
            {words('camera.other')}
          </Do>
        ) : null}
        <Do icon="hold" isOn={hold} does={() => act.setHold(!hold)}>
          {words(hold ? 'hold.off' : 'hold.on')}
        </Do>
        <CaptionControls {...shown} />
        {side === 'agent' ? <AgentControls {...shown} /> : null}
        {side === 'citizen' ? <CitizenControls {...shown} /> : null}
        {document.pictureInPictureEnabled && them ? (
          <Do icon="window" does={() => void them.requestPictureInPicture().catch(() => {})}>
            {words('pip')}
          </Do>
        ) : null}
        {blur === null ? null : (
          <Do icon="blur" isOn={blur} does={() => act.setBlur(!blur)}>
            {words('blur')}
          </Do>
        )}
      </div>
      {choose('camera')}
      {choose('microphone')}
      {'setSinkId' in HTMLMediaElement.prototype ? choose('speaker') : null}
    </Panel>
  );
}

/** Captions, where there is an engine; and the citizen's change of mind about their own speech. */
function CaptionControls({ page, act, words }: Shown) {
  const { provider, isAsked, agrees } = page.captions;
  if (!provider || !page.isAdmitted) return null;
  return (
    <>
      <Do icon="captions" isOn={isAsked} does={() => act.askCaptions(!isAsked)}>
        {words('captions.on')}
      </Do>
      {mayRefuse(page) ? (
        <Do icon="captions" does={() => act.agreeCaptions(!agrees)}>
          {words(agrees ? 'captions.stop' : 'captions.allow')}
        </Do>
      ) : null}
    </>
  );
}

/** Whether the citizen's speech is or was asked for, so that they can change their mind. */
const mayRefuse = ({ side, captions, pairs }: RoomPage): boolean =>
  side === 'citizen' &&
  captions.agrees !== null &&
  (captions.isAsked || pairs.some(({ media }) => media?.captions));

function Choose(props: {
  kind: keyof Devices;
  choices: Choice[];
  current: string;
  act: RoomActions;
  words: Words;
}) {
  const { kind, choices, current, act, words } = props;
  if (choices.length < 2) return null;
  return (
    <p class="field">
      <label for={`room-${kind}`}>{words(`device.${kind}`)}</label>
      <select
        id={`room-${kind}`}
        onChange={({ currentTarget }) => act.choose(kind, currentTarget.value)}
      >
        {choices.map(({ id, name }, at) => (
          <option key={id} value={id} selected={id === current}>
            {name || `${words(`device.${kind}`)} ${at + 1}`}
          </option>
        ))}
      </select>
    </p>
  );
}

/** A button with an icon above its words. */
export function Do(props: {
  icon: IconName;
  children: string;
  does(): void;
  /** Its whole name, where the words below the icon are a part of it. */
  name?: string;
  /** Whether it stands for something that is off. */
  isOff?: boolean;
  /** Whether it is on, for a switch whose words stay. */
  isOn?: boolean;
  isGrave?: boolean;
  /** The panel that it opens, and whether that is open. */
  opens?: PanelName;
  isOpen?: boolean;
  /** A number beside the icon, and in words what it counts. */
  mark?: { count: number; text: string } | null;
  /** The console's action, and the person's key for it. */
  action?: 'mute' | 'hangUp' | undefined;
  press?: string;
}) {
  const { icon, children, does, name, isOff, isOn, isGrave, opens, isOpen, action, press } = props;
  const { mark } = props;
  const rest = name?.startsWith(children) ? name.slice(children.length) : null;
  return (
    <button
      type="button"
      class={isGrave ? 'room-do grave' : 'room-do'}
      aria-label={rest === null ? name : undefined}
      aria-pressed={isOn}
      aria-expanded={opens && isOpen}
      aria-controls={isOpen ? `room-panel-${opens}` : undefined}
      aria-keyshortcuts={(action && press) || undefined}
      data-do={icon}
      data-opens={opens}
      data-action={action}
      onClick={does}
    >
      <Icon name={icon} isOff={isOff ?? false} />
      {mark ? (
        <span class="room-mark" aria-hidden="true">
          {mark.count}
        </span>
      ) : null}
      <span>
        {children}
        {rest ? <span class="hide">{rest}</span> : null}
        {mark ? <span class="hide"> ({mark.text})</span> : null}
        {action && press ? (
          <span aria-hidden="true">
            <kbd class="key">{press}</kbd>
          </span>
        ) : null}
      </span>
    </button>
  );
}
